/** The columns of a section: what is read for them, and each record's cells in words, numbers and days. */
import { isInstantOfAll } from "../../../schema/condition";
import type { Cell } from "../../../schema/cell";
import { parsePartialDate } from "../../../schema/dates";
import type { Field, FieldKind, RecordType } from "../../../schema/definition";
import { textOfDay } from "../../../schema/epochDay";
import { describeOffset } from "../../../schema/offset";
import type { DocumentValue, FieldValue, RiskGrid } from "../../../schema/record";
import { formatDate } from "../../../schema/dates";
import { localOf, timeText } from "../../../schema/zone";
import { type DocumentView, versionsByIds } from "../../store/noticeQuery";
import { type Asked, isOnDemand, type ReadRow } from "../../store/recordQuery";
import { publishedType, type Reader } from "../read/reader";
import { readRecords } from "../read/readRecord";
import type { Names } from "./names";

export const pseudoLabels: Record<string, string> = {
  state: "State",
  reference: "Reference",
  recordTitle: "What",
  createdAt: "Created",
  updatedAt: "Last changed",
  createdBy: "Created by",
};

interface Column {
  name: string;
  label: string;
  /** Along this link: the field is one of the record there. */
  via?: { link: string; type: RecordType };
}

/** Linked records as they may be seen, by id: one that may not is not there. */
type Linked = Map<string, ReadRow>;

interface Wording {
  reader: Reader;
  names: Names;
  linked: Linked;
  /** Of documents that are shown. */
  versions?: Map<string, DocumentView>;
}

const several = (words: (string | null)[]): string => words.filter((word) => word !== null).join("; ");
const list = (value: FieldValue): string[] => (value as unknown[]).map(String);

type ToCell = (value: FieldValue, field: Field, wording: Wording) => Cell;
const plain: ToCell = (value) => String(value);
const optionOf = (field: Field, value: string): string =>
  ("options" in field ? field.options : []).find((option) => option.value === value)?.label ?? value;
const roleOf = (name: string, { reader }: Wording): string =>
  reader.registry.roles.find((role) => role.name === name)?.label ?? name;
const linkedOf = (id: string, { names, linked }: Wording): string | null => {
  const row = linked.get(id);
  return row ? names.recordOf(row.type, row) : null;
};
const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

const cells: Record<FieldKind, ToCell> = {
  text: plain,
  longText: plain,
  number: (value) => Number(value),
  money: (value) => Number(value) / 100,
  yesNo: (value) => (value ? "Yes" : "No"),
  date: (value) => {
    const date = String(value);
    // A month or a year is no day: a sheet would make one of it.
    return parsePartialDate(date)?.precision === "day" ? { date } : formatDate(date);
  },
  dateTime: (value, _, { reader }) => instantCell(String(value), reader),
  duration: (value) => describeOffset(String(value)).replace(/ (after|before)$/, ""),
  choice: (value, field) => optionOf(field, String(value)),
  choices: (value, field) => several(list(value).map((each) => optionOf(field, each))),
  person: (value, _, { names }) => names.person(String(value)),
  people: (value, _, { names }) => several(list(value).map((id) => names.person(id))),
  role: (value, _, wording) => roleOf(String(value), wording),
  roles: (value, _, wording) => several(list(value).map((name) => roleOf(name, wording))),
  link: (value, _, wording) => linkedOf(String(value), wording),
  links: (value, _, wording) => several(list(value).map((id) => linkedOf(id, wording))),
  document: (value, _, { versions }) => {
    const { latest, inForce } = value as DocumentValue;
    const number = versions?.get((inForce ?? latest).id)?.number;
    return `Version ${number ?? ""}, ${inForce ? "in force" : "not in force yet"}`;
  },
  // Their names are what somebody called them elsewhere, and nothing here opens them.
  file: () => counted(1, "file"),
  files: (value) => counted(list(value).length, "file"),
  riskGrid: (value) => {
    const { likelihood, impact, level } = value as RiskGrid;
    return `${level ? `${level}, ` : ""}likelihood ${likelihood}, impact ${impact}`;
  },
  list: (value, field, wording) => {
    const fields = field.kind === "list" ? field.of : {};
    const entry = (row: Record<string, FieldValue>) =>
      Object.entries(row).flatMap(([name, held]) => cellWordsOf(held, fields[name], wording));
    return several((value as Record<string, FieldValue>[]).map((row) => entry(row).join(", ")));
  },
};

function cellWordsOf(value: FieldValue, field: Field | undefined, wording: Wording): string[] {
  if (!field) return [];
  const cell = cellOf(field, value, wording);
  if (cell === null || cell === "") return [];
  return [typeof cell === "object" ? formatDate(cell.date) : String(cell)];
}

export function instantCell(instant: string, reader: Reader): Cell {
  const { day, ms } = localOf(instant, reader.identity.acting.zone);
  return { date: textOfDay(day), time: timeText(ms) };
}

export function cellOf(field: Field, value: FieldValue | undefined, wording: Wording): Cell {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return null;
  return field.sealed ? "Sealed" : cells[field.kind](value, field, wording);
}

/** The persons and, by type, the records that a value names. */
export function namedIn(
  field: Field,
  value: FieldValue | undefined,
  people: Set<string>,
  links: Map<string, Set<string>>,
) {
  if (value === null || value === undefined) return;
  const ids = (Array.isArray(value) ? value : [value]).map(String);
  if (field.kind === "person" || field.kind === "people") for (const id of ids) people.add(id);
  else if (field.kind === "link" || field.kind === "links")
    links.set(field.to, new Set([...(links.get(field.to) ?? []), ...ids]));
  else if (field.kind === "list" && Array.isArray(value))
    for (const row of value)
      if (typeof row === "object")
        for (const [name, of] of Object.entries(field.of)) namedIn(of, row[name], people, links);
}

