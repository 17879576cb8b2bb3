/**
 * What the screens ask for: react-admin's data provider and our own verbs, in the screens' terms. `dataProvider.ts`
 * answers over GraphQL; the component tests answer from memory.
 */
import type { DataProvider } from "ra-core";
import type { Condition, Field, Letter, RecordType, TourStep, View } from "../schema/definition";
import type { Problem } from "../schema/failure";
import type { Letterhead } from "./letterhead/letterhead";
import type { CalendarData, Closure, Term } from "../schema/calendarData";
import type { Figures } from "../schema/record";
import type { LineVerdict } from "../schema/peoplePlan";
import type { FieldValue, RiskGrid } from "../schema/record";
import type { SheetCell } from "../schema/sheetRows";

export interface PersonRef {
  id: string;
  name: string;
  email?: string | null;
}

export interface LinkRef {
  id: string;
  recordTitle: string;
  reference: string;
}

export interface DocumentText {
  id: string;
  number: number;
  hash: string;
  text?: string | null;
  createdAt: string;
  createdBy: PersonRef | null;
  inForce: boolean;
  /** When it was put in force, if it ever was. */
  inForceAt: string | null;
  /** Path of the text as a PDF. */
  pdf: string;
}

export interface FileRef {
  id: string;
  name: string;
  mediaType: string;
  /** Bytes. */
  size: number;
  uploadedAt?: string;
  uploadedBy?: PersonRef | null;
  /** How much of it has been sent, 0 to 1, while it is on its way: it has no id of the server's yet. */
  sent?: number;
}

/** A row holds people and records by their ids, with their names where a form chose them. */
export type ListRow = Record<string, string | number | boolean | null | PersonRef | LinkRef>;

/**
 * A field's value as a screen shows it and a form holds it: people and records come with their names. A sealed field
 * that holds something is `true`, until somebody types over it.
 */
export type ShownValue =
  | string
  | number
  | boolean
  | null
  | string[]
  | PersonRef
  | PersonRef[]
  | LinkRef
  | LinkRef[]
  | DocumentText
  | FileRef
  | FileRef[]
  | RiskGrid
  | ListRow[];

export type ShownValues = Record<string, ShownValue>;

export interface OrganisationRef {
  id: string;
  name: string;
}

export interface TypeAccess {
  name: string;
  see: boolean;
  create: boolean;
  edit: boolean;
}

export interface Me {
  person: PersonRef;
  organisation: OrganisationRef;
  organisations: OrganisationRef[];
  roles: string[];
  administers: boolean;
  /** May be the second person for what needs one, and reads the security log. */
  confirms: boolean;
  demo: boolean;
  /** Why no email is sent and nothing falls due: the database may be a copy. Null where it is in use. */
  held: string | null;
  /** ISO instant and date of the school's clock. */
  now: string;
  today: string;
  types: TypeAccess[];
}

export interface RoleInfo {
  name: string;
  label: string;
}

export interface Session {
  me: Me;
  types: RecordType[];
  roles: RoleInfo[];
  /** IANA name. */
  zone: string;
  calendar: CalendarData;
  /** Of each type, as they stand here today. */
  figures: Record<string, Figures>;
  /** Changes with what is published: "thing:3,other:1". */
  edition: string;
}

export interface TaskItem {
  id: string;
  type: string;
  record: string;
  recordTitle: string;
  reference: string;
  label: string;
  help?: string | null;
  state: string;
  openedAt: string;
  dueOn: string | null;
  dueInWords: string | null;
  overdue: boolean;
  holders: PersonRef[];
  unassigned: boolean;
  actions: { name: string; label: string }[];
  because: string[];
  /** Who holds it in whose place; `away`: it comes back by itself. */
  passed: { from: PersonRef | null; to: PersonRef | null; away: boolean }[];
  closedAt?: string | null;
  closedBy?: PersonRef | null;
  closedWhy?: string | null;
}

