/**
 * The Markdown of templates and documents: what people wrote becomes plain words in it, and nothing is given to the parser
 * that would nest or backtrack without end. Every check here is one pass over the text.
 */
import { lexer, type Token } from "marked";

/** Longer texts are shown as they stand, paragraph by paragraph. */
const MAX_LENGTH = 2_000_000;
/** Quotations and lists within each other; marked calls itself for each, and overflows at some 2,000. */
const MAX_BLOCK_DEPTH = 40;
/** Emphasis within emphasis: marked reads the inside again for each. */
const MAX_INLINE_DEPTH = 60;
/** Of the characters of an address without a break: marked looks for the "@" from each of them. */
const MAX_ADDRESS_RUN = 1_000;

/** Markdown as it stands: whatever else is put into a template is taken for plain words. */
export class Markdown {
  constructor(readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

/**
 * Plain words as Markdown that shows just them: nothing in them becomes a heading, a link, a list or emphasis. Line breaks
 * stay line breaks, and empty lines are line breaks too, so that it fits where only words fit.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[\\`*_[\]<>()&~|@]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\b(www)\./gi, "$1\\.")
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^[#+=-]/, "\\$&")
        .replace(/^(\d{1,9})([.)])/, "$1\\$2"),
    )
    .join("\\\n");

/** Markdown with values in it: plain words, or Markdown where they say so. */
export const markdown = (strings: TemplateStringsArray, ...values: (string | number | Markdown)[]): Markdown =>
  new Markdown(
    strings
      .map((part, i) => {
        const value = values[i];
        if (value === undefined) return part;
        return part + (value instanceof Markdown ? value.source : escapeMarkdown(String(value)));
      })
      .join(""),
  );

/**
 * The tokens of a text. One that marked cannot be trusted with is taken for plain paragraphs. Never throws.
 */
export function tokensOf(text: string, read: (text: string) => Token[] = lexer): Token[] {
  if (isSimple(text))
    try {
      return read(text);
    } catch {
      // Deeper than the checks could tell.
    }
  return plainTokens(text);
}

const plainTokens = (text: string): Token[] =>
  text
    .split(/\n[ \t]*\n/)
    .filter((each) => each.trim())
    .map((raw) => ({ type: "paragraph", raw, text: raw, tokens: [{ type: "text", raw, text: raw, escaped: false }] }));

/** Whether it nests no deeper, and holds no longer addresses, than marked reads in a time that grows with the text. */
export function isSimple(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  let paragraph: string[] = [];
  for (const line of text.split("\n")) {
    if (blockDepth(line) > MAX_BLOCK_DEPTH || addressRun(line) > MAX_ADDRESS_RUN) return false;
    if (line.trim()) paragraph.push(line);
    else if (inlineDepth(paragraph.join("\n")) > MAX_INLINE_DEPTH) return false;
    else paragraph = [];
  }
  return inlineDepth(paragraph.join("\n")) <= MAX_INLINE_DEPTH;
}

/** At most how many quotations and lists a line stands in: by its markers, and by how far it is indented. */
function blockDepth(line: string): number {
  if (!line.trim()) return 0;
  let [depth, columns, at] = [0, 0, 0];
  for (; at < line.length; at++) {
    const char = line[at] ?? "";
    if (char === " ") columns++;
    else if (char === "\t") columns += 4;
    else if (char === ">" || char === "-" || char === "*" || char === "+") depth++;
    else {
      const ordered = /^\d{1,9}[.)]/.exec(line.slice(at, at + 10));
      if (!ordered) break;
      depth++;
      at += ordered[0].length - 1;
    }
  }
  // A rule of dashes or a line of stars is no list of lists: those have blanks between them.
  return Math.min(depth, columns + 1 + countOf(line, at, ">")) + Math.floor(columns / 2);
}

function countOf(text: string, until: number, char: string): number {
  let count = 0;
  for (let i = 0; i < until; i++) if (text[i] === char) count++;
  return count;
}

/** The longest run, before an "@", of characters that an email address may have there. */
function addressRun(line: string): number {
  let [longest, run] = [0, 0];
  for (const char of line) {
    if (char === "@") longest = Math.max(longest, run);
    run = /[a-zA-Z0-9.!#$%&'*+/=?_`{|}~-]/.test(char) ? run + 1 : 0;
  }
  return longest;
}

/** How deep emphasis, links and pictures that are closed stand within each other in a paragraph. */
function inlineDepth(text: string): number {
  const open = new Opened();
  const pairs: [number, number][] = [];
  const close = (char: string, at: number): void => {
    const start = open.close(char);
    if (start !== undefined) pairs.push([start, at]);
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") at++;
    else if (char === "[") open.push(char, at);
    else if (char === "]") close("[", at);
    else if (char === "*" || char === "_" || char === "~") {
      const [before, start] = [text[at - 1] ?? " ", at];
      while (text[at + 1] === char) at++;
      const after = text[at + 1] ?? " ";
      if (!/\s/.test(before) && open.has(char)) close(char, start);
      else if (!/\s/.test(after)) open.push(char, start);
    }
  }
  pairs.sort(([a], [b]) => a - b);
  let deepest = 0;
  const ends: number[] = [];
  for (const [start, end] of pairs) {
    while (ends.length && (ends.at(-1) ?? 0) < start) ends.pop();
    ends.push(end);
    deepest = Math.max(deepest, ends.length);
  }
  return deepest;
}

/** What is open in a paragraph, innermost last. */
class Opened {
  private readonly stack: { char: string; at: number }[] = [];
  private readonly counts = new Map<string, number>();

  has(char: string): boolean {
    return (this.counts.get(char) ?? 0) > 0;
  }

  push(char: string, at: number): void {
    this.stack.push({ char, at });
    this.counts.set(char, (this.counts.get(char) ?? 0) + 1);
  }

  /** Where the innermost of this kind began; what was opened within it and is not closed is left out. */
  close(char: string): number | undefined {
    if (!this.has(char)) return undefined;
    for (;;) {
      const last = this.stack.pop();
      if (!last) return undefined;
      this.counts.set(last.char, (this.counts.get(last.char) ?? 1) - 1);
      if (last.char === char) return last.at;
    }
  }
}
