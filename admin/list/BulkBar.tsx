import { useState } from "react";
import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import { counted, inSentence } from "../words";
import type { BulkChoice } from "./bulk";

/** Stands at the foot of the window while something is selected. */
export function BulkBar({
  type,
  count,
  choices,
  onChoose,
  onClear,
}: {
  type: RecordType;
  count: number;
  choices: BulkChoice[];
  onChoose: (choice: BulkChoice) => void;
  onClear: () => void;
}) {
  const [key, setKey] = useState("");
  const chosen = choices.find((each) => each.key === key);
  const options = (what: BulkChoice["what"]) =>
    choices
      .filter((each) => each.what === what)
      .map((each) => (
        <option key={each.key} value={each.key}>
          {each.label}
        </option>
      ));
  const actions = options("action");
  const fields = options("field");
  return (
    <div className="bulk-bar" role="region" aria-label={t`Selected`}>
      <p role="status">{t`${counted(count, inSentence(type.label), inSentence(type.pluralLabel))} selected`}</p>
      <label className="visually-hidden" htmlFor="bulk-what">{t`What to do with them`}</label>
      <select
        className="input"
        id="bulk-what"
        value={chosen ? key : ""}
        onChange={({ target }) => setKey(target.value)}
      >
        <option value="">
          {choices.length > 0 ? t`What to do with them…` : t`Nothing can be done with all of these`}
        </option>
        {actions.length > 0 && <optgroup label={t`Do`}>{actions}</optgroup>}
        {fields.length > 0 && <optgroup label={t`Change one field`}>{fields}</optgroup>}
      </select>
      <button
        type="button"
        className="button button-primary"
        disabled={!chosen}
        onClick={() => chosen && onChoose(chosen)}
      >{t`Go on`}</button>
      <button type="button" className="link" onClick={onClear}>{t`Clear the selection`}</button>
    </div>
  );
}