export interface TimerItem {
  id: string;
  type: string;
  record: string;
  recordTitle: string;
  rule: string;
  label: string;
  stepInWords: string | null;
  dueAt: string;
  state: string;
  provisional: boolean;
  /** Whether it would do anything on its day, as its record stands now. */
  holds: boolean;
  firedAt: string | null;
  outcome: string | null;
  recipients: PersonRef[];
  because: string[];
}

export interface MailItem {
  id: string;
  messageId: string;
  state: string;
  answer: string | null;
  sentAt: string | null;
  attempts: number;
}

export interface NoticeItem {
  id: string;
  type: string;
  record: string;
  recordTitle: string | null;
  person: PersonRef | null;
  subject: string;
  text: string;
  createdAt: string;
  sendAt: string;
  outcome: string;
  outcomeWhy: string | null;
  urgent: boolean;
  mail: MailItem | null;
  because: string[];
}

export interface HistoryItem {
  id: string;
  seq: number;
  at: string;
  kind: string;
  rule: string;
  because: string[];
  /** Null where it was erased. */
  summary: string | null;
  detail: unknown;
  /** Of long texts in `detail` only the beginning stands there. */
  isShortened: boolean;
  actor: { kind: string; name: string | null } | null;
}

export interface FindingItem {
  id: string;
  code: string;
  message: string;
  path: string | null;
  state: string;
  answer: string | null;
  answeredBy: PersonRef | null;
  answeredAt: string | null;
}

export interface FormField {
  name: string;
  field: Field;
  required?: boolean;
  default?: FieldValue;
}

export interface AvailableAction {
  name: string;
  label: string;
  help: string | null;
  allowed: boolean;
  reason: string | null;
  because: string[];
  form: FormField[];
  /** The document field whose exact text it puts in force. */
  ratifies: string | null;
}

/** The server counts no further. */
export const COUNTED = 1_000;

/** Somebody read a record. */
export interface ViewItem {
  person: PersonRef | null;
  at: string;
  /** False: it stood in a list, a search, a report. */
  opened: boolean;
}

export interface RecordItem {
  id: string;
  type: string;
  reference: string;
  recordTitle: string;
  version: number;
  state: string;
  createdAt: string;
  updatedAt: string;
  createdBy: PersonRef | null;
  values: ShownValues;
}

/** What a sealed field holds, and who is told that it was opened. */
export interface Opened {
  value: string;
  told: PersonRef[];
}

/** A link for somebody without an account. */
export interface GuestLinkItem {
  id: string;
  person: PersonRef | null;
  /** Null where a mail carries it. */
  madeBy: PersonRef | null;
  madeAt: string;
  expiresAt: string;
  usedAt: string | null;
  revokedAt: string | null;
}

export interface GuestAccess {
  may: boolean;
  people: { id: string; name: string; reachable: boolean }[];
  links: GuestLinkItem[];
}

/** What a person should know about a record: it refuses nothing. */
export interface Advice {
  name: string;
  message: string;
  because: string[];
}

/** What the codes of a `because` stand for. */
export interface Sources {
  obligations: { number: number; text: string }[];
  sections: { code: string; label: string }[];
}

/** A record with everything its page shows. */
export interface RecordDetail extends RecordItem {
  /** Texts in force and earlier versions, by document field. */
  inForce: Record<string, DocumentText | null>;
  versions: Record<string, DocumentText[]>;
  tasks: TaskItem[];
  timers: TimerItem[];
  history: HistoryItem[];
  notices: NoticeItem[];
  findings: FindingItem[];
  warnings: Advice[];
  permissions: { edit: boolean; fields: string[]; opens: string[] };
  availableActions: AvailableAction[];
}

export interface ChainNode {
  type: string;
  id: string;
  reference: string;
  title: string;
  state: string;
  /** The label of its type. */
  label: string;
}

/** A link, from the record that holds it. */
export interface ChainEdge {
  from: string;
  to: string;
  field: string;
  label: string;
}

