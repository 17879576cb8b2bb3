/**
 * What a mail looks like. Templates and record titles are data, so nothing in them becomes HTML: raw HTML is shown as
 * text, links keep http, https and mailto only, and nothing is fetched from elsewhere (no tracking; the crest comes along).
 * An address becomes a link only where a template writes one: marked would make links of what people wrote.
 */
import { Marked, type RendererObject, type Token } from "marked";
import { inkOf } from "../../schema/colour";
import { tokensOf } from "../../schema/markdown";
import { type Block, blocksOfTokens, type Run } from "../../schema/prose";
import { oneLine, shorten } from "../../schema/text";
import type { Slot } from "../store/mails";
import { LinkSlots } from "./oneTimeLink";

export interface MailPart {
  subject: string;
  /** Markdown. A paragraph that is nothing but a link is its button; without one it gets a button to `url`. */
  body: string;
  url: string;
  /** "Due 28 May 2027, in 3 school days". */
  due: string | null;
  /** Names of the others who were told. */
  alsoTold: string[];
  /** The sections of the school's policies that ask for it. */
  requiredBy: string[];
  /** For information only. */
  optional: boolean;
}

export interface Letterhead {
  person: string;
  school: string;
  colour: string | null;
  publicUrl: string;
  /** Signs in nowhere: there is nothing to choose there. */
  guest?: boolean;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
  /** Where its one-time links stand. */
  slots: Slot[];
}

/** A notice in the form in which it stands in a mail. */
export interface PreparedPart extends MailPart {
  hasButton: boolean;
  /** The body, without its heading. */
  bodyText: string;
  bodyHtml: string;
}

const MAX_SUBJECT = 500;
/** A longer body is cut: mail servers refuse what is too large, and nobody reads it there. Characters. */
const MAX_BODY = 200_000;
/** What all bodies of a mail have together; those beyond are told by their subject and link. Characters of HTML. */
const MAX_BODIES = 500_000;

/** Where the crest stands once it is known: mails are written before they leave, and kept without it. */
const CREST = "<!--crest-->";
export const CREST_ID = "crest@duly";
/** On white, whatever a reader makes of the page. The name beside it says what it is. */
const crestImage =
  `<img src="cid:${CREST_ID}" alt="" height="40" style="height:40px;width:auto;max-width:120px;vertical-align:middle;` +
  `margin-right:12px;padding:3px;background:#ffffff;border-radius:4px">`;

/** The picture comes with the mail, so nothing is fetched from anywhere. */
export const withCrest = (html: string, shown: boolean): string => html.replace(CREST, shown ? crestImage : "");

/** Reads the body of a notice. What cannot be shown fails here, apart from the others of its mail. */
export function preparePart(part: MailPart, colour: string | null): PreparedPart {
  const reader = readerIn(inkOf(colour));
  const tokens = tokensOf(shorten(part.body, MAX_BODY), (text) => reader.lexer(text));
  return {
    ...part,
    hasButton: tokens.some((token) => onlyLink(token) !== undefined),
    bodyText: textOf(blocksOfTokens(tokens)),
    bodyHtml: reader.parser(tokens),
  };
}

/** A notice alone, as a mail of its own would read: its text, and its HTML without a letterhead. */
export function noticeAlone(notice: { subject: string; body: string }): { text: string; html: string } {
  const { bodyText: text, bodyHtml: html } = preparePart(
    { ...notice, url: "", due: null, alsoTold: [], requiredBy: [], optional: false },
    null,
  );
  return { text, html };
}

