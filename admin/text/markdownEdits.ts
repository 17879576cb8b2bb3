/**
 * What the toolbar and its keys do to Markdown: from the text and what is selected in it to one replacement and the new
 * selection. Pure, so that the text area can make the replacement in a way its own undo knows.
 */
import { t } from "../i18n/t";

export interface Selected {
  text: string;
  start: number;
  end: number;
}

/** Replaces from–to by `insert`, then selects start–end. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
  start: number;
  end: number;
}

/** Puts marks around the selection, or takes them away where they stand. */
export const toggleMark =
  (mark: string) =>
  ({ text, start, end }: Selected): Edit => {
    const size = mark.length;
    const inner = text.slice(start, end);
    if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark)
      return { from: start - size, to: end + size, insert: inner, start: start - size, end: end - size };
    return { from: start, to: end, insert: `${mark}${inner}${mark}`, start: start + size, end: end + size };
  };

export function link({ text, start, end }: Selected): Edit {
  const words = text.slice(start, end) || t`words of the link`;
  const insert = `[${words}](https://)`;
  // The address is what is typed next.
  const at = start + words.length + 3;
  return { from: start, to: end, insert, start: at, end: at + "https://".length };
}

const prefixed = /^(\s*)(#{1,6} |[-*+] (?:\[[ x]\] )?|\d+[.)] |> )?/;

/** The whole lines that the selection touches. */
function touched({ text, start, end }: Selected): { from: number; to: number; lines: string[] } {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  // A selection that ends at the start of a line does not reach into it.
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const stop = text.indexOf("\n", last);
  const to = stop < 0 ? text.length : stop;
  return { from, to, lines: text.slice(from, to).split("\n") };
}

function onLines(selected: Selected, change: (line: string, at: number) => string): Edit {
  const { from, to, lines } = touched(selected);
  const insert = lines.map(change).join("\n");
  const end = from + insert.length;
  return { from, to, insert, start: selected.start === selected.end ? end : from, end };
}

const isBlank = (line: string): boolean => !line.trim();

/** Where every line has the prefix already, it is taken away. */
const setPrefix =
  (prefixOf: (at: number) => string, has: RegExp) =>
  (selected: Selected): Edit => {
    const { lines } = touched(selected);
    const written = lines.filter((line) => !isBlank(line));
    const off = written.length > 0 && written.every((line) => has.test(line));
    return onLines(selected, (line, at) =>
      isBlank(line) && lines.length > 1
        ? line
        : line.replace(prefixed, (_, indent: string) => `${indent}${off ? "" : prefixOf(at)}`),
    );
  };

export const bullets = setPrefix(() => "- ", /^\s*[-*+] /);
export const numbers = setPrefix((at) => `${at + 1}. `, /^\s*\d+[.)] /);
export const quote = setPrefix(() => "> ", /^\s*> /);

/** Plain text becomes a section, a section one within it, and so on to the third level and back. */
export const heading = (selected: Selected): Edit =>
  onLines(selected, (line) => {
    const level = /^#{1,6}(?= )/.exec(line)?.[0].length ?? 0;
    const next = level === 0 ? 2 : level >= 4 ? 0 : level + 1;
    return line.replace(prefixed, next === 0 ? "" : `${"#".repeat(next)} `);
  });

/** Two spaces under a bullet, three under a number. */
export const indent = (selected: Selected): Edit =>
  onLines(selected, (line) => (isBlank(line) ? line : `${/^\s*\d/.test(line) ? "   " : "  "}${line}`));
export const outdent = (selected: Selected): Edit => onLines(selected, (line) => line.replace(/^ {1,3}/, ""));

/** Enter in a list: the next item; in an empty one: out of the list. Undefined where Enter is just Enter. */
export function nextItem({ text, start, end }: Selected): Edit | undefined {
  if (start !== end) return undefined;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const [all = "", space = "", mark = ""] = /^(\s*)([-*+] |\d+[.)] |> )/.exec(text.slice(from, start)) ?? [];
  if (!mark) return undefined;
  if (text.slice(from, start) === all) return { from, to: start, insert: "", start: from, end: from };
  const number = /^(\d+)(\D.*|)$/s.exec(mark);
  const insert = `\n${space}${number ? `${Number(number[1]) + 1}${number[2] ?? ""}` : mark}`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}
