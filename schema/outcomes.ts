/**
 * What a definition makes happen: every part of it that writes a field, has an event performed or opens a task, of its own
 * records or of others. The compiler asks for an entry for each section of a record type and for each form of effect.
 */
import type { Action, Condition, Creation, Effect, Effects, RecordType, Value } from "./definition";
import { canonicalJson } from "./text";

export type Types = ReadonlyMap<string, RecordType>;

/** What happens to a record. */
interface Happens {
  /** The record's type. */
  to: string;
  /** The field that is written: where an event is named as well, as an answer of its form. */
  field?: string;
  event?: string;
  task?: string;
  /** What the definition says of it: the value, or when. */
  part: unknown;
  /** What must hold for it. */
  guards?: string[];
  /** The record is made by it: without a field, that it is. */
  makes?: boolean;
}

/** By what it happens. */
export interface Outcome extends Happens {
  by: RecordType;
  /** The part in people's words: “Hand over”. */
  said: string;
  /** The part's place in its definition. */
  place: string;
  /** The action whose doing this is. */
  action?: string;
}

type Section = (type: RecordType) => Omit<Outcome, "by">[];

/** What must hold, each by itself: one more is narrower. */
export const conjuncts = (condition: Condition | boolean | undefined): Condition[] =>
  typeof condition !== "object" ? [] : "all" in condition ? condition.all.flatMap(conjuncts) : [condition];
export const guardsIn = (condition: Condition | boolean | undefined): string[] =>
  conjuncts(condition).map(canonicalJson);

const written = (to: string, values: Record<string, Value> = {}, more: Partial<Happens> = {}): Happens[] =>
  Object.entries(values).map(([field, part]) => ({ to, field, part, ...more }));

const made = ({ type, fields, ...chosen }: Creation): Happens[] => [
  { to: type, part: chosen, makes: true },
  ...Object.entries(fields).map(([field, value]) => ({ to: type, field, part: { value, ...chosen }, makes: true })),
];

const byEffect: { [K in keyof Effects]: (effect: Effects[K], type: RecordType) => Happens[] } = {
  set: ({ set }, { name }) => written(name, set),
  task: ({ task }, { name }) => [{ to: name, task, part: null }],
  notice: () => [],
  create: ({ create }) => made(create),
  send({ send: { link, event, where, with: answers } }, { fields }) {
    const [first = "", back] = link.split(".");
    const field = fields[first];
    const to = back !== undefined ? first : field && "to" in field ? field.to : "";
    return [{ to, event, part: { link }, guards: guardsIn(where) }, ...written(to, answers, { event })];
  },
};
const forms = Object.keys(byEffect) as (keyof Effects)[];
const happensBy = (effect: Effect, type: RecordType): Happens[] => {
  const form = forms.find((each) => each in effect);
  return form ? (byEffect[form] as (effect: Effect, type: RecordType) => Happens[])(effect, type) : [];
};

/** What a part is called, without what a template would fill in. */
export const said = (label: string): string => `“${label.replace(/\{\{[^{}]*\}\}/g, "…")}”`;

function byAction(name: string, action: Action, type: RecordType): Happens[] {
  const { form = [], asks = {}, defaults = {}, ratifies, effects = [] } = action;
  const own = (field: string) => field in type.fields && !(field in asks);
  return [
    ...form.filter(own).map((field) => ({ to: type.name, field, part: "asked" })),
    ...written(type.name, Object.fromEntries(Object.entries(defaults).filter(([field]) => own(field)))),
    ...(ratifies === undefined ? [] : [{ to: type.name, field: ratifies, part: "ratified" }]),
    ...effects.flatMap((effect) => happensBy(effect, type)),
  ];
}

const nothing: Section = () => [];

