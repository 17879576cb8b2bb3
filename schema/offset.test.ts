import fc from "fast-check";
import { type UnitName, unitNames, units } from "./language/units";
import { describeOffset, parseOffset } from "./offset";
import { durationMs } from "./timers";

test.each([
  ["-P60D", -60, "day", "60 days before"],
  ["P7D", 7, "day", "7 days after"],
  ["P1M", 1, "month", "1 month after"],
  ["P1Y", 1, "year", "1 year after"],
  ["P2W", 2, "week", "2 weeks after"],
  ["PT1H", 1, "hour", "1 hour after"],
  ["-PT30M", -30, "minute", "30 minutes before"],
  ["P0D", 0, "day", "on the day"],
  ["-P0D", 0, "day", "on the day"],
  ["PT0M", 0, "minute", "at the time"],
  ["PT0H", 0, "hour", "at the time"],
  ["2 working days", 2, "workingDay", "2 working days after"],
  ["-10 school days", -10, "schoolDay", "10 school days before"],
  ["0 school days", 0, "schoolDay", "on the day"],
  ["1 half-term", 1, "halfTerm", "1 half-term after"],
  ["-1 term", -1, "term", "1 term before"],
  ["3 terms", 3, "term", "3 terms after"],
  ["1 academic year", 1, "academicYear", "1 academic year after"],
])("%s is read and said in words", (text, n, unit, words) => {
  expect(parseOffset(text)).toStrictEqual({ n, unit });
  expect(describeOffset(text)).toBe(words);
});

test.each([
  "",
  "P",
  "PT",
  "P1",
  "1D",
  "P1Y6M",
  "P1.5D",
  "PT30S",
  "+P1D",
  "P123456D",
  "P1H",
  "PT1D",
  "two days",
  "1 day",
  "1  term",
  "p1d",
])("%p is no offset, and its description is the text itself", (text) => {
  expect(parseOffset(text)).toBeUndefined();
  expect(describeOffset(text)).toBe(text);
});

test("every unit and number that can be written is read back", () => {
  const iso: Partial<Record<UnitName, string>> = {
    minute: "T#M",
    hour: "T#H",
    day: "#D",
    week: "#W",
    month: "#M",
    year: "#Y",
  };
  const unit = fc.constantFrom(...unitNames);
  fc.assert(
    // More offsets than are remembered, so that forgetting them is met too.
    fc.property(unit, fc.integer({ min: -99_999, max: 99_999 }), (name, n) => {
      const sign = n < 0 ? "-" : "";
      const shape = iso[name];
      const text = shape ? `${sign}P${shape.replace("#", `${Math.abs(n)}`)}` : `${n} ${units[name].name}s`;
      expect(parseOffset(text)).toEqual({ n, unit: name });
    }),
    { numRuns: 2_500 },
  );
});

test("a tolerance is about as long as its unit is, whatever it is written in", () => {
  const day = durationMs("P1D");
  expect(durationMs("PT24H")).toBe(day);
  expect(durationMs("-P2W")).toBe(durationMs("14 working days"));
  for (const year of ["P1Y", "P12M", "6 half-terms", "3 terms", "1 academic year"]) {
    const share = durationMs(year) / (365 * day);
    expect([year, share > 0.9 && share < 1.1]).toEqual([year, true]);
  }
});
