/** What can be done with several records at once, as the definition says it. */
import { lendsItself } from "../../schema/fields";
import { valueOf } from "../../schema/condition";
import type { Scope } from "../../schema/scope";
import type { Action, Field, RecordType } from "../../schema/definition";
import { valueNames } from "../../schema/walk";
import { isEvent } from "../../schema/who";
import type { Me, RecordItem, ShownValue, ShownValues } from "../provider";
import type { Asked } from "../record/fieldProps";
import { isBlank } from "../record/values";

export interface BulkChoice {
  /** "do:ratify" or "set:owner". */
  key: string;
  label: string;
  name: string;
  what: "action" | "field";
  /** Given once, for all of them. */
  asked: Asked[];
  help?: string;
  /** States it starts from; absent where any will do. */
  from?: string[];
}

/** Others belong to one record alone. */
const shareable = (field: Field): boolean => lendsItself(field, "shared") && !field.unique && !field.sealed;

/** Roles can be known beforehand; everything else is asked of the server, record by record. */
function mightAct({ who = [], decides = [] }: Action, me: Me): boolean {
  const named = [...who, ...decides];
  return (
    named.length === 0 || named.some((one) => !("role" in one) || one.at === "parent" || me.roles.includes(one.role))
  );
}

/** What must be known of a record to do something with it among others. */
export type BulkRecord = Pick<RecordItem, "id" | "recordTitle" | "state" | "version">;

export function bulkChoices(type: RecordType, me: Me, records: BulkRecord[]): BulkChoice[] {
  const states = new Set(records.map(({ state }) => state));
  const actions = Object.entries(type.actions).flatMap(([name, action]): BulkChoice[] => {
    if (isEvent(action) || action.ratifies || !mightAct(action, me)) return [];
    if (!action.from.some((state) => states.has(state))) return [];
    const form = (action.form ?? []).flatMap((item): Asked[] => {
      const field = action.asks?.[item] ?? type.fields[item];
      const given = action.defaults && item in action.defaults;
      // What a record may hold already, or has a default for, can be left to each of them.
      const required =
        action.required?.includes(item) || (action.asks?.[item] !== undefined && field?.required === true);
      return field ? [{ name: item, field: { ...field, required: false }, required: required === true && !given }] : [];
    });
    if (form.some(({ field, required }) => required && !shareable(field))) return [];
    return [
      {
        key: `do:${name}`,
        label: action.label,
        name,
        what: "action",
        asked: form.filter(({ field }) => shareable(field)),
        from: action.from,
        ...(action.help && { help: action.help }),
      },
    ];
  });
  const edit = me.types.find(({ name }) => name === type.name)?.edit === true;
  const fields = Object.entries(edit ? type.fields : {}).flatMap(([name, field]): BulkChoice[] =>
    field.editable === false || !shareable(field)
      ? []
      : [{ key: `set:${name}`, label: field.label, name, what: "field", asked: [{ name, field }] }],
  );
  return [...actions, ...fields];
}

/** Defaults that say the same for every record; one that reads the record is left to the server. */
export function sharedDefaults(choice: BulkChoice, scope: Scope, { person }: Me): ShownValues {
  const { type } = scope;
  const defaults = choice.what === "action" ? (type.actions[choice.name]?.defaults ?? {}) : {};
  return Object.fromEntries(
    choice.asked.flatMap(({ name }): [string, ShownValue][] => {
      const rule = defaults[name];
      if (rule === undefined || valueNames(rule, "field", "form", "holders", "self")) return [];
      const value = valueOf(rule, scope) as ShownValue;
      return isBlank(value) ? [] : [[name, value === person.id ? person : value]];
    }),
  );
}
