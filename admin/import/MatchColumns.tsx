import { useId, useState } from "react";
import type { RecordType } from "../../schema/definition";
import { guessKey, importColumns, isKey, matchColumns } from "../../schema/sheetRows";
import { plural, t } from "../i18n/t";
import type { SheetInfo } from "../provider";
import { inSentence, listed } from "../words";
import { ColumnTable } from "./ColumnTable";
import { type Matching, matchingOf, type Plan } from "./plan";

interface MatchColumnsProps {
  type: RecordType;
  sheet: SheetInfo;
  remembered: Matching;
  /** The rows are being looked at by this plan. */
  locked: boolean;
  onPlan: (plan: Plan, matching: Matching) => void;
  onChange: () => void;
}

/** Every column of the file with what stands in it, and the field that it fills. */
export function MatchColumns({ type, sheet, remembered, locked, onPlan, onChange }: MatchColumnsProps) {
  const id = useId();
  const columns = importColumns(type);
  const [fields, setFields] = useState(() => matchColumns(type, sheet.headers, remembered.columns));
  const [existing, setExisting] = useState<Plan["existing"]>(remembered.existing ?? (type.roll ? "UPDATE" : "LEAVE"));
  const matched = fields.filter((name) => name !== null);
  const keys = matched.filter((name) => isKey(type, name));
  const [wished, setWished] = useState(remembered.key);
  // What was chosen, as long as the file has it; every matched column where nothing tells them apart.
  const key =
    wished && wished.length > 0 && wished.every((name) => keys.includes(name)) ? wished : guessKey(type, matched);
  const labelOf = (name: string) => columns.find((each) => each.name === name)?.label ?? name;
  const missing = columns.filter(({ name, required }) => required && !matched.includes(name));

  const plan: Plan = { fields, key, existing };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t`Its columns`}</h2>
      <p className="quiet">
        {plural(
          sheet.rows,
          "# row. Columns that fill no field are left out.",
          "# rows. Columns that fill no field are left out.",
        )}
      </p>
      <ColumnTable
        sheet={sheet}
        columns={columns}
        fields={fields}
        onMatch={(next) => {
          onChange();
          setFields(next);
        }}
      />
      {missing.length > 0 && (
        <p className="note note-amber">
          {plural(
            missing.length,
            "New {0} also need {1}: match a column with it, or only those already there can be changed.",
            "New {0} also need {1}: match a column with each, or only those already there can be changed.",
            inSentence(type.pluralLabel),
            listed(missing.map(({ label }) => label)),
          )}
        </p>
      )}
      <div className="import-rules">
        <div>
          <label
            className="field-label"
            htmlFor={`${id}-key`}
          >{t`Two are the same ${inSentence(type.label)} if they agree in`}</label>
          <select
            className="input"
            id={`${id}-key`}
            value={key.length === 1 ? key[0] : ""}
            onChange={({ target }) => {
              onChange();
              setWished(target.value ? [target.value] : keys);
            }}
          >
            {keys.map((name) => (
              <option key={name} value={name}>
                {labelOf(name)}
              </option>
            ))}
            {keys.length > 1 && <option value="">{t`All of: ${listed(keys.map(labelOf))}`}</option>}
          </select>
        </div>
        <fieldset>
          <legend>{t`One that is there already`}</legend>
          {(["LEAVE", "UPDATE"] as const).map((each) => (
            <label key={each} className="check">
              <input
                type="radio"
                name={`${id}-existing`}
                checked={existing === each}
                onChange={() => {
                  onChange();
                  setExisting(each);
                }}
              />
              {each === "LEAVE"
                ? t`is left as it is`
                : t`is changed to what the file says; an empty cell changes nothing`}
            </label>
          ))}
        </fieldset>
      </div>
      {key.length === 0 && (
        <p className="note note-amber">{t`No heading was recognised. Say above what each column fills.`}</p>
      )}
      {!locked && (
        <button
          type="button"
          className="button button-primary"
          disabled={key.length === 0}
          onClick={() => onPlan(plan, matchingOf(sheet, plan, remembered))}
        >{t`See what each row would do`}</button>
      )}
    </section>
  );
}
