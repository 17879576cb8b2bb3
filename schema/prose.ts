/**
 * A document's Markdown as a flat list of blocks of plain runs: what the page, the comparison and the PDF each draw in
 * their own way. Nothing of it can do anything: raw HTML is text, an image is its description (it would be fetched from
 * elsewhere), and links lead to pages and mail only.
 */
import type { Token, Tokens } from "marked";
import { tokensOf } from "./markdown";

export interface Run {
  /** A line break is "\n". */
  text: string;
  strong?: true;
  em?: true;
  code?: true;
  struck?: true;
  href?: string;
}

export interface Block {
  /** A paragraph with a depth goes on with the item above it; rows that follow one another are a table. */
  kind: "heading" | "paragraph" | "item" | "row" | "code" | "rule";
  /** How many lists it stands in. */
  depth: number;
  /** How many quotations it stands in. */
  quoted: number;
  /** Of a heading, 1 to 6 as written. */
  level?: number;
  /** Of an item in a numbered list: its number as written, so that a school's own numbering stays. */
  number?: number;
  /** Of an item to be ticked. */
  ticked?: boolean;
  /** The heading row of a table. */
  head?: true;
  /** One, but for a row. */
  cells: Run[][];
}

type Place = Pick<Block, "depth" | "quoted">;
type Style = Omit<Run, "text">;

export const blocksOf = (markdown: string): Block[] => blocksOfTokens(tokensOf(markdown));

export const blocksOfTokens = (tokens: Token[]): Block[] => blocks(tokens, { depth: 0, quoted: 0 });

function blocks(tokens: Token[], place: Place): Block[] {
  return tokens.flatMap((token) => blocksIn(token as Tokens.Generic & Token, place));
}

function blocksIn(token: Token, place: Place): Block[] {
  switch (token.type) {
    case "heading": {
      const { depth: level, tokens } = token as Tokens.Heading;
      return [{ ...place, kind: "heading", level, cells: [runs(tokens)] }];
    }
    case "list":
      return (token as Tokens.List).items.flatMap((item) => itemBlocks(item, token as Tokens.List, place));
    case "blockquote":
      return blocks((token as Tokens.Blockquote).tokens, { ...place, quoted: place.quoted + 1 });
    case "table": {
      const { header, rows } = token as Tokens.Table;
      const row = (cells: Tokens.TableCell[]): Block => ({
        ...place,
        kind: "row",
        cells: cells.map(({ tokens }) => runs(tokens)),
      });
      return [{ ...row(header), head: true }, ...rows.map(row)];
    }
    case "code":
      return [{ ...place, kind: "code", cells: [[{ text: (token as Tokens.Code).text }]] }];
    case "hr":
      return [{ ...place, kind: "rule", cells: [] }];
    case "space":
    case "def":
    case "checkbox":
      return [];
    default: {
      const inner = runs([token]);
      return inner.length > 0 ? [{ ...place, kind: "paragraph", cells: [inner] }] : [];
    }
  }
}

/** The first text of an item is the item; what follows in it stands one list deeper. */
function itemBlocks(item: Tokens.ListItem, list: Tokens.List, place: Place): Block[] {
  const inner = { ...place, depth: place.depth + 1 };
  const [first, ...rest] = blocks(item.tokens, inner);
  const written = list.ordered ? Number(/^\s*(\d+)/.exec(item.raw)?.[1]) : Number.NaN;
  const own = first?.kind === "paragraph" ? first : undefined;
  return [
    {
      ...inner,
      kind: "item",
      ...(Number.isNaN(written) ? {} : { number: written }),
      ...(item.task ? { ticked: item.checked === true } : {}),
      cells: own?.cells ?? [[]],
    },
    ...(first && !own ? [first] : []),
    ...rest,
  ];
}

function runs(tokens: Token[], style: Style = {}): Run[] {
  const found: Run[] = [];
  for (const run of tokens.flatMap((token) => runsIn(token, style))) {
    const last = found.at(-1);
    if (last && sameStyle(last, run)) last.text += run.text;
    else if (run.text) found.push({ ...run });
  }
  return found;
}

function runsIn(token: Token, style: Style): Run[] {
  const within = (more: Style): Run[] => runs("tokens" in token ? (token.tokens ?? []) : [], { ...style, ...more });
  switch (token.type) {
    case "strong":
      return within({ strong: true });
    case "em":
      return within({ em: true });
    case "del":
      return within({ struck: true });
    case "link": {
      const href = safeHref((token as Tokens.Link).href);
      return within(href ? { href } : {});
    }
    case "codespan":
      return [{ ...style, code: true, text: (token as Tokens.Codespan).text }];
    case "br":
      return [{ ...style, text: "\n" }];
    case "html":
      return [{ ...style, text: token.raw.trimEnd() }];
    case "image":
      return [{ ...style, text: (token as Tokens.Image).text }];
    case "escape":
      return [{ ...style, text: (token as Tokens.Escape).text }];
    default:
      if ("tokens" in token && token.tokens) return within({});
      return "text" in token ? [{ ...style, text: decoded(String(token.text)).replace(/[^\S\u00a0]+/g, " ") }] : [];
  }
}

export const sameStyle = (a: Run, b: Run): boolean =>
  a.strong === b.strong && a.em === b.em && a.code === b.code && a.struck === b.struck && a.href === b.href;

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Markdown takes the entities of HTML for their characters. */
const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });

/** Undefined for anything but http, https and mailto: no script, no data. */
export function safeHref(href: string): string | undefined {
  const plain = href
    .split("")
    .filter((each) => each > " ")
    .join("");
  return /^(https?:\/\/|mailto:)/i.test(plain) ? plain : undefined;
}

export const plainText = (cells: Run[][]): string =>
  cells.map((cell) => cell.map(({ text }) => text).join("")).join(" ");

/**
 * A first heading that only repeats the title is left out, since whatever shows the text says it already; what stood
 * under it comes up to its level.
 */
export function withoutTitle(text: Block[], title: string): Block[] {
  const [first, ...rest] = text;
  const top = first?.level;
  if (!first || top === undefined || plainText(first.cells).trim().toLowerCase() !== title.toLowerCase()) return text;
  const under = rest.every(({ level }) => level === undefined || level > top);
  return under ? rest.map((block) => (block.level ? { ...block, level: block.level - top } : block)) : rest;
}
