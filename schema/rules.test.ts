import type { Condition, Conditions, Who, Whos } from "./definition";
import { fieldsNamed } from "./rules";

/** By the form of `Who`: one that finds its persons by the field `by`, or by no field of the record. */
const who: { [K in keyof Whos]: [who: Whos[K], names: string[]] } = {
  role: [{ role: "clerk" }, []],
  field: [{ field: "by" }, ["by"]],
  relation: [{ relation: "lineManager", of: "by" }, ["by"]],
  group: [{ group: "away" }, []],
  rolesIn: [{ rolesIn: "by" }, ["by"]],
  task: [{ task: "look" }, []],
  anyone: [{ anyone: true }, []],
  system: [{ system: true }, []],
};
const seen: Condition = { eq: [{ field: "day" }, { outer: "by" }] };
const via = "note.of";

/** By the form of a condition: those by whose fields its answer may change. */
const named: { [K in keyof Conditions]: [condition: Conditions[K], names: string[]][] } = {
  eq: [
    [{ eq: [{ field: "by" }, 1] }, ["by"]],
    [{ eq: [{ size: { field: "by" } }, { plus: [{ field: "on" }, "P1D"] }] }, ["by", "on"]],
    [{ eq: [{ size: { field: "on" } }, { holders: { rolesIn: "by" }, percent: 50 }] }, ["on", "by"]],
  ],
  ne: [[{ ne: [{ field: "by.part" }, 1] }, ["by"]]],
  lt: [[{ lt: [1, { field: "by" }] }, ["by"]]],
  le: [[{ le: [{ added: [{ field: "by" }, { actor: true }] }, 1] }, ["by"]]],
  gt: [[{ gt: [{ today: true }, { field: "by" }] }, ["by"]]],
  ge: [[{ ge: [{ form: "by" }, { field: "on" }] }, ["on"]]],
  in: [[{ in: [{ field: "by" }, ["a"]] }, ["by"]]],
  empty: [[{ empty: { field: "by" } }, ["by"]]],
  contains: [[{ contains: [{ field: "by" }, "a"] }, ["by"]]],
  includes: [[{ includes: [{ field: "on" }, { field: "by" }] }, ["on", "by"]]],
  phrase: [[{ phrase: { in: "by", of: ["a"] } }, ["by"]]],
  holds: Object.values(who).map(([one, names]: [Who, string[]]) => [
    { holds: [{ field: "lead" }, [one]] },
    ["lead", ...names],
  ]),
  exists: [
    [{ exists: { via: "by" } }, ["by"]],
    [{ exists: { via, where: seen } }, ["by"]],
    [{ exists: { type: "note", match: { of: { field: "on" } }, where: seen } }, ["on", "by"]],
  ],
  none: [[{ none: { via, where: { not: seen } } }, ["by"]]],
  every: [
    [{ every: { via, satisfies: seen } }, ["by"]],
    [{ every: { via, where: seen, satisfies: { empty: { field: "other" } } } }, ["by"]],
  ],
  count: [[{ count: { via, where: { any: [seen] } }, atLeast: 1 }, ["by"]]],
  all: [[{ all: [{ empty: { field: "by" } }, { empty: { field: "on" } }] }, ["by", "on"]]],
  any: [[{ any: [{ empty: { field: "by" } }] }, ["by"]]],
  not: [[{ not: { empty: { field: "by" } } }, ["by"]]],
};

test.each(Object.values(named).flat())(
  "%j is asked again where what it reads of the record changes",
  (condition, names) => {
    expect(fieldsNamed(condition)).toEqual(names);
  },
);
