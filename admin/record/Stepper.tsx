import type { RecordType } from "../../schema/definition";
import { pathOf } from "./path";

export function Stepper({ type, state }: { type: RecordType; state: string }) {
  const path = pathOf(type, state);
  const now = path.indexOf(state);
  return (
    <ol className="stepper" aria-label="Where it stands">
      {path.map((name, at) => (
        <li key={name} className={at < now ? "step-done" : undefined} aria-current={at === now ? "step" : undefined}>
          <span className="step-dot" aria-hidden="true">
            {at < now && (
              <svg viewBox="0 0 12 12">
                <path d="M2.5 6.3 5 8.8l4.5-5" />
              </svg>
            )}
          </span>
          {type.states[name]?.label ?? name}
        </li>
      ))}
    </ol>
  );
}
