import fc from "fast-check";
import { calendar } from "./calendar";
import { addToPartial, comparePartial, dueOn, formatDate, formatInstant, parsePartialDate } from "./dates";
import { dayOf, FIRST_DAY, LAST_DAY, parseDay, partsOfDay, textOfDay, weekdayOf } from "./epochDay";

const plain = calendar({ zone: "Europe/London", terms: [], closures: [] });
const years = { min: dayOf("1900-01-01"), max: dayOf("2199-12-31") };
const partial = fc
  .tuple(fc.integer(years), fc.constantFrom(4, 7, 10))
  .map(([day, length]) => textOfDay(day).slice(0, length));

test("a month in the source is a month, due on its last day", () => {
  expect(parsePartialDate("2023-10")).toEqual({ precision: "month", first: "2023-10-01", last: "2023-10-31" });
  expect(parsePartialDate("2023")).toEqual({ precision: "year", first: "2023-01-01", last: "2023-12-31" });
  expect(parsePartialDate("2023-10-31")).toEqual({ precision: "day", first: "2023-10-31", last: "2023-10-31" });
  expect(dueOn("2024-02")).toBe("2024-02-29");
});

test.each([
  "2023-02-30",
  "2023-02-29",
  "1900-02-29",
  "2023-13",
  "2023-00",
  "2023-04-31",
  "2023-04-00",
  "0000",
  "0000-01",
  "0000-01-01",
  "23",
  "2023-1",
  "2023-10-1",
  "31/10/2023",
  "2023-10-31T00:00",
  "",
  " 2023",
])("%p is no date", (text) => {
  expect(parsePartialDate(text)).toBeUndefined();
  expect(() => dueOn(text)).toThrow(RangeError);
});

test("one date is before another only where no reading turns them round", () => {
  expect(comparePartial("2023-09", "2023-10")).toBe("before");
  expect(comparePartial("2024", "2023-10-31")).toBe("after");
  expect(comparePartial("2023-10", "2023-10-31")).toBe("cannotTell");
  expect(comparePartial("2023", "2023-10")).toBe("cannotTell");
  expect(comparePartial("2023-10", "2023-10")).toBe("same");
});

test("comparing turns round with its arguments", () => {
  const turned = { before: "after", after: "before", same: "same", cannotTell: "cannotTell" };
  fc.assert(fc.property(partial, partial, (a, b) => expect(comparePartial(b, a)).toBe(turned[comparePartial(a, b)])));
});

test("a year on from October 2023 is October 2024, and a month from January 2024 is February", () => {
  expect(addToPartial("2023-10", "P1Y", plain)).toBe("2024-10");
  expect(addToPartial("2024-01", "P1M", plain)).toBe("2024-02");
  expect(addToPartial("2024", "P1Y", plain)).toBe("2025");
  expect(addToPartial("2024-02-29", "P1Y", plain)).toBe("2025-02-28");
  expect(addToPartial("2023-10", "P7D", plain)).toBe("2023-11");
});

test("adding keeps the precision, and a period added and taken away again comes back to a month", () => {
  const offsets = fc.constantFrom("P1Y", "P3M", "-P60D", "P2W", "10 working days", "1 term");
  fc.assert(
    fc.property(partial, offsets, (date, offset) => {
      expect(parsePartialDate(addToPartial(date, offset, plain))?.precision).toBe(parsePartialDate(date)?.precision);
    }),
  );
  fc.assert(
    fc.property(partial, fc.integer({ min: 1, max: 40 }), (date, n) => {
      const month = `${date.slice(0, 4)}-06`;
      expect(addToPartial(addToPartial(month, `P${n}M`, plain), `-P${n}M`, plain)).toBe(month);
    }),
  );
});

test("dates are written as people write them", () => {
  expect(formatDate("2023-10-31")).toBe("31 October 2023");
  expect(formatDate("2023-10")).toBe("October 2023");
  expect(formatDate("2023")).toBe("2023");
  expect(formatDate("2023-10-31", "de-DE")).toBe("31. Oktober 2023");
});

test("instants are written on the clock of the school", () => {
  expect(formatInstant("2027-05-04T07:00:00.000Z", "Europe/London")).toBe("Tuesday 4 May 2027, 8:00");
  expect(formatInstant("2027-01-04T14:05:00Z", "Europe/London")).toBe("Monday 4 January 2027, 14:05");
  expect(formatInstant("2027-07-01T23:30:00Z", "Europe/London")).toBe("Friday 2 July 2027, 0:30");
});

test("every day of the years 1 to 9999 has one text, and the text leads back to it", () => {
  expect([textOfDay(FIRST_DAY), textOfDay(LAST_DAY)]).toEqual(["0001-01-01", "9999-12-31"]);
  fc.assert(
    fc.property(fc.integer({ min: FIRST_DAY, max: LAST_DAY }), (day) => {
      expect(parseDay(textOfDay(day))).toBe(day);
      expect(new Date(day * 86_400_000).toISOString().slice(0, 10)).toBe(textOfDay(day));
      expect((new Date(day * 86_400_000).getUTCDay() + 6) % 7).toBe(weekdayOf(day));
      expect(partsOfDay(day).day).toBe(new Date(day * 86_400_000).getUTCDate());
    }),
    { numRuns: 1_000 },
  );
});
