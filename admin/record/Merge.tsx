import type { ShownValues } from "../provider";
import type { Asked } from "./FormFields";
import { Shown } from "./widgets";

/** Each field that both changed: what stands there now, and a way to take it. Mine stays in the form until then. */
export function Merge({
  asked,
  mine,
  theirs,
  takeTheirs,
}: {
  asked: Asked[];
  mine: ShownValues;
  theirs: ShownValues;
  takeTheirs: (name: string) => void;
}) {
  if (asked.length === 0) return null;
  return (
    <div className="note note-amber merge">
      <p className="note-title">Changed by somebody else as well</p>
      {asked.map(({ name, field }) => (
        <div key={name} role="group" aria-label={field.label}>
          <h3>{field.label}</h3>
          <dl className="proof">
            <dt>Now</dt>
            <dd>
              {field.kind === "document" ? "A newer text" : <Shown field={field} value={theirs[name]} empty="Empty" />}
            </dd>
            <dt>Yours</dt>
            <dd>
              {field.kind === "document" ? (
                "Your text, below"
              ) : (
                <Shown field={field} value={mine[name]} empty="Empty" />
              )}
            </dd>
          </dl>
          <button type="button" className="button button-small" onClick={() => takeTheirs(name)}>
            Take what stands there now<span className="visually-hidden"> for {field.label}</span>
          </button>
        </div>
      ))}
    </div>
  );
}
