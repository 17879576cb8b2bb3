/** Text as Duly keeps it, as people search it, and as SQL names it. */

/** Marks, so that "é" and "e" are one to somebody searching. */
const MARKS = /\p{M}+/gu;

/** NFC, line ends as "\n", no blanks at either end, lone surrogates replaced: what MariaDB gives back unchanged. */
export const normal = (text: string): string => text.toWellFormed().replaceAll("\r\n", "\n").normalize("NFC").trim();

/**
 * What people search and sort on: no marks, lower case, blanks collapsed. Never longer than the text in code points
 * (it is composed again after the marks are gone), so that it fits a column of the same width.
 */
export const fold = (text: string): string =>
  text
    .toWellFormed()
    .toLowerCase()
    .normalize("NFD")
    .replace(MARKS, "")
    .normalize("NFC")
    .replaceAll("ς", "σ")
    .replace(/\s+/g, " ")
    .trim();

/** Length as MariaDB counts a VARCHAR: in code points. */
export function codePoints(text: string): number {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

/** "reviewBy" to "review_by"; no two camelCase names give the same. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** "riskAssessment" to "RiskAssessment": the name of a record type in the API. */
export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** JSON with sorted keys and nothing undefined: equal values give equal text, whatever made them. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
