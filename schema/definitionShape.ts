/** The structure of a definition, part for part as definition.ts types it: for JSON that no compiler has seen. */
import type { FieldKind } from "./definition";
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
  pairOf,
  type Shape,
  text,
  word,
  yesNo,
} from "./shape";

// Shapes name each other, so each is looked up when it is used.
const later =
  (shape: () => Shape): Shape =>
  (...args) =>
    shape()(...args);
const isObject = (value: unknown) => typeof value === "object" && value !== null;

const because = listOf(text);
const setting = object({ setting: text });
const orSetting = (shape: Shape): Shape => either(isObject, setting, shape);
const offset = orSetting(text);
const values: Shape = mapOf(later(() => value));
const texts = listOf(text);

const who: Shape = keyed(
  {
    role: () => object({ role: text }, { at: word("here", "parent") }),
    field: () => object({ field: text }),
    relation: () => object({ relation: text, of: text }),
    group: () => object({ group: text }),
    rolesIn: () => object({ rolesIn: text }),
    task: () => object({ task: text }),
    anyone: () => object({ anyone: isTrue }),
    system: () => object({ system: isTrue }),
  },
  "somebody",
);

const value: Shape = either(
  isObject,
  keyed(
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
      holders: () => object({ holders: who }, { percent: orSetting(number) }),
    },
    "a value",
  ),
  literal,
);

const pair = pairOf(value, value);
const where = { where: later(() => condition) };
/** Along a link, or by what records hold; `more` stands beside either. */
const relatedWith = (more: Record<string, Shape> = {}): Shape =>
  keyed(
    {
      via: () => object({ via: text, ...more }, where),
      type: () => object({ type: text, match: values, ...more }, where),
    },
    "related records",
  );
const related = relatedWith();
const comparing = (name: string) => () => object({ [name]: pair });
export const condition: Shape = keyed(
  {
    all: () => object({ all: listOf(condition) }),
    any: () => object({ any: listOf(condition) }),
    not: () => object({ not: condition }),
    eq: comparing("eq"),
    ne: comparing("ne"),
    lt: comparing("lt"),
    le: comparing("le"),
    gt: comparing("gt"),
    ge: comparing("ge"),
    in: () => object({ in: pairOf(value, listOf(literal)) }),
    empty: () => object({ empty: value }),
    contains: () => object({ contains: pairOf(value, text) }),
    includes: () => object({ includes: pair }),
    exists: () => object({ exists: related }),
    none: () => object({ none: related }),
    every: () => object({ every: relatedWith({ satisfies: condition }) }),
    count: () => object({ count: related }, { atLeast: orSetting(number), atMost: orSetting(number) }),
    holds: () => object({ holds: pairOf(value, listOf(who)) }),
    phrase: () => object({ phrase: object({ in: text, of: either(isList, texts, setting) }) }),
  },
  "a condition",
);

const orCondition = either((part) => typeof part === "boolean", yesNo, condition);
const options = listOf(object({ value: filledText, label: filledText }, { because }));
const fieldBase = {
  help: text,
  required: orCondition,
  visible: condition,
  editable: orCondition,
  unique: yesNo,
  index: yesNo,
  default: value,
  sensitive: yesNo,
  sealed: yesNo,
  nameless: yesNo,
  tells: later(() => notice),
  see: listOf(who),
  edit: listOf(who),
  imports: text,
  because,
};
const kind = (required: Record<string, Shape> = {}, optional: Record<string, Shape> = {}): Shape =>
  object({ label: filledText, kind: text, ...required }, { ...fieldBase, ...optional });

const kinds: Record<FieldKind, Shape> = {
  text: kind({}, { maxLength: number }),
  longText: kind(),
  number: kind({}, { min: number, max: number, decimals: number, unit: text }),
  money: kind(),
  yesNo: kind(),
  date: kind({}, { precision: yesNo }),
  dateTime: kind(),
  duration: kind(),
  choice: kind({ options }),
  choices: kind({ options }),
  person: kind(),
  people: kind(),
  role: kind(),
  roles: kind(),
  link: kind({ to: text }),
  links: kind({ to: text }),
  document: kind({}, { ratifiedOn: text }),
  file: kind(),
  files: kind(),
  riskGrid: kind({}, { size: word(3, 5) }),
  list: kind({ of: later(() => fields) }),
};

const field: Shape = (part, path, problems, depth) => {
  const name = isObject(part) && "kind" in part ? part.kind : undefined;
  if (typeof name === "string" && Object.hasOwn(kinds, name))
    return kinds[name as FieldKind](part, path, problems, depth);
  object({ kind: word(...Object.keys(kinds)) }, {})(isObject(part) ? { kind: name } : part, path, problems, depth);
};
const fields: Shape = mapOf(field);

const state = object(
  { label: filledText },
  { rag: word("red", "amber", "green", "blue", "grey"), help: text, end: yesNo, resting: yesNo },
);

const notice = object({ to: listOf(who), template: text }, { urgent: yesNo });
const effect = keyed(
  {
    set: () => object({ set: values }),
    task: () => object({ task: text }),
    notice: () => object({ notice }),
    create: () => object({ create: object({ type: text, fields: values }, { each: value, where: condition }) }),
    send: () => object({ send: object({ link: text, event: text }, { where: condition, with: values }) }),
  },
  "an effect",
);

