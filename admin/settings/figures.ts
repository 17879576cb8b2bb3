/** A setting's figure between what is stored ("-P60D") and what a person reads and types ("60 days before"). */
import type { RecordType, Setting } from "../../schema/definition";
import { describeOffset, parseOffset } from "../../schema/offset";
import { t } from "../i18n/t";
import type { SettingItem } from "../provider";
import { listed, shortDate } from "../words";

type Figure = SettingItem["value"];

/** Whether timers step by it, before or after a date. */
export const isStep = (type: RecordType, name: string): boolean =>
  Object.values(type.timers ?? {}).some(({ steps }) =>
    (Array.isArray(steps) ? steps : [steps]).some((step) => typeof step === "object" && step.setting === name),
  );

/** What is said before a length of time: "It lapses after". */
const LEADS_ON = /\b(after|within|every|at most)$/;

/** `directed`: say "before" and "after", unless the label has said it. */
export function figureInWords(setting: Setting, value: Figure, directed: boolean): string {
  if (value === null || value === "") return t`not set`;
  if (Array.isArray(value)) return listed(value.map((each) => figureInWords(setting, each, directed)));
  const text = String(value);
  if (setting.kind === "offset" || setting.kind === "offsets") {
    const words = describeOffset(text);
    return directed && !LEADS_ON.test(setting.label) ? words : words.replace(/ after$/, "");
  }
  if (setting.kind === "percent") return t`${text} per cent`;
  if (setting.kind === "time") return text.replace(/^0/, "");
  return setting.kind === "date" ? shortDate(text) : text;
}

const units: Record<string, string> = { day: "D", week: "W", month: "M", year: "Y", hour: "H", minute: "M" };

/** "60 days before", "1 year", "on the day" to offset text; undefined for what is neither those nor offset text. */
export function offsetFromWords(words: string): string | undefined {
  const plain = words.trim().toLowerCase();
  if (plain === "on the day") return "P0D";
  const match = /^(\d{1,4}) ([a-z- ]+?)s?( before| after)?$/.exec(plain);
  const [count = "", unit = "", way = ""] = [match?.[1], match?.[2], match?.[3]?.trim()];
  const sign = way === "before" ? "-" : "";
  const letter = units[unit];
  const time = unit === "hour" || unit === "minute" ? "T" : "";
  const text = letter ? `${sign}P${time}${count}${letter}` : `${sign}${count} ${unit}s`;
  if (parseOffset(text)) return text;
  return parseOffset(words.trim()) ? words.trim() : undefined;
}

/** What the person typed as the figure to send, or the sentence that says what is wrong. Lists are one a line. */
export function readFigure(setting: Setting, typed: string): { value: Figure } | { problem: string } {
  const text = typed.trim();
  const lines = text.split("\n").map((line) => line.trim());
  const given = lines.filter(Boolean);
  if (given.length === 0) return { problem: t`Give a figure.` };
  if (setting.kind === "offset" || setting.kind === "offsets") {
    const offsets = given.map(offsetFromWords);
    const bad = given.find((_, at) => offsets[at] === undefined);
    if (bad !== undefined)
      return {
        problem: t`“${bad}” is not understood. Write it like “30 days before”, “2 school days after” or “1 year”.`,
      };
    const values = offsets.flatMap((each) => each ?? []);
    return { value: setting.kind === "offsets" ? values : (values[0] ?? null) };
  }
  if (setting.kind === "number" || setting.kind === "percent") {
    const number = Number(text);
    return Number.isFinite(number) ? { value: number } : { problem: t`Give a number.` };
  }
  if (setting.kind === "time") {
    const match = /^(\d{1,2})[:.](\d\d)$/.exec(text);
    return match
      ? { value: `${(match[1] ?? "").padStart(2, "0")}:${match[2] ?? ""}` }
      : { problem: t`Give a time of day, like 8:00.` };
  }
  return { value: setting.kind === "texts" ? given : text };
}
