/** Which facts a definition reads, so that the store can load them for a whole batch before anything is decided. */
import type { Action, Condition, RecordType, Related, SettingRef, Value, Who } from "./definition";
import { exceptions } from "./condition";
import { templateNames } from "./checkTemplate";
import { anchorsOf, linkedDate } from "./language/anchor";
import { isHeldByKey } from "./language/who";
import { remembered } from "./remembered";
import { canonicalJson } from "./text";
import { audiences, visitCondition, type Visitor, visitValue } from "./walk";

export interface FactsRead {
  /** To-one link fields whose record is read. */
  links: string[];
  /** Link fields whose records' titles a template shows. */
  titles: string[];
  /** `type.field` of the records that events are sent to. */
  sentTo: string[];
  /** Roles, relations and groups whose holders are asked for; persons of fields stand in the record. */
  holders: Who[];
  settings: string[];
}

/**
 * What facts are loaded for: a step (all that guards, tasks, notices, timers and effects read), an edit (a step that
 * asks no action's guard), or the warnings of a record that is only looked at.
 */
export type Purpose = "step" | "edit" | "warnings";

const known = new Map<Purpose, WeakMap<RecordType, FactsRead>>();

/** Computed once per definition object and purpose. */
export function factsRead(type: RecordType, purpose: Purpose = "step"): FactsRead {
  let ofPurpose = known.get(purpose);
  if (!ofPurpose) known.set(purpose, (ofPurpose = new WeakMap()));
  let read = ofPurpose.get(type);
  if (!read) ofPurpose.set(type, (read = gather(type, purpose)));
  return read;
}

function gather(type: RecordType, purpose: Purpose): FactsRead {
  const links = new Set<string>();
  const sentTo = new Set<string>();
  // `morning` is what a timer without a time of its own looks for.
  const settings = new Set(type.settings?.["morning"] ? ["morning"] : []);
  const holders = new Map<string, Who>();
  const linkOf = (path: string) => {
    const [first = "", rest] = path.split(".");
    if (rest !== undefined && type.fields[first]?.kind === "link") links.add(first);
  };
  const hold = (who: Who) => {
    if (isHeldByKey(who)) holders.set(canonicalJson(who), who);
    if ("field" in who) linkOf(who.field);
  };
  const visitor: Visitor = {
    value(value) {
      if (value === null || typeof value !== "object") return;
      if ("field" in value) linkOf(value.field);
    },
    setting: (ref) => void settings.add(ref.setting),
    who: hold,
  };
  for (const condition of conditions(type, purpose)) visitCondition(condition, visitor);
  if (purpose !== "warnings") {
    for (const value of values(type)) visitValue(value, visitor);
    for (const ref of settingRefs(type)) settings.add(ref.setting);
    audiences(type).forEach(hold);
    for (const { anchor } of Object.values(type.timers ?? {}))
      for (const one of anchorsOf(anchor)) {
        const read = linkedDate(one);
        if (read) links.add(read.link);
      }
    if (purpose === "step")
      for (const effect of Object.values(type.actions).flatMap((action) => action.effects ?? []))
        if ("send" in effect && effect.send.link.includes(".")) sentTo.add(effect.send.link);
  }
  // A template shows a linked record by its title.
  const titles = new Set<string>();
  for (const name of templates(type, purpose).flatMap((template) => templateNames(template) ?? [])) {
    const { kind } = type.fields[name] ?? {};
    if (kind === "link" || kind === "links") titles.add(name);
  }
  return {
    links: [...links],
    titles: [...titles],
    sentTo: [...sentTo],
    holders: [...holders.values()],
    settings: [...settings],
  };
}

function conditions(type: RecordType, purpose: Purpose): Condition[] {
  if (purpose === "warnings") return Object.values(type.warnings ?? {}).map((warning) => warning.when);
  const actions = Object.values(type.actions);
  const fields = [...Object.values(type.fields), ...actions.flatMap((action) => Object.values(action.asks ?? {}))];
  return [
    ...fields.flatMap((field) => [field.required, field.visible, field.editable]),
    ...Object.values(type.rules ?? {}).map((rule) => rule.must),
    ...Object.values(type.triggers ?? {}).map((trigger) => trigger.when),
    ...Object.values(type.tasks ?? {}).map((task) => task.when),
    ...(purpose === "edit" ? [] : actions.flatMap((action) => [...needsOf(action), ...chosenBy(action)])),
    ...(purpose === "edit" ? [] : Object.values(type.timers ?? {}).map((timer) => timer.when)),
  ].filter((condition) => typeof condition === "object");
}

/** What is counted where something may be refused for it: by rules, and by what actions need. */
export const countedByGuards = remembered((type: RecordType): Related[] => [
  ...countedByRules(type),
  ...Object.values(type.actions).flatMap(countedByNeeds),
]);

export const countedByRules = remembered((type: RecordType): Related[] =>
  relatedIn(Object.values(type.rules ?? {}).map((rule) => rule.must)),
);

export const countedByNeeds = remembered((action: Action): Related[] => relatedIn(needsOf(action)));

/** As they are evaluated: an `every` counts those that do not satisfy it. */
function relatedIn(found: (Condition | undefined)[]): Related[] {
  const related: Related[] = [];
  const counted = (one: Related) => related.push("satisfies" in one ? exceptions(one as Satisfied) : one);
  for (const condition of found) if (condition) visitCondition(condition, { related: counted });
  return related;
}

type Satisfied = Related & { satisfies: Condition };

/** Which entries of a list records are made for. */
const chosenBy = ({ effects }: Action) =>
  (effects ?? []).map((effect) => ("create" in effect ? effect.create.where : undefined));

const needsOf = (action: Action) => [action.when, ...Object.values(action.needs ?? {}).map((need) => need.must)];

function values(type: RecordType): Value[] {
  const actions = Object.values(type.actions);
  return [
    ...Object.values(type.fields).flatMap((field) => (field.default === undefined ? [] : [field.default])),
    ...actions.flatMap((action) => Object.values(action.defaults ?? {})),
    ...actions
      .flatMap((action) => action.effects ?? [])
      .flatMap((effect) => {
        if ("set" in effect) return Object.values(effect.set);
        if ("create" in effect) return Object.values(effect.create.fields);
        return "send" in effect ? Object.values(effect.send.with ?? {}) : [];
      }),
    ...Object.values(type.rosters ?? {}).flatMap(({ fields, per }) => [
      ...Object.values(fields ?? {}),
      ...(per ? [per.value] : []),
    ]),
  ];
}

function settingRefs(type: RecordType): SettingRef[] {
  const timers = Object.values(type.timers ?? {});
  const duties = Object.values(type.duties ?? {});
  return [
    ...timers.flatMap(({ steps, repeat, at, quiet }) => [
      ...(Array.isArray(steps) ? steps : [steps]),
      repeat,
      at,
      quiet,
    ]),
    ...duties.flatMap(({ every, from, at }) => [every, from, at]),
    ...Object.values(type.tasks ?? {}).flatMap(({ due }) => (due && "after" in due ? [due.after] : [])),
  ].filter((ref) => typeof ref === "object");
}

const templates = (type: RecordType, purpose: Purpose): string[] =>
  purpose === "warnings" ? Object.values(type.warnings ?? {}).map((warning) => warning.message) : stepTemplates(type);

const stepTemplates = (type: RecordType): string[] => [
  type.title,
  ...Object.values(type.tasks ?? {}).map((task) => task.label),
  ...Object.values(type.notices ?? {}).flatMap(({ subject, body, calendar }) => [
    subject,
    body,
    calendar?.summary ?? "",
  ]),
];
