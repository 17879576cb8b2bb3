import { englandAndWales } from "./bankHolidays";
import { dayFromParts, textOfDay, weekdayOf } from "./epochDay";

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayFromParts(year, Math.floor(n / 31), (n % 31) + 1);
}

const mondayFrom = (day: number) => day + ((7 - weekdayOf(day)) % 7);

/** What the standing rules give: fixed days move from a weekend to the next weekday that is free. */
function byRule(year: number): number[] {
  const days = [
    easter(year) - 2,
    easter(year) + 1,
    mondayFrom(dayFromParts(year, 5, 1)),
    mondayFrom(dayFromParts(year, 5, 25)),
    mondayFrom(dayFromParts(year, 8, 25)),
  ];
  const fixed = [dayFromParts(year, 1, 1), dayFromParts(year, 12, 25), dayFromParts(year, 12, 26)];
  days.push(...fixed.filter((day) => weekdayOf(day) < 5));
  for (const day of fixed.filter((weekend) => weekdayOf(weekend) > 4)) {
    let free = day;
    while (weekdayOf(free) > 4 || days.includes(free)) free++;
    days.push(free);
  }
  return days;
}

const added = ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"];
const movedAway = ["2020-05-04", "2022-05-30"];

test("the list is what the rules give, and the days that proclamations added or moved", () => {
  const years = Array.from({ length: 10 }, (_, i) => 2019 + i);
  const rule = years.flatMap(byRule).map(textOfDay);
  const expected = [...rule.filter((date) => !movedAway.includes(date)), ...added].sort();
  expect(englandAndWales.days.map((holiday) => holiday.date)).toEqual(expected);
});

test("the known dates of Easter hold", () => {
  expect([2008, 2019, 2024, 2038].map((year) => textOfDay(easter(year)))).toEqual([
    "2008-03-23",
    "2019-04-21",
    "2024-03-31",
    "2038-04-25",
  ]);
});

test("the names tell a substitute day from the day itself", () => {
  const names = new Map(englandAndWales.days.map((holiday) => [holiday.date, holiday.name]));
  expect(names.get("2022-12-26")).toBe("Boxing Day");
  expect(names.get("2022-12-27")).toBe("Christmas Day (substitute day)");
  expect(names.get("2028-01-03")).toBe("New Year's Day (substitute day)");
  expect(names.get("2027-03-26")).toBe("Good Friday");
});

test("the range is whole years and holds every day", () => {
  for (const { date } of englandAndWales.days) {
    expect(date >= englandAndWales.from && date <= englandAndWales.to).toBe(true);
  }
  expect(englandAndWales.source).toMatch(/^https:\/\/www\.gov\.uk\//);
});
