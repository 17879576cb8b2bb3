/**
 * The XML of a Word document before its reader (mammoth) gets it: what that would pass over is put in words it knows, and
 * what still goes unread is told, so that no policy is half read in silence.
 */

/** Elements that only hold others: as a smart tag, which is read through. Pictures have none of these. */
const holders =
  /(<\/?)(?:w:(?:fldSimple|dir|bdo|ruby|rubyBase)|wp:(?:anchor|inline)|a:(?:graphic|graphicData)|wps:(?:wsp|txbx)|wpg:(?:wgp|grpSp)|wpc:wpc|v:(?:oval|polyline|line|curve|arc))(?=[\s/>])/g;
/** As a VML picture: what stands in it follows the paragraph, and does not cut it. */
const drawings = /(<\/?)w:drawing(?=[\s/>])/g;

/** The same part, with text boxes, simple fields and text in the other direction where its reader finds them. */
export const readable = (xml: string): string =>
  xml
    .replace(holders, "$1w:smartTag")
    .replace(drawings, "$1w:pict")
    .replace(/<w:cr(?=[\s/>])/g, "<w:br")
    .replace(/<w:ptab(?=[\s/>])/g, "<w:tab");

export const isBody = (name: string): boolean => /^word\/(document\d*|footnotes|endnotes)\.xml$/.test(name);
const isMargin = (name: string): boolean => /^word\/(header|footer)\d*\.xml$/.test(name);
const isDiagram = (name: string): boolean => /^word\/diagrams\/data\d*\.xml$/.test(name);
const isComments = (name: string): boolean => name === "word/comments.xml";
/** What `leftOutOf` looks at. */
export const isLookedAt = (name: string): boolean =>
  isBody(name) || isMargin(name) || isDiagram(name) || isComments(name);

/** A doubt about a document as a whole. */
export interface Doubt {
  code: string;
  message: string;
}

/** What of a document's parts did not get into `text`, and what did although a reader of the page would not see it. */
export function leftOutOf(parts: ReadonlyMap<string, string>, text: string): Doubt[] {
  const bodies = [...parts].filter(([name]) => isBody(name)).map(([, xml]) => xml);
  const named = (is: (name: string) => boolean) =>
    [...parts].filter(([name]) => is(name)).flatMap(([, xml]) => paragraphsOf(xml));
  const read = new Map<string, number>();
  for (const word of wordsOf(text)) read.set(word, (read.get(word) ?? 0) + 1);
  const all = new Set(read.keys());
  const isUnread = (paragraph: string): boolean => {
    let missing = 0;
    for (const word of wordsOf(paragraph)) {
      const left = read.get(word) ?? 0;
      if (left > 0) read.set(word, left - 1);
      else if (/\p{L}/u.test(word)) missing += 1;
    }
    return missing > 0;
  };
  const unread = [...bodies.flatMap(paragraphsOf), ...named(isDiagram)].filter(isUnread);
  const margins = named(isMargin).filter((paragraph) => {
    const words = wordsOf(paragraph).filter((word) => /\p{L}/u.test(word));
    return words.some((word) => !all.has(word) && !/^(page|of)$/i.test(word));
  });
  const counted = (pattern: RegExp, of: string[]): number =>
    of.reduce((sum, xml) => sum + (xml.match(pattern)?.length ?? 0), 0);
  const pictures = counted(/<a:blip[\s/>]/g, bodies) || counted(/<v:imagedata[\s/>]/g, bodies);
  const comments = counted(
    /<w:comment[\s>]/g,
    [...parts].filter(([name]) => isComments(name)).map(([, xml]) => xml),
  );
  const doubts: (Doubt | false)[] = [
    unread.length > 0 && {
      code: "wordsLeftOut",
      message: `Some words of the document were not read: ${quoted(unread)}.`,
    },
    margins.length > 0 && {
      code: "marginsLeftOut",
      message: `At the top or foot of its pages stands ${quoted(margins)}: that was not taken into the text.`,
    },
    pictures > 0 && {
      code: "picturesLeftOut",
      message: `${pictures > 1 ? `${pictures} pictures were` : "A picture was"} left out: words that stand in pictures are not in the text.`,
    },
    comments > 0 && {
      code: "commentsLeftOut",
      message: `${comments > 1 ? `${comments} comments were` : "A comment was"} left out.`,
    },
    bodies.some((xml) => /<w:(ins|del|moveFrom|moveTo)\s[^>]*[^/]>/.test(xml)) && {
      code: "changesNotSettled",
      message: "Changes to it are marked that nobody has accepted or refused: it was read as if all were accepted.",
    },
    bodies.some(hasHidden) && {
      code: "hiddenWords",
      message: "It holds hidden words, which were read like the others.",
    },
  ];
  return doubts.filter((doubt) => doubt !== false);
}

const SAID = 3;
const LONGEST = 120;

/** Distinct ones, the first three of them. */
function quoted(paragraphs: string[]): string {
  const distinct = [...new Set(paragraphs.map((text) => text.replace(/\s+/g, " ").trim()))];
  const said = distinct
    .slice(0, SAID)
    .map((text) => `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`);
  const more = distinct.length - said.length;
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** Without the marks of emphasis and notes that Markdown adds. */
const wordsOf = (text: string): string[] =>
  text
    .replace(/\*\*|~~|\\(?=\|)|\[\d+\]|\u00ad/g, "")
    .normalize("NFC")
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (whole, name?: string, ten?: string, hex?: string) => {
      if (name) return entities[name] ?? whole;
      const code = ten ? Number(ten) : Number.parseInt(hex ?? "", 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : " ";
    },
  );

/**
 * The text of each paragraph that is not deleted, in text boxes, fields and formulas too. What Word keeps twice for older
 * programs is taken once.
 */
function paragraphsOf(xml: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  let hidden = 0;
  let inText = false;
  for (const [, tag, text] of xml.matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const [, slash, name = ""] = /^(\/?)(?:\w+:)?(\w+)/.exec(tag ?? "") ?? [];
    const end = tag?.endsWith("/");
    if (text !== undefined) {
      if (inText && !hidden && open.length) open[open.length - 1] += unescaped(text);
    } else if (name === "t") inText = !slash && !end;
    else if (/^(del|moveFrom|Fallback|rt)$/.test(name)) hidden += slash ? -1 : end ? 0 : 1;
    else if (/^(p|pt|oMathPara)$/.test(name) && !end) {
      if (!slash) open.push("");
      else found.push(open.pop() ?? "");
    } else if (/^(tab|br|cr|ptab|noBreakHyphen)$/.test(name) && open.length) open[open.length - 1] += " ";
  }
  return found.filter((text) => text.trim());
}

/** A run that says it is hidden, with words in it. */
const hasHidden = (xml: string): boolean =>
  xml.split(/<w:r(?=[\s>])/).some((run) => {
    const [properties = "", rest = ""] = run.split("</w:rPr>", 2);
    return (
      /<w:vanish(?:\s+w:val="(?:1|true|on)")?\s*\/>/.test(properties) &&
      /^(?:(?!<\/w:r>)[^])*<w:t[\s>]/.test(rest.slice(0, 10_000))
    );
  });
