import type { Condition } from "../../schema/definition";
import { kite } from "../test/kites";
import {
  conditionOf,
  filterable,
  type FilterLine,
  linesOf,
  readFilters,
  waysOf,
  sentenceOf,
  writeFilters,
} from "./filterLines";

const line = (name: string, way: string, value: FilterLine["value"] = null): FilterLine => ({ name, way, value });

test("every way of every field is a condition that is read back as the same sentence", () => {
  const samples: Record<string, FilterLine["value"]> = { wind: "gale", state: "flying", strings: 3 };
  let seen = 0;
  for (const { name } of filterable(kite))
    for (const { way, alone, days } of waysOf(kite, name)) {
      const value = alone ? null : days ? 30 : (samples[name] ?? (name.includes("Flight") ? "2027-07-31" : "p2"));
      const made = conditionOf(kite, { name, way, value });
      expect(made).toBeDefined();
      expect(linesOf(kite, made)).toEqual({ lines: [{ name, way, value }], rest: [] });
      seen += 1;
    }
  expect(seen).toBeGreaterThan(20);
});

test("what no sentence can say is kept apart, and nothing is lost", () => {
  const either: Condition = { any: [{ eq: [{ field: "wind" }, "gale"] }, { empty: { field: "pilot" } }] };
  const where: Condition = {
    all: [{ eq: [{ field: "state" }, "flying"] }, either, { lt: [{ field: "nextFlight" }, { today: true }] }],
  };
  expect(linesOf(kite, where)).toEqual({
    lines: [line("state", "is", "flying"), line("nextFlight", "past")],
    rest: [either],
  });
});

test("sentences are in the definition's words", () => {
  const say = (each: FilterLine) => sentenceOf(kite, each, "Ben Okafor", []);
  expect(say(line("state", "is", "flying"))).toBe("State is In the air");
  expect(say(line("nextFlight", "before", "2027-07-31"))).toBe("Next flight is before 31 July 2027");
  expect(say(line("nextFlight", "within", 30))).toBe("Next flight is in the next 30 days");
  expect(say(line("wind", "isNot", "gale"))).toBe("Wind it needs is not A gale");
  expect(say(line("pilot", "is", "p2"))).toBe("Pilot is Ben Okafor");
  expect(say(line("pilot", "isYou"))).toBe("Pilot is you");
  expect(say(line("name", "contains", "red"))).toBe("Name contains “red”");
  expect(say(line("strings", "least", 2))).toBe("Strings is at least 2 strings");
});

test("an address that somebody made up narrows nothing", () => {
  expect(readFilters("nonsense")).toEqual([]);
  expect(readFilters('{"a":1}')).toEqual([]);
  expect(readFilters('[["state","is",{"a":1}],["state"],7]')).toEqual([]);
  const lines = [line("state", "is", "flying"), line("constructor", "is", "x")];
  expect(readFilters(writeFilters(lines))).toEqual(lines);
  expect(lines.map((each) => conditionOf(kite, each))).toEqual([{ eq: [{ field: "state" }, "flying"] }, undefined]);
});
