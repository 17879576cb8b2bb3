/** Where two people changed one field: both answers beside each other, at the field itself, to choose from or to edit. */
import type { Problem } from "../../schema/failure";
import { t } from "../i18n/t";
import type { ShownValue } from "../provider";
import { listed } from "../words";
import type { Asked } from "./fieldProps";
import type { Met } from "./merging";
import { sameValue } from "./values";
import { Shown } from "./widgets";

/** For the summary that takes the focus: one for each field to decide on. */
export const clashProblems = ({ who, clashes }: Met): Problem[] =>
  clashes.length > 0
    ? clashes.map(({ name }) => ({
        path: `input.${name}`,
        message: t`${who} changed this too. Choose one of the two, or write what should stand, and save again.`,
      }))
    : [
        {
          path: "",
          message: t`${who} changed this record meanwhile. What you typed is kept: look it over, then save again.`,
        },
      ];

export function Followed({ met: { who, followed } }: { met: Met }) {
  if (followed.length === 0) return null;
  return (
    <p className="note note-blue">{t`${who} also changed ${listed(followed.map(({ field }) => `“${field.label}”`))}: the form shows it as it stands now.`}</p>
  );
}

export function BothAnswers({
  asked: { name, field },
  met,
  value,
  choose,
}: {
  asked: Asked;
  met: Met;
  value: ShownValue;
  choose: (value: ShownValue) => void;
}) {
  const sides = [
    { who: met.who, label: t`Use what ${met.who} entered`, answer: met.theirs[name] ?? null },
    { who: t`You`, label: t`Use yours`, answer: met.mine[name] ?? null },
  ];
  return (
    <div className="both" role="group" aria-label={t`Two answers to “${field.label}”`}>
      {sides.map(({ who, label, answer }) => (
        <div key={label}>
          <p className="quiet">{who}</p>
          <div>
            {/* A text in a form is its Markdown. */}
            {field.kind === "document" && typeof answer === "string" ? (
              <pre tabIndex={0}>{answer}</pre>
            ) : (
              <Shown field={field} value={answer} empty={t`Empty`} />
            )}
          </div>
          <button
            type="button"
            className="button button-small"
            aria-pressed={sameValue(field, value, answer)}
            onClick={() => choose(answer)}
          >
            {label}
          </button>
        </div>
      ))}
    </div>
  );
}