export interface Chain {
  /** The record itself first. */
  nodes: ChainNode[];
  edges: ChainEdge[];
  more: boolean;
}

export interface Page<T> {
  nodes: T[];
  /** Where the next page starts; null after the last. */
  next: string | null;
}

export interface RecordQuery {
  /** Row tier; comparisons of a field with something known beforehand. */
  where?: Condition;
  search?: string;
  /** Field name, descending with a leading "-". */
  sort?: string;
  first?: number;
  after?: string;
  /** Fields to read; default none but the title line. */
  fields?: string[];
}

/** A list of a type as somebody likes it: a definition's view, kept on the server. */
export interface SavedView {
  id: string;
  view: View;
  /** Everybody of the school has it. */
  shared: boolean;
  mayChange: boolean;
}

/** Those whom a whole list does not have, of how many that it should. */
export interface MissingFromRoll {
  records: MissingRecord[];
  among: number;
  more: boolean;
}

export interface MissingRecord extends Pick<RecordItem, "id" | "version" | "reference" | "recordTitle" | "state"> {
  /** What names it and is not over. */
  open: ChainNode[];
}

/** An uploaded sheet that is being imported. */
export interface SheetRef {
  file: string;
  /** One of several in the file; null for the first. */
  sheet: string | null;
  /** The record type its rows become; null for people. */
  type: string | null;
}

export interface SheetInfo {
  /** Null for a CSV. */
  name: string | null;
  /** Of all in the file. */
  sheets: string[];
  headers: string[];
  /** Of each column what stands in its first rows. */
  samples: string[][];
  /** Without headings and empty lines. */
  rows: number;
}

export interface SheetLine {
  line: number;
  cells: SheetCell[];
}

export interface ImportRange {
  sheet: SheetRef;
  /** For each column the field that it fills. */
  columns: (string | null)[];
  key: string[];
  existing: "UPDATE" | "LEAVE";
  /** Rows to pass over, and how many to do from there. */
  offset: number;
  first: number;
  dryRun: boolean;
}

/** What became of a row of a sheet, or in a dry run would. REPEATED: that of the line `repeats` is the same, and counts. */
export interface ImportedLine {
  verdict: "CREATED" | "UPDATED" | "UNCHANGED" | "LEFT" | "REFUSED" | "FAILED" | "REPEATED";
  line: number;
  /** What it calls the record. */
  named: string;
  id: string | null;
  repeats: number | null;
  /** In words; null for nothing. */
  changes: { name: string; label: string; before: string | null; after: string | null }[];
  problems: Problem[];
}

/** A record somebody made and that is not over. */
export interface RequestItem {
  type: string;
  id: string;
  reference: string;
  recordTitle: string;
  state: string;
}

export interface AbsenceItem {
  id: string;
  from: string;
  to: string;
  begun: boolean;
  standIn: PersonRef | null;
}

export interface SearchGroup {
  type: string;
  hits: { id: string; reference: string; recordTitle: string; state: string }[];
  /** There are more than these. */
  more: boolean;
}

export interface Appointment {
  id: string;
  person: PersonRef | null;
  role: RoleInfo;
  organisation: OrganisationRef;
  from: string;
  to: string | null;
  /** Who gave it, and who ended it, where that was kept. */
  madeBy?: PersonRef | null;
  endedBy?: PersonRef | null;
}

export interface SourceSection {
  code: string;
  label: string;
}

export interface ObligationElement {
  letter: Letter;
  kind: string;
  /** The record type it belongs to, if any. */
  type: string | null;
  label: string;
}

export interface ObligationItem {
  number: number;
  letters: Letter[];
  sections: string[];
  text: string;
  byAgreement: boolean;
  satisfied: boolean;
  missing: { letter: Letter; wants: string }[];
  elements: ObligationElement[];
}

export interface SettingItem {
  type: string;
  name: string;
  value: string | number | boolean | null | (string | number | boolean | null)[];
}

