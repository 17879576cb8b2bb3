/** Which sections of a pack's sources ask for something, in words: what "O7" and "M8" mean to a person. */
import type { Registry } from "../store/definitions";

const most = 3;

/** Labels of at most three sections: those that are cited, else those of the obligations that are. */
export function requiredBy({ packs }: Pick<Registry, "packs">, because: string[]): string[] {
  const labels = new Map(packs.flatMap(({ sections = [] }) => sections.map(({ code, label }) => [code, label])));
  const cited = because.filter((code) => labels.has(code));
  const obliging = packs.flatMap(({ obligations = [] }) =>
    obligations.filter(({ number }) => because.includes(`O${number}`)).flatMap(({ sections }) => sections),
  );
  const codes = new Set(cited.length ? cited : obliging);
  return [...codes].flatMap((code) => labels.get(code) ?? []).slice(0, most);
}
