/**
 * The definition language: what a record type is. Definitions are plain data (a test sends each through JSON and
 * back), so the studio, the API and the pack folder all hold the very same thing. `check.ts` says what is wrong in one.
 */

/** Where a rule comes from: obligation numbers ("O7") or policy sections ("M8"). */
export type Because = string[];

/** A number of units of time, signed: ISO 8601 ("-P60D", "P1Y", "PT1H") or words ("2 school days"). See offset.ts. */
export type OffsetText = string;

/** A figure kept as a setting of the record type, so that a school can change it without a publish. */
export interface SettingRef {
  setting: string;
}

// ---------------------------------------------------------------------------------------------------------- values

export type Literal = string | number | boolean | null;

/**
 * What an expression may name. `field` is a field of the record or one of the pseudo-fields `state`, `reference`,
 * `createdAt`, `updatedAt`, `createdBy`; in the guard tier a dotted path follows to-one links ("policy.reviewBy") and
 * names parts of a value: "risk.level", and of a document "text.latest" and "text.inForce" (hashes of its versions).
 * `form` is an answer of the action's form. `today` is the school's date, `actor` the acting person's id.
 */
export type Value = Literal | Expressions[keyof Expressions];

/** By the key that tells each apart. */
export interface Expressions {
  field: { field: string };
  form: { form: string };
  setting: SettingRef;
  today: { today: true };
  /** The first or the last day that a report is of. Only in its sections. */
  period: { period: "start" | "end" };
  actor: { actor: true };
  /** The record's own id: what a record made by it is linked to. */
  self: { self: true };
  /** Inside a `Related`: a field of the record that asks. Guard tier. */
  outer: { outer: string };
  /** Inside `create.each`: a column of the entry, or the entry itself where the list holds plain values. */
  entry: { entry: string | true };
  plus: { plus: [Value, OffsetText | SettingRef] };
  /** The number of entries of a list (field or answer): guard tier and form tier. */
  size: { size: Value };
  /** A list with one more entry, unless it has it: who has agreed so far. Guard tier and form tier. */
  added: { added: [Value, Value] };
  /** How many people hold this, rounded up to a share of them: the quorum of a governing body. Guard tier. */
  holders: { holders: Who; percent?: number | SettingRef };
}

/**
 * Records reached from this one. `via`: along a link, either way: a field of this record, or `type.field` of records that
 * point here. `type` and `match`: all records of a type in the same organisation whose fields (or `state`) equal these
 * values, which read this record and the answers. `where` is of the row tier, and may name `outer` fields besides.
 */
export type Related = Reaches[keyof Reaches];
export interface Reaches {
  via: { via: string; where?: Condition };
  type: { type: string; match: Record<string, Value>; where?: Condition };
}

/**
 * The one condition language. Two-valued: a comparison with an empty value is false, and `not` is plain negation. An empty
 * yes/no is *no*; only `empty` tells whether it was answered.
 * Tiers: *form* (own fields and answers; runs in the browser), *row* (own fields, `today`, `actor`; compiled to SQL with
 * the same answer), *guard* (everything, over facts).
 */
export type Condition = Conditions[keyof Conditions];

/** By the key that tells each apart. */
export interface Conditions {
  all: { all: Condition[] };
  any: { any: Condition[] };
  not: { not: Condition };
  eq: { eq: [Value, Value] };
  ne: { ne: [Value, Value] };
  lt: { lt: [Value, Value] };
  le: { le: [Value, Value] };
  gt: { gt: [Value, Value] };
  ge: { ge: [Value, Value] };
  in: { in: [Value, Literal[]] };
  empty: { empty: Value };
  /** Folded text search: case and accents do not matter. */
  contains: { contains: [Value, string] };
  /** A list field (choices, people, links) has this entry. */
  includes: { includes: [Value, Value] };
  exists: { exists: Related };
  none: { none: Related };
  every: { every: Related & { satisfies: Condition } };
  count: { count: Related; atLeast?: number | SettingRef; atMost?: number | SettingRef };
  /** The person of this value is one of these; of several people, each of them, and there is one. Guard tier. */
  holds: { holds: [Value, Who[]] };
  /** Any of these phrases stands in the text of a document or text field (template text left in). Guard tier. */
  phrase: { phrase: { in: string; of: string[] | SettingRef } };
}

