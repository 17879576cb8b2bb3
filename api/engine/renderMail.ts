/**
 * What a mail looks like. Templates and record titles are data, so nothing in them becomes HTML: raw HTML is shown as
 * text, links keep http, https and mailto only, and nothing is fetched from elsewhere (no tracking; the crest comes along).
 */
import { Marked, type RendererObject } from "marked";
import { inkOf } from "../../schema/colour";

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
}

const maxSubject = 500;

/** Where the crest stands once it is known: mails are written before they leave, and kept without it. */
const CREST = "<!--crest-->";
export const CREST_ID = "crest@duly";
/** On white, whatever a reader makes of the page. The name beside it says what it is. */
const crestImage =
  `<img src="cid:${CREST_ID}" alt="" height="40" style="height:40px;width:auto;max-width:120px;vertical-align:middle;` +
  `margin-right:12px;padding:3px;background:#ffffff;border-radius:4px">`;

/** The picture comes with the mail, so nothing is fetched from anywhere. */
export const withCrest = (html: string, shown: boolean): string => html.replace(CREST, shown ? crestImage : "");

/** One notice is the mail itself, several are one mail with a heading each. */
export function renderMail(parts: MailPart[], letterhead: Letterhead): RenderedMail {
  const first = oneLine(parts[0]?.subject ?? "");
  const several = parts.length > 1;
  const subject = (several ? `${first} (and ${parts.length - 1} more)` : first).slice(0, maxSubject);
  const greeting = several ? `Hello ${oneLine(letterhead.person)}, ${parts.length} things for you:` : null;
  const lines = footerOf(parts, letterhead);
  const text = [greeting, ...parts.map((part) => textOf(part, several))].filter((block) => block !== null);
  return {
    subject,
    text: `${text.join("\n\n")}\n\n-- \n${lines.map(({ words, url }) => (url ? `${words}: ${url}` : words)).join("\n")}\n`,
    html: page(
      subject,
      letterhead,
      [
        greeting === null ? "" : `<p>${escape(greeting)}</p>`,
        parts
          .map((part) => htmlOf(part, several, inkOf(letterhead.colour)))
          .join('<hr class="line" style="border:0;border-top:1px solid #cccccc;margin:24px 0">'),
      ].join("\n"),
      lines.map(({ words, url }) => (url ? anchor(url, escape(words)) : escape(words))).join("<br>"),
    ),
  };
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

function textOf(part: MailPart, heading: boolean): string {
  const subject = oneLine(part.subject);
  return [
    ...(heading ? [`${subject}\n${"=".repeat(Math.min(subject.length, 72))}`] : []),
    ...(part.due ? [`${part.due}.`] : []),
    plain(part.body),
    ...(hasButton(part.body) ? [] : [`Open it: ${part.url}`]),
    ...smallPrint(part),
  ].join("\n\n");
}

function htmlOf(part: MailPart, heading: boolean, colour: string): string {
  const level = heading ? "h2" : "h1";
  return [
    `<${level} style="font-size:20px;line-height:1.3;margin:0 0 8px">${escape(oneLine(part.subject))}</${level}>`,
    part.due ? `<p style="margin:0 0 16px"><strong>${escape(part.due)}</strong></p>` : "",
    markdownIn(colour).parse(part.body, { async: false }),
    hasButton(part.body) ? "" : `<p>${button(part.url, "Open it", colour)}</p>`,
    ...smallPrint(part).map((line) => `<p class="small" style="font-size:14px;color:#555555">${escape(line)}</p>`),
  ].join("\n");
}

/** A heading or a header is one line, whatever a record is called. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Markdown is readable as it stands; only links are spelled out, and emphasis and heading marks go. */
function plain(body: string): string {
  return body
    .replace(/!?\[([^[\]]*)\]\(\s*<?([^)\s<>]+)(?![^)\s<>])>?[^)[]*\)/g, (_all, label: string, url: string) =>
      label === url || label === "" ? url : `${label}: ${url}`,
    )
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/\*\*([^*\n]+)\*\*/g, "$1")
    .replace(/\\([\\`*_[\]<>#!])/g, "$1")
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

/** A paragraph that is nothing but a link is what there is to do. */
const onlyLink = /^\[[^\]]*\]\(\s*<?(?:https?:\/\/|mailto:)[^)\s]+\)$/im;
const hasButton = (body: string): boolean => body.split(/\n{2,}/).some((block) => onlyLink.test(block.trim()));

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
    const only = token.tokens.length === 1 ? token.tokens[0] : undefined;
    if (only?.type === "link" && isSafe(String(only.href)))
      return `<p>${button(String(only.href), this.parser.parseInline(only.tokens ?? []), colour)}</p>`;
    return `<p>${this.parser.parseInline(token.tokens)}</p>`;
  },
});

const readers = new Map<string, Marked>();

function markdownIn(colour: string): Marked {
  const known = readers.get(colour) ?? new Marked({ renderer: rendererIn(colour), gfm: true });
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