/** By section: those that happen by what people do are told by the actions. */
const sections: { [K in keyof Required<RecordType>]: Section } = {
  fields: ({ name, fields }) =>
    Object.entries(fields).flatMap(([field, { label, default: value, imports }]) => {
      const of = { to: name, field, place: `fields.${field}` };
      return [
        ...(value === undefined ? [] : [{ ...of, part: value, said: `the first value of ${said(label)}` }]),
        ...(imports === undefined ? [] : [{ ...of, part: { imports }, said: `the import of ${said(label)}` }]),
      ];
    }),
  actions: (type) =>
    Object.entries(type.actions).flatMap(([action, rule]) =>
      byAction(action, rule, type).map((one) => ({
        ...one,
        said: said(rule.label),
        place: `actions.${action}`,
        action,
      })),
    ),
  timers: ({ name, timers = {} }) =>
    Object.entries(timers).flatMap(
      ([timer, { label, because: _, notice: __, event, task, when, while: states, ...part }]) =>
        (states ?? ["*"]).flatMap((state) => {
          const of = { to: name, part, guards: guardsIn(when), said: said(label), place: `timers.${timer} ${state}` };
          return [...(event === undefined ? [] : [{ ...of, event }]), ...(task === undefined ? [] : [{ ...of, task }])];
        }),
    ),
  duties: ({ name, duties = {} }) =>
    Object.entries(duties).flatMap(([duty, { label, fields }]) =>
      [{ to: name, part: null, makes: true }, ...written(name, fields, { makes: true })].map((one) => ({
        ...one,
        said: said(label),
        place: `duties.${duty}`,
      })),
    ),
  triggers: ({ name, triggers = {}, actions }) =>
    Object.entries(triggers).flatMap(([trigger, { when, event, while: states }]) =>
      states.map((state) => ({
        ...{ to: name, event, part: null, guards: guardsIn(when) },
        ...{ said: said(actions[event]?.label ?? event), place: `triggers.${trigger} ${state}` },
      })),
    ),
  rosters: ({ rosters = {} }) =>
    Object.entries(rosters).flatMap(
      ([roster, { label, because: _, type: to, link, person, per, fields, left, ...part }]) => {
        const of = { to, said: said(label), place: `rosters.${roster}` };
        const values: [string, unknown][] = [
          [link, { self: true }],
          [person, part],
          ...Object.entries(fields ?? {}),
          ...(per ? [[per.field, per.value] as [string, unknown]] : []),
        ];
        return [
          { ...of, part, makes: true },
          ...values.map(([field, value]) => ({ ...of, field, part: value, makes: true })),
          ...(left === undefined ? [] : [{ ...of, event: left, part }]),
        ];
      },
    ),
  bounces: ({ name, label, bounces }) =>
    bounces
      ? [
          { part: null, makes: true },
          { field: bounces.person, part: null, makes: true },
          { event: bounces.changed, part: null },
        ].map((one) => ({ ...one, to: name, said: said(label), place: "bounces" }))
      : [],
  faults: ({ name, label, faults }) =>
    (faults ? [{ makes: true }, { event: faults.settled }] : []).map((one) => ({
      ...one,
      to: name,
      part: null,
      said: said(label),
      place: "faults",
    })),
  name: nothing,
  plural: nothing,
  label: nothing,
  pluralLabel: nothing,
  icon: nothing,
  group: nothing,
  help: nothing,
  reference: nothing,
  title: nothing,
  confidential: nothing,
  logged: nothing,
  engine: nothing,
  entries: nothing,
  states: nothing,
  tasks: nothing,
  settings: nothing,
  notices: nothing,
  rules: nothing,
  warnings: nothing,
  grants: nothing,
  bars: nothing,
  conflicts: nothing,
  views: nothing,
  charts: nothing,
  form: nothing,
  quick: nothing,
  guests: nothing,
  imports: nothing,
  roll: nothing,
  because: nothing,
};

/** All that these definitions make happen. */
export const outcomesOf = (types: Types): Outcome[] =>
  [...types.values()].flatMap((by) =>
    Object.values(sections).flatMap((section) => section(by).map((one) => ({ ...one, by }))),
  );
