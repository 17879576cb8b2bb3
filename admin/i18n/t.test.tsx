/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
import { asNamed, distance, listed, longDate, longInstant } from "../words";
import { languages } from "./languages";
import { i18nProvider } from "./reactAdmin";
import { english, plural, speak, t } from "./t";

const welsh = languages["cy"] ?? english;
afterEach(() => speak(english, {}));

test("English needs no catalogue", () => {
  expect(t`Nothing to do before ${"4 May"}.`).toBe("Nothing to do before 4 May.");
  expect([0, 1, 2, 1200].map((n) => plural(n, "# clock of {0}", "# clocks of {0}", "Ada"))).toEqual([
    "0 clocks of Ada",
    "1 clock of Ada",
    "2 clocks of Ada",
    "1,200 clocks of Ada",
  ]);
});

test("another language orders the values of a sentence as it likes", () => {
  speak(welsh, { "{0} for {1}": "{1}: {0}" });
  expect(t`${"Ben"} for ${"Ada"}`).toBe("Ada: Ben");
});

test("a number takes the form that the language's own rules give it, or else the common one", () => {
  speak(welsh, { "# dogs": { one: "# ci", two: "# gi", few: "# chi", many: "# chi", other: "# ci" } });
  expect([0, 1, 2, 3, 5, 6, 10].map((n) => plural(n, "# dog", "# dogs"))).toEqual([
    "0 ci",
    "1 ci",
    "2 gi",
    "3 chi",
    "5 ci",
    "6 chi",
    "10 ci",
  ]);
});

test("what a catalogue does not say stays English", () => {
  speak(welsh, { "Not yet": "" });
  expect(t`Not yet`).toBe("Not yet");
  expect(t`Saved.`).toBe("Saved.");
  expect([1, 3].map((n) => plural(n, "# thing", "# things"))).toEqual(["1 thing", "3 things"]);
});

test("elements stand where the sentence of the language has them", () => {
  speak(welsh, { "Read {0} first.": "Yn gyntaf, {0}." });
  render(<p>{t`Read ${(<a href="#text">{"the text"}</a>)} first.`}</p>);
  expect(screen.getByRole("link").textContent).toBe("the text");
  expect(screen.getByRole("paragraph").textContent).toBe("Yn gyntaf, the text.");
});

test("dates, distances and lists are as the language has them", () => {
  expect([longDate("2027-05-04"), longDate("2027-05"), longDate("soon")]).toEqual([
    "Tuesday 4 May 2027",
    "May 2027",
    "soon",
  ]);
  expect(
    ["2027-05-03", "2027-05-04", "2027-05-05", "2027-05-16", "2027-09-01"].map((on) => distance(on, "2027-05-04")),
  ).toEqual(["yesterday", "today", "tomorrow", "in 12 days", undefined]);
  expect(listed(["Ada", "Ben", "Cho"])).toBe("Ada, Ben and Cho");
  expect(listed(["Where was it?", "Care plan", "DBS number"].map(asNamed))).toBe(
    "“Where was it?”, care plan and DBS number",
  );
  speak(welsh, {
    Tuesday: "Dydd Mawrth",
    May: "Mai",
    "in # days": { two: "ymhen # ddiwrnod", other: "ymhen # diwrnod" },
  });
  expect(longInstant("2027-05-04T07:05:00.000Z", "Europe/London")).toBe("Dydd Mawrth 4 Mai 2027, 8:05");
  expect([6, 7].map((day) => distance(`2027-05-0${day}`, "2027-05-04"))).toEqual([
    "ymhen 2 ddiwrnod",
    "ymhen 3 diwrnod",
  ]);
});

test("what react-admin says comes from the same catalogue, with blanks and forms of its own", () => {
  const { translate } = i18nProvider;
  expect(translate("ra.page.create", { name: "kite" })).toBe("Create kite");
  expect([1, 3].map((n) => translate("ra.notification.updated", { smart_count: n }))).toEqual([
    "Element updated",
    "3 elements updated",
  ]);
  expect([translate("own.key", { _: "Said instead" }), translate("own.key")]).toEqual(["Said instead", "own.key"]);
  speak(welsh, { "Something went wrong": "Aeth rhywbeth o’i le" });
  expect(translate("ra.page.error")).toBe("Aeth rhywbeth o’i le");
});
