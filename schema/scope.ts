import type { DateAdder } from "./dates";
import type { Field, Literal, RecordType, Related } from "./definition";
import type { Period } from "./periods";
import type { Facts, Fields, FieldValue, Figures, RecordData } from "./record";

/** What a condition is evaluated over. Form tier: record, form, today, actor. Row tier: no form. Guard tier: facts too. */
export interface Scope {
  record?: RecordData;
  form?: Record<string, FieldValue>;
  /** What of the form is no field of the record. */
  asks?: Record<string, Field>;
  /** Of what an action needs: what its answers make of the record's fields. Counts are of the record as it will be. */
  planned?: Fields;
  facts?: Partial<Facts>;
  /** Of the type whose definition asks: inside a `Related`, of the record that asks. */
  settings: Figures;
  type: RecordType;
  /** The school's date. */
  today: string;
  /** The acting person's id. */
  actor: string | null;
  /** Of a report: its first and last day. */
  period?: Period;
  /** The school's. */
  calendar: DateAdder;
  /** Of a `Related`'s conditions: the record that asks. */
  outer?: RecordData;
  /** Of `create.each`: the entry a record is made for. */
  entry?: Literal | Record<string, Literal>;
}

/** How many records a `Related` reaches for a record as it stands: what the store counts. */
export interface Ask {
  /** The name by which facts hold the answer. */
  key: string;
  related: Related;
  /** Of a link: the records at its end, or the record that asks. Of a match: the values sought. */
  ids: string[];
  values: Fields;
  /** More than this many are not told apart. */
  most: number;
}