/** Those that ask about other records. */
export type Reaching = Conditions["exists" | "none" | "every" | "count"];

export type Tier = "form" | "row" | "guard";

/** Relations between two people that a definition may follow. A school fills those that its definitions ask for. */
export const relations = ["lineManager", "mentor", "parent"];

/** Groups of people that the engine keeps: `away` holds who is absent, from the first day to the last. */
export const groups = ["away"];

// ------------------------------------------------------------------------------------------------------------- who

/**
 * Who does, decides, or is told. A role is held in the record's organisation (`here`, the default) or its parent.
 * `field` is a person or people field of the record or of a record it is linked to ("incident.reporter"), or the
 * pseudo-field `createdBy`. `relation` follows a relation (line manager, parent) of the persons in a field.
 */
export type Who = Whos[keyof Whos];

/** By the key that tells each apart. */
export interface Whos {
  role: { role: string; at?: "here" | "parent" };
  field: { field: string };
  relation: { relation: string; of: string };
  /** `away`: whoever is absent today. Others are filled by nothing yet. */
  group: { group: string };
  /** Whoever holds one of the roles that this field of kind `roles` names. */
  rolesIn: { rolesIn: string };
  /** Whoever holds the open task of this rule. */
  task: { task: string };
  anyone: { anyone: true };
  system: { system: true };
}

// ---------------------------------------------------------------------------------------------------------- fields

export interface FieldBase {
  label: string;
  help?: string;
  required?: boolean | Condition;
  visible?: Condition;
  editable?: boolean | Condition;
  unique?: boolean;
  index?: boolean;
  default?: Value;
  /** Held encrypted; never filtered, sorted or unique. */
  sensitive?: boolean;
  /**
   * Of a text: read by nobody but by opening it, each time for a reason that the history keeps. Others are told whether
   * one is held. For where to turn in an emergency, never for a password.
   */
  sealed?: boolean;
  /** Of a text: it never names anybody, so that a report whose names are hidden may still show it. */
  nameless?: boolean;
  /** Only these may see it; everybody else reads null. Default: whoever sees the record. Of a sealed field: open it. */
  see?: Who[];
  /** Whom each opening of a sealed field tells; the template may say `by` whom, and the `reason`. */
  tells?: NoticeRule;
  /** Only these may change it (still needs a grant to edit). */
  edit?: Who[];
  /** How an imported policy document fills this field: see policyDocument.ts. */
  imports?: string;
  because?: Because;
}

export interface Option {
  value: string;
  label: string;
  because?: Because;
}

export type Field = FieldBase &
  (
    | { kind: "text"; maxLength?: number }
    | { kind: "longText" }
    | { kind: "number"; min?: number; max?: number; decimals?: number; unit?: string }
    | { kind: "money" }
    | { kind: "yesNo" }
    | { kind: "date"; precision?: boolean }
    | { kind: "dateTime" }
    | { kind: "duration" }
    | { kind: "choice"; options: Option[] }
    | { kind: "choices"; options: Option[] }
    | { kind: "person" }
    | { kind: "people" }
    | { kind: "role" }
    | { kind: "roles" }
    | { kind: "link"; to: string }
    | { kind: "links"; to: string }
    /** `ratifiedOn`: the date field that says when the text in force was ratified; it stands on its print. */
    | { kind: "document"; ratifiedOn?: string }
    | { kind: "file" }
    | { kind: "files" }
    | { kind: "riskGrid"; size?: 3 | 5 }
    | { kind: "list"; of: Record<string, Field> }
  );

export type FieldKind = Field["kind"];

