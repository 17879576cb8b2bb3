/** Which facts a definition reads, so that the store can load them for a whole batch before anything is decided. */
import type { Condition, RecordType, SettingRef, Value, Who } from "./definition";
import { templateNames } from "./checkTemplate";
import { audiences, visitCondition, type Visitor, visitValue } from "./walk";
import { whoKey } from "./who";

export interface FactsRead {
  /** To-one link fields whose record is read. */
  links: string[];
  /** `via` of each `Related`: a link field of this type, or `type.field` of records that point here. */
  related: string[];
  /** Roles, relations and groups whose holders are asked for; persons of fields stand in the record. */
  holders: Who[];
  /** Document fields whose text is read. */
  texts: string[];
  settings: string[];
}

const known = new WeakMap<RecordType, FactsRead>();

/** Everything that guards, tasks, notices, timers and effects read. Computed once per definition object. */
export function factsRead(type: RecordType): FactsRead {
  let read = known.get(type);
  if (!read) known.set(type, (read = gather(type)));
  return read;
}

function gather(type: RecordType): FactsRead {
  const [links, related, texts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  // `morning` is what a timer without a time of its own looks for.
  const settings = new Set(type.settings?.["morning"] ? ["morning"] : []);
  const holders = new Map<string, Who>();
  const hold = (who: Who) => {
    if ("role" in who || "relation" in who || "group" in who) holders.set(whoKey(who), who);
  };
  const linkOf = (path: string) => {
    const [first = "", rest] = path.split(".");
    if (rest !== undefined && type.fields[first]?.kind === "link") links.add(first);
  };
  const visitor: Visitor = {
    value(value) {
      if (value === null || typeof value !== "object") return;
      if ("field" in value) linkOf(value.field);
      if ("holders" in value) hold(value.holders);
    },
    setting: (ref) => void settings.add(ref.setting),
    related: ({ via }) => void related.add(via),
    phraseIn: (name) => void (type.fields[name]?.kind === "document" && texts.add(name)),
  };
  for (const condition of conditions(type)) visitCondition(condition, visitor);
  for (const value of values(type)) visitValue(value, visitor);
  for (const ref of settingRefs(type)) settings.add(ref.setting);
  audiences(type).forEach(hold);
  for (const timer of Object.values(type.timers ?? {})) if ("link" in timer.anchor) links.add(timer.anchor.link);
  for (const effect of Object.values(type.actions).flatMap((action) => action.effects ?? []))
    if ("send" in effect && type.fields[effect.send.link]?.kind === "link") links.add(effect.send.link);
  for (const path of templates(type).flatMap((template) => templateNames(template) ?? [])) linkOf(path);
  return {
    links: [...links],
    related: [...related],
    holders: [...holders.values()],
    texts: [...texts],
    settings: [...settings],
  };
}

function conditions(type: RecordType): Condition[] {
  const fields = [
    ...Object.values(type.fields),
    ...Object.values(type.actions).flatMap((a) => Object.values(a.asks ?? {})),
  ];
  return [
    ...fields.flatMap((field) => [field.required, field.visible, field.editable]),
    ...Object.values(type.actions).map((action) => action.when),
    ...Object.values(type.timers ?? {}).map((timer) => timer.when),
  ].filter((condition) => typeof condition === "object");
}

function values(type: RecordType): Value[] {
  const actions = Object.values(type.actions);
  return [
    ...Object.values(type.fields).flatMap((field) => (field.default === undefined ? [] : [field.default])),
    ...actions.flatMap((action) => Object.values(action.defaults ?? {})),
    ...actions
      .flatMap((action) => action.effects ?? [])
      .flatMap((effect) => {
        if ("set" in effect) return Object.values(effect.set);
        return "create" in effect ? Object.values(effect.create.fields) : [];
      }),
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

const templates = (type: RecordType): string[] => [
  type.title,
  ...Object.values(type.tasks ?? {}).map((task) => task.label),
  ...Object.values(type.notices ?? {}).flatMap(({ subject, body, calendar }) => [
    subject,
    body,
    calendar?.summary ?? "",
  ]),
];