/** One notice is the mail itself, several are one mail with a heading each. `links`: those that its words were given. */
export function renderMail(parts: PreparedPart[], letterhead: Letterhead, links = new LinkSlots()): RenderedMail {
  const first = oneLine(parts[0]?.subject ?? "");
  const several = parts.length > 1;
  const more = several ? ` (and ${parts.length - 1} more)` : "";
  const subject = shorten(first, MAX_SUBJECT - more.length) + more;
  const greeting = several ? `Hello ${oneLine(letterhead.person)}, ${parts.length} things for you:` : null;
  const lines = footerOf(parts, letterhead);
  const shown = withinLimit(parts);
  const text = [greeting, ...shown.map((part) => partText(part, several))].filter((block) => block !== null);
  const taken = {
    text: links.take(
      "text",
      `${text.join("\n\n")}\n\n-- \n${lines.map(({ words, url }) => (url ? `${words}: ${url}` : words)).join("\n")}\n`,
    ),
    html: links.take(
      "html",
      page(
        subject,
        letterhead,
        [
          greeting === null ? "" : `<p>${escape(greeting)}</p>`,
          shown
            .map((part) => partHtml(part, several, inkOf(letterhead.colour)))
            .join('<hr class="line" style="border:0;border-top:1px solid #cccccc;margin:24px 0">'),
        ].join("\n"),
        lines.map(({ words, url }) => (url ? anchor(url, escape(words)) : escape(words))).join("<br>"),
      ),
    ),
  };
  return {
    subject,
    text: taken.text.words,
    html: taken.html.words,
    slots: [...taken.text.slots, ...taken.html.slots],
  };
}

/** Bodies until there is no room; of the rest the subject and the link. */
function withinLimit(parts: PreparedPart[]): PreparedPart[] {
  let room = MAX_BODIES;
  return parts.map((part) => {
    room -= part.bodyHtml.length + part.bodyText.length;
    return room >= 0 ? part : { ...part, hasButton: false, bodyText: "", bodyHtml: "" };
  });
}

/** "When mail reaches me". */
export const choosePage = (publicUrl: string): string => `${publicUrl}/#/mail`;

function footerOf(
  parts: MailPart[],
  { person, school, publicUrl, guest }: Letterhead,
): { words: string; url?: string }[] {
  const choose = choosePage(publicUrl);
  const sent = { words: `Sent to ${oneLine(person)} by Duly for ${oneLine(school)}.` };
  if (guest) return [sent];
  return [
    sent,
    { words: "Open Duly", url: publicUrl },
    { words: "Choose when mail reaches you", url: choose },
    ...(parts.some(({ optional }) => optional)
      ? [{ words: "Get no more of what is for information only", url: choose }]
      : []),
  ];
}

/** What stands under a notice beside its own words. */
const smallPrint = ({ alsoTold, requiredBy }: MailPart): string[] => [
  ...(requiredBy.length ? [`Asked for by: ${requiredBy.map(oneLine).join("; ")}.`] : []),
  ...(alsoTold.length ? [`Also told: ${alsoTold.map(oneLine).join(", ")}.`] : []),
];

function partText(part: PreparedPart, heading: boolean): string {
  const subject = oneLine(part.subject);
  return [
    ...(heading ? [`${subject}\n${"=".repeat(Math.min(subject.length, 72))}`] : []),
    ...(part.due ? [`${part.due}.`] : []),
    ...(part.bodyText ? [part.bodyText] : []),
    ...(part.hasButton ? [] : [`Open it: ${part.url}`]),
    ...smallPrint(part),
  ].join("\n\n");
}

function partHtml(part: PreparedPart, heading: boolean, colour: string): string {
  const level = heading ? "h2" : "h1";
  return [
    `<${level} style="font-size:20px;line-height:1.3;margin:0 0 8px">${escape(oneLine(part.subject))}</${level}>`,
    part.due ? `<p style="margin:0 0 16px"><strong>${escape(part.due)}</strong></p>` : "",
    part.bodyHtml,
    part.hasButton ? "" : `<p>${button(part.url, "Open it", colour)}</p>`,
    ...smallPrint(part).map((line) => `<p class="small" style="font-size:14px;color:#555555">${escape(line)}</p>`),
  ].join("\n");
}

