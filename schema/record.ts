/**
 * What the pure core sees and says: a record, the facts about its surroundings, and the change to write.
 * Everything here is plain JSON data: instants are ISO text in UTC with milliseconds, dates ISO text.
 */
import type { CalendarData } from "./calendar";
import type { Literal, RecordType, Who } from "./definition";
import type { Problem } from "./failure";
import type { MailChoice, MailRules } from "./mailing";

/** A version of a text, as the document field holds it. `text` is present where the facts asked for it. */
export interface DocumentVersion {
  id: string;
  number: number;
  /** SHA-256 of the NFC text, hex. */
  hash: string;
  text?: string;
}

export interface DocumentValue {
  latest: DocumentVersion;
  inForce?: DocumentVersion;
}

/** A stored file, as the history names it. */
export interface FileBrief {
  id: string;
  name: string;
  /** SHA-256 of its bytes, hex. */
  hash: string;
}

export interface RiskGrid {
  likelihood: number;
  impact: number;
  level?: "low" | "medium" | "high";
  mitigations?: string;
}

/**
 * A field's value in memory. text, longText, duration, choice, role, person, link: string; number, money: integer of the
 * smallest unit, or decimal text where `decimals` is set; yesNo: boolean; date: PartialDate text; dateTime: ISO instant;
 * file: its id; choices, people, links, files: string[]; list: objects. Empty is always null.
 */
export type FieldValue =
  string | number | boolean | null | string[] | DocumentValue | RiskGrid | { [name: string]: Literal }[];

export type Fields = Record<string, FieldValue>;

export interface Entry {
  /** Instant of the last entry into this state. */
  at: string;
  /** How often the record has entered it. */
  visit: number;
  /** Of a state in which some clock stands still: the earlier stays in it, from and to. */
  spans?: [string, string][];
}

export interface RecordData {
  id: string;
  type: string;
  organisation: string;
  reference: string;
  title: string;
  state: string;
  entered: Record<string, Entry>;
  /** The definition version its workflow is pinned to. */
  definitionVersion: number;
  /** Counts changes of fields or state. */
  version: number;
  createdAt: string;
  updatedAt: string;
  createdBy: string | null;
  /** Last link of its history chain. */
  historySeq: number;
  historyHash: string | null;
  fields: Fields;
}

export type TimerState = "waiting" | "fired" | "cancelled" | "skipped" | "dead";

/**
 * What a waiting row is: a clock of a rule of its record; an event sent to the record, or a page of a roster, due at once;
 * the next occurrence of a duty, whose record is the organisation itself. People are shown clocks of rules only.
 */
export type TimerKind = "rule" | "event" | "roster" | "duty";

export interface TimerRow {
  id: string;
  organisation: string;
  type: string;
  record: string;
  kind: TimerKind;
  /** The name of the rule, event, roster or duty. */
  rule: string;
  /** Offset text; with `anchorValue` and `n` it is the occurrence. */
  step: string;
  anchorValue: string;
  n: number;
  dueAt: string;
  state: TimerState;
  /** The source versions the instant was computed from. */
  stamp: string;
  provisional: boolean;
  firedAt: string | null;
  /** Why it was skipped, cancelled or died, or how it fired. */
  outcome: string | null;
  /** How many generations of causes, at a pace no person keeps, it has behind it: see `nextDepth`. */
  depth: number;
  /** Of an event: by what it was sent, and with which answers. */
  send: { event: string; cause: string; depth: number; answers?: Fields } | null;
}

export type TaskState = "open" | "done" | "cancelled";

export interface TaskRow {
  id: string;
  organisation: string;
  type: string;
  record: string;
  rule: string;
  label: string;
  state: TaskState;
  openedAt: string;
  /** ISO date. */
  dueOn: string | null;
  to: Who[];
  decides: boolean;
  /** Persons who hold it now. Empty: the clerk's unassigned list. */
  holders: string[];
  /** Who would by its rule: others may hold it in their place. */
  principals: string[];
  /** Persons who have done their part, where a quorum asks for several. */
  doneBy: string[];
}

export interface Party {
  person: string;
  /** The field's name, or "createdBy". */
  kind: string;
}

export type Actor =
  | { kind: "person"; id: string; name: string }
  | { kind: "system"; name: string }
  | { kind: "token"; id: string; person: string; name: string }
  /** Somebody who named themselves by PIN on a shared device. */
  | { kind: "device"; id: string; person: string; device: string; name: string }
  /** Somebody without an account, by a one-time link. */
  | { kind: "guest"; id: string; person: string; name: string };

/** The editions of the calendar and of the figures that a timer was computed from. */
export interface Sources {
  calendar: number;
  /** With the day from which the newest of those in force holds: one may be put down long before. No “.” in it. */
  settings: string;
}

/** A type's settings as they stand in an organisation on a day, by name. */
export type Figures = Record<string, Literal | Literal[]>;

/**
 * Everything `step` may read beyond the record itself, loaded for a whole batch by the store, and by what identifies it: see
 * `Missing`.
 */
