import fc from "fast-check";
import {
  fieldsArbitrary,
  rowConditionArbitrary,
  sampleType,
  stateArbitrary,
  surroundingsArbitrary,
} from "../test/arbitraries";
import { Missing } from "./missing";
import { evaluate, isAmong, ownFigures, plainCalendar, type NormalCondition, pushNot, valueOf } from "./condition";
import type { Scope } from "./scope";
import type { Condition, RecordType, Value } from "./definition";
import { parsePartialDate } from "./dates";
import type { Fields, RecordData } from "./record";

const record = (fields: Fields, state = "open", type = "sample"): RecordData => ({
  id: "01JAN00000000000000000000R",
  type,
  organisation: "01JAN00000000000000000000S",
  reference: "S-1",
  title: "",
  state,
  entered: {},
  definitionVersion: 1,
  version: 1,
  createdAt: "2027-01-01T00:00:00.000Z",
  updatedAt: "2027-01-01T00:00:00.000Z",
  createdBy: null,
  historySeq: 0,
  historyHash: null,
  fields,
});
const scope = (fields: Fields, more: Partial<Scope> = {}): Scope => ({
  record: record(fields),
  type: sampleType,
  today: "2027-03-28",
  actor: null,
  settings: ownFigures(sampleType),
  calendar: plainCalendar,
  ...more,
});
const scopes = fc
  .record({ fields: fieldsArbitrary, state: stateArbitrary, around: surroundingsArbitrary })
  .map(({ fields, state, around }): Scope => ({ record: record(fields, state), type: sampleType, ...around }));

describe("a comparison", () => {
  const cases: [string, Condition, Fields, boolean][] = [
    ["with an empty field is false", { eq: [{ field: "name" }, "a"] }, { name: null }, false],
    ["for unequal with an empty field is false too", { ne: [{ field: "name" }, "a"] }, { name: null }, false],
    ["of two empty fields is false", { eq: [{ field: "name" }, { field: "note" }] }, {}, false],
    ["negated is plain negation", { not: { eq: [{ field: "name" }, "a"] } }, { name: null }, true],
    ["ignores blanks at the end of a literal", { eq: [{ field: "name" }, "a "] }, { name: "a" }, true],
    ["takes both forms of an accent as one", { eq: [{ field: "name" }, "e\u0301"] }, { name: "é" }, true],
    ["tells case apart", { eq: [{ field: "name" }, "A"] }, { name: "a" }, false],
    ["tells text that looks like one number apart", { eq: [{ field: "name" }, "1.0"] }, { name: "1.00" }, false],
    ["knows no after false: no is a value", { eq: [{ field: "agreed" }, false] }, { agreed: false }, true],
    ["of decimals is exact", { eq: [{ field: "share" }, 0.1] }, { share: "0.10" }, true],
    ["of decimals goes by size, not by text", { lt: [{ field: "share" }, 10] }, { share: "9.50" }, true],
    ["puts October before November", { lt: [{ field: "reviewBy" }, "2023-11-01"] }, { reviewBy: "2023-10" }, true],
    [
      "cannot put October before its own 31st",
      { lt: [{ field: "reviewBy" }, "2023-10-31"] },
      { reviewBy: "2023-10" },
      false,
    ],
    [
      "puts October no later than its 31st",
      { le: [{ field: "reviewBy" }, "2023-10-31"] },
      { reviewBy: "2023-10" },
      true,
    ],
    [
      "cannot put October no later than its 30th",
      { le: [{ field: "reviewBy" }, "2023-10-30"] },
      { reviewBy: "2023-10" },
      false,
    ],
    ["puts October no later than October", { le: [{ field: "reviewBy" }, "2023-10"] }, { reviewBy: "2023-10" }, true],
    [
      "puts its 1st no earlier than October's end",
      { ge: [{ field: "startsOn" }, "2023-10"] },
      { startsOn: "2023-10-31" },
      true,
    ],
    [
      "tells instants of the doubled hour apart",
      { lt: [{ field: "heldAt" }, "2027-10-31T01:30:00.000Z"] },
      { heldAt: "2027-10-31T00:30:00.000Z" },
      true,
    ],
  ];
  test.each(cases)("%s", (_name, condition, fields, expected) => {
    expect(evaluate(condition, scope(fields))).toBe(expected);
  });
});

