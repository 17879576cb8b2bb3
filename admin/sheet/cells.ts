/**
 * A record as a row of a spreadsheet: words for people, and real numbers and dates where a sheet can count with them.
 * They stay English whatever the screen speaks: a sheet may be imported again.
 */
import { isInstantOfAll } from "../../schema/condition";
import { type Cell, cellText } from "../../schema/cell";
import { formatDate, parsePartialDate } from "../../schema/dates";
import type { Field, FieldKind, RecordType } from "../../schema/definition";
import { textOfDay } from "../../schema/epochDay";
import { describeOffset } from "../../schema/offset";
import type { RiskGrid } from "../../schema/record";
import { localOf, timeText } from "../../schema/zone";
import type { DocumentText, FileRef, LinkRef, ListRow, PersonRef, RecordItem, RoleInfo, ShownValue } from "../provider";
import { isBlank } from "../record/values";

export interface Wording {
  roles: RoleInfo[];
  zone: string;
}

const several = (words: string[]): string => words.join("; ");
const names = (value: ShownValue): string => several((value as { name: string }[]).map(({ name }) => name));

type ToCell = (value: ShownValue, field: Field, wording: Wording) => Cell;

const optionLabel = (field: Field, value: string): string =>
  ("options" in field ? field.options : []).find((option) => option.value === value)?.label ?? value;
const roleLabel = (role: string, { roles }: Wording): string => roles.find(({ name }) => name === role)?.label ?? role;
const text: ToCell = (value) => String(value);

export const answerCell = (yes: boolean): string => (yes ? "Yes" : "No");

const cells = {
  text,
  longText: text,
  number: (value) => Number(value),
  money: (value) => Number(value) / 100,
  yesNo: (value) => answerCell(value === true),
  // A month or a year is no day: a sheet would make one of it.
  date: (value) => {
    const date = String(value);
    return parsePartialDate(date)?.precision === "day" ? { date } : formatDate(date);
  },
  dateTime: (value, _, { zone }) => instantCell(String(value), zone),
  duration: (value) => describeOffset(String(value)).replace(/ (after|before)$/, ""),
  choice: (value, field) => optionLabel(field, String(value)),
  choices: (value, field) => several((value as string[]).map((each) => optionLabel(field, each))),
  person: (value) => (value as PersonRef).name,
  people: names,
  role: (value, _, wording) => roleLabel(String(value), wording),
  roles: (value, _, wording) => several((value as string[]).map((each) => roleLabel(each, wording))),
  link: (value) => (value as LinkRef).recordTitle,
  links: (value) => several((value as LinkRef[]).map(({ recordTitle }) => recordTitle)),
  document: (value) => `Version ${(value as DocumentText).number}`,
  file: (value) => (value as FileRef).name,
  files: names,
  riskGrid: (value) => {
    const { likelihood, impact, level } = value as RiskGrid;
    return `${level ? `${level}, ` : ""}likelihood ${likelihood}, impact ${impact}`;
  },
  list: (value, field, wording) => several((value as ListRow[]).map((row) => rowText(row, field, wording))),
} satisfies Record<FieldKind, ToCell>;

/** Without the people and records that it names: a row holds those by their ids alone. */
function rowText(row: ListRow, field: Field, wording: Wording): string {
  const parts = field.kind === "list" ? Object.entries(field.of) : [];
  const told = parts.filter(([name, { kind }]) => kind !== "person" && kind !== "link" && !isBlank(row[name]));
  return told.map(([name, part]) => cellText(cells[part.kind](row[name] ?? null, part, wording))).join(", ");
}

function instantCell(instant: string, zone: string): Cell {
  const { day, ms } = localOf(instant, zone);
  return { date: textOfDay(day), time: timeText(ms) };
}

/** The cell of a column of a list: a field, or what every record has. */
export function cellOf(type: RecordType, record: RecordItem, name: string, wording: Wording): Cell {
  if (name === "recordTitle" || name === "reference") return record[name];
  if (name === "state") return type.states[record.state]?.label ?? record.state;
  if (name === "createdBy") return record.createdBy?.name ?? null;
  if (isInstantOfAll(name)) return instantCell(record[name], wording.zone);
  const field = type.fields[name];
  const value = record.values[name];
  if (!field || isBlank(value)) return null;
  return field.sealed ? "Sealed" : cells[field.kind](value, field, wording);
}
