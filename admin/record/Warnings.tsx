import { plural } from "../i18n/t";
import type { RecordDetail } from "../provider";
import { WithWhy } from "./Why";

/** What a person should know before they go on; it stops nobody. */
export function Warnings({ warnings }: Pick<RecordDetail, "warnings">) {
  if (warnings.length === 0) return null;
  return (
    <section className="note note-amber warnings" aria-labelledby="warnings">
      <h2 id="warnings" className="note-title">
        {plural(warnings.length, "# thing to know", "# things to know")}
      </h2>
      <ul>
        {warnings.map(({ name, message, because }) => (
          <li key={name}>
            <WithWhy because={because} about={message}>
              {message}
            </WithWhy>
          </li>
        ))}
      </ul>
    </section>
  );
}
