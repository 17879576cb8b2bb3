import type { Setting } from "../../schema/definition";
import { parseOffset } from "../../schema/offset";
import { figureInWords, offsetFromWords, readFigure } from "./figures";

const setting = (kind: Setting["kind"]): Setting => ({ kind, label: "A figure", value: null });

test("every figure in words, typed back as it stands, is the same figure", () => {
  for (const offset of [
    "-P60D",
    "P0D",
    "P1Y",
    "P7D",
    "-P2W",
    "PT1H",
    "-PT30M",
    "2 school days",
    "-3 working days",
    "1 half-term",
  ])
    for (const directed of [true, false]) {
      const words = figureInWords(setting("offset"), offset, directed);
      expect([words, parseOffset(offsetFromWords(words) ?? "")]).toEqual([words, parseOffset(offset)]);
    }
});

test("a step says that it comes after, unless its label has said so", () => {
  const inWords = (label: string, directed: boolean) => figureInWords({ ...setting("offset"), label }, "P1W", directed);
  expect(inWords("The chair is told", true)).toBe("1 week after");
  expect(inWords("A question lapses after", true)).toBe("1 week");
  expect(inWords("It lasts", false)).toBe("1 week");
});

test("what is no length of time is refused with an example", () => {
  expect(readFigure(setting("offset"), "soon")).toEqual({ problem: expect.stringContaining("30 days before") });
  expect(readFigure(setting("offsets"), "30 days before\nlater")).toEqual({
    problem: expect.stringContaining("later"),
  });
});

test("a list is one figure a line, a time of day has two digits, a number is a number", () => {
  expect(readFigure(setting("offsets"), "30 days before\n\non the day\n")).toEqual({ value: ["-P30D", "P0D"] });
  expect(readFigure(setting("time"), "8:00")).toEqual({ value: "08:00" });
  expect(readFigure(setting("percent"), "fifty")).toEqual({ problem: "Give a number." });
});
