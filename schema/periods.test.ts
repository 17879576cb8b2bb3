import { namedPeriods, periodBefore, periodLabel, periodOn } from "./periods";

const terms = [
  { name: "Spring", from: "2027-01-04", to: "2027-03-24" },
  { name: "Autumn term 2026", from: "2026-09-02", to: "2026-12-18" },
];

test("a term is told of with the holidays after it, and a year with its summer", () => {
  expect(namedPeriods(terms)).toEqual([
    { kind: "term", label: "Spring 2027", from: "2027-01-04", to: "2027-04-07" },
    { kind: "term", label: "Autumn term 2026", from: "2026-09-02", to: "2027-01-03" },
    { kind: "year", label: "School year 2026 to 2027", from: "2026-09-01", to: "2027-08-31" },
  ]);
});

test("today is in the term whose holidays it falls into; without terms, in a school year", () => {
  expect(periodOn(terms, "2026-12-27").label).toBe("Autumn term 2026");
  expect(periodOn(terms, "2027-06-01").label).toBe("School year 2026 to 2027");
  expect(periodOn([], "2026-08-31")).toMatchObject({ from: "2025-09-01", to: "2026-08-31" });
});

test("a term stands beside the one before, a year beside a year, other days beside as many", () => {
  const [spring, autumn, year] = namedPeriods(terms);
  expect(spring && periodBefore(terms, spring)).toEqual({ from: autumn?.from, to: autumn?.to });
  expect(year && periodBefore(terms, year)).toMatchObject({ from: "2025-09-01", to: "2026-08-31" });
  expect(periodBefore(terms, { from: "2026-10-01", to: "2026-10-31" })).toEqual({
    from: "2026-08-31",
    to: "2026-09-30",
  });
  expect(autumn && periodBefore(terms, autumn)).toEqual({ from: "2026-05-01", to: "2026-09-01" });
});

test("a period is called what it is called, else by its days", () => {
  expect(periodLabel(terms, { from: "2026-09-02", to: "2027-01-03" })).toBe("Autumn term 2026");
  expect(periodLabel(terms, { from: "2026-09-02", to: "2026-12-18" })).toBe("2 September 2026 to 18 December 2026");
});
