import fc from "fast-check";
import { compareTexts, type ComparedBlock } from "./compareTexts";
import { blocksOf, plainText } from "./prose";

const compare = (before: string, after: string) => compareTexts(blocksOf(before), blocksOf(after));

/** One line a block: [-removed-]{+added+}, with what the whole block is before it. */
const marked = (blocks: ComparedBlock[]): string[] =>
  blocks.map(({ change, cells }) => {
    const text = cells
      .map((cell) =>
        cell
          .map(({ text: words, change: own }) =>
            own === "added" ? `{+${words}+}` : own === "removed" ? `[-${words}-]` : words,
          )
          .join(""),
      )
      .join(" | ");
    return change && change !== "changed" ? `${change}: ${text}` : text;
  });

test("the words of a paragraph that changed are marked, and nothing else", () => {
  expect(
    marked(
      compare(
        "# 1 Aims\n\nPupils keep phones off in school.\n\nStaff too.",
        "# 1 Aims\n\nPupils keep phones and watches off on site.\n\nStaff too.",
      ),
    ),
  ).toEqual(["1 Aims", "Pupils keep phones {+and watches +}off [-in school-]{+on site+}.", "Staff too."]);
});

test("words exchanged in a row are one exchange, words put in beside a comma are put in", () => {
  expect(marked(compare("Ask the class teacher first, always.", "Ask the head of year first, always."))).toEqual([
    "Ask the [-class teacher-]{+head of year+} first, always.",
  ]);
  expect(marked(compare("Nobody sends abuse or rumours.", "Nobody sends abuse, threats or rumours."))).toEqual([
    "Nobody sends abuse{+, threats+} or rumours.",
  ]);
});

test("a paragraph put in or taken out is so as a whole, where it stood", () => {
  expect(marked(compare("one thing\n\ntwo\n\nthree", "one thing\n\nan extra rule\n\ntwo"))).toEqual([
    "one thing",
    "added: an extra rule",
    "two",
    "removed: three",
  ]);
});

test("a rewritten paragraph is read as old and new, not as scattered words", () => {
  const [first, second] = compare(
    "Devices stay in a locked cupboard all day.",
    "Every class has its own rule, agreed with the headteacher each September.",
  );
  expect([first?.change, second?.change]).toEqual(["removed", "added"]);
});

test("a list item finds its earlier wording though others came before it", () => {
  expect(
    marked(compare("- hand phones in at the office", "- switch it off\n- hand phones in at the front office")),
  ).toEqual(["added: switch it off", "hand phones in at the {+front +}office"]);
});

test("the same words in other dress are said to be so", () => {
  expect(compare("# Aims", "## Aims").map(({ change }) => change)).toEqual(["layout"]);
  expect(marked(compare("Do not look", "Do **not** look"))).toEqual(["Do [-not-]{+not+} look"]);
});

test("a table changes cell by cell", () => {
  const table = (cell: string) => `| Who | When |\n|---|---|\n| Pupils at school | ${cell} |`;
  expect(marked(compare(table("all day"), table("all week")))).toEqual([
    "Who | When",
    "Pupils at school | all [-day-]{+week+}",
  ]);
});

const prose = fc
  .array(
    fc.constantFrom("# Aims", "- keep it off", "- hand it in", "Phones are off.", "Phones are *on*.", "1. one", "> so"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join("\n\n"));

test("property: without what was removed it is the later text, without what was added the earlier one", () => {
  fc.assert(
    fc.property(prose, prose, (before, after) => {
      const compared = compare(before, after);
      const side = (gone: "added" | "removed") =>
        compared
          .filter(({ change }) => change !== gone)
          .map(({ cells }) => plainText(cells.map((cell) => cell.filter(({ change }) => change !== gone))));
      const texts = (markdown: string) => blocksOf(markdown).map(({ cells }) => plainText(cells));
      expect(side("removed")).toEqual(texts(after));
      expect(side("added")).toEqual(texts(before));
    }),
  );
});