// -------------------------------------------------------------------------------------------------------- workflow

/** Red, amber, green, or none: what a state means on a dashboard. */
export type Rag = "red" | "amber" | "green" | "blue" | "grey";

export interface State {
  label: string;
  rag?: Rag;
  help?: string;
  /** Work is over: timers and tasks stop. */
  end?: boolean;
  /** Nothing is owed here (a device in stock): neither task nor timer is expected. */
  resting?: boolean;
}

/** Something an action needs. Guard tier. */
export interface Need {
  must: Condition;
  /** Says the rule and its remedy. */
  refusal: string;
  because?: Because;
}

export interface Action {
  /** A verb phrase: "Ratify", "Send back". It is the button. */
  label: string;
  help?: string;
  from: string[];
  /** Absent: the state stays. */
  to?: string;
  /** Who may do it: any of these. `[{ system: true }]` makes it an event, which only timers and records send. */
  who?: Who[];
  /** Who decides: the first of these with a holder who is not conflicted (a party to the record). */
  decides?: Who[];
  /** Must hold, over facts. `refusal` is the sentence shown when it does not. */
  when?: Condition;
  refusal?: string;
  /** More that must hold, each with its own sentence: the first that does not is the one shown. */
  needs?: Record<string, Need>;
  /** Person fields whose person may not do this (decider ≠ requester). */
  separate?: string[];
  /** Fields that whoever does it should have before them: shown above the form, as they stand. */
  shows?: string[];
  /** Answers asked for: names of the record's fields (written to it) or of `asks` (kept in the history only). */
  form?: string[];
  asks?: Record<string, Field>;
  /** Those of the form that must be given here, beyond what the field itself requires. */
  required?: string[];
  /**
   * What an answer is taken to be where none is given; shown in the form beforehand. `null` asks anew: what the record
   * holds from the last time neither stands in the form nor counts as an answer.
   */
  defaults?: Record<string, Value>;
  /** Requires the hash of this document field's text as read, and puts that exact version in force. */
  ratifies?: string;
  effects?: Effect[];
  because?: Because;
}

export interface TaskRule {
  /** What to do, as a person would say it: "Review {{ title }}". Liquid over the record. */
  label: string;
  help?: string;
  /** The state on entering which it opens. Absent: opened by a timer or an effect. */
  opens?: string;
  to: Who[];
  /** First of `to` with an unconflicted holder, instead of all of them. */
  decides?: boolean;
  /**
   * To whom else a holder may hand it over, beside those of `to` and whoever may do one of its actions. A task without
   * actions may be handed to anybody who sees the record. None of it opens a decision to others.
   */
  handOverTo?: Who[];
  /** A notice to each holder as it opens: the template's name. */
  tell?: { template: string; urgent?: boolean };
  /**
   * Owed only where this holds, asked as it would open and at each change: it opens once this begins to hold in a state
   * of `while`, and is cancelled once it no longer does. Guard tier.
   */
  when?: Condition;
  due?: DueDate;
  /** Doing any of these completes it. None: it is ticked off, with a comment. */
  actions?: string[];
  /** How many of the holders must complete it. Default any. */
  quorum?: "any" | "all" | number;
  /** It lives while the record is in one of these; leaving them cancels it. Default: the state that opened it. */
  while?: string[];
  because?: Because;
}

/** This long after the task opens, or on a date field of the record. */
export type DueDate = DueDates[keyof DueDates];
export interface DueDates {
  after: { after: OffsetText | SettingRef };
  field: { field: string };
}

export type Effect = Effects[keyof Effects];

/** By the key that tells each apart. */
export interface Effects {
  set: { set: Record<string, Value> };
  task: { task: string };
  notice: { notice: NoticeRule };
  create: { create: Creation };
  send: { send: Sending };
}

/** With `each`, one record for each entry of a list (field or answer); with `where`, for those of which it holds. */
export interface Creation {
  type: string;
  fields: Record<string, Value>;
  each?: Value;
  where?: Condition;
}

