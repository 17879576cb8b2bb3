import fc from "fast-check";
import { dayOf, textOfDay } from "./epochDay";
import { DAY_MS, localOf, MINUTE_MS, msOf, timeText, zone } from "./zone";

const zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"];
const instant = (iso: string) => Date.parse(iso);
const at = (name: string, date: string, time: string) => new Date(zone(name).at(dayOf(date), msOf(time))).toISOString();

/** The same answer by another road: what the browser's own calendar shows for an instant. */
function shown(name: string) {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short", timeStyle: "short" });
  return (epochMs: number) => format.format(epochMs);
}

describe.each(zones)("in %s", (name) => {
  const here = zone(name);

  test("no local date is lost or doubled from 2010 to 2035, clock changes and all", () => {
    const faults: string[] = [];
    for (let day = dayOf("2010-01-01"); day < dayOf("2035-01-01"); day++) {
      const [midnight, next] = [here.at(day, 0), here.at(day + 1, 0)];
      const hours = (next - midnight) / (60 * MINUTE_MS);
      const whole = here.local(midnight).day === day && here.local(next - 1).day === day;
      if (!whole || hours < 23 || hours > 25) faults.push(`${textOfDay(day)} lasts ${hours} hours`);
    }
    // Apia left that day out when it crossed the date line.
    expect(faults).toEqual(name === "Pacific/Apia" ? ["2011-12-30 lasts 0 hours"] : []);
  });

  test("the local time of any instant is what the platform's own formatter shows", () => {
    const show = shown(name);
    fc.assert(
      fc.property(
        fc.integer({ min: instant("2005-01-01T00:00:00Z"), max: instant("2037-12-31T00:00:00Z") }),
        (epochMs) => {
          const { day, ms } = here.local(epochMs);
          expect(`${textOfDay(day)} ${timeText(ms)}`).toBe(show(epochMs));
        },
      ),
    );
  });

  test("a local time leads to its instant and back, minute by minute through both clock changes of a year", () => {
    for (const [from, to] of [
      ["2027-03-13", "2027-04-05"],
      ["2027-10-02", "2027-11-08"],
    ] as const) {
      let misses = 0;
      for (let day = dayOf(from); day <= dayOf(to); day++) {
        for (let ms = 0; ms < DAY_MS; ms += 15 * MINUTE_MS) {
          const back = here.local(here.at(day, ms));
          if (back.day !== day || back.ms !== ms) misses++;
        }
      }
      // Only the quarter hours that the clocks skip come back shifted: an hour of them, half an hour on Lord Howe.
      expect([0, 2, 4]).toContain(misses);
    }
  });
});

test("a time that the clocks skip is shifted forward, and of one that comes twice the first is meant", () => {
  expect(at("Europe/London", "2027-03-28", "01:30")).toBe("2027-03-28T01:30:00.000Z");
  expect(at("Europe/London", "2027-10-31", "01:30")).toBe("2027-10-31T00:30:00.000Z");
  expect(at("Australia/Lord_Howe", "2027-10-03", "02:15")).toBe("2027-10-02T15:45:00.000Z");
  expect(at("Pacific/Apia", "2011-12-30", "08:00")).toBe("2011-12-30T18:00:00.000Z");
});

test("eight o'clock follows the clocks, and 24:00 is the next day's midnight", () => {
  expect(at("Europe/London", "2027-03-27", "08:00")).toBe("2027-03-27T08:00:00.000Z");
  expect(at("Europe/London", "2027-03-28", "08:00")).toBe("2027-03-28T07:00:00.000Z");
  expect(at("Europe/London", "2027-10-30", "24:00")).toBe("2027-10-30T23:00:00.000Z");
  expect(at("Europe/London", "9999-12-31", "24:00")).toBe("+010000-01-01T00:00:00.000Z");
});

test("seconds and milliseconds of an instant are kept", () => {
  expect(localOf("2027-07-01T07:00:05.250Z", "Europe/London")).toEqual({
    day: dayOf("2027-07-01"),
    ms: 8 * 60 * MINUTE_MS + 5_250,
  });
  expect(zone("Europe/London").local(-1)).toEqual({ day: 0, ms: 60 * MINUTE_MS - 1 });
});

test("more days than are remembered are still answered", () => {
  const here = zone("Europe/London");
  for (let day = 0; day < 13_000; day++) here.local(here.at(day, 0));
  expect(here.local(here.at(5, 0))).toEqual({ day: 5, ms: 0 });
});

test.each(["8:00", "25:00", "24:01", "08:60", "", "noon"])("%p is no time of day", (time) => {
  expect(() => msOf(time)).toThrow(RangeError);
});

test("an unknown zone is refused", () => {
  expect(() => zone("Europe/Atlantis")).toThrow(RangeError);
});