/** As it is read without any marks; links are spelled out. */
function textOf(blocks: Block[]): string {
  const words = (runs: Run[]): string =>
    runs.map(({ text, href }) => (href && href !== text ? `${text}: ${href}` : text)).join("");
  const lineOf = ({ kind, depth, quoted, number, cells }: Block): string => {
    const line = cells.map(words).join(" | ");
    const mark = kind === "item" ? (number === undefined ? "- " : `${number}. `) : "";
    const margin = "> ".repeat(quoted) + "  ".repeat(Math.max(0, depth - (mark ? 1 : 0)));
    return kind === "rule" ? "---" : margin + mark + line.replaceAll("\n", `\n${margin}`);
  };
  return blocks
    .map((block, i) => {
      const joined = (block.kind === "item" || block.kind === "row") && blocks[i - 1]?.kind === block.kind;
      return (i === 0 ? "" : joined ? "\n" : "\n\n") + lineOf(block);
    })
    .join("")
    .trim();
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:)/i.test(href.trim());

/** Its colour is that of the words around it: readable on white and, where a reader turns the page dark, on black. */
const anchor = (url: string, label: string): string =>
  `<a href="${escape(url)}" style="color:inherit;text-decoration:underline">${label}</a>`;

const button = (url: string, label: string, colour: string): string =>
  `<a href="${escape(url)}" style="display:inline-block;padding:12px 20px;background:${colour};` +
  `border:1px solid ${colour};color:#ffffff;text-decoration:none;border-radius:4px;font-weight:600">${label}</a>`;

/** A paragraph that is nothing but a link is what there is to do: its button. */
function onlyLink(token: Token): { href: string; tokens: Token[] } | undefined {
  const [only, more] = token.type === "paragraph" ? (token.tokens ?? []) : [];
  if (only?.type !== "link" || more || !("href" in only) || !isSafe(String(only.href))) return undefined;
  return { href: String(only.href), tokens: only.tokens ?? [] };
}

const rendererIn = (colour: string): RendererObject => ({
  html: ({ text }) => escape(text),
  image: ({ text }) => escape(text),
  link(token) {
    const label = this.parser.parseInline(token.tokens);
    return isSafe(token.href) ? anchor(token.href, label) : label;
  },
  heading(token) {
    const level = Math.min(token.depth + 2, 6);
    return `<h${level} style="font-size:16px">${this.parser.parseInline(token.tokens)}</h${level}>`;
  },
  paragraph(token) {
    const only = onlyLink(token);
    if (only) return `<p>${button(only.href, this.parser.parseInline(only.tokens), colour)}</p>`;
    return `<p>${this.parser.parseInline(token.tokens)}</p>`;
  },
});

const readers = new Map<string, Marked>();

function readerIn(colour: string): Marked {
  const known =
    readers.get(colour) ?? new Marked({ renderer: rendererIn(colour), gfm: true, tokenizer: { url: () => undefined } });
  readers.set(colour, known);
  return known;
}

/** Readers that turn pages dark are told that this one may be, and given colours that stay readable. */
const dark = `:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){body{background:#161616!important;color:#f2f2f2!important}.small{color:#bdbdbd!important}.line{border-color:#444444!important}}`;

const page = (title: string, { school, colour }: Letterhead, main: string, footer: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(title)}</title><style>${dark}</style></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1b1b1b;font:16px/1.5 system-ui,'Segoe UI',Arial,sans-serif">
<div style="max-width:600px;margin:0 auto;overflow-wrap:anywhere">
<p style="margin:0 0 24px;padding:4px 0 4px 12px;border-left:4px solid ${inkOf(colour)};font-weight:600">${CREST}${escape(oneLine(school))}</p>
<main>
${main}
</main>
<p class="small line" style="margin-top:32px;padding-top:8px;border-top:1px solid #cccccc;font-size:14px;color:#555555">${footer}</p>
</div></body></html>
`;