/**
 * An event to linked records: `link` is a link field of this record, or `type.field` of records that point here. `with` are
 * answers for the event's form.
 */
export interface Sending {
  link: string;
  event: string;
  /** Of the records that it leads to: those alone get it. */
  where?: Condition;
  with?: Record<string, Value>;
}

/**
 * What must hold of the data, whoever changes it and by whichever way: asked after a create, an edit, an action or an event
 * that changes one of `fields` (default: all that the condition names) or the state. `in`: only in these states. An event
 * that would break it does not happen, and somebody is told (decision 41).
 */
export interface Rule {
  must: Condition;
  /** The sentence shown where it does not hold; it names the remedy. */
  refusal: string;
  /** Where the sentence stands in the form. Default: the first field that the condition names. */
  field?: string;
  fields?: string[];
  in?: string[];
  because?: Because;
}

/** Something a person should know about this record: it refuses nothing. `message` is a template over the record. */
export interface Warning {
  when: Condition;
  message: string;
  in?: string[];
  because?: Because;
}

/** Sends an event to the record itself once a condition holds, asked at each of its steps and when people change. */
export interface Trigger {
  when: Condition;
  event: string;
  while: string[];
  because?: Because;
}

/**
 * A living audience: one record for each member of it, made and kept so while this record is in the named states. Who
 * joins gets one, who leaves is sent an event; with `per`, a new value of it (a new version) makes a new set.
 */
export interface Roster {
  label: string;
  of: Who[];
  /** Persons left out, whoever names them. The group `away` (who is absent) is asked once they are back. */
  except?: Who[];
  /** Only those who came to their role since this record entered one of the states. */
  joiners?: boolean;
  /** The records made, their link to this record and their person field. */
  type: string;
  link: string;
  person: string;
  /** `value` of this record, kept in the text field `field` of each member's record. */
  per?: { value: Value; field: string };
  fields?: Record<string, Value>;
  while: string[];
  /** The event sent to the open record of one who is no longer meant. */
  left?: string;
  because?: Because;
}

/** The short form for somebody on their feet: a few questions one after another, and what happens next. */
export interface Quick {
  label: string;
  fields: string[];
  /** What will happen with the report, and when: shown at its end. */
  then: string;
  because?: Because;
}

/**
 * A page of their own for whoever of `to` signs in nowhere, opened by a one-time link that their mail carries or that `by`
 * make by hand: what it `shows` of the record, the exact words of `text`, and these actions. Doing one ends the link.
 */
export interface Guests {
  /** Person fields. */
  to: string[];
  by: Who[];
  /** A document, here ("terms") or at the end of a link ("policy.text"): the version in force, else the latest. */
  text?: string;
  shows?: string[];
  actions: string[];
  /** How long a link lasts. */
  within: OffsetText | SettingRef;
  because?: Because;
}

/** A picture that answers the question in its label: how many records by state or by a field, or over the months. */
export interface Chart {
  label: string;
  /** "state" or a choice, yes-no, person, role or link field. */
  by?: string;
  /** A date or instant whose month is counted, for the last twelve. */
  over?: string;
  where?: Condition;
  /** Roles on whose dashboard it stands. */
  for?: string[];
  because?: Because;
}

// ---------------------------------------------------------------------------------------------------------- timers

/**
 * What a timer is counted from: a date of the record, the entry into a state, the opening of a task (or the day it is
 * due), a date of a linked record, or whichever of several comes first.
 */
export type Anchor = Anchors[keyof Anchors];

/** By the key that tells each apart: of a link, not the field. */
export interface Anchors {
  earliestOf: { earliestOf: Exclude<Anchor, { earliestOf: unknown }>[] };
  link: { link: string; field: string };
  field: { field: string };
  state: { state: string };
  task: { task: string; due?: true };
}

/** What happens to an occurrence found late: fire each, fire only the latest, or none later than the tolerance. */
export type LatePolicy = "fire" | "collapse" | { skipAfter: OffsetText };

