/** The layout of a policy document: its lines, where each policy begins, and the headings within. */

export interface Line {
  /** 1-based, in the text as it came. */
  number: number;
  /** Without heading marks or emphasis. */
  text: string;
  kind: "blank" | "heading" | "bullet" | "paragraph";
  /** Of a bullet: 0 or 1. */
  depth: number;
}

export interface Heading {
  line: number;
  /** "4.1", or null where it has none. */
  number: string | null;
  heading: string;
}

/** Text is Markdown with its emphasis kept. */
export interface Section {
  number: string | null;
  heading: string;
  text: string;
  line: number;
}

export interface PolicyLines {
  title: string;
  titleLine: number;
  lines: Line[];
}

const bare = (text: string): string =>
  text
    .replace(/\*\*|__/g, "")
    .replace(/^#{1,6}\s+/, "")
    .trim();

function kindOf(raw: string): Line["kind"] {
  if (!raw.trim()) return "blank";
  if (/^\s*#{1,6}\s+\S/.test(raw)) return "heading";
  if (/^\s*[-*•]\s+\S/.test(raw)) return "bullet";
  return /^(\*\*)?\d+(\.\d+)*\.?\s+(\*\*)?\S.{0,90}$/.test(raw.trim()) && !/[.;:]$/.test(raw.trim())
    ? "heading"
    : "paragraph";
}

/** Lines with their kinds. In plain text a short line that stands alone before bullets, and is no sentence, is a heading. */
export function readLines(source: string): Line[] {
  const raw = source.replace(/\r\n?/g, "\n").split("\n");
  const lines = raw.map((text, i): Line => {
    const kind = kindOf(text);
    const depth = kind === "bullet" && /^\s/.test(text) ? 1 : 0;
    const body =
      kind === "bullet" ? text.trim().replace(/^[-*•]\s+/, "") : kind === "heading" ? bare(text) : text.trim();
    return { number: i + 1, text: body, kind, depth };
  });
  if (!raw.some((text) => /^#{1,6}\s/.test(text))) markHeadings(lines);
  return lines;
}

/** From the end, so that what stands below each line is known without looking for it. */
function markHeadings(lines: Line[]): void {
  let below: Line["kind"] | undefined;
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i];
    if (!line || line.kind === "blank") continue;
    const alone = lines[i - 1]?.kind === "blank" && lines[i + 1]?.kind === "blank";
    if (line.kind === "paragraph" && alone && below === "bullet" && /^[A-Z][^.:;,]{2,70}$/.test(bare(line.text)))
      line.kind = "heading";
    below = line.kind;
  }
}

const isKeyDetails = (line: Line): boolean => /^key details:?$/i.test(bare(line.text));

/** The cover, and the lines of each policy: one begins at the title that stands over its key details. */
export function splitPolicies(lines: Line[]): { cover: Line[]; policies: PolicyLines[] } {
  const starts = lines.flatMap((line, i) => {
    if (!isKeyDetails(line)) return [];
    const above = lines.slice(0, i).findLastIndex((other) => other.kind !== "blank");
    return [{ title: above < 0 ? i : above, body: i + 1 }];
  });
  if (!starts.length) return { cover: [], policies: single(lines) };
  const policies = starts.map(({ title, body }, n) => ({
    title: title < body - 1 ? bare(lines[title]?.text ?? "") : "",
    titleLine: lines[title]?.number ?? 1,
    lines: lines.slice(body, starts[n + 1]?.title),
  }));
  const first = starts[0]?.title ?? 0;
  for (const policy of policies.slice(0, -1)) dropRunningTitle(policy.lines, lines.slice(0, first));
  return { cover: lines.slice(0, first), policies };
}

/** The school's name over the next policy's title belongs to that policy, not to the end of the one before. */
function dropRunningTitle(body: Line[], cover: Line[]): void {
  const last = body.findLastIndex((line) => line.kind !== "blank");
  const name = body[last]?.text;
  if (name && body[last]?.kind !== "bullet" && cover.some((line) => bare(line.text) === bare(name))) body.length = last;
}

function single(lines: Line[]): PolicyLines[] {
  const first = lines.findIndex((line) => line.kind !== "blank");
  const title = lines[first];
  return title ? [{ title: bare(title.text), titleLine: title.number, lines: lines.slice(first + 1) }] : [];
}

export function readHeading(line: Line): Heading {
  const match = /^(\d+(?:\.\d+)*)\.?\s+(\S.*)$/.exec(bare(line.text));
  return match
    ? { line: line.number, number: match[1] ?? null, heading: match[2] ?? "" }
    : { line: line.number, number: null, heading: bare(line.text) };
}

/** What stands before the first heading, and the sections after it. `joined` are lines whose sentence a page break cut. */
export function readSections(lines: Line[]): { preamble: Line[]; sections: Section[]; joined: number[] } {
  const first = lines.findIndex((line) => line.kind === "heading");
  const preamble = first < 0 ? lines : lines.slice(0, first);
  const joined: number[] = [];
  const sections: Section[] = [];
  let open: Line[] = [];
  const close = (): void => {
    const section = sections.at(-1);
    if (section) section.text = markdownOf(open, joined);
    open = [];
  };
  for (const line of first < 0 ? [] : lines.slice(first)) {
    if (line.kind !== "heading") open.push(line);
    else {
      close();
      const { number, heading } = readHeading(line);
      sections.push({ number, heading, text: "", line: line.number });
    }
  }
  close();
  return { preamble, sections, joined };
}

/** Bullets at two depths, rows of tables and paragraphs; a paragraph that goes on with a small letter ends the sentence before it. */
export function markdownOf(lines: Line[], joined: number[] = []): string {
  const blocks: { text: string; tight: "bullet" | "row" | undefined }[] = [];
  for (const line of lines) {
    if (line.kind === "blank") continue;
    const before = blocks.at(-1);
    if (line.kind === "paragraph" && before && /[^.:;!?…]$/.test(before.text) && /^[a-z]/.test(line.text)) {
      before.text += ` ${line.text}`;
      joined.push(line.number);
    } else if (line.kind === "bullet")
      blocks.push({ text: `${line.depth ? "  " : ""}- ${line.text}`, tight: "bullet" });
    else blocks.push({ text: line.text, tight: line.text.startsWith("|") ? "row" : undefined });
  }
  return blocks
    .map(({ text, tight }, i) => (i === 0 ? "" : tight && blocks[i - 1]?.tight === tight ? "\n" : "\n\n") + text)
    .join("");
}
