import { mergeTexts, passagesIn, textOf } from "./mergeTexts";

const base = "# Aims\n\nPhones are off.\n\nStaff too.\n";

test("changes in different places stand together", () => {
  const pieces = mergeTexts(
    base,
    base.replace("off.", "off all day."),
    base.replace("Staff too.", "Staff and visitors too."),
  );
  expect(passagesIn(pieces)).toEqual([]);
  expect(textOf(pieces)).toBe("# Aims\n\nPhones are off all day.\n\nStaff and visitors too.\n");
});

test("a passage that both changed is left to a person, with what each made of it", () => {
  const pieces = mergeTexts(base, base.replace("off.", "handed in."), base.replace("off.", "in a locker."));
  expect(passagesIn(pieces)).toEqual([
    { base: "Phones are off.", mine: "Phones are handed in.", theirs: "Phones are in a locker." },
  ]);
  expect(textOf(pieces)).toContain("handed in.");
  expect(textOf(pieces, ["Phones are handed in, and kept in a locker."])).toBe(
    "# Aims\n\nPhones are handed in, and kept in a locker.\n\nStaff too.\n",
  );
});

test("the same change made twice is one change", () => {
  const both = base.replace("off.", "away.");
  expect(passagesIn(mergeTexts(base, both, both))).toEqual([]);
  expect(textOf(mergeTexts(base, both, both))).toBe(both);
});