test("contains does not mind case and accents, and finds nothing by a blank", () => {
  const fields = { note: "Élan  vital" };
  expect(evaluate({ contains: [{ field: "note" }, "ELAN VIT"] }, scope(fields))).toBe(true);
  expect(evaluate({ contains: [{ field: "note" }, " "] }, scope(fields))).toBe(false);
});

test("an empty value in a list of literals is not found", () => {
  expect(evaluate({ in: [{ field: "name" }, ["", null, "a"]] }, scope({ name: null }))).toBe(false);
});

describe("values", () => {
  const value = (of: Value, more: Partial<Scope> = {}, fields: Fields = {}) => valueOf(of, scope(fields, more));

  test("a month and a year is the same month a year on", () => {
    expect(value({ plus: [{ field: "reviewBy" }, "P1Y"] }, {}, { reviewBy: "2023-10" })).toBe("2024-10");
  });
  test("a school day cannot be added without a school", () => {
    expect(value({ plus: [{ today: true }, "2 school days"] })).toBeNull();
  });
  test("the calendar given adds what it is asked to", () => {
    const calendar = {
      add: (date: string, offset: string) => ({ date: offset === "2 school days" ? "2027-04-13" : date }),
    };
    expect(value({ plus: [{ today: true }, "2 school days"] }, { calendar })).toBe("2027-04-13");
  });
  test("hours are added to instants, days are not", () => {
    const fields = { heldAt: "2027-10-31T00:30:00.000Z" };
    expect(value({ plus: [{ field: "heldAt" }, "PT1H"] }, {}, fields)).toBe("2027-10-31T01:30:00.000Z");
    expect(value({ plus: [{ field: "heldAt" }, "P1D"] }, {}, fields)).toBeNull();
  });
  test("a sum beyond the calendar is empty, not an error", () => {
    expect(value({ plus: ["9999-12-31", "P1D"] })).toBeNull();
  });
  test("a figure is the school's, also in conditions about other records", () => {
    expect(value({ setting: "limit" }, { settings: { limit: 12 } })).toBe(12);
    const where: Condition = { ge: [{ field: "places" }, { setting: "limit" }] };
    const asking = scope({}, { settings: { limit: 12 } });
    expect(isAmong({ via: "x", where }, sampleType, record({ places: 11 }), asking)).toBe(false);
    expect(isAmong({ via: "x", where }, sampleType, record({ places: 12 }), asking)).toBe(true);
  });
  test("a quorum rounds a share of persons up, and asks nobody beyond it", () => {
    const holders = (n: number) => ({ holders: { "role:governor": Array.from({ length: n }, (_, i) => `${i}`) } });
    const quorum = (percent: number) => ({ holders: { role: "governor" }, percent });
    expect(value(quorum(50), { facts: holders(7) })).toBe(4);
    expect(value(quorum(7), { facts: holders(100) })).toBe(7);
    expect(value(quorum(50))).toBe(0);
  });
  test("an answer of blanks is empty, and a list counts its entries", () => {
    const form = { why: "  ", present: ["a", "b"] };
    expect(value({ form: "why" }, { form })).toBeNull();
    expect(value({ size: { form: "present" } }, { form })).toBe(2);
    expect(value({ size: { form: "absent" } }, { form })).toBe(0);
  });
  test("a dotted path follows a link, or reads into a risk", () => {
    const policy = record({ reviewBy: "2027-10" }, "ratified");
    // Before a change it leads to where it led then.
    const left = { ...record({ reviewBy: "2025-01" }), id: "01JAN00000000000000000000T" };
    const facts = { linked: { [policy.id]: policy, [left.id]: left, gone: null } };
    expect(value({ field: "policy.reviewBy" }, { facts }, { policy: policy.id })).toBe("2027-10");
    expect(value({ field: "policy.state" }, { facts }, { policy: policy.id })).toBe("ratified");
    expect(value({ field: "policy.reviewBy" }, { facts }, { policy: left.id })).toBe("2025-01");
    expect(value({ field: "policy.reviewBy" }, { facts }, { policy: "gone" })).toBeNull();
    expect(value({ field: "policy.reviewBy" }, { facts }, { policy: null })).toBeNull();
    expect(() => value({ field: "policy.reviewBy" }, { facts }, { policy: "elsewhere" })).toThrow(Missing);
    expect(value({ field: "risk.level" }, {}, { risk: { likelihood: 1, impact: 2, level: "low" } })).toBe("low");
    expect(value({ field: "policy.reviewBy" })).toBeNull();
  });
});