export interface NoticeRule {
  to: Who[];
  template: string;
  /** Mailed at once, whatever the hour and whatever a person has chosen. All else keeps to the hours and the pace of `MailRules`. */
  urgent?: boolean;
}

/**
 * A timer belongs to the record and runs `while` it is in named states (default: all but resting and end states).
 * An occurrence is a step for one value of the anchor (and the n of a repeat); it never fires twice.
 */
export interface TimerRule {
  label: string;
  anchor: Anchor;
  /** When, from the anchor: one occurrence each. */
  steps: (OffsetText | SettingRef)[] | SettingRef;
  /** Counted on from the last step until the record leaves `while`. */
  repeat?: OffsetText | SettingRef;
  /** Local time of day, "08:00". Default: the setting `morning`, else 08:00. */
  at?: string | SettingRef;
  roll?: "nextOpenDay" | "previousOpenDay" | "none";
  /** Which days are open for `roll`. Default working days (they run in school holidays). */
  open?: "school" | "working";
  when?: Condition;
  while?: string[];
  /** States in which its clock stands still: what is left is counted on when the record leaves them. */
  pausedWhile?: string[];
  late?: LatePolicy;
  /** A step that fired this near the new instant does not fire again for a moved date. Default P14D where it only tells, else none. */
  quiet?: OffsetText | SettingRef;
  event?: string;
  notice?: NoticeRule;
  task?: string;
  because?: Because;
}

/** A cadence that creates records with no anchor of their own: a termly filtering check. */
export interface Duty {
  label: string;
  every: OffsetText | SettingRef;
  /** The first date, "2026-09-07". */
  from: string | SettingRef;
  at?: string | SettingRef;
  /** Values of the record made. */
  fields?: Record<string, Value>;
  because?: Because;
}

export interface Setting {
  label: string;
  kind: "offset" | "offsets" | "time" | "number" | "percent" | "text" | "texts" | "date";
  value: Literal | Literal[];
  unit?: string;
  /** Where the figure comes from, and when it was read there. */
  source?: string;
  date?: string;
  /** The source has not been checked against the original: shown as such. */
  verify?: boolean;
  help?: string;
  because?: Because;
}

export interface NoticeTemplate {
  /**
   * Liquid over the record's fields, `reference`, `recordTitle`, `state`, `person`, `school`, `url`, and `due`: the day
   * on which that is due of which it reminds, else the day of the notice. Body is Markdown.
   */
  subject: string;
  body: string;
  /** For information: nobody has to act on it, and a person may choose not to be told. */
  optional?: boolean;
  /** An all-day calendar entry for a date field goes with the mail. */
  calendar?: { field: string; summary: string };
  because?: Because;
}

// ---------------------------------------------------------------------------------------------------------- access

/** `count`: no record, but how many of all there are, by what the charts show. */
export type Permission = "see" | "create" | "edit" | "count";

export interface Grant {
  /**
   * Roles held where the record is (or above/below by `reach`), party fields, whoever holds this task of the record as
   * long as it is open, or anyone signed in.
   */
  to: Grantee[];
  may: Permission[];
  /** Row tier. */
  when?: Condition;
  /** `here`: the organisation of the role. `below`: also those under it (a trust's officer). Default here. */
  reach?: "here" | "below";
  because?: Because;
}

export type Grantee = Grantees[keyof Grantees];
export interface Grantees {
  role: { role: string };
  field: { field: string };
  task: { task: string };
  anyone: { anyone: true };
}

export interface View {
  label: string;
  columns: string[];
  where?: Condition;
  /** A field, descending with a leading "-". */
  sort?: string;
  because?: Because;
}

export interface Section {
  label: string;
  fields: string[];
}

// ----------------------------------------------------------------------------------------------------- record type

