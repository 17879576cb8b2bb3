/** The structure of a definition, for JSON that no compiler has seen. The compiler holds each shape against its type. */
import type {
  Action,
  Chart,
  Condition,
  Conditions,
  DueDates,
  Duty,
  Effect,
  Effects,
  Expressions,
  Field,
  FieldBase,
  FieldKind,
  Grant,
  Grantees,
  Guests,
  Need,
  NoticeRule,
  NoticeTemplate,
  Option,
  Quick,
  Reaches,
  RecordType,
  Roster,
  Rule,
  Section,
  Setting,
  SettingRef,
  State,
  TaskRule,
  TimerRule,
  Trigger,
  Value,
  View,
  Warning,
} from "./definition";
import { anchorShape } from "./language/anchor";
import { whoShape as who } from "./language/who";
import {
  at,
  either,
  filledText,
  isList,
  isText,
  isTrue,
  keyed,
  listOf,
  literal,
  mapOf,
  number,
  object,
  optional,
  pairOf,
  type Parts,
  type Shape,
  text,
  word,
  yesNo,
} from "./shape";

// Shapes name each other, so each is looked up when it is used.
const later =
  <T>(shape: () => Shape<T>): Shape<T> =>
  (...args) =>
    shape()(...args);
const isObject = (value: unknown) => typeof value === "object" && value !== null;

const because = optional(listOf(text));
const setting = object<SettingRef>({ setting: text });
const orSetting = <T>(shape: Shape<T>): Shape<SettingRef | T> => either(isObject, setting, shape);
const offset = orSetting(text);
const texts = listOf(text);

const value: Shape<Value> = either(
  isObject,
  keyed<Expressions>(
    {
      field: () => object({ field: text }),
      form: () => object({ form: text }),
      setting: () => setting,
      today: () => object({ today: isTrue }),
      period: () => object({ period: word("start", "end") }),
      actor: () => object({ actor: isTrue }),
      self: () => object({ self: isTrue }),
      outer: () => object({ outer: text }),
      entry: () => object({ entry: either(isText, text, isTrue) }),
      plus: () => object({ plus: pairOf(value, offset) }),
      size: () => object({ size: value }),
      added: () => object({ added: pairOf(value, value) }),
      holders: () => object({ holders: who, percent: optional(orSetting(number)) }),
    },
    "a value",
  ),
  literal,
);
const values = mapOf(value);

const pair = pairOf(value, value);
const where = optional(later(() => condition));
/** Along a link, or by what records hold. */
const related = keyed<Reaches>(
  {
    via: () => object({ via: text, where }),
    type: () => object({ type: text, match: values, where }),
  },
  "related records",
);
type Satisfying = { [K in keyof Reaches]: Reaches[K] & { satisfies: Condition } };
const relatedAll = keyed<Satisfying>(
  {
    via: () => object({ via: text, where, satisfies: condition }),
    type: () => object({ type: text, match: values, where, satisfies: condition }),
  },
  "related records",
);
export const condition: Shape<Condition> = keyed<Conditions>(
  {
    all: () => object({ all: listOf(condition) }),
    any: () => object({ any: listOf(condition) }),
    not: () => object({ not: condition }),
    eq: () => object({ eq: pair }),
    ne: () => object({ ne: pair }),
    lt: () => object({ lt: pair }),
    le: () => object({ le: pair }),
    gt: () => object({ gt: pair }),
    ge: () => object({ ge: pair }),
    in: () => object({ in: pairOf(value, listOf(literal)) }),
    empty: () => object({ empty: value }),
    contains: () => object({ contains: pairOf(value, text) }),
    includes: () => object({ includes: pair }),
    exists: () => object({ exists: related }),
    none: () => object({ none: related }),
    every: () => object({ every: relatedAll }),
    count: () => object({ count: related, atLeast: optional(orSetting(number)), atMost: optional(orSetting(number)) }),
    holds: () => object({ holds: pairOf(value, listOf(who)) }),
    phrase: () => object({ phrase: object({ in: text, of: either(isList, texts, setting) }) }),
  },
  "a condition",
);

