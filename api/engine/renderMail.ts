/**
 * What a mail looks like. Templates and record titles are data, so nothing in them becomes HTML: raw HTML is shown as
 * text, links keep http, https and mailto only, and nothing is fetched from elsewhere (no image, no tracking).
 */
import { Marked, type RendererObject } from "marked";

export interface MailPart {
  subject: string;
  /** Markdown. */
  body: string;
  /** Names of the others who were told. */
  alsoTold: string[];
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const maxSubject = 500;
const link = "color:#0b5c5c";
const button =
  "display:inline-block;padding:12px 20px;background:#0b5c5c;color:#ffffff;text-decoration:none;" +
  "border-radius:4px;font-weight:600";

/** One notice is the mail itself, several are one mail with a heading each. `school` is the organisation's name. */
export function renderMail(parts: MailPart[], person: string, school: string, publicUrl: string): RenderedMail {
  const first = oneLine(parts[0]?.subject ?? "");
  const subject = (parts.length > 1 ? `${first} (and ${parts.length - 1} more)` : first).slice(0, maxSubject);
  const footer = `Sent to ${person} by Duly for ${school}.`;
  const text = parts.map((part) => textOf(part, parts.length > 1)).join("\n\n");
  const html = parts
    .map((part) => htmlOf(part, parts.length > 1))
    .join('<hr style="border:0;border-top:1px solid #ccc">');
  return {
    subject,
    text: `${text}\n\n-- \n${footer}\n${publicUrl}\n`,
    html: page(subject, html, `${escape(footer)} <a href="${escape(publicUrl)}" style="${link}">Open Duly</a>`),
  };
}

function textOf(part: MailPart, heading: boolean): string {
  const subject = oneLine(part.subject);
  const title = heading ? `${subject}\n${"=".repeat(Math.min(subject.length, 72))}\n\n` : "";
  return `${title}${plain(part.body)}${told(part, "\n\n")}`;
}

function htmlOf(part: MailPart, heading: boolean): string {
  const title = `<h1 style="font-size:20px;line-height:1.3">${escape(oneLine(part.subject))}</h1>`;
  const also = told(part, "");
  return (
    (heading ? title.replaceAll("h1", "h2") : title) +
    markdown.parse(part.body, { async: false }) +
    (also ? `<p style="color:#555">${escape(also)}</p>` : "")
  );
}

const told = (part: MailPart, before: string): string =>
  part.alsoTold.length > 0 ? `${before}Also told: ${part.alsoTold.map(oneLine).join(", ")}.` : "";

/** A heading or a header is one line, whatever a record is called. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Markdown is readable as it stands; only links are spelled out, and emphasis and heading marks go. */
function plain(body: string): string {
  return body
    .replace(/!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)/g, (_all, label: string, url: string) =>
      label === url || label === "" ? url : `${label}: ${url}`,
    )
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/\*\*([^*\n]+)\*\*/g, "$1")
    .trim();
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:)/i.test(href.trim());

const renderer: RendererObject = {
  html: ({ text }) => escape(text),
  image: ({ text }) => escape(text),
  link(token) {
    const label = this.parser.parseInline(token.tokens);
    return isSafe(token.href) ? `<a href="${escape(token.href)}" style="${link}">${label}</a>` : label;
  },
  heading(token) {
    const level = Math.min(token.depth + 2, 6);
    return `<h${level} style="font-size:16px">${this.parser.parseInline(token.tokens)}</h${level}>`;
  },
  /** A paragraph that is nothing but a link is what there is to do: a button. */
  paragraph(token) {
    const only = token.tokens.length === 1 ? token.tokens[0] : undefined;
    if (only?.type === "link" && isSafe(String(only.href)))
      return `<p><a href="${escape(String(only.href))}" style="${button}">${this.parser.parseInline(only.tokens ?? [])}</a></p>`;
    return `<p>${this.parser.parseInline(token.tokens)}</p>`;
  },
};
const markdown = new Marked({ renderer, gfm: true });

const page = (title: string, main: string, footer: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1b1b1b;font:16px/1.5 system-ui,'Segoe UI',Arial,sans-serif">
<main style="max-width:600px;margin:0 auto">${main}
<p style="margin-top:32px;padding-top:8px;border-top:1px solid #ccc;font-size:14px;color:#555">${footer}</p>
</main></body></html>
`;