export interface MailRules {
  pace: "digest" | "atOnce";
  /** Times of day between which mail may reach people. */
  from: string;
  to: string;
  digestAt: string;
  days: "working" | "school" | "all";
}

/** Null is as the school does. */
export interface OwnMail {
  pace: MailRules["pace"] | null;
  from: string | null;
  to: string | null;
  optional: boolean;
}

/** A device that several people report on, and what happened on it, newest first. */
export interface DeviceItem {
  id: string;
  label: string;
  startedAt: string;
  startedBy: PersonRef | null;
  revokedAt: string | null;
  revokedBy: PersonRef | null;
  uses: { id: string; at: string; what: string; person: PersonRef | null }[];
}

/** Of one's own PIN for them: never what it is. */
export interface PinState {
  setAt: string | null;
  /** Too many wrong ones were tried. */
  locked: boolean;
}

/** Something of the calendar: a task, a date that clocks are counted from, or a clock that goes off by itself. */
export interface DueItem {
  id: string;
  kind: "task" | "date" | "clock";
  type: string;
  record: string;
  recordTitle: string;
  label: string;
  on: string;
  /** Of a clock, an instant. */
  at: string | null;
  mine: boolean;
  provisional: boolean;
  /** The date field of the record that says the day, where people change it. */
  field: string | null;
}

/** One clock that a change would move; null where it would begin or end. */
export interface ClockChange {
  label: string;
  stepInWords: string;
  from: string | null;
  to: string | null;
}

/** The terms of the school, and the days on which it is closed. */
export interface SchoolDays {
  terms: { name: string; from: string; to: string }[];
  closures: { name: string; from: string; to: string }[];
}

/** A report that the person's roles may make. */
export interface ReportInfo {
  name: string;
  title: string;
  help: string;
  /** It is of one record of this type; null: of a period. */
  recordType: string | null;
  /** Whom it names at most. */
  names: "everybody" | "staff" | "nobody";
}

export interface ReportAsk {
  name: string;
  record: string | null;
  from: string | null;
  to: string | null;
  hideNames: boolean;
}

interface ReportRows {
  columns: string[];
  rows: string[][];
}

export interface ReportSection extends ReportRows {
  name: string;
  label: string;
  help: string | null;
  /** How many there are, of which `rows` are the first. */
  total: number;
  figures: ReportRows | null;
  notes: string[];
}

export interface ReportContent {
  title: string;
  about: string;
  head: { label: string; value: string }[];
  sections: ReportSection[];
}

export interface MadeReport {
  id: string;
  report: string;
  at: string;
  format: string;
  names: string;
  from: string | null;
  to: string | null;
  hash: string;
  by: PersonRef | null;
}

export type ReportFormat = "pdf" | "zip";

export interface CalendarFeed {
  everything: boolean;
  createdAt: string;
  readAt: string | null;
}

export interface ChartPoint {
  /** A state, a field's value, or a month such as "2027-05". */
  value: string | null;
  label: string;
  /** Null: fewer than five confidential records, which is not told. */
  count: number | null;
}

/** A chart of a definition with its numbers. */
export interface ChartItem {
  type: string;
  name: string;
  label: string;
  by: string | null;
  over: string | null;
  because: string[];
  points: ChartPoint[];
}

export interface StandingItem {
  type: string;
  states: ChartPoint[];
  /** Tasks past their day; null where it is not told. */
  overdue: number | null;
}

export interface RelationItem {
  kind: string;
  label: string;
  other: PersonRef | null;
}

/** What administrators know of a person. */
export interface PersonFileItem {
  person: PersonRef;
  active: boolean;
  externalId: string | null;
  signsIn: boolean;
  /** ISO instant. */
  linkUntil: string | null;
  relations: RelationItem[];
}