const orCondition = either((part) => typeof part === "boolean", yesNo, condition);
const notice = object<NoticeRule>({ to: listOf(who), template: text, urgent: optional(yesNo) });
const options = listOf(object<Option>({ value: filledText, label: filledText, because }));
const fieldBase: Parts<FieldBase> = {
  label: filledText,
  help: optional(text),
  required: optional(orCondition),
  visible: optional(condition),
  editable: optional(orCondition),
  unique: optional(yesNo),
  index: optional(yesNo),
  default: optional(value),
  sensitive: optional(yesNo),
  sealed: optional(yesNo),
  nameless: optional(yesNo),
  tells: optional(notice),
  see: optional(listOf(who)),
  edit: optional(listOf(who)),
  imports: optional(text),
  because,
};

type FieldOf<K extends FieldKind> = Extract<Field, { kind: K }>;
/** Each kind, with what it has beside what every field has. */
const kinds: { [K in FieldKind]: Parts<Omit<FieldOf<K>, keyof FieldBase | "kind">> } = {
  text: { maxLength: optional(number) },
  longText: {},
  number: { min: optional(number), max: optional(number), decimals: optional(number), unit: optional(text) },
  money: {},
  yesNo: {},
  date: { precision: optional(yesNo) },
  dateTime: {},
  duration: {},
  choice: { options },
  choices: { options },
  person: {},
  people: {},
  role: {},
  roles: {},
  link: { to: text },
  links: { to: text },
  document: { ratifiedOn: optional(text) },
  file: {},
  files: {},
  riskGrid: { size: optional(word(3, 5)) },
  list: { of: later(() => fields) },
};
const kind = word(...(Object.keys(kinds) as FieldKind[]));
const shapes = new Map(
  Object.entries(kinds).map(([name, own]) => [name, object<{ kind: FieldKind }>({ ...fieldBase, ...own, kind })]),
);

const field: Shape<Field> = (part, path, problems, depth) => {
  const name = isObject(part) && "kind" in part ? part.kind : undefined;
  const shape = typeof name === "string" ? shapes.get(name) : undefined;
  if (shape) return shape(part, path, problems, depth);
  object<{ kind: FieldKind }>({ kind })(isObject(part) ? { kind: name } : part, path, problems, depth);
};
const fields = mapOf(field);

const state = object<State>({
  label: filledText,
  rag: optional(word("red", "amber", "green", "blue", "grey")),
  help: optional(text),
  end: optional(yesNo),
  resting: optional(yesNo),
});

const effect: Shape<Effect> = keyed<Effects>(
  {
    set: () => object({ set: values }),
    task: () => object({ task: text }),
    notice: () => object({ notice }),
    create: () => object({ create: object({ type: text, fields: values, each: optional(value), where }) }),
    send: () => object({ send: object({ link: text, event: text, where, with: optional(values) }) }),
  },
  "an effect",
);

const action = object<Action>({
  label: filledText,
  from: texts,
  help: optional(text),
  to: optional(text),
  who: optional(listOf(who)),
  decides: optional(listOf(who)),
  when: optional(condition),
  refusal: optional(text),
  needs: optional(mapOf(object<Need>({ must: condition, refusal: filledText, because }))),
  separate: optional(texts),
  shows: optional(texts),
  form: optional(texts),
  asks: optional(fields),
  required: optional(texts),
  defaults: optional(values),
  ratifies: optional(text),
  effects: optional(listOf(effect)),
  because,
});

const task = object<TaskRule>({
  label: filledText,
  to: listOf(who),
  help: optional(text),
  opens: optional(text),
  decides: optional(yesNo),
  handOverTo: optional(listOf(who)),
  tell: optional(object({ template: text, urgent: optional(yesNo) })),
  when: optional(condition),
  due: optional(
    keyed<DueDates>({ after: () => object({ after: offset }), field: () => object({ field: text }) }, "a due date"),
  ),
  actions: optional(texts),
  quorum: optional(either((part) => typeof part === "number", number, word("any", "all"))),
  while: optional(texts),
  because,
});

const timer = object<TimerRule>({
  label: filledText,
  anchor: anchorShape,
  steps: either(isList, listOf(offset), setting),
  repeat: optional(offset),
  at: optional(offset),
  roll: optional(word("nextOpenDay", "previousOpenDay", "none")),
  open: optional(word("school", "working")),
  when: optional(condition),
  while: optional(texts),
  pausedWhile: optional(texts),
  late: optional(either(isText, word("fire", "collapse"), object<{ skipAfter: string }>({ skipAfter: text }))),
  quiet: optional(offset),
  event: optional(text),
  notice: optional(notice),
  task: optional(text),
  because,
});

