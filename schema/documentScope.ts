/** What a policy says of itself in its section on aims and scope. Values are those of the pack's choices. */

const audiences: [string, RegExp][] = [
  ["pupils", /\b(pupils|learners|children|students)\b/i],
  ["parents", /\b(parents?|carers?|families)\b/i],
  ["governors", /\b(governing body|governors)\b/i],
  ["leaders", /\b(leadership|leaders)\b/i],
  ["teachers", /\bteachers\b/i],
  ["supportStaff", /\bsupport staff\b/i],
  ["contractors", /\bcontractors\b/i],
  ["visitors", /\bvisitors\b/i],
  ["volunteers", /\bvolunteers\b/i],
  ["others", /\bother (individuals|people|adults)|\banyone else\b/i],
];
const technologies: [string, RegExp][] = [
  ["phones", /\bphones?\b/i],
  ["tablets", /\btablets?\b/i],
  ["eReaders", /\be-?readers?\b/i],
  ["consoles", /\bconsoles?\b/i],
  ["wearables", /\bwearables?\b|smart ?watch/i],
  ["blogs", /\bblogs?\b/i],
  ["wikis", /\bwikis?\b/i],
  ["socialNetworks", /social network/i],
  ["forums", /\bforums?\b|bulletin board/i],
  ["gaming", /online (gaming|games)/i],
  ["apps", /\bapps\b/i],
  ["mediaSharing", /(photo|video)[^,]*sharing/i],
  ["chatRooms", /chat ?rooms?/i],
  ["messengers", /messenger|instant messag/i],
];

export interface Scope {
  audience: string[];
  technology: string[];
  authorship: string | null;
  templateSource: string | null;
}

const named = (table: [string, RegExp][], text: string): string[] =>
  table.filter(([, pattern]) => pattern.test(text)).map(([value]) => value);

/** Only sentences that say the policy applies to something count: the aims name people and devices for other reasons. */
export function readScope(text: string): Scope {
  const items = text.split("\n").map((item) => item.replace(/^\s*- /, "").replace(/\*\*/g, ""));
  const applies = items.filter((item) => /\b(applies to|covers)\b/i.test(item));
  const toPeople = applies.filter((item) => named(audiences, item).length > 2);
  const toThings = applies.filter((item) => !toPeople.includes(item));
  const written = items.find((item) => /\bwritten by\b/i.test(item));
  const source = /(?:building|based|built|drawing) (?:up)?on (.{3,120}? template)\b/i.exec(written ?? "");
  return {
    audience: named(audiences, toPeople.join(" ")),
    technology: named(technologies, toThings.join(" ")),
    authorship: written?.split(/(?:,|(?<![\s,]))\s+(?:taking into account|and taking account)/i)[0]?.trim() ?? null,
    templateSource: source?.[1] ?? null,
  };
}