export class Columns {
  private readonly shown: Column[] = [];
  /** Labels of what would name somebody. */
  readonly leftOut: string[] = [];

  constructor(
    private readonly reader: Reader,
    private readonly type: RecordType,
    names: string[],
    private readonly naming: Names,
  ) {
    for (const name of names) {
      const column = this.columnOf(name);
      const of = column.via?.type ?? type;
      if (naming.shows(of, column.name)) this.shown.push(column);
      else this.leftOut.push(column.label);
    }
  }

  get labels(): string[] {
    return this.shown.map(({ label }) => label);
  }

  /** Of the records themselves. */
  get asked(): string[] {
    const own = this.shown.map(({ name, via }) => via?.link ?? name);
    return [...new Set(own)].filter((name) => this.type.fields[name] || isOnDemand(name));
  }

  private columnOf(path: string): Column {
    const [first = "", second] = path.split(".");
    const field = this.type.fields[first];
    if (second === undefined || field?.kind !== "link")
      return { name: first, label: field?.label ?? pseudoLabels[first] ?? first };
    const { type } = publishedType(this.reader, field.to);
    const label = type.fields[second]?.label ?? pseudoLabels[second] ?? second;
    return {
      name: second,
      label: second === "recordTitle" ? field.label : `${field.label}: ${label}`,
      via: { link: first, type },
    };
  }

  async cellsOf(rows: ReadRow[]): Promise<Cell[][]> {
    const linked = await this.learn(rows);
    const versions = await this.versionsOf([...rows, ...linked.values()]);
    const wording = { reader: this.reader, names: this.naming, linked, versions };
    return rows.map((row) =>
      this.shown.map(({ name, via }) => {
        if (!via) return this.cell(this.type, row, name, wording);
        const there = linked.get(String(row.fields[via.link] ?? ""));
        return there ? this.cell(via.type, there, name, wording) : null;
      }),
    );
  }

  private cell(type: RecordType, row: ReadRow, name: string, wording: Wording): Cell {
    if (name === "recordTitle") return this.naming.record(type, row);
    if (name === "reference") return row.reference;
    if (name === "state") return stateLabel(this.reader, type, row.state);
    if (name === "createdBy") return row.createdBy ? this.naming.person(row.createdBy) : null;
    if (isInstantOfAll(name)) return instantCell(row[name] ?? "", this.reader);
    const field = type.fields[name];
    return field ? cellOf(field, row.fields[name], wording) : null;
  }

  /** Whom and what these records name, read at once; then whom and what those at the end of a path name. */
  private async learn(rows: ReadRow[]): Promise<Linked> {
    const linked: Linked = new Map();
    const paths = this.shown.flatMap(({ name, via }) => (via ? [{ ...via, name }] : []));
    const own = this.shown.flatMap(({ name, via }) => (via ? [] : [name]));
    const links = await this.meet(this.type, rows, [...own, ...paths.map(({ link }) => link)]);
    await readInto(linked, this.reader, links, (type) =>
      paths.filter((path) => path.type.name === type).map(({ name }) => name),
    );
    for (const type of new Set(paths.map(({ type }) => type))) {
      const there = [...linked.values()].filter((row) => row.type === type.name);
      const further = await this.meet(
        type,
        there,
        paths.flatMap((path) => (path.type === type ? [path.name] : [])),
      );
      await readInto(linked, this.reader, further, () => []);
    }
    return linked;
  }

  /** A record as it is read in a list holds no more of a version than its id. */
  private async versionsOf(rows: ReadRow[]): Promise<Map<string, DocumentView>> {
    const isText = ({ type }: ReadRow, name: string) =>
      publishedType(this.reader, type).type.fields[name]?.kind === "document";
    const held = rows.flatMap((row) =>
      Object.entries(row.fields).flatMap(([name, value]) =>
        value !== null && isText(row, name) ? [value as DocumentValue] : [],
      ),
    );
    const found = await versionsByIds(
      this.reader.db,
      held.map(({ latest, inForce }) => (inForce ?? latest).id),
    );
    return new Map(found.map((version) => [version.id, version]));
  }

  private async meet(type: RecordType, rows: ReadRow[], names: string[]): Promise<Map<string, Set<string>>> {
    const [people, links] = [new Set<string>(), new Map<string, Set<string>>()];
    for (const row of rows) {
      if (names.includes("createdBy") && row.createdBy) people.add(row.createdBy);
      for (const name of names) {
        const field = type.fields[name];
        if (field) namedIn(field, row.fields[name], people, links);
      }
    }
    await this.naming.learn(people);
    return links;
  }
}

/** Reads linked records, which only who may see them finds; those that are there already keep what was read of them. */
export async function readInto(
  linked: Linked,
  reader: Reader,
  links: Map<string, Set<string>>,
  fieldsOf: (type: string) => string[],
): Promise<void> {
  for (const [type, ids] of links) {
    const { type: definition } = publishedType(reader, type);
    const wanted = fieldsOf(type).filter((name) => definition.fields[name] || isOnDemand(name));
    const asked: Asked = { fields: [...new Set(wanted)], people: [] };
    const unknown = [...ids].filter((id) => !linked.has(id));
    for (const row of await readRecords(reader, type, asked, unknown)) linked.set(row.id, row);
  }
}

/** A state may be one of an older version, which some records still live by. */
export function stateLabel(reader: Reader, type: RecordType, state: string): string {
  const versions = [...(reader.registry.types.get(type.name)?.versions.values() ?? [])].map((version) => version.type);
  return [type, ...versions].find((each) => each.states[state])?.states[state]?.label ?? state;
}
