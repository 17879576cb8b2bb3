/**
 * A document's Markdown as HTML that can do nothing: raw HTML is shown as text, images are left to their description
 * (they would be fetched from elsewhere), links go only to pages, mail and places in the text.
 */
import { Marked, type Tokens } from "marked";

export interface Heading {
  id: string;
  depth: number;
  text: string;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string): string => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? mark);

/** Undefined for anything but http, https, mailto and places in the text: no script, no data. */
export function safeHref(href: string): string | undefined {
  const plain = href
    .split("")
    .filter((each) => each > " ")
    .join("");
  return /^(https?:\/\/|mailto:)/i.test(plain) ? plain : undefined;
}

const strip = (html: string): string => html.replace(/<[^>]*>/g, "");
const unescape = (text: string): string =>
  Object.entries(escapes).reduce((all, [mark, escaped]) => all.replaceAll(escaped, mark), text);

/** `title`: a first heading that only repeats it is left out, since the page says it already. */
export function renderText(source: string, title = ""): { html: string; headings: Heading[] } {
  const headings: Heading[] = [];
  let first = true;
  const marked = new Marked({ gfm: true, breaks: false });
  marked.use({
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
      image: ({ text }: Tokens.Image) => escape(text),
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        const safe = safeHref(href);
        return safe ? `<a href="${escape(safe)}" rel="noreferrer noopener" target="_blank">${inner}</a>` : inner;
      },
      heading({ tokens, depth }: Tokens.Heading) {
        const inner = this.parser.parseInline(tokens);
        const repeats = first && unescape(strip(inner)).toLowerCase() === title.toLowerCase();
        first = false;
        if (repeats) return "";
        const id = `part-${headings.length + 1}`;
        headings.push({ id, depth, text: unescape(strip(inner)) });
        // The page's own heading is the h1: the text's begin one below.
        const level = Math.min(depth + 1, 6);
        return `<h${level} id="${id}" tabindex="-1">${inner}</h${level}>\n`;
      },
    },
  });
  return { html: marked.parse(source, { async: false }), headings };
}