/** Something that takes two people: done once another confirms it, or when its time has passed. */
export interface PowerRequestItem {
  id: string;
  /** The same for those asked for in one go. */
  batch: string;
  sentence: string;
  /** ISO instants of machine time. */
  askedAt: string;
  effectiveAt: string;
  state: "WAITING" | "APPROVED" | "DONE" | "STOPPED" | "FAILED";
  decidedAt: string | null;
  why: string | null;
  person: PersonRef | null;
  askedBy: PersonRef | null;
  /** Null where nobody answered. */
  decidedBy: PersonRef | null;
  mayConfirm: boolean;
  mayStop: boolean;
}

export interface PowerDecisionItem {
  id: string;
  state: PowerRequestItem["state"];
  why: string | null;
}

export interface SecurityFilter {
  kind?: string;
  /** A person's id: who did it, or whom it is about. */
  person?: string;
  /** ISO instants; the last is not included. */
  from?: string;
  to?: string;
}

export interface SecurityEntryItem {
  id: string;
  at: string;
  kind: string;
  label: string;
  actorKind: string;
  actor: PersonRef | null;
  about: PersonRef | null;
  detail: Record<string, unknown>;
  address: string | null;
}

export interface SignInLink {
  person: PersonRef;
  /** Shown once; null where it went by mail. */
  url: string | null;
  mailedTo: string | null;
  problem: string | null;
}

export interface PeopleImportInput {
  sheet: SheetRef;
  /** For each column of the sheet what it says of somebody. */
  columns: (string | null)[];
  roleWords: { word: string; roles: string[] }[];
  everybody: string[];
  decides: string[];
  from: string;
  missing: "KEEP" | "LEAVE";
  staying: string[];
  confirm?: string;
}

export interface PersonLineItem {
  line: number;
  verdict: LineVerdict;
  id: string | null;
  name: string;
  changes: string[];
  problems: Problem[];
  notes: string[];
}

export interface PeopleImportItem {
  digest: string;
  done: boolean;
  /** Changes that take a second person. */
  waiting: number;
  lines: PersonLineItem[];
  leavers: { id: string; name: string; changes: string[] }[];
}

export interface SchoolCalendar {
  terms: Term[];
  closures: Closure[];
  warnings: string[];
}

export interface GettingReady {
  goLiveOn: string | null;
  termsUntil: string | null;
  terms: number;
  closures: number;
  people: number;
  withoutSignIn: number;
  unheld: RoleInfo[];
  texts: number;
  findings: number;
  saidDone: string[];
}

/** A part of a definition that the pack's new version and the school both changed. Null: it does not exist there. */
export interface PackClashItem {
  id: string;
  type: string;
  /** "timers.remind.steps"; empty: the whole type. */
  path: string;
  base: unknown;
  ours: unknown;
  theirs: unknown;
  reason: string | null;
}

/** Something that Duly does by itself failed and waits for an administrator. */
export interface ProblemItem {
  id: string;
  /** Sentences: what happened, why, what trying again does (null: nothing can be tried) and what skipping does. */
  says: string;
  cause: string;
  retry: string | null;
  skip: string;
  happenedAt: string;
  times: number;
  /** It is about one record, which the reader may not be allowed to see. */
  ofRecord: boolean;
  record: { type: string; id: string; recordTitle: string } | null;
  /** Of an email. */
  subject: string | null;
  person: PersonRef | null;
}

export interface ProblemPage extends Page<ProblemItem> {
  count: number;
  /** There are more than `count`. */
  more: boolean;
}

/** A change whose dates are being worked out again, or were. */
export interface ClockJobItem {
  id: string;
  /** Completes "because …". */
  reason: string;
  by: string | null;
  since: string;
  /** Records done, how many there are about, dates moved, and records that failed. */
  visited: number;
  total: number | null;
  moved: number;
  failed: number;
  doneAt: string | null;
  /** Why it ended before it was done. */
  cause: string | null;
}

/** A definition in force that could not be published as it is. */
export interface DefinitionToMend {
  type: string;
  label: string;
  problems: { path: string; message: string }[];
}