const action = object(
  { label: filledText, from: texts },
  {
    help: text,
    to: text,
    who: listOf(who),
    decides: listOf(who),
    when: condition,
    refusal: text,
    needs: mapOf(object({ must: condition, refusal: filledText }, { because })),
    separate: texts,
    shows: texts,
    form: texts,
    asks: fields,
    required: texts,
    defaults: values,
    ratifies: text,
    effects: listOf(effect),
    because,
  },
);

const task = object(
  { label: filledText, to: listOf(who) },
  {
    help: text,
    opens: text,
    decides: yesNo,
    handOverTo: listOf(who),
    tell: object({ template: text }, { urgent: yesNo }),
    when: condition,
    due: keyed({ after: () => object({ after: offset }), field: () => object({ field: text }) }, "a due date"),
    actions: texts,
    quorum: either((part) => typeof part === "number", number, word("any", "all")),
    while: texts,
    because,
  },
);

const anchor: Shape = keyed(
  {
    earliestOf: () => object({ earliestOf: listOf(anchor) }),
    link: () => object({ link: text, field: text }),
    field: () => object({ field: text }),
    state: () => object({ state: text }),
    task: () => object({ task: text }, { due: isTrue }),
  },
  "an anchor",
);

const timer = object(
  { label: filledText, anchor, steps: either(isList, listOf(offset), setting) },
  {
    repeat: offset,
    at: offset,
    roll: word("nextOpenDay", "previousOpenDay", "none"),
    open: word("school", "working"),
    when: condition,
    while: texts,
    pausedWhile: texts,
    late: either(isText, word("fire", "collapse"), object({ skipAfter: text })),
    quiet: offset,
    event: text,
    notice,
    task: text,
    because,
  },
);

const duty = object({ label: filledText, every: offset, from: offset }, { at: offset, fields: values, because });

const settingShape = object(
  {
    label: filledText,
    kind: word("offset", "offsets", "time", "number", "percent", "text", "texts", "date"),
    value: either(isList, listOf(literal), literal),
  },
  { unit: text, source: text, date: text, verify: yesNo, help: text, because },
);

const template = object(
  { subject: filledText, body: filledText },
  { calendar: object({ field: text, summary: text }), optional: yesNo, because },
);

const grantee = keyed(
  {
    role: () => object({ role: text }),
    field: () => object({ field: text }),
    task: () => object({ task: text }),
    anyone: () => object({ anyone: isTrue }),
  },
  "a role, a person field, a task or anyone",
);
const grant = object(
  { to: listOf(grantee), may: listOf(word("see", "create", "edit", "count")) },
  { when: condition, reach: word("here", "below"), because },
);

export const view = object({ label: filledText, columns: texts }, { where: condition, sort: text, because });
const chart = object({ label: filledText }, { by: text, over: text, where: condition, for: texts, because });
const quick = object({ label: filledText, fields: texts, then: filledText }, { because });

const guests = object({ to: texts, by: listOf(who), actions: texts, within: offset }, { text, shows: texts, because });

const rule = object({ must: condition, refusal: filledText }, { field: text, fields: texts, in: texts, because });
const warning = object({ when: condition, message: filledText }, { in: texts, because });
const trigger = object({ when: condition, event: text, while: texts }, { because });
const roster = object(
  { label: filledText, of: listOf(who), type: text, link: text, person: text, while: texts },
  { except: listOf(who), joiners: yesNo, per: object({ value, field: text }), fields: values, left: text, because },
);

/** A record type as JSON. */
export const recordTypeShape: Shape = (part, path, problems, depth) => {
  shape(part, path, problems, depth);
  // A definition without a state could not be entered; said here, since `entries` would only say it is unknown.
  if (isObject(part) && "states" in part && isObject(part.states) && !Object.keys(part.states as object).length)
    problems.push({ path: at(path, "states"), message: "There is no state: a record needs one to start in." });
};

const shape = object(
  {
    name: filledText,
    plural: filledText,
    label: filledText,
    pluralLabel: filledText,
    reference: filledText,
    title: filledText,
    entries: object({ new: text }, { imported: text }),
    fields,
    states: mapOf(state),
    actions: mapOf(action),
    grants: listOf(grant),
  },
  {
    icon: text,
    group: text,
    help: text,
    confidential: either(isObject, object({ from: text }), yesNo),
    logged: yesNo,
    engine: number,
    tasks: mapOf(task),
    timers: mapOf(timer),
    duties: mapOf(duty),
    settings: mapOf(settingShape),
    notices: mapOf(template),
    rules: mapOf(rule),
    warnings: mapOf(warning),
    triggers: mapOf(trigger),
    rosters: mapOf(roster),
    bars: texts,
    conflicts: texts,
    views: mapOf(view),
    charts: mapOf(chart),
    quick,
    form: listOf(object({ label: filledText, fields: texts })),
    imports: word("policyDocument"),
    roll: object({ keys: texts, leave: text }, { back: text }),
    guests,
    bounces: object({ person: text, address: text, reason: text, changed: text }),
    faults: object({ what: text, settled: text }),
    because,
  },
);
