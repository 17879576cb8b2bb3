/** The guidance a policy says it relies on, with the edition of each, so that an outdated or unequal one shows. */

export interface Guidance {
  title: string;
  year: number | null;
  /** Who issued it; null where the text and our list do not say. */
  body: string | null;
  line: number;
}

/** Titles schools rely on, in every spelling seen. Not exhaustive: others are found where they stand in quotation marks. */
const known: { pattern: RegExp; title: string; body: string }[] = [
  {
    pattern: /keeping children safe in education|\bKCSIE\b/i,
    title: "Keeping children safe in education",
    body: "DfE",
  },
  { pattern: /early years (?:and )?foundation stage|\bEYFS\b/i, title: "Early years foundation stage", body: "DfE" },
  { pattern: /working together to safeguard children/i, title: "Working together to safeguard children", body: "DfE" },
  {
    pattern: /behaviour in schools(?: advice for headteachers and (?:school )?staff)?/i,
    title: "Behaviour in schools",
    body: "DfE",
  },
  {
    pattern: /searching,? screening,? and confiscation(?: at school)?/i,
    title: "Searching, screening and confiscation",
    body: "DfE",
  },
  {
    pattern: /kent safeguarding children multi-agency partnership|\bKSCMP\b/i,
    title: "Safeguarding procedures",
    body: "Kent Safeguarding Children Multi-agency Partnership",
  },
];

/** Reads one clause: each title, and the year that stands between it and the next. */
export function readGuidance(clause: string, line: number): Guidance[] {
  const text = clause.replace(/\[([^[\]]*)\]\([^()]*\)/g, "$1").replace(/\*\*/g, "");
  const found = known.flatMap(({ pattern, title, body }) => {
    const match = pattern.exec(text);
    return match ? [{ title, body: body as string | null, at: match.index, end: match.index + match[0].length }] : [];
  });
  for (const match of text.matchAll(/(?<!\w)['‘“"]([A-Z][^'’”"‘“]{4,90})['’”"]/g)) {
    const [at, end] = [match.index, match.index + match[0].length];
    if (found.every((other) => other.end <= at || other.at >= end))
      found.push({
        title: (match[1] ?? "").replace(/(?<!\s)\s+(19|20)\d\d$/, ""),
        body: null,
        at,
        end: end - (/\d{4}.$/.test(match[0]) ? 5 : 0),
      });
  }
  found.sort((a, b) => a.at - b.at);
  return found.map(({ title, body, end }, i) => {
    const year = /\b(?:19|20)\d\d\b/.exec(text.slice(end, found[i + 1]?.at ?? end + 40))?.[0];
    return { title, year: year ? Number(year) : null, body, line };
  });
}