export interface CheckItem {
  name: string;
  ok: boolean;
  says: string;
  remedy: string | null;
}

/** How many dates a change has moved so far, and whether that is all of them. */
export interface Moved {
  moved: number;
  done: boolean;
}

export interface ModelTextItem {
  name: string;
  title: string;
  sections: { heading: string; audience: string | null; text: string }[];
}

export interface ImportedText {
  type: string;
  id: string | null;
  title: string;
  findings: { message: string }[];
}

export interface ImportedTexts {
  created: ImportedText[];
  /** Those of the document that could not be brought in. */
  refused: { title: string; problems: { message: string }[] }[];
}

export interface DueAsk {
  from: string;
  to: string;
  /** Also the dates that clocks are counted from, and the clocks themselves. */
  dates: boolean;
  clocks: boolean;
  mine: boolean;
  type?: string;
  /** Of each day, at most: 20 unless said. */
  perDay?: number;
}

export interface DueList {
  entries: DueItem[];
  /** Days of which there is more than is given. */
  fullDays: string[];
  /** There was too much in all: what follows the last entry is not given. */
  more: boolean;
}

/** What the screens ask beyond react-admin's nine verbs. */
export interface Verbs {
  session(): Promise<Session>;
  listRecords(type: string, query: RecordQuery): Promise<Page<RecordItem>>;
  /** Exact up to `COUNTED`; beyond, one more than that. */
  countRecords(type: string, query: RecordQuery): Promise<number>;
  /** The saved views of a type's list, and what the person's screens have kept under the preference's name. */
  listSetup(type: string, preference: string): Promise<{ savedViews: SavedView[]; preference: unknown }>;
  saveView(input: { id?: string; type: string; view: View; shared: boolean }): Promise<SavedView>;
  deleteView(id: string): Promise<void>;
  preference(name: string): Promise<unknown>;
  /** What this person is shown first; nothing once the preference's name holds something. */
  tour(preference: string): Promise<TourStep[]>;
  setPreference(name: string, value: unknown): Promise<void>;
  /** From one date to another, both included. */
  due(asked: DueAsk): Promise<DueList>;
  schoolDays(): Promise<SchoolDays>;
  calendarFeed(): Promise<CalendarFeed | null>;
  /** The link, told this once. */
  makeCalendarFeed(everything: boolean): Promise<string>;
  withdrawCalendarFeed(): Promise<void>;
  /** Of one register, or those for the person's roles. */
  charts(type?: string): Promise<ChartItem[]>;
  standings(): Promise<StandingItem[]>;
  reports(): Promise<ReportInfo[]>;
  /** As it stands now, with the first rows of each section. */
  report(ask: ReportAsk): Promise<ReportContent>;
  makeReport(ask: ReportAsk, format: ReportFormat): Promise<{ name: string; file: Blob }>;
  /** The latest that anybody made of these reports. */
  reportsMade(): Promise<MadeReport[]>;
  search(text: string, first: number): Promise<SearchGroup[]>;
  /** What an uploaded file holds, read on the server. */
  sheet(sheet: SheetRef): Promise<SheetInfo>;
  /** As many of its rows from `offset` on as come at once: at least one where there is one. */
  sheetRows(sheet: SheetRef, offset: number): Promise<SheetLine[]>;
  /** What stands in a column, the most frequent first. */
  sheetWords(sheet: SheetRef, column: number): Promise<{ word: string; rows: number }[]>;
  /** One verdict for each row, in their order. What was done before is answered as it was done. */
  importSheet(range: ImportRange): Promise<ImportedLine[]>;
  /** Gives up an upload that no record holds. */
  discardFile(id: string): Promise<void>;
  /** `present`: the records that the rows of the list were found to be. */
  missingFromRoll(type: string, present: string[]): Promise<MissingFromRoll>;
  readRecord(type: string, id: string): Promise<RecordDetail>;
  /** A version of a text by its id, with the text. */
  readText(id: string): Promise<DocumentText>;
  /** What hangs together with a record. */
  chain(type: string, id: string): Promise<Chain>;
  sources(): Promise<Sources>;
  moreHistory(type: string, id: string, before: number): Promise<HistoryItem[]>;
  /** One entry with its texts in full. */
  wholeEntry(type: string, id: string, seq: number): Promise<HistoryItem | undefined>;
  /** Who opened the record, newest first: only of types that keep it. */
  views(type: string, id: string, after?: string): Promise<Page<ViewItem>>;
  /** What a change would do to the record's clocks. Nothing is changed. */
  previewUpdate(
    type: string,
    id: string,
    expectedVersion: number,
    input: Record<string, unknown>,
  ): Promise<ClockChange[]>;
  createRecord(type: string, input: Record<string, unknown>): Promise<{ id: string; reference: string }>;
  /** The reason stands in the timeline. */
  openSealed(type: string, id: string, field: string, reason: string): Promise<Opened>;
  /** Null where nobody answers such records by a link. */
  guestAccess(type: string, id: string): Promise<GuestAccess | null>;
  /** `url` is shown this once. */
  makeGuestLink(type: string, id: string, person: string): Promise<{ url: string | null; mailedTo: string | null }>;
  revokeGuestLink(id: string): Promise<void>;
  /** `reason` stands in the timeline. */
  updateRecord(
    type: string,
    id: string,
    version: number,
    input: Record<string, unknown>,
    reason?: string,
  ): Promise<void>;
  act(
    type: string,
    id: string,
    action: string,
    sent: { version: number; input: Record<string, unknown>; comment?: string },
  ): Promise<void>;
  /** Stores a file that no record holds yet: a form's value names it. */
  upload(file: File, way: { onProgress: (share: number) => void; signal: AbortSignal }): Promise<FileRef>;
  myTasks(after?: string): Promise<Page<TaskItem>>;
  myWaiting(): Promise<Page<TaskItem>>;
  completeTask(id: string, comment: string): Promise<void>;
  handOverTask(id: string, to: string, comment: string): Promise<void>;
  takeBackTask(id: string): Promise<void>;
  commentTask(id: string, comment: string): Promise<void>;
  myRequests(): Promise<RequestItem[]>;
  myAbsences(): Promise<AbsenceItem[]>;
  /** Since when something urgent should have been mailed; null where nothing waits for long. */
  urgentWaiting(): Promise<string | null>;
  setAbsence(input: { standIn: string; from: string; to: string }): Promise<void>;
  endAbsence(id: string): Promise<void>;
  upcoming(query: { from?: string; to?: string; after?: string; first?: number }): Promise<Page<TimerItem>>;
  people(search: string, after?: string): Promise<Page<PersonRef>>;
  person(id: string): Promise<PersonRef | null>;
  appointments(person: string): Promise<Appointment[]>;
  /** False where it waits for a second person. */
  appoint(input: { person: string; role: string; from: string; to?: string }): Promise<boolean>;
  /** False where it waits for a second person. */
  endAppointment(id: string, on: string): Promise<boolean>;
  /** Everybody's, on a day. */
  appointmentsOn(on: string): Promise<Appointment[]>;
  createPerson(input: {
    name: string;
    email: string | null;
    externalId: string | null;
    roles: string[];
    from: string;
  }): Promise<{ id: string }>;
  /** False where part of it waits for a second person. */
  updatePerson(input: {
    id: string;
    name: string;
    email: string | null;
    externalId?: string | null;
    active?: boolean;
  }): Promise<boolean>;
  personFile(id: string): Promise<PersonFileItem | null>;
  relate(person: string, kind: string, other: string | null): Promise<void>;
  peopleWithoutSignIn(): Promise<PersonRef[]>;
  makeSignInLinks(people: string[]): Promise<SignInLink[]>;
  /** Without `confirm` nothing is done, and the plan is answered. */
  importPeople(input: PeopleImportInput): Promise<PeopleImportItem>;
  calendar(): Promise<SchoolCalendar>;
  setCalendar(input: { terms: Term[]; closures: Closure[] }): Promise<Moved>;
  gettingReady(): Promise<GettingReady>;
  sayReady(step: string, done: boolean): Promise<void>;
  setGoLive(on: string): Promise<void>;
  /** Texts to begin with, and the draft that is made of one. */
  releaseCopy(send: boolean): Promise<void>;
  openProblems(after?: string): Promise<ProblemPage>;
  /** How many need attention, and whether there are more than that. */
  problemCount(): Promise<{ count: number; more: boolean }>;
  /** False where nothing could be tried, and it was only settled. */
  retryProblem(id: string): Promise<boolean>;
  skipProblem(id: string, reason: string): Promise<void>;
  definitionsToMend(): Promise<DefinitionToMend[]>;
  clockJobs(): Promise<ClockJobItem[]>;
  installationChecks(): Promise<CheckItem[]>;
  packClashes(): Promise<PackClashItem[]>;
  /** False where that waits for a second person, and is still to be chosen. */
  settlePackClash(id: string, take: "OURS" | "THEIRS"): Promise<boolean>;
  /** Those that I may confirm or that concern me: those that wait first. With a person, what waits about them. */
  powerRequests(about?: string): Promise<PowerRequestItem[]>;
  /** What concerns me and I have not seen as it stands. */
  powerNews(): Promise<Pick<PowerRequestItem, "id" | "sentence" | "state">[]>;
  confirmPower(ids: string[]): Promise<PowerDecisionItem[]>;
  stopPower(ids: string[], why: string | null): Promise<PowerDecisionItem[]>;
  seePower(ids: string[]): Promise<void>;
  /** Hours until a request takes effect unanswered. */
  powerDelay(): Promise<number>;
  /** The delay in force then: a shorter one waits for a second person. */
  setPowerDelay(hours: number): Promise<number>;
  securityLog(
    filter: SecurityFilter,
    after: string | null,
  ): Promise<{ nodes: SecurityEntryItem[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }>;
  securityKinds(): Promise<{ kind: string; label: string }[]>;
  changePassword(old: string, password: string): Promise<void>;
  modelTexts(): Promise<ModelTextItem[]>;
  takeModelText(name: string): Promise<{ type: string; id: string; title: string }>;
  /** Of an uploaded document, by its id. */
  importPolicies(file: string, dryRun: boolean): Promise<ImportedTexts>;
  obligations(): Promise<{ obligations: ObligationItem[]; sections: SourceSection[] }>;
  settings(type: string): Promise<SettingItem[]>;
  /** `waits`: nothing changes until a second person confirms it. */
  setSetting(type: string, name: string, value: unknown): Promise<Moved & { waits: boolean }>;
  myMail(): Promise<{ own: OwnMail; rules: MailRules }>;
  setMyMail(input: OwnMail): Promise<void>;
  setMailRules(input: MailRules): Promise<void>;
  letterhead(): Promise<Letterhead>;
  /** `crest`: base64; left out it stays, null takes it away. */
  /** `crest`: the id of an uploaded picture; null takes it away. */
  setLetterhead(input: { name: string; colour: string | null; crest?: string | null }): Promise<void>;
  sharedDevices(): Promise<DeviceItem[]>;
  /** This browser becomes one, and is signed out. */
  startSharedDevice(label: string): Promise<void>;
  revokeSharedDevice(id: string): Promise<void>;
  myPin(): Promise<PinState>;
  setPin(pin: string): Promise<void>;
  clearPin(): Promise<void>;
  answerFinding(id: string, answer: string): Promise<void>;
  clock(): Promise<{ now: string; advancingTo: string | null; fired: number }>;
  advanceClock(to: string): Promise<{ now: string; advancingTo: string | null; fired: number }>;
  signOut(): Promise<void>;
}

export type DulyProvider = DataProvider & Verbs;