/** Whole lists of the school's own system, brought in again and again: who is missing from one may have left. */
export interface Roll {
  /** Fields by which a row is known again, the best first. */
  keys: string[];
  /** The action for one who stands in the list no more; it is never done unasked. */
  leave: string;
  /** The action for one who had left and stands in the list again. */
  back?: string;
}

export interface RecordType {
  /** camelCase, singular: "policy". */
  name: string;
  /** camelCase: "policies". Names the list in the API. */
  plural: string;
  label: string;
  pluralLabel: string;
  /** One of `icons`. */
  icon?: string;
  /** The heading it stands under in the menu. */
  group?: string;
  help?: string;
  /** "POL-{year}-{n}": n counts within organisation and year; of a confidential type it is drawn, at least five digits. */
  reference: string;
  /** Liquid over the fields: what a record is called. */
  title: string;
  /**
   * `true`: needs a party, or a role's grant that says for which records; a role alone opens nothing. `from`: seen
   * exactly by those who may see the record at the end of this to-one link; own grants say only what more they may do.
   */
  confidential?: boolean | { from: string };
  /** Who opens a record is recorded, as it always is of a confidential one. */
  logged?: boolean;
  /** The edition of the engine that it needs (`schema/engineEdition.ts`). Default 1. */
  engine?: number;
  /** The state a record starts in, by how it came. */
  entries: { new: string; imported?: string };
  fields: Record<string, Field>;
  states: Record<string, State>;
  actions: Record<string, Action>;
  tasks?: Record<string, TaskRule>;
  timers?: Record<string, TimerRule>;
  duties?: Record<string, Duty>;
  settings?: Record<string, Setting>;
  notices?: Record<string, NoticeTemplate>;
  rules?: Record<string, Rule>;
  warnings?: Record<string, Warning>;
  triggers?: Record<string, Trigger>;
  rosters?: Record<string, Roster>;
  grants: Grant[];
  /** Person fields whose person may never see the record, whatever their role. */
  bars?: string[];
  /** Person fields whose person is conflicted where this record is decided. Default: every person field. */
  conflicts?: string[];
  views?: Record<string, View>;
  charts?: Record<string, Chart>;
  form?: Section[];
  quick?: Quick;
  guests?: Guests;
  /**
   * Addresses that fail: the engine makes a record for a person whose mail comes back, unless one is open, with the
   * address and what the other side said; it sends the event `changed` once they have another. All four are names of
   * fields but `changed`.
   */
  bounces?: { person: string; address: string; reason: string; changed: string };
  /**
   * Technical problems: the engine makes a record for each kind of fault (failed emails, timers, jobs), unless one is
   * open, with a sentence about it in the field `what`; it sends the event `settled` once nothing of it is open.
   */
  faults?: { what: string; settled: string };
  /** Filled from policy documents. */
  imports?: "policyDocument";
  roll?: Roll;
  because?: Because;
}

// ---------------------------------------------------------------------------------------------------------- reports

/** One number, or one for each value that the figures stand by. */
export interface Figure {
  label: string;
  /** Which of the section's records it is of. Row tier. */
  where?: Condition;
  /** Not how many they are, but how many days lie on average between two dates of each. */
  days?: { from: string; to: string };
}

/** The records of a type, or those reached from the subject (or from the records of another section), as a `Related` does. */
export type Drawn = { type: string } | { via: string; from?: string };

/**
 * Part of a report: a table of records, figures about them, or both. Conditions are of the row tier, and in a report of a
 * period may name its first and last day (`period`). A figure whose condition does so stands beside that of the period before.
 */
export type ReportSection = Drawn & {
  label: string;
  help?: string;
  /** A view of the type, whose columns, order and condition it takes. */
  view?: string;
  where?: Condition;
  /** Fields, what every record has, or a field at the end of a to-one link: "owner", "recordTitle", "policy.reviewBy". */
  columns?: string[];
  /** A field, descending with a leading "-". */
  sort?: string;
  /** `by`: "state" or a choice, yes-no, person, role or link field. */
  figures?: { by?: string; of: Figure[] };
  because?: Because;
};

