/**
 * How a field is shown and asked for: one entry per field kind. The table must hold every kind, so a new one names its
 * missing half at compile time.
 */
import { lazy, Suspense } from "react";
import { Link } from "react-router-dom";
import type { Field, FieldKind, Option } from "../../schema/definition";
import { describeOffset } from "../../schema/offset";
import type { RiskGrid } from "../../schema/record";
import { t } from "../i18n/t";
import type { DocumentText, LinkRef, ListRow, PersonRef, ShownValue } from "../provider";
import { Dotted } from "../Because";
import { DateBoxes } from "../DateBoxes";
import { recordPath, useRecordType, useSession } from "../session";
import { longDate, longInstant } from "../words";
import { DateTimeInput, DurationInput } from "./dateInputs";
import type { InputProps, ShowProps, Widget } from "./fieldProps";
import { FileInput, ShowFile, ShowFiles } from "./files";
import { listInput, RiskGridInput } from "./groupInputs";
import { LinkPicker, PersonPicker } from "./PersonPicker";
import { useNamedRows } from "./rowNames";
import { sealedInput } from "./sealed";
import { isBlank } from "./values";

const optionsOf = (field: Field) => (field.kind === "choice" || field.kind === "choices" ? field.options : []);
const optionLabel = (field: Field, value: string): string =>
  optionsOf(field).find((option) => option.value === value)?.label ?? value;
const text = (value: ShownValue): string => (isBlank(value) ? "" : String(value));
const aria = ({ invalid, describedBy, required }: InputProps) => ({
  "aria-invalid": invalid ? true : undefined,
  "aria-describedby": describedBy,
  "aria-required": required ? true : undefined,
});

const money = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
const number = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 10 });

/** The hash of a text says which words were meant: its first figures tell it from others, all of them are there to check. */
const fingerprint = /^[0-9a-f]{64}$/;
const ShowText = ({ value }: ShowProps) => {
  const words = String(value);
  return fingerprint.test(words) ? (
    <details>
      <summary>{t`Fingerprint ${words.slice(0, 8)}`}</summary>
      <code>{words}</code>
    </details>
  ) : (
    <>{words}</>
  );
};
const TextInput = (props: InputProps) => (
  <input
    className="input"
    id={props.id}
    value={text(props.value)}
    maxLength={props.field.kind === "text" ? props.field.maxLength : undefined}
    onChange={(event) => props.onChange(event.target.value)}
    {...aria(props)}
  />
);
const LongTextInput = (props: InputProps) => (
  <textarea
    className="input"
    id={props.id}
    value={text(props.value)}
    onChange={(event) => props.onChange(event.target.value)}
    {...aria(props)}
  />
);
const MarkdownField = lazy(() => import("../text/MarkdownField"));
const DocumentInput = (props: InputProps) => (
  <Suspense fallback={<LongTextInput {...props} />}>
    <MarkdownField {...props} />
  </Suspense>
);
const ShowLongText = ({ value }: ShowProps) => (
  <>
    {String(value)
      .split(/\n{2,}/)
      .map((paragraph, at) => (
        // Paragraphs have no identity but their place.
        <p key={`${at} ${paragraph.slice(0, 20)}`}>{paragraph}</p>
      ))}
  </>
);

function ShowNumber({ field, value }: ShowProps) {
  const unit = field.kind === "number" && field.unit ? ` ${field.unit}` : "";
  // A year or any other plain number under 10,000 is written without separators.
  const amount = Number(value);
  return <>{`${Math.abs(amount) < 10_000 ? amount : number.format(amount)}${unit}`}</>;
}
const NumberInput = (props: InputProps) => (
  <div className="head-line">
    <input
      className="input input-short"
      id={props.id}
      inputMode="decimal"
      value={text(props.value)}
      onChange={(event) => props.onChange(event.target.value.trim() || null)}
      {...aria(props)}
    />
    {props.field.kind === "number" && props.field.unit && <span>{props.field.unit}</span>}
  </div>
);
/** Held in pence. */
function MoneyInput(props: InputProps) {
  const pounds = isBlank(props.value) ? "" : (Number(props.value) / 100).toFixed(2);
  return (
    <div className="head-line">
      <span aria-hidden="true">£</span>
      <input
        className="input input-short"
        id={props.id}
        inputMode="decimal"
        defaultValue={pounds}
        onChange={({ target }) => {
          const amount = Number(target.value.replaceAll(",", ""));
          props.onChange(target.value.trim() && Number.isFinite(amount) ? Math.round(amount * 100) : null);
        }}
        {...aria(props)}
      />
    </div>
  );
}

