import { askedWords, wordsOf } from "./searchWords";

test("a title is found by its words, by what stands between signs, and by its reference", () => {
  expect(wordsOf("Anti-bullying: the Head’s guide (2026)", "POL-2026-12").sort()).toEqual(
    [
      ...["anti-bullying", "anti", "bullying", "antibullying", "the", "head’s", "heads", "head", "s", "guide", "2026"],
      ...["pol-2026-12", "pol", "12"],
    ]
      .filter((word) => word !== "antibullying")
      .sort(),
  );
});

test("words of a search are folded, without the signs around them, and bounded", () => {
  expect(askedWords("  ")).toBeUndefined();
  expect(askedWords("“Été” (school)")).toEqual([["ete", "school"]]);
  expect(askedWords("&&& – 😀 %")).toEqual([]);
  expect(askedWords("100%_ a_b")).toEqual([
    ["100", "a_b"],
    ["100", "a", "b"],
  ]);
  expect(askedWords("x".repeat(100_000))).toEqual([["x".repeat(64)]]);
  expect(Array.from(askedWords("é😀".repeat(100))?.[0]?.[0] ?? "")).toHaveLength(64);
  expect(askedWords("a b c d e f g h i j")?.[0]).toHaveLength(8);
});

test("what stands between blanks is looked for as it is written, and then by its parts", () => {
  expect(askedWords("well-being")).toEqual([["well-being"], ["well", "being"]]);
  expect(askedWords("the head's")).toEqual([
    ["the", "head's"],
    ["the", "head", "s"],
  ]);
});

test.each([
  ["signs", "-".repeat(500_000)],
  ["words", "ab ".repeat(200_000)],
  ["parts", "a-".repeat(200_000)],
])("half a million %s are bounded words in a moment", (_, text) => {
  expect(wordsOf(text).length).toBeLessThanOrEqual(250);
  expect(wordsOf(text).every((word) => Array.from(word).length <= 64)).toBe(true);
});
