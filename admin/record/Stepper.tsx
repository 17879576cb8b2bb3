import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import { pathOf } from "./path";

/** Where a record stands in the path its definition makes: in full where there is room, else the step and the next. */
export function Stepper({ type, state }: { type: RecordType; state: string }) {
  const path = pathOf(type, state);
  const now = path.indexOf(state);
  const next = path[now + 1];
  const labelOf = (name: string) => type.states[name]?.label ?? name;
  const help = type.states[state]?.help;
  return (
    <>
      <ol className="stepper" aria-label={t`Where it stands`}>
        {path.map((name, at) => (
          <li key={name} className={at < now ? "step-done" : undefined} aria-current={at === now ? "step" : undefined}>
            <span className="step-dot" aria-hidden="true">
              {at < now && (
                <svg viewBox="0 0 12 12">
                  <path d="M2.5 6.3 5 8.8l4.5-5" />
                </svg>
              )}
            </span>
            {labelOf(name)}
          </li>
        ))}
      </ol>
      <p className="stepper-brief">
        {t`Step ${now + 1} of ${path.length}: ${(<strong>{labelOf(state)}</strong>)}`}
        {next !== undefined && <span className="quiet">, {t`then ${labelOf(next)}`}</span>}
      </p>
      {help && <p className="quiet">{help}</p>}
    </>
  );
}