const YesNoInput = (props: InputProps) => (
  <div className="choice-row" id={props.id}>
    {[true, false].map((answer) => (
      <label key={String(answer)} className="check">
        <input
          type="radio"
          name={props.id}
          checked={props.value === answer}
          onChange={() => props.onChange(answer)}
          aria-describedby={props.describedBy}
        />
        {answer ? t`Yes` : t`No`}
      </label>
    ))}
  </div>
);

const ChoiceInput = (props: InputProps) => (
  <select
    className="input"
    id={props.id}
    value={text(props.value)}
    onChange={(event) => props.onChange(event.target.value || null)}
    {...aria(props)}
  >
    <option value="">{props.required ? t`Choose one` : t`No answer`}</option>
    {optionsOf(props.field).map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);
const ChoicesInput = (props: InputProps) => <Checks {...props} options={optionsOf(props.field)} />;

function Checks({ id, options, value, onChange, describedBy }: InputProps & { options: Option[] }) {
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  return (
    <div id={id}>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            aria-describedby={describedBy}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, option.value] : chosen.filter((each) => each !== option.value))
            }
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

const ShowPerson = ({ value }: ShowProps) => {
  const { id, name } = value as PersonRef;
  return <Link to={`/people/${id}`}>{name}</Link>;
};
const ShowPeople = ({ value }: ShowProps) => (
  <ul className="reset">
    {(value as PersonRef[]).map(({ id, name }) => (
      <li key={id}>
        <Link to={`/people/${id}`}>{name}</Link>
      </li>
    ))}
  </ul>
);
const picks = (props: InputProps) => ({
  id: props.id,
  invalid: props.invalid ?? false,
  required: props.required ?? false,
  ...(props.describedBy && { describedBy: props.describedBy }),
});
const PeopleInput = (multiple: boolean) =>
  function PeopleField(props: InputProps) {
    const value = isBlank(props.value) ? [] : multiple ? (props.value as PersonRef[]) : [props.value as PersonRef];
    return (
      <PersonPicker
        {...picks(props)}
        multiple={multiple}
        value={value}
        onChange={(next) => props.onChange(multiple ? next : (next[0] ?? null))}
      />
    );
  };

