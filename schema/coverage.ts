/**
 * By what a pack meets each obligation of its sources. An element cites obligations in its `because` ("O22"), and each
 * kind of element can satisfy some letters: what holds (H) stands, what reminds (R) runs, what enforces (E) refuses, what
 * reports (P) is seen. elements.ts has the table of that; everything here is derived from it.
 *
 * Conduct that no system sees (`byAgreement`) is enforced by three things together, each citing the obligation: a section
 * of a text that people agree to (ModelText, with its audience), a category under which a breach of it is recorded (an
 * option of a choice field), and a question that a check asks (a field, answer or option whose label ends in a question
 * mark, or a setting of kind `texts` that holds only questions).
 */
import type { Letter, Obligation } from "./definition";
import { type Agreement, type Covering, type Element, elementsOf } from "./elements";

export interface Covered {
  obligation: Obligation;
  elements: { letter: Letter; element: Element }[];
  /** What it still wants, in words, by letter. None: it is met. */
  missing: { letter: Letter; wants: string }[];
}

const wants: Record<Letter, string> = {
  H: "a field, document, record type, task, setting or text that holds it",
  R: "a timer, a duty, or a task with a due date",
  E: "a guard, a rule, a grant, a bar, a separation or a required answer",
  P: "a view, a chart or a report",
};
const agreements: Record<Agreement, string> = {
  rule: "a section of a text that people agree to",
  category: "a category of breach (an option)",
  question: "a question of a check",
};

const cites = (element: Element, { number }: Obligation): boolean => element.because.includes(`O${number}`);

const lettersFor = (element: Element, { byAgreement }: Obligation): Letter[] =>
  byAgreement && element.agreement && !element.letters.includes("E") ? [...element.letters, "E"] : element.letters;

/** Each obligation with what meets it and what it wants, in their order. */
export function coverage(pack: Covering): Covered[] {
  const all = elementsOf(pack);
  return (pack.obligations ?? []).map((obligation) => {
    const elements = all
      .filter((element) => cites(element, obligation))
      .flatMap((element) => lettersFor(element, obligation).map((letter) => ({ letter, element })))
      .filter(({ letter }) => obligation.letters.includes(letter));
    const missing = obligation.letters.flatMap((letter) => {
      const by = elements.filter((each) => each.letter === letter);
      if (letter === "E" && obligation.byAgreement)
        return Object.entries(agreements)
          .filter(([agreement]) => !by.some(({ element }) => element.agreement === agreement))
          .map(([, sentence]) => ({ letter, wants: sentence }));
      return by.length ? [] : [{ letter, wants: wants[letter] }];
    });
    return { obligation, elements, missing };
  });
}

/** The elements that enforce or remind, each with the numbers that a story must prove it by. */
export function provable(pack: Covering): { element: Element; numbers: number[] }[] {
  const proofs = new Map<Element, number[]>();
  for (const { obligation, elements } of coverage(pack))
    for (const { letter, element } of elements)
      if (letter === "E" || letter === "R") proofs.set(element, [...(proofs.get(element) ?? []), obligation.number]);
  return [...proofs].map(([element, numbers]) => ({ element, numbers: [...new Set(numbers)] }));
}
