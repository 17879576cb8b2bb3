/** Text as Duly keeps it, as people search it, and as SQL names it. */

/** Marks, so that "é" and "e" are one to somebody searching. */
const MARKS = /\p{M}+/gu;

/**
 * Control characters but the tab and the line feed, and those that turn the direction of what follows: nobody sees them, and
 * they make a name look like another.
 */
const UNSEEN = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * NFC, line ends as "\n", no blanks at either end, nothing unseen, lone surrogates replaced: what MariaDB gives back
 * unchanged.
 */
export const normal = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, "\n").replace(UNSEEN, "").normalize("NFC").trim();

/**
 * What people search and sort on: no marks, lower case, blanks collapsed. Never longer than the text in code points
 * (it is composed again after the marks are gone), so that it fits a column of the same width.
 */
export const fold = (text: string): string =>
  normal(text)
    .toLowerCase()
    .normalize("NFD")
    .replace(MARKS, "")
    .normalize("NFC")
    .replaceAll("ς", "σ")
    .replace(/\s+/g, " ")
    .trim();

/** For a title, a heading, a header or a calendar: one line that holds nothing that cannot be shown. */
export const oneLine = (text: string): string => normal(text.replace(/\p{Cs}+/gu, " ")).replace(/\s+/g, " ");

/** Length as MariaDB counts a VARCHAR: in code points. */
export function codePoints(text: string): number {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

/** "reviewBy" to "review_by"; no two camelCase names give the same. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** "riskAssessment" to "RiskAssessment": the name of a record type in the API. */
export const pascal = (name: string): string => capital(name);

/** "Reports a breach" to "reports a breach": a label within a sentence. */
export const lower = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "reviewBy" to "review by": a name read as words. */
export const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** "a, b and c". */
export function listed(parts: string[], word = "and"): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
}

/** JSON with sorted keys and nothing undefined: equal values give equal text, whatever made them. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** At most `length` characters (UTF-16), the last of them "…" where it was longer. No character is cut in two. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length - 1);
  const cut = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") ? end - 1 : end;
  return `${text.slice(0, cut)}…`;
}

/** Characters that stand for a long text where many are read together. */
const EXCERPT = 1_000;

/** The same JSON with its long texts shortened: a copy, which does not hold what it was cut from. */
export function shortenedTexts<T>(value: T): { value: T; isShortened: boolean } {
  let isShortened = false;
  const short = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "string" || part.length <= EXCERPT) return part;
    isShortened = true;
    return shorten(part, EXCERPT);
  });
  return { value: JSON.parse(short) as T, isShortened };
}