function ShowRole({ value }: ShowProps) {
  const { roles } = useSession();
  return <>{roles.find(({ name }) => name === value)?.label ?? String(value)}</>;
}
function RoleInput(props: InputProps) {
  const { roles } = useSession();
  return (
    <select
      className="input"
      id={props.id}
      value={text(props.value)}
      onChange={(event) => props.onChange(event.target.value || null)}
      {...aria(props)}
    >
      <option value="">{props.required ? t`Choose one` : t`None`}</option>
      {roles.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}

function ShowRoles({ value }: ShowProps) {
  const { roles } = useSession();
  const named = (value as string[]).map((each) => roles.find(({ name }) => name === each)?.label ?? each);
  return <>{named.join(", ")}</>;
}
function RolesInput(props: InputProps) {
  const { roles } = useSession();
  return <Checks {...props} options={roles.map(({ name, label }) => ({ value: name, label }))} />;
}

function LinkTo({ field, link }: { field: Field; link: LinkRef }) {
  const type = useRecordType(field.kind === "link" || field.kind === "links" ? field.to : "");
  return <Link to={recordPath(type, link.id)}>{link.recordTitle}</Link>;
}
const ShowLinks = ({ field, value }: ShowProps) => (
  <ul className="reset">
    {(value as LinkRef[]).map((link) => (
      <li key={link.id}>
        <LinkTo field={field} link={link} />
      </li>
    ))}
  </ul>
);
const LinksInput = (multiple: boolean) =>
  function LinksField(props: InputProps) {
    const { field } = props;
    const value = isBlank(props.value) ? [] : multiple ? (props.value as LinkRef[]) : [props.value as LinkRef];
    return (
      <LinkPicker
        {...picks(props)}
        type={field.kind === "link" || field.kind === "links" ? field.to : ""}
        multiple={multiple}
        value={value}
        onChange={(next) =>
          props.onChange(
            multiple
              ? next.map(({ id, recordTitle, reference }) => ({ id, recordTitle, reference }))
              : (next[0] ?? null),
          )
        }
      />
    );
  };

const riskInWords = ({ likelihood, impact, level }: RiskGrid): string => {
  if (level === "low") return t`Low risk: likelihood ${likelihood}, impact ${impact}`;
  if (level === "medium") return t`Medium risk: likelihood ${likelihood}, impact ${impact}`;
  if (level === "high") return t`High risk: likelihood ${likelihood}, impact ${impact}`;
  return t`likelihood ${likelihood}, impact ${impact}`;
};
const ShowRisk = ({ value }: ShowProps) => {
  const grid = value as RiskGrid;
  return (
    <>
      <p>{riskInWords(grid)}</p>
      {grid.mitigations && <p>{grid.mitigations}</p>}
    </>
  );
};

function ShowList({ field, value }: ShowProps) {
  const rows = useNamedRows(field, value as ListRow[]);
  const parts = field.kind === "list" ? Object.entries(field.of) : [];
  return (
    <ul className="reset">
      {rows.map((row, at) => (
        // Rows have no identity but their place.
        <li key={at}>
          <Dotted>
            {parts.map(([name, part]) => !isBlank(row[name]) && <Shown key={name} field={part} value={row[name]} />)}
          </Dotted>
        </li>
      ))}
    </ul>
  );
}

const ShowInstant = ({ value }: ShowProps) => <>{longInstant(String(value), useSession().zone)}</>;
const DateInput = (props: InputProps) => (
  <DateBoxes
    {...props}
    value={text(props.value)}
    partial={props.field.kind === "date" && props.field.precision === true}
  />
);

export const widgets = {
  text: { Show: ShowText, Input: TextInput },
  longText: { Show: ShowLongText, Input: LongTextInput },
  number: { Show: ShowNumber, Input: NumberInput },
  money: { Show: ({ value }) => <>{money.format(Number(value) / 100)}</>, Input: MoneyInput },
  yesNo: { Show: ({ value }) => <>{value ? t`Yes` : t`No`}</>, Input: YesNoInput, group: true },
  date: { Show: ({ value }) => <>{longDate(String(value))}</>, Input: DateInput, group: true },
  dateTime: {
    Show: ShowInstant,
    Input: (props) => <DateTimeInput {...props} value={text(props.value)} />,
    group: true,
  },
  duration: {
    Show: ({ value }) => <>{describeOffset(String(value)).replace(/ (after|before)$/, "")}</>,
    Input: (props) => <DurationInput {...props} value={text(props.value)} />,
  },
  choice: { Show: ({ field, value }) => <>{optionLabel(field, String(value))}</>, Input: ChoiceInput },
  choices: {
    Show: ({ field, value }) => <>{(value as string[]).map((each) => optionLabel(field, each)).join(", ")}</>,
    Input: ChoicesInput,
    group: true,
  },
  person: { Show: ShowPerson, Input: PeopleInput(false) },
  people: { Show: ShowPeople, Input: PeopleInput(true) },
  role: { Show: ShowRole, Input: RoleInput },
  roles: { Show: ShowRoles, Input: RolesInput, group: true },
  link: { Show: ({ field, value }) => <LinkTo field={field} link={value as LinkRef} />, Input: LinksInput(false) },
  links: { Show: ShowLinks, Input: LinksInput(true) },
  document: {
    Show: ({ value }) => <>{t`Version ${(value as DocumentText).number}`}</>,
    Input: DocumentInput,
  },
  file: { Show: ShowFile, Input: FileInput, group: true },
  files: { Show: ShowFiles, Input: FileInput, group: true },
  riskGrid: { Show: ShowRisk, Input: RiskGridInput, group: true },
  list: { Show: ShowList, Input: listInput((field) => widgetOf(field)), group: true },
} satisfies Record<FieldKind, Widget>;

const sealed: Widget = {
  Show: () => <>{t`Sealed`}</>,
  Input: sealedInput((field) => widgets[field.kind].Input),
  group: true,
};

export const widgetOf = (field: Field): Widget => (field.sealed ? sealed : widgets[field.kind]);

/** A value in words; an empty one says so. */
export function Shown({
  field,
  value,
  empty = t`Not given`,
}: {
  field: Field;
  value: ShownValue | undefined;
  empty?: string;
}) {
  if (isBlank(value)) return <span className="not-given">{empty}</span>;
  const { Show } = widgetOf(field);
  return <Show field={field} value={value} />;
}
