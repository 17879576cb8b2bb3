/** A part of a definition as an administrator reads it. */
import type { RecordType } from "../../schema/definition";
import { capital, spaced } from "../../schema/text";
import { t } from "../i18n/t";

const labelIn = (part: unknown): string | undefined =>
  typeof part === "object" && part !== null && "label" in part && typeof part.label === "string"
    ? part.label
    : undefined;

/** What the first part of a path is called on this page. */
const sections = (): Record<string, string> => ({
  fields: t`Fields`,
  states: t`States`,
  actions: t`Actions`,
  tasks: t`Tasks`,
  timers: t`Reminders and deadlines`,
  duties: t`Regular duties`,
  settings: t`Figures`,
  notices: t`Messages`,
  rules: t`Rules`,
  warnings: t`Warnings`,
  grants: t`Permissions`,
  views: t`Views`,
  charts: t`Charts`,
  form: t`Form`,
});

/** What a part of one of those is called. */
const properties = (): Record<string, string> => ({ label: t`Name`, help: t`Explanation`, title: t`Title` });

/** "Reminders and deadlines › Review due › Steps"; the whole type has its own words. */
export function placeOf(type: RecordType | undefined, path: string): string {
  if (path === "") return t`The whole record type`;
  let part: unknown = type;
  return path
    .split(".")
    .map((name, i) => {
      part = typeof part === "object" && part !== null ? (part as Record<string, unknown>)[name] : undefined;
      return (i === 0 ? sections()[name] : (labelIn(part) ?? properties()[name])) ?? capital(spaced(name));
    })
    .join(" › ");
}

/** A text or a number as it is; a list by its entries; what is more, as the definition writes it. */
export function partInWords(part: unknown): string {
  if (part === null || part === undefined) return t`Not there`;
  if (part === true) return t`Yes`;
  if (part === false) return t`No`;
  if (typeof part === "string" || typeof part === "number") return String(part);
  if (Array.isArray(part) && part.every((entry) => typeof entry === "string")) return part.join("\n");
  return JSON.stringify(part, null, 2);
}
