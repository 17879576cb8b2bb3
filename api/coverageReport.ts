/** The coverage of a pack's obligations as a terminal shows it. */
import type { Covered } from "../schema/coverage";
import type { Element } from "../schema/elements";

/** As many places as a line names; the rest is a number. */
const NAMED = 3;

function line(letter: string, elements: Element[], note: string): string {
  const places = elements.slice(0, NAMED).map(({ kind, path }) => `${path} (${kind})`);
  const rest = elements.length - places.length;
  const named = [...places, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  return `      ${letter} ${String(elements.length).padStart(3)}  ${[note, named].filter(Boolean).join(": ")}`;
}

function block({ obligation, elements, missing }: Covered): string[] {
  const { number, letters, text, byAgreement } = obligation;
  const head = `${missing.length ? "–" : "✓"} O${number}`.padEnd(6);
  return [
    `${head} ${letters.join("/").padEnd(4)} ${text}`,
    ...letters.map((letter) =>
      line(
        letter,
        elements.filter((each) => each.letter === letter).map(({ element }) => element),
        letter === "E" && byAgreement ? "by agreement and check" : "",
      ),
    ),
    ...missing.map(({ letter, wants }) => `      ${letter}  no  ${wants}`),
  ];
}

/** Every obligation with what meets it, letter by letter, and last how many of them are met. */
export function coverageReport(covered: Covered[]): string[] {
  const met = covered.filter(({ missing }) => missing.length === 0).length;
  return [...covered.flatMap(block), `${met} of ${covered.length}`];
}
