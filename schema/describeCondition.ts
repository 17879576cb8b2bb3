/** Conditions in plain English: for a refusal that has no sentence of its own, and above a filtered list. */
import { compares, isInstantOfAll, sidesOf } from "./condition";
import type { Scope } from "./scope";
import type { Comparison } from "./compare";
import { formatDate, parsePartialDate } from "./dates";
import type { Condition, Field, Literal, Reaching, RecordType, Related, SettingRef, Value } from "./definition";
import { describeOffset } from "./offset";
import { pathLabel } from "./language/paths";
import { saysWho } from "./language/who";
import { spaced } from "./text";

const orders: Record<Comparison, { number: string; date: string }> = {
  eq: { number: "is", date: "is" },
  ne: { number: "is not", date: "is not" },
  lt: { number: "is less than", date: "is before" },
  le: { number: "is at most", date: "is on or before" },
  gt: { number: "is more than", date: "is after" },
  ge: { number: "is at least", date: "is on or after" },
};

/** Of what it is said: the type, and the figures as they stand at the school. */
type About = Pick<Scope, "type" | "settings">;

/** "Next review is before today and Owner is empty"; names of fields, states and options by their labels. */
export function describeCondition(condition: Condition, about: About): string {
  const inner = (part: Condition) => {
    const text = describeCondition(part, about);
    return "all" in part || "any" in part ? `(${text})` : text;
  };
  if ("all" in condition) return condition.all.length ? joined(condition.all.map(inner), "and") : "always";
  if ("any" in condition) return condition.any.length ? joined(condition.any.map(inner), "or") : "never";
  if ("not" in condition) return negated(condition.not, about);
  if (compares(condition)) {
    const { how, a, b } = sidesOf(condition);
    const words = orders[how][isDate(a, about.type) || isDate(b, about.type) ? "date" : "number"];
    return `${describeValue(a, about)} ${words} ${describeValue(b, about, a)}`;
  }
  if ("empty" in condition) return `${describeValue(condition.empty, about)} is empty`;
  if ("in" in condition) {
    const [value, literals] = condition.in;
    return `${describeValue(value, about)} is ${joined(
      literals.map((one) => describeValue(one, about, value)),
      "or",
    )}`;
  }
  if ("contains" in condition)
    return `${describeValue(condition.contains[0], about)} contains “${condition.contains[1]}”`;
  if ("includes" in condition) {
    const [list, entry] = condition.includes;
    return `${describeValue(list, about)} includes ${describeValue(entry, about, list)}`;
  }
  if ("phrase" in condition) {
    const { of } = condition.phrase;
    const phrases = Array.isArray(of)
      ? joined(
          of.map((one) => `“${one}”`),
          "or",
        )
      : describeValue(of, about);
    return `${pathLabel(condition.phrase.in, about.type)} contains ${phrases}`;
  }
  if ("holds" in condition) {
    const [person, who] = condition.holds;
    const groups = who.map((one) => saysWho(one, about.type));
    return `${describeValue(person, about)} is among the ${joined(groups, "or")}`;
  }
  return describeRelated(condition, about);
}

/** What is said of a value where it is not so: "Owner is not empty". */
function negated(condition: Condition, about: About): string {
  if ("not" in condition) return describeCondition(condition.not, about);
  if ("empty" in condition) return `${describeValue(condition.empty, about)} is not empty`;
  return `it is not so that ${describeCondition(condition, about)}`;
}

function describeRelated(condition: Reaching, about: About): string {
  const records = (related: Related) => {
    const fits = related.where ? " that fits" : "";
    if ("type" in related) return `${related.type} with the same ${joined(Object.keys(related.match), "and")}${fits}`;
    const [name = "", reverse] = related.via.split(".");
    return `${reverse === undefined ? pathLabel(name, about.type) : `linked ${name}`}${fits}`;
  };
  if ("exists" in condition) return `there is a ${records(condition.exists)}`;
  if ("none" in condition) return `there is no ${records(condition.none)}`;
  if ("every" in condition) return `every ${records(condition.every)} is as it must be`;
  const bound = (words: string, n: number | SettingRef | undefined) =>
    n === undefined ? [] : [`${words} ${describeValue(n, about)}`];
  const bounds = [...bound("at least", condition.atLeast), ...bound("at most", condition.atMost)];
  return `there are ${joined(bounds, "and")} of ${records(condition.count)}`;
}

/** `beside` is the other side of a comparison: its options give a literal its label. */
function describeValue(value: Value, about: About, beside?: Value): string {
  if (value === null || typeof value !== "object") return describeLiteral(value, about, beside);
  if ("field" in value) return pathLabel(value.field, about.type);
  if ("form" in value) return answerLabel(value.form, about.type);
  if ("setting" in value) {
    const figure = about.settings[value.setting];
    const label = about.type.settings?.[value.setting]?.label ?? value.setting;
    return `${label} (${Array.isArray(figure) ? figure.join(", ") : String(figure)})`;
  }
  if ("today" in value) return "today";
  if ("period" in value) return `the ${value.period} of the period`;
  if ("actor" in value) return "you";
  if ("size" in value) return `the number of ${describeValue(value.size, about)}`;
  if ("added" in value) return value.added.map((part) => describeValue(part, about)).join(" and ");
  if ("plus" in value) {
    const [base, by] = value.plus;
    const offset = typeof by === "string" ? by : about.settings[by.setting];
    return `${describeOffset(String(offset))} ${describeValue(base, about)}`;
  }
  if ("self" in value) return "this record";
  if ("outer" in value) return pathLabel(value.outer, about.type);
  if ("entry" in value) return value.entry === true ? "the entry" : spaced(value.entry);
  const share = value.percent === undefined ? "" : `${percentText(value.percent, about)} of `;
  return `${share}the number of ${saysWho(value.holders, about.type)}`;
}

const percentText = (percent: number | SettingRef, about: About): string =>
  `${String(typeof percent === "number" ? percent : about.settings[percent.setting])} %`;

function describeLiteral(value: Literal, about: About, beside?: Value): string {
  if (value === null) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en-GB");
  if (typeof beside !== "object" || beside === null || !("field" in beside || "form" in beside)) return `“${value}”`;
  if ("field" in beside && beside.field === "state") return about.type.states[value]?.label ?? value;
  const field = "field" in beside ? about.type.fields[beside.field] : answerOf(beside.form, about.type);
  if (field && "options" in field) return field.options.find((option) => option.value === value)?.label ?? value;
  return field?.kind === "date" && parsePartialDate(value) ? formatDate(value) : `“${value}”`;
}

const answerOf = (name: string, type: RecordType): Field | undefined =>
  Object.values(type.actions).find((action) => action.asks?.[name])?.asks?.[name] ?? type.fields[name];
const answerLabel = (name: string, type: RecordType): string => answerOf(name, type)?.label ?? spaced(name);

function isDate(value: Value, type: RecordType): boolean {
  if (value === null || typeof value !== "object") return false;
  if ("today" in value || "plus" in value || "period" in value) return true;
  const name = "field" in value ? value.field : undefined;
  if (name !== undefined && isInstantOfAll(name)) return true;
  const field = name !== undefined ? type.fields[name] : "form" in value ? answerOf(value.form, type) : undefined;
  return field?.kind === "date" || field?.kind === "dateTime";
}

const joined = (parts: string[], word: "and" | "or"): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