const duty = object<Duty>({
  label: filledText,
  every: offset,
  from: offset,
  at: optional(offset),
  fields: optional(values),
  because,
});

const settingShape = object<Setting>({
  label: filledText,
  kind: word("offset", "offsets", "time", "number", "percent", "text", "texts", "date"),
  value: either(isList, listOf(literal), literal),
  unit: optional(text),
  source: optional(text),
  date: optional(text),
  verify: optional(yesNo),
  help: optional(text),
  because,
});

const template = object<NoticeTemplate>({
  subject: filledText,
  body: filledText,
  calendar: optional(object({ field: text, summary: text })),
  optional: optional(yesNo),
  because,
});

const grantee = keyed<Grantees>(
  {
    role: () => object({ role: text }),
    field: () => object({ field: text }),
    task: () => object({ task: text }),
    anyone: () => object({ anyone: isTrue }),
  },
  "a role, a person field, a task or anyone",
);
const grant = object<Grant>({
  to: listOf(grantee),
  may: listOf(word("see", "create", "edit", "count")),
  when: optional(condition),
  reach: optional(word("here", "below")),
  because,
});

export const view = object<View>({ label: filledText, columns: texts, where, sort: optional(text), because });
const chart = object<Chart>({
  label: filledText,
  by: optional(text),
  over: optional(text),
  where,
  for: optional(texts),
  because,
});
const quick = object<Quick>({ label: filledText, fields: texts, then: filledText, because });
const guests = object<Guests>({
  to: texts,
  by: listOf(who),
  actions: texts,
  within: offset,
  text: optional(text),
  shows: optional(texts),
  because,
});

const rule = object<Rule>({
  must: condition,
  refusal: filledText,
  field: optional(text),
  fields: optional(texts),
  in: optional(texts),
  because,
});
const warning = object<Warning>({ when: condition, message: filledText, in: optional(texts), because });
const trigger = object<Trigger>({ when: condition, event: text, while: texts, because });
const roster = object<Roster>({
  label: filledText,
  of: listOf(who),
  type: text,
  link: text,
  person: text,
  while: texts,
  except: optional(listOf(who)),
  joiners: optional(yesNo),
  per: optional(object({ value, field: text })),
  fields: optional(values),
  left: optional(text),
  because,
});

/** A record type as JSON. */
export const recordTypeShape: Shape<RecordType> = (part, path, problems, depth) => {
  shape(part, path, problems, depth);
  // A definition without a state could not be entered; said here, since `entries` would only say it is unknown.
  if (isObject(part) && "states" in part && isObject(part.states) && !Object.keys(part.states as object).length)
    problems.push({ path: at(path, "states"), message: "There is no state: a record needs one to start in." });
};

const shape = object<RecordType>({
  name: filledText,
  plural: filledText,
  label: filledText,
  pluralLabel: filledText,
  reference: filledText,
  title: filledText,
  entries: object({ new: text, imported: optional(text) }),
  fields,
  states: mapOf(state),
  actions: mapOf(action),
  grants: listOf(grant),
  icon: optional(text),
  group: optional(text),
  help: optional(text),
  confidential: optional(either(isObject, object<{ from: string }>({ from: text }), yesNo)),
  logged: optional(yesNo),
  engine: optional(number),
  tasks: optional(mapOf(task)),
  timers: optional(mapOf(timer)),
  duties: optional(mapOf(duty)),
  settings: optional(mapOf(settingShape)),
  notices: optional(mapOf(template)),
  rules: optional(mapOf(rule)),
  warnings: optional(mapOf(warning)),
  triggers: optional(mapOf(trigger)),
  rosters: optional(mapOf(roster)),
  bars: optional(texts),
  conflicts: optional(texts),
  views: optional(mapOf(view)),
  charts: optional(mapOf(chart)),
  quick: optional(quick),
  form: optional(listOf(object<Section>({ label: filledText, fields: texts }))),
  imports: optional(word("policyDocument")),
  roll: optional(object({ keys: texts, leave: text, back: optional(text) })),
  guests: optional(guests),
  bounces: optional(object({ person: text, address: text, reason: text, changed: text })),
  faults: optional(object({ what: text, settled: text })),
  because,
});
