/**
 * One entry per field kind: what is read from the API, what a form holds, what is sent back, and what a condition
 * compares. A new kind that is missing here does not compile.
 */
import { parsePartialDate } from "../../schema/dates";
import type { Field, FieldKind, RecordType } from "../../schema/definition";
import type { FieldValue, RecordData, RiskGrid } from "../../schema/record";
import { whenProblem } from "../dateParts";
import type {
  DocumentText,
  FileRef,
  LinkRef,
  ListRow,
  PersonRef,
  RecordItem,
  ShownValue,
  ShownValues,
} from "../provider";

interface KindValues {
  /** What follows the field's name in a query: a selection, or nothing for a plain value. */
  selection: string;
  /** As a form holds it; absent: as shown. */
  toForm?(shown: ShownValue): ShownValue;
  /** As mutations take it and conditions compare it, from a value that is not empty. */
  plain(held: ShownValue): FieldValue;
}

const asIs: KindValues = { selection: "", plain: (held) => held as FieldValue };
const idOf = (held: ShownValue): FieldValue => (held as PersonRef | LinkRef | FileRef).id;
const idsOf = (held: ShownValue): FieldValue => (held as (PersonRef | LinkRef | FileRef)[]).map(({ id }) => id);
const plainRow = (row: ListRow) =>
  Object.fromEntries(
    Object.entries(row).map(([name, part]) => [name, typeof part === "object" && part !== null ? part.id : part]),
  );
const PERSON = "{ id name }";
const LINK = "{ id recordTitle reference }";
/** A version of a text without the text. */
export const VERSION = "id number hash createdAt createdBy { id name } inForce inForceAt pdf";
const FILE = "{ id name mediaType size uploadedAt uploadedBy { id name } }";

const kindValues = {
  text: asIs,
  longText: asIs,
  // What is no number goes on as it is, to be refused with a sentence.
  number: { selection: "", plain: (held) => (Number.isFinite(Number(held)) ? Number(held) : (held as FieldValue)) },
  money: { selection: "", plain: (held) => Number(held) },
  yesNo: asIs,
  // What is still being typed is no date yet: the form says so, and nothing is counted from it.
  date: { selection: "", plain: (held) => (parsePartialDate(String(held)) ? String(held) : null) },
  dateTime: { selection: "", plain: (held) => (whenProblem(String(held)) ? null : String(held)) },
  duration: asIs,
  choice: asIs,
  choices: asIs,
  role: asIs,
  roles: asIs,
  list: { selection: "", plain: (held) => (held as ListRow[]).map(plainRow) },
  person: { selection: PERSON, plain: idOf },
  people: { selection: PERSON, plain: idsOf },
  link: { selection: LINK, plain: idOf },
  links: { selection: LINK, plain: idsOf },
  document: {
    selection: `{ ${VERSION} text }`,
    toForm: (shown) => (shown as DocumentText).text ?? "",
    plain: (held) => (typeof held === "string" ? held : ((held as DocumentText).text ?? null)),
  },
  file: { selection: FILE, plain: idOf },
  files: { selection: FILE, plain: idsOf },
  riskGrid: {
    selection: "{ likelihood impact level mitigations }",
    plain: (held) => {
      const { likelihood, impact, mitigations } = held as RiskGrid;
      return { likelihood, impact, ...(mitigations && { mitigations }) };
    },
  },
} satisfies Record<FieldKind, KindValues>;

const valuesOf = (field: Field): KindValues => kindValues[field.kind];

export const isBlank = (value: ShownValue | undefined): value is null | undefined | "" =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** What a sealed field holds, left as it is: nobody has read it, so nobody sends it. */
export const isHeld = (field: Field, value: ShownValue | undefined): boolean => field.sealed === true && value === true;

/** A file of this value is still on its way. */
export const isSending = (value: ShownValue | undefined): boolean =>
  [value].flat().some((each) => typeof each === "object" && each !== null && "sent" in each);

/** The field's part of a query. Lists never read whole texts: `brief` leaves a document's out. */
export function selectionOf(name: string, field: Field, brief = false): string {
  const { selection } = valuesOf(field);
  return `${name} ${brief && field.kind === "document" ? `{ ${VERSION} }` : selection}`;
}

export const toForm = (field: Field, shown: ShownValue | undefined): ShownValue =>
  shown === undefined || shown === null ? null : (valuesOf(field).toForm?.(shown) ?? shown);

/** What is sent, and what conditions compare. Empty is null. */
export const toPlain = (field: Field, held: ShownValue | undefined): FieldValue =>
  isBlank(held) ? null : valuesOf(field).plain(held);

export const sameValue = (field: Field, a: ShownValue | undefined, b: ShownValue | undefined): boolean =>
  JSON.stringify(toPlain(field, a)) === JSON.stringify(toPlain(field, b));

/** The record as conditions see it, with what is being typed in place of what is stored. */
export function asRecordData(type: RecordType, record: RecordItem | undefined, typed: ShownValues = {}): RecordData {
  const shown = { ...record?.values, ...typed };
  return {
    id: record?.id ?? "",
    type: type.name,
    organisation: "",
    reference: record?.reference ?? "",
    title: record?.recordTitle ?? "",
    state: record?.state ?? type.entries.new,
    entered: {},
    definitionVersion: 0,
    version: record?.version ?? 0,
    createdAt: record?.createdAt ?? "",
    updatedAt: record?.updatedAt ?? "",
    createdBy: record?.createdBy?.id ?? null,
    historySeq: 0,
    historyHash: null,
    fields: Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, toPlain(field, shown[name])])),
  };
}