/** What was to be counted. */
function countIn(error: unknown) {
  const [need] = error instanceof Missing ? error.needs : [];
  if (!need || !("count" in need)) throw error;
  return need;
}

describe("records along a link", () => {
  const via = "lesson.incident";
  const open: Condition = { eq: [{ field: "state" }, "open"] };
  const lessons = (...states: string[]) =>
    scope({}, { facts: { counts: {}, linked: Object.fromEntries(states.map((state, n) => [n, record({}, state)])) } });
  /** Counts what is asked for, and asks again, as a store does. */
  const answer = (condition: Condition | NormalCondition, given: Scope): boolean => {
    const { counts = {}, linked = {} } = given.facts ?? {};
    try {
      return evaluate(condition, given);
    } catch (error) {
      const { count, scope: asking } = countIn(error);
      const { related, most, key } = count;
      const among = Object.values(linked).filter((one) => one && isAmong(related, sampleType, one, asking));
      counts[key] = Math.min(most, among.length);
      return answer(condition, given);
    }
  };

  test("exist, or do not, by their own state", () => {
    expect(answer({ exists: { via, where: open } }, lessons("closed", "open"))).toBe(true);
    expect(answer({ none: { via, where: open } }, lessons("closed"))).toBe(true);
    expect(answer({ exists: { via } }, lessons())).toBe(false);
  });
  test("exist where it is not so that there are none", () => {
    for (const some of [lessons(), lessons("open")]) {
      const exists = answer({ exists: { via } }, some);
      expect(answer(pushNot({ not: { exists: { via } } }), some)).toBe(!exists);
      expect(answer(pushNot({ not: { none: { via } } }), some)).toBe(exists);
    }
  });
  test("all satisfy a condition where there are none", () => {
    expect(answer({ every: { via, satisfies: open } }, lessons())).toBe(true);
    expect(answer({ every: { via, satisfies: open } }, lessons("open", "closed"))).toBe(false);
  });
  test("are counted between bounds that a setting may give", () => {
    const two = lessons("open", "open");
    expect(answer({ count: { via }, atLeast: 2, atMost: 2 }, two)).toBe(true);
    expect(answer({ count: { via }, atLeast: { setting: "limit" } }, two)).toBe(false);
  });
  test.each([0.5, 1.5, 2.5, 1e21, -3])("are asked for in whole numbers, whatever figure is set: %p", (limit) => {
    const { facts } = lessons("open", "open");
    const given = scope({}, { ...(facts && { facts }), settings: { limit } });
    for (const bound of ["atLeast", "atMost"] as const) {
      const condition: Condition = { count: { via }, [bound]: { setting: "limit" } };
      expect(answer(condition, given)).toBe(bound === "atLeast" ? limit <= 2 : limit >= 2);
      const asked = Object.keys(facts?.counts ?? {}).map((key) => (JSON.parse(key) as [string, number])[1]);
      expect(asked.every((most) => Number.isSafeInteger(most) && most > 0)).toBe(true);
    }
  });
  test("are counted again for another day where the day counts", () => {
    const due: Condition = { lt: [{ field: "reviewBy" }, { today: true }] };
    const { facts } = lessons("open");
    const of = (today: string) => ({ ...scope({}, facts ? { facts } : {}), today });
    const keys = new Set<string>();
    for (const today of ["2027-01-01", "2027-02-01"])
      for (const where of [due, open])
        try {
          evaluate({ exists: { via, where } }, of(today));
        } catch (error) {
          keys.add(countIn(error).count.key);
        }
    expect(keys.size).toBe(3);
  });
});

