/** What a construct of the language is checked with. Each method says what is wrong at a path of the definition. */
import type { Field, RecordType } from "../definition";

export interface Checker {
  readonly type: RecordType;
  say(path: string, message: string): void;
  /** Says so where `name` is none of `names`. True where it is. */
  known(what: string, name: string, names: string[], path: string): boolean;
  /** The field, or undefined where there is none of that name. */
  fieldNamed(name: string, path: string): Field | undefined;
  /** A field that holds a person or people; `createdBy` counts as one. */
  personField(name: string, path: string): void;
  /** The same, of this type or of one that it is linked to ("incident.reporter"). */
  personPath(name: string, path: string): void;
  role(name: string, path: string): void;
  /** A date or a date and time, of this type or another. */
  dateField(name: string, path: string, type?: RecordType): void;
  /** The type at the end of a link; undefined where it is unknown, which the field itself says. */
  linkedType(name: string): RecordType | undefined;
}