/** What is drawn together for a meeting or an inspector, as whoever asks for it may see it. */
export interface Report {
  /** camelCase. */
  name: string;
  title: string;
  /** Whom it is for, and what it tells. */
  help: string;
  /** Roles that may make it. What they see by it is said by the grants of the records. */
  who: string[];
  /** A record of this type, or a period. */
  subject: { record: string } | { period: true };
  /** Of a record: its fields that stand first, and the actions whose every doing the history tells. */
  facts?: string[];
  decisions?: string[];
  /**
   * The most it ever names: `staff` those who hold a role that is not outside, `nobody` none. Others become stand-ins, and
   * texts that might name somebody are left out, as where whoever makes it hides the names.
   */
  names?: "staff" | "nobody";
  sections: Record<string, ReportSection>;
  because?: Because;
}

/** A role of the pack: held by appointment. */
export interface Role {
  name: string;
  label: string;
  /** May configure: settings, calendar, people, definitions. Says nothing about seeing records. */
  administers?: boolean;
  /** May confirm, beside the administrators, what takes two people: see `power.ts`. */
  confirms?: boolean;
  /**
   * Holders belong to no staff (parents, visitors). Others find them through the records that name them, not by name;
   * and who holds nothing else finds nobody by name, and is shown nobody's address.
   */
  outside?: boolean;
  /** Finds those outside the staff by name as well: who writes to parents and lets visitors in. */
  meetsOutside?: boolean;
  /** What holders are shown first, the first time they come: three to five steps. */
  tour?: TourStep[];
  because?: Because;
}

export interface TourStep {
  /** A few words, the same in every tour that has the step: who holds several roles is shown it once. */
  title: string;
  text: string;
  /** Where it is: the plural of a record type, or a page of the back office (`backOfficePages`). */
  page?: string;
}

/** Pictures that the back office has for a record type. */
export const icons = [
  ...["agreement", "assignment", "book", "calendar", "chart", "decision", "devices", "document", "flag"],
  ...["lock", "menu", "people", "phone", "school", "settings", "shield", "warning", "work"],
] as const;

/** Pages that belong to no record type, by the first part of their address. */
export const backOfficePages = [
  "calendar",
  "dashboard",
  "obligations",
  "reports",
  "people",
  "ready",
  "settings",
  "mail",
  "away",
];

/** How an obligation is met: held as data, reminded of by a clock, enforced, or reported. coverage.ts says by what. */
export type Letter = "H" | "R" | "E" | "P";

/** Something that the pack's sources oblige an organisation to: elements cite number 7 as "O7". */
export interface Obligation {
  number: number;
  letters: Letter[];
  /** Codes of sections. */
  sections: string[];
  /** In the pack's own words. */
  text: string;
  /** Conduct that no system sees: enforced by what people agreed to and by checks. */
  byAgreement?: true;
}

/** A section of the sources, cited by its code: "M3". */
export interface SourceSection {
  code: string;
  label: string;
}

/** A text for people to agree to or to be told, section by section: a school takes it as it stands or makes it its own. */
export interface ModelText {
  /** camelCase. */
  name: string;
  title: string;
  sections: TextSection[];
}

export interface TextSection {
  heading: string;
  /** Whom it binds or concerns, in words: "All staff and volunteers". */
  audience?: string;
  /** Markdown. */
  text: string;
  because?: Because;
}

export interface Pack {
  name: string;
  label: string;
  roles: Role[];
  types: RecordType[];
  obligations?: Obligation[];
  sections?: SourceSection[];
  texts?: ModelText[];
  reports?: Report[];
}

export const role = (name: string, at?: "parent"): Who & { role: string } => (at ? { role: name, at } : { role: name });
export const field = (name: string): { field: string } => ({ field: name });
export const setting = (name: string): SettingRef => ({ setting: name });
export const system: Who = { system: true };
export const recordType = (type: RecordType): RecordType => type;
