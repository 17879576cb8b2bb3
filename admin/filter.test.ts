import type { Condition } from "../schema/definition";
import { translate } from "./filter";
import { scopeIn } from "./session";
import { sessionOf } from "./test/memoryProvider";
import { kite } from "./test/kites";

const of = (condition: Condition) =>
  translate(condition, { ...scopeIn(sessionOf([kite]), kite), today: "2027-03-01", actor: "p1" });
const flight = { field: "nextFlight" };

test("a view's condition becomes the API's filter, with today and the person filled in", () => {
  const condition: Condition = {
    all: [
      { in: [{ field: "state" }, ["flying"]] },
      { lt: [flight, { plus: [{ today: true }, "P1M"] }] },
      { eq: [{ field: "pilot" }, { actor: true }] },
    ],
  };
  expect(of(condition)).toEqual({
    filter: { and: [{ state: { in: ["flying"] } }, { nextFlight: { lt: "2027-04-01" } }, { pilot: { eq: "p1" } }] },
    exact: true,
  });
});

test("a comparison of two fields is left to the caller, and never lets through too little", () => {
  const two: Condition = { lt: [flight, { field: "lastFlight" }] };
  expect(of({ all: [{ empty: flight }, two] })).toEqual({ filter: { nextFlight: { empty: true } }, exact: false });
  expect(of({ any: [{ empty: flight }, two] })).toEqual({ filter: undefined, exact: false });
  expect(of({ not: two })).toEqual({ filter: undefined, exact: false });
  // Negated, "both" is "either": leaving one out must leave all of it out.
  expect(of({ not: { all: [{ empty: flight }, two] } })).toEqual({ filter: undefined, exact: false });
});
