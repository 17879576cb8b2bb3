import { closedOn, shownOn, weeksOf } from "./range";

const terms = [
  { name: "Autumn term", from: "2026-09-02", to: "2026-12-18" },
  { name: "Spring term 2027", from: "2027-01-04", to: "2027-03-25" },
];

test("a term is shown with the holidays before it, and the last one with those after", () => {
  expect(shownOn("term", "2026-11-24", terms)).toEqual({
    title: "Autumn term 2026",
    from: "2026-09-02",
    to: "2026-12-18",
    before: undefined,
    after: "2027-01-04",
  });
  expect(shownOn("term", "2026-12-25", terms)).toMatchObject({
    title: "Spring term 2027",
    from: "2026-12-19",
    to: "2027-05-25",
    before: "2026-09-02",
  });
});

test("beyond the known terms a term is a month, and a school year turns in September", () => {
  expect(shownOn("term", "2027-06-10", terms)).toMatchObject({
    title: "June 2027",
    from: "2027-06-01",
    to: "2027-06-30",
  });
  expect(shownOn("year", "2027-08-31", terms)).toMatchObject({ from: "2026-09-01", to: "2027-08-31" });
  expect(shownOn("month", "2027-01-31", [])).toMatchObject({ before: "2026-12-01", after: "2027-02-01" });
});

test("weeks are whole, and a day without school says why", () => {
  const weeks = weeksOf("2026-09-02", "2026-09-14");
  expect([weeks.length, weeks[0]?.[0], weeks.at(-1)?.[6]]).toEqual([3, "2026-08-31", "2026-09-20"]);
  const school = { terms, closures: [{ name: "Half-term", from: "2026-10-26", to: "2026-10-30" }] };
  expect(["2026-10-27", "2026-12-25", "2026-11-24"].map((date) => closedOn(date, school))).toEqual([
    "Half-term",
    "Holidays",
    undefined,
  ]);
});