export interface Facts {
  calendar: CalendarData;
  /** The sources' editions; with the definition version they make a timer's stamp. */
  sources: Sources;
  settings: Figures;
  /** The organisation's go-live date: what fell due before it collapses. */
  goLiveOn: string | null;
  school: { id: string; name: string; mail: MailRules };
  /** Where the back office is, for links in notices: no trailing slash. */
  publicUrl: string;
  /** Names of the people who may be addressed or named, by id. */
  names: Record<string, string>;
  /** How those of them are mailed who have chosen for themselves. */
  mailing: Record<string, MailChoice>;
  /** Who holds a role, or stands in a relation to somebody, by `holderKeys`: person ids. */
  holders: Record<string, string[]>;
  /** Records at the end of to-one links, by id; null for one that is not there. */
  linked: Record<string, RecordData | null>;
  /** What records are called that templates show, by id. */
  titles: Record<string, string>;
  /** Records that events are sent to, by the `type.field` by which they point here. */
  related: Record<string, RecordData[]>;
  /** How many records there are of what conditions ask, by `Ask.key`. */
  counts: Record<string, number>;
  /** Texts by their version's id. */
  texts: Record<string, string>;
  /** Null where they have not been read: see `openTasks` and `clocksOf`. */
  timers: TimerRow[] | null;
  tasks: TaskRow[] | null;
  /** Rules of which a task was opened or closed since the record entered its state: read where that is asked. */
  tasksHere?: string[];
  /** Persons barred from the records that the confidentiality of others comes from, by that record's id. */
  barredAbove: Record<string, string[]>;
}

export interface HistoryEntry {
  kind: "created" | "updated" | "action" | "event" | "timer" | "moved" | "task" | "imported" | "finding" | "opened";
  rule: string;
  because: string[];
  /** A plain sentence, shown in the timeline. */
  summary: string;
  /** Field changes [from, to], answers, and the like: kept in the erasable body. */
  detail: { [name: string]: unknown };
}

export interface NewTask extends Omit<TaskRow, "doneBy"> {
  because: string[];
}

export interface NewNotice {
  id: string;
  organisation: string;
  type: string;
  record: string;
  /** The timer occurrence or action that made it: unique with the person. */
  cause: string;
  person: string;
  template: string;
  subject: string;
  body: string;
  /** The day of what it tells about, where there is one. */
  dueOn: string | null;
  /** Mailed no earlier than this instant, unless with the digest of that day. */
  sendAt: string;
  urgent: boolean;
  calendar: { on: string; summary: string; uid: string } | null;
  /** The task this tells about; if it closes before sending, the notice is withdrawn. */
  because: string[];
}

export interface TimerChange {
  timer: TimerRow;
  /** Where it was due before, when it moved. */
  movedFrom?: string;
}

/** An event to another record: a due-now timer row caused by this change. */
export interface Sent {
  record: string;
  type: string;
  event: string;
  /** For the event's form. */
  answers?: Fields;
}

/** A new linked record, created in the same transaction through the same pipeline. */
export interface Created {
  type: string;
  fields: Fields;
}

/** What a step decides: all of it is written in one transaction, by one function. */
export interface Change {
  type: RecordType;
  /** Undefined for a new record. */
  before: RecordData | undefined;
  after: RecordData;
  /** Fields whose value differs, or all of a new record. */
  changed: string[];
  history: HistoryEntry[];
  timers: TimerChange[];
  newTimers: TimerRow[];
  openTasks: NewTask[];
  closeTasks: { id: string; state: "done" | "cancelled"; by: string | null; why: string }[];
  /** Open tasks that are not as they were: the record says otherwise now, or their rule does. */
  updateTasks: (Pick<TaskRow, "id" | "label" | "dueOn" | "to" | "decides"> & { holders: string[] })[];
  /** Parts of a quorum done. */
  taskParts: { id: string; person: string }[];
  notices: NewNotice[];
  sends: Sent[];
  creates: Created[];
  /** Events of the triggers that were asked whether they hold. */
  asked: string[];
  /** Of these, what did not happen, because it would break a rule. */
  refused: { event: string; why: string }[];
  /** Rules that an imported record breaks: findings for a person. */
  doubts: Problem[];
  /** Names of rosters to fill: a worker does it, page by page. */
  rosters: string[];
  /** New versions of document fields: text by field name. */
  documents: { field: string; version: DocumentVersion & { text: string } }[];
  /** Document versions put in force. */
  inForce: { field: string; version: string }[];
  /** Files that come to belong to the record, by the field or question that names them. */
  attached: { field: string; file: string }[];
}

/** A new text of a document field, hashed by the engine. */
export interface NewText {
  id: string;
  hash: string;
  text: string;
}

/** What happens to a record. `files` are those that the values name or replace: the engine has seen that they may. */
export type StepEvent =
  | {
      kind: "create";
      entry: "new" | "imported";
      id: string;
      organisation: string;
      reference: string;
      values: Fields;
      texts: Record<string, NewText>;
      files?: FileBrief[];
      /** What stands in the history: "Imported from policies.docx". */
      origin?: string;
    }
  | { kind: "update"; values: Fields; texts: Record<string, NewText>; files?: FileBrief[]; reason?: string }
  | {
      kind: "action";
      name: string;
      answers: Fields;
      texts: Record<string, NewText>;
      files?: FileBrief[];
      textHash?: string;
      comment?: string;
    }
  | { kind: "timer"; timer: TimerRow }
  | { kind: "task"; task: string; comment?: string }
  /** A sealed field is read. */
  | { kind: "open"; field: string; reason: string }
  /** `rules`: they may be others than those it was decided by before. */
  | { kind: "rederive"; reason: string; rules?: true };

/** What `step` decides over. */
export interface StepInput {
  /** The definition the record's workflow is pinned to, with the current fields. */
  type: RecordType;
  /** Undefined for a create. */
  record: RecordData | undefined;
  event: StepEvent;
  facts: Facts;
  actor: Actor;
  /** School time, epoch milliseconds. */
  now: number;
  definitionVersion: number;
  newId: () => string;
}