test("a phrase is found in a document's text, whatever its case", () => {
  const type: RecordType = { ...sampleType, fields: { text: { kind: "document", label: "Text" } } };
  const facts = { texts: { v1: "Insert SCHOOL name here" } };
  const has = (...of: string[]) => {
    const text = { latest: { id: "v1", number: 1, hash: "" } };
    return evaluate({ phrase: { in: "text", of } }, scope({ text }, { type, facts }));
  };
  expect(has("insert school name")).toBe(true);
  expect(has("", "template")).toBe(false);
});

describe("whatever the row and the condition", () => {
  const property = (check: (condition: Condition, scope: Scope) => boolean) =>
    fc.assert(fc.property(rowConditionArbitrary, scopes, check), { numRuns: 500 });
  const onlyLeavesNegated = (condition: NormalCondition): boolean => {
    if ("all" in condition) return condition.all.every(onlyLeavesNegated);
    if ("any" in condition) return condition.any.every(onlyLeavesNegated);
    return !("not" in condition) || !("all" in condition.not || "any" in condition.not || "not" in condition.not);
  };

  test("a double negation changes nothing", () => {
    property((condition, scope) => evaluate({ not: { not: condition } }, scope) === evaluate(condition, scope));
  });
  test("a negation is the opposite", () => {
    property((condition, scope) => evaluate({ not: condition }, scope) !== evaluate(condition, scope));
  });
  test("pushing negations to the leaves changes nothing, and leaves none elsewhere", () => {
    property((condition, scope) => {
      const pushed = pushNot({ not: condition });
      return onlyLeavesNegated(pushed) && evaluate(pushed, scope) !== evaluate(condition, scope);
    });
  });
  test("De Morgan holds", () => {
    fc.assert(
      fc.property(fc.array(rowConditionArbitrary, { maxLength: 4 }), scopes, (parts, scope) => {
        const nots = parts.map((not): Condition => ({ not }));
        return (
          evaluate({ not: { all: parts } }, scope) === evaluate({ any: nots }, scope) &&
          evaluate({ not: { any: parts } }, scope) === evaluate({ all: nots }, scope)
        );
      }),
    );
  });
  test("equal and unequal are both false with an empty value, and opposite otherwise", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sampleType.fields)), scopes, (name, scope) => {
        const own: Value = { field: name };
        const other: Value = { field: name === "name" ? "note" : "name" };
        const empty = valueOf(own, scope) === null || valueOf(other, scope) === null;
        const [eq, ne] = [evaluate({ eq: [own, other] }, scope), evaluate({ ne: [own, other] }, scope)];
        return empty ? !eq && !ne : eq !== ne;
      }),
    );
  });
  test("of two dates at most one comes first, and then it does not come later", () => {
    const dates = fc.constantFrom("2023", "2023-10", "2023-10-31", "2023-11-01", "2024", "2024-02-29", "2022-12");
    fc.assert(
      fc.property(dates, dates, (a, b) => {
        const is = (how: "lt" | "le" | "gt" | "ge") => evaluate({ [how]: [a, b] } as Condition, scope({}));
        const [x, y] = [parsePartialDate(a), parsePartialDate(b)];
        const certain = x !== undefined && y !== undefined && x.last < y.first;
        return is("lt") === certain && !(is("lt") && is("gt")) && (!is("lt") || is("le")) && !(is("lt") && is("ge"));
      }),
    );
  });
});
