import fc from "fast-check";
import { calendar, type CalendarData, type DayKind, describeDistance, type OpenKind } from "./calendar";
import { calendarProblems } from "./calendarData";
import { dayOf, textOfDay } from "./epochDay";
import { Failure } from "./failure";
import { MINUTE_MS } from "./zone";

// Two academic years of a school in Kent; the half-term holidays are closures within the terms.
const kent: CalendarData = {
  zone: "Europe/London",
  terms: [
    { name: "Spring 2027", from: "2027-01-04", to: "2027-03-25" },
    { name: "Autumn 2026", from: "2026-09-01", to: "2026-12-18" },
    { name: "Summer 2027", from: "2027-04-12", to: "2027-07-21" },
    { name: "Autumn 2027", from: "2027-09-01", to: "2027-12-17" },
    { name: "Spring 2028", from: "2028-01-04", to: "2028-03-31" },
    { name: "Summer 2028", from: "2028-04-18", to: "2028-07-21" },
  ],
  closures: [
    { from: "2026-09-01", to: "2026-09-01", kind: "inset", name: "INSET day" },
    { from: "2026-10-26", to: "2026-10-30", kind: "holiday", name: "Autumn half-term" },
    { from: "2026-11-27", to: "2026-11-27", kind: "holiday", name: "Staff conference" },
    { from: "2027-02-15", to: "2027-02-19", kind: "holiday", name: "Spring half-term" },
    { from: "2027-05-31", to: "2027-06-04", kind: "holiday", name: "Summer half-term" },
    { from: "2027-06-14", to: "2027-06-15", kind: "closure", name: "Boiler broken" },
    { from: "2027-10-25", to: "2027-10-29", kind: "holiday", name: "Autumn half-term" },
    { from: "2028-02-14", to: "2028-02-18", kind: "holiday", name: "Spring half-term" },
    { from: "2028-05-29", to: "2028-06-02", kind: "holiday", name: "Summer half-term" },
    { from: "2028-09-04", to: "2028-09-04", kind: "inset", name: "INSET day" },
  ],
};
const school = calendar(kent);
const bare = calendar({ zone: "Europe/London", terms: [], closures: [] });
const instant = (iso: string) => Date.parse(iso);
const on = (date: string, offset: string, times?: number) => school.add(date, offset, times).date;

const date = fc.integer({ min: dayOf("2018-01-01"), max: dayOf("2030-12-31") }).map(textOfDay);
const openKind = fc.constantFrom<OpenKind>("school", "working");
const dayKind = fc.constantFrom<DayKind>("school", "working", "all");
const calendars = fc.constantFrom(school, bare, calendar({ ...kent, bankHolidays: "none" }));
const offsetOf = (n: number, kind: OpenKind) => `${n} ${kind} days`;

describe("open days", () => {
  test("a school day is a weekday in term on which the school is not closed", () => {
    const day = (text: string) => [school.isSchoolDay(text), school.isWorkingDay(text)];
    expect(day("2026-09-02")).toEqual([true, true]);
    expect(day("2026-09-01")).toEqual([false, true]); // INSET
    expect(day("2026-10-28")).toEqual([false, true]); // half-term
    expect(day("2026-12-23")).toEqual([false, true]); // Christmas holidays
    expect(day("2027-05-03")).toEqual([false, false]); // bank holiday in term
    expect(day("2027-06-14")).toEqual([false, true]); // the boiler
    expect(day("2027-01-09")).toEqual([false, false]); // Saturday
    expect(school.isOpenDay("2027-01-09", "all")).toBe(true);
  });

  test("beyond the known terms school days are working days, marked provisional, less the closures known already", () => {
    expect([school.isSchoolDay("2029-01-15"), school.provisional("2029-01-15")]).toEqual([true, true]);
    expect([school.isSchoolDay("2028-09-04"), school.provisional("2028-09-04")]).toEqual([false, true]);
    expect([school.isSchoolDay("2026-07-01"), school.provisional("2026-07-01")]).toEqual([true, true]);
    expect([school.isSchoolDay("2027-08-10"), school.provisional("2027-08-10")]).toEqual([false, false]);
    expect([bare.isSchoolDay("2027-08-10"), bare.provisional("2027-08-10")]).toEqual([true, true]);
  });

  test("a term that was not entered between two others is unknown, not a holiday", () => {
    const gap = calendar({ ...kent, terms: kent.terms.filter((term) => term.name !== "Spring 2027") });
    expect([gap.isSchoolDay("2027-02-02"), gap.provisional("2027-02-02")]).toEqual([true, true]);
    expect(gap.provisional("2026-10-01")).toBe(false);
    expect(gap.warnings("2027-02-02")).toEqual([
      "Some school terms in between are not entered; days there are counted as working days",
    ]);
    expect(gap.add("2026-12-01", "1 term")).toMatchObject({ date: "2027-04-01", provisional: true });
  });

  test("without bank holidays a bank holiday is a working day", () => {
    const none = calendar({ ...kent, bankHolidays: "none" });
    expect(none.isWorkingDay("2027-05-03")).toBe(true);
    expect(none.warnings("2031-05-03")).toHaveLength(1);
  });
});

describe("adding", () => {
  test("calendar offsets ignore what is closed", () => {
    expect(on("2027-05-10", "-P60D")).toBe("2027-03-11");
    expect(on("2027-05-10", "P2W")).toBe("2027-05-24");
    expect(on("2027-01-31", "P1M")).toBe("2027-02-28");
    expect(on("2027-03-31", "-P1M")).toBe("2027-02-28");
    expect(on("2028-02-29", "P1Y")).toBe("2029-02-28");
    expect(on("2027-01-15", "-P13M")).toBe("2025-12-15");
    expect(school.add("2030-01-01", "P1D")).toEqual({ date: "2030-01-02", provisional: false, warnings: [] });
  });

  test("a repeat is counted from its anchor, so a month's end does not wear away", () => {
    expect([1, 2, 3].map((times) => on("2027-01-31", "P1M", times))).toEqual([
      "2027-02-28",
      "2027-03-31",
      "2027-04-30",
    ]);
  });

  test("hours on a date count from the start of the day", () => {
    expect([on("2027-05-10", "PT23H"), on("2027-05-10", "PT24H"), on("2027-05-10", "-PT30M")]).toEqual([
      "2027-05-10",
      "2027-05-11",
      "2027-05-09",
    ]);
  });

  test("working days run in the school holidays, school days do not", () => {
    expect(on("2026-12-18", "2 working days")).toBe("2026-12-22");
    expect(on("2026-12-18", "2 school days")).toBe("2027-01-05");
    expect(on("2026-12-24", "2 working days")).toBe("2026-12-30"); // Christmas Day and the substitute day fall out
    expect(on("2027-01-05", "-3 school days")).toBe("2026-12-17");
  });

  test("from a closed day the first open day on either side is one away, and nought stays", () => {
    expect(on("2027-01-09", "1 working day")).toBe("2027-01-11");
    expect(on("2027-01-09", "-1 working day")).toBe("2027-01-08");
    expect(on("2027-01-09", "0 working days")).toBe("2027-01-09");
    expect(school.add("2031-01-09", "0 school days")).toEqual({ date: "2031-01-09", provisional: false, warnings: [] });
  });

  test("school days counted beyond the known terms are provisional and say so", () => {
    expect(school.add("2028-07-20", "3 school days")).toEqual({
      date: "2028-07-25",
      provisional: true,
      warnings: ["School terms are known until 21 July 2028; later days are counted as working days"],
    });
    expect(school.add("2026-09-02", "-1 school day")).toEqual({
      date: "2026-08-28",
      provisional: true,
      warnings: ["School terms are known from 1 September 2026; earlier days are counted as working days"],
    });
    expect(bare.add("2026-09-02", "1 school day").warnings).toEqual([
      "No school terms are entered; school days are counted as working days",
    ]);
    expect(school.add("2027-07-20", "3 school days").provisional).toBe(false);
  });

  test("working days counted beyond the known bank holidays say so", () => {
    const later = "Bank holidays are known until 31 December 2028; later days are counted as ordinary";
    const earlier = "Bank holidays are known from 1 January 2019; earlier days are counted as ordinary";
    expect(school.add("2028-12-29", "1 working day")).toEqual({
      date: "2029-01-01",
      provisional: false,
      warnings: [later],
    });
    expect(school.add("2019-01-02", "-2 working days").warnings).toEqual([earlier]);
    expect(bare.warnings("2029-01-01")[0]).toBe(later);
    expect(bare.warnings("2018-12-31")[0]).toBe(earlier);
    expect(school.warnings("2027-05-04")).toEqual([]);
  });

  test("a date that would leave the calendar is held at its end, with a warning", () => {
    expect(school.add("9999-06-01", "P1Y")).toEqual({
      date: "9999-12-31",
      provisional: false,
      warnings: ["The date is out of reach; it was held at 31 December 9999"],
    });
    expect(school.add("0001-02-01", "-40 working days").date).toBe("0001-01-01");
    expect(school.add("9999-12-30", "40 school days").date).toBe("9999-12-31");
  });

  test("a bad date or offset is refused", () => {
    expect(() => school.add("2027-02-30", "P1D")).toThrow(RangeError);
    expect(() => school.add("2027-02-20", "soon")).toThrow(RangeError);
  });
});

describe("half-terms, terms and academic years", () => {
  test("the week of the period and the weekday are kept", () => {
    // Tuesday of the third week of each half-term.
    expect(on("2026-09-15", "1 half-term")).toBe("2026-11-17");
    expect(on("2026-09-15", "2 half-terms")).toBe("2027-01-19");
    expect(on("2027-01-19", "-2 half-terms")).toBe("2026-09-15");
    expect(on("2026-09-15", "1 term")).toBe("2027-01-19");
    expect(on("2026-09-15", "1 academic year")).toBe("2027-09-14");
    expect(on("2027-09-14", "-1 academic year")).toBe("2026-09-15");
    expect(on("2026-09-15", "0 terms")).toBe("2026-09-15");
  });

  test("a week that the new period does not have is held to its last day, and a day before its first to that", () => {
    expect(on("2026-12-16", "1 half-term")).toBe("2027-02-12");
    expect(on("2027-07-19", "-1 half-term")).toBe("2027-05-24");
    expect(on("2027-01-04", "1 academic year")).toBe("2028-01-03");
    expect(on("2027-04-12", "1 term")).toBe("2027-09-01");
  });

  test("a date in a holiday counts as the end of the period before it", () => {
    expect(on("2026-10-28", "1 half-term")).toBe("2026-12-18");
    expect(on("2027-08-16", "1 term")).toBe("2027-12-08");
  });

  test("a school that begins to enter its six terms in mid-term still has them paired by season", () => {
    const from = (name: string) => {
      const terms = [
        { name: "Term 6", from: "2027-06-07", to: "2027-07-21" },
        { name: "Term 1", from: "2027-09-06", to: "2027-10-22" },
        { name: "Term 2", from: "2027-11-01", to: "2027-12-17" },
        { name: "Term 3", from: "2028-01-03", to: "2028-02-11" },
        { name: "Term 4", from: "2028-02-21", to: "2028-03-31" },
        { name: "Term 5", from: "2028-04-18", to: "2028-05-26" },
      ];
      const first = terms.findIndex((term) => term.name === name);
      return calendar({ zone: "Europe/London", terms: terms.slice(first), closures: [] });
    };
    expect(from("Term 6").add("2027-09-14", "1 term").date).toBe("2028-01-11");
    expect(from("Term 2").add("2028-01-11", "1 term").date).toBe("2028-04-25");
  });

  test("halves of a term that lie a missing half apart are two terms", () => {
    const terms = [
      { name: "Term 3", from: "2027-01-04", to: "2027-02-12" },
      { name: "Term 6", from: "2027-06-07", to: "2027-07-21" },
      { name: "Autumn", from: "2027-09-01", to: "2027-12-17" },
    ];
    const gap = calendar({ zone: "Europe/London", terms, closures: [] });
    expect(gap.add("2027-01-12", "1 half-term")).toMatchObject({ date: "2027-03-12", provisional: true });
    expect(gap.add("2027-06-15", "-1 term")).toMatchObject({ date: "2027-02-15", provisional: true });
    expect(gap.add("2027-06-15", "1 term")).toMatchObject({ date: "2027-09-07", provisional: false });
  });

  test("a year of which nothing is entered is not jumped over", () => {
    const terms = [
      ...kent.terms.filter((term) => term.to < "2027-08-01"),
      { name: "Autumn 2028", from: "2028-09-01", to: "2028-12-20" },
    ];
    const gap = calendar({ ...kent, terms });
    expect(gap.add("2027-05-11", "1 term")).toMatchObject({ date: "2027-09-11", provisional: true });
  });

  test("of two holidays of one length the first splits the term", () => {
    const late = { from: "2026-11-23", to: "2026-11-27", kind: "holiday", name: "Strike" } as const;
    const two = calendar({ ...kent, closures: [late, ...kent.closures] });
    expect(two.add("2026-09-15", "1 half-term").date).toBe("2026-11-17");
  });

  test("terms and holidays entered with their weekends are the same terms", () => {
    const wide = calendar({
      ...kent,
      terms: kent.terms.map((term) => (term.name === "Spring 2027" ? { ...term, from: "2027-01-02" } : term)),
      closures: [{ from: "2026-10-24", to: "2026-11-01", kind: "holiday", name: "Autumn half-term" }],
    });
    expect(wide.add("2026-09-15", "1 half-term").date).toBe("2026-11-17");
    expect(wide.add("2026-09-15", "1 term").date).toBe("2027-01-19");
  });

  test("a day off does not split a term, and of two holidays the longest does", () => {
    const two = calendar({
      ...kent,
      closures: [{ from: "2026-09-21", to: "2026-09-23", kind: "holiday", name: "Flood" }, ...kent.closures],
    });
    expect(two.add("2026-09-15", "1 half-term").date).toBe("2026-11-17");
  });

  test("where six terms are entered a year, each is a half-term and two make a term", () => {
    const six = calendar({
      zone: "Europe/London",
      terms: [
        { name: "Term 1", from: "2026-09-01", to: "2026-10-23" },
        { name: "Term 2", from: "2026-11-02", to: "2026-12-18" },
        { name: "Term 3", from: "2027-01-04", to: "2027-02-12" },
        { name: "Term 4", from: "2027-02-22", to: "2027-03-25" },
        { name: "Term 5", from: "2027-04-12", to: "2027-05-28" },
        { name: "Term 6", from: "2027-06-07", to: "2027-07-21" },
      ],
      closures: [],
    });
    expect(six.add("2026-09-15", "1 half-term").date).toBe("2026-11-17");
    expect(six.add("2026-09-15", "1 term").date).toBe("2027-01-19");
    expect(six.add("2027-03-02", "1 term").date).toBe("2027-06-08");
  });

  test("beyond the known terms a period is a number of months, provisionally", () => {
    expect(school.add("2028-06-20", "1 half-term")).toEqual({
      date: "2028-08-20",
      provisional: true,
      warnings: ["School terms are not entered that far; each half-term is taken as 2 months"],
    });
    expect(school.add("2027-10-05", "1 academic year")).toMatchObject({ date: "2028-10-05", provisional: true });
    expect(school.add("2026-09-15", "-1 term")).toMatchObject({ date: "2026-05-15", provisional: true });
    expect(school.add("2029-09-15", "-1 term")).toMatchObject({ date: "2029-05-15", provisional: true });
    expect(bare.add("2027-10-05", "1 term")).toMatchObject({ date: "2028-02-05", provisional: true });
    // An academic year of which only the first term is entered is not known yet.
    const part = calendar({ ...kent, terms: kent.terms.filter((term) => term.to < "2028-01-01") });
    expect(part.add("2027-10-05", "-1 academic year")).toMatchObject({ date: "2026-10-05", provisional: true });
    expect(part.add("2026-10-06", "1 academic year")).toMatchObject({ date: "2027-10-06", provisional: true });
  });

  test("a date in a holiday of the year lies in that holiday a year on", () => {
    expect(on("2026-12-19", "1 academic year")).toBe("2027-12-18");
  });

  test("a moved date lies in a term, or in the academic year, wherever it is not provisional", () => {
    const offset = fc.constantFrom(
      "1 half-term",
      "-1 half-term",
      "3 half-terms",
      "1 term",
      "-2 terms",
      "1 academic year",
    );
    const years = [
      { from: "2026-09-01", to: "2027-07-21" },
      { from: "2027-09-01", to: "2028-07-21" },
    ];
    fc.assert(
      fc.property(date, offset, (day, by) => {
        const { date: moved, provisional } = school.add(day, by);
        const periods = by.endsWith("year") ? years : kent.terms;
        expect(provisional || periods.some((period) => moved >= period.from && moved <= period.to)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("arithmetic of open days", () => {
  test("n open days on from an open day and n back is where it began", () => {
    fc.assert(
      fc.property(calendars, date, fc.integer({ min: -900, max: 900 }), openKind, (here, day, n, kind) => {
        const open = here.roll(day, "nextOpenDay", kind);
        const there = here.add(open, offsetOf(n, kind)).date;
        expect(here.add(there, offsetOf(-n, kind)).date).toBe(open);
        expect(here.isOpenDay(there, kind)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("between a date and n open days on there are n open days, both ways", () => {
    fc.assert(
      fc.property(calendars, date, fc.integer({ min: -900, max: 900 }), openKind, (here, day, n, kind) => {
        expect(here.between(day, here.add(day, offsetOf(n, kind)).date, kind)).toBe(n);
      }),
      { numRuns: 500 },
    );
  });

  test("counting is the same as walking day by day", () => {
    fc.assert(
      fc.property(calendars, date, fc.integer({ min: 0, max: 400 }), dayKind, (here, day, length, kind) => {
        const from = dayOf(day);
        const walked = Array.from({ length }, (_, i) => textOfDay(from + i + 1)).filter((each) => {
          if (kind === "all") return true;
          return kind === "school" ? here.isSchoolDay(each) : here.isWorkingDay(each);
        });
        expect(here.between(day, textOfDay(from + length), kind)).toBe(walked.length);
      }),
    );
  });

  test("dates far outside any table count as fast and as true as those inside", () => {
    const far = fc.integer({ min: dayOf("0002-01-01"), max: dayOf("9990-12-31") }).map(textOfDay);
    fc.assert(
      fc.property(far, fc.integer({ min: -200, max: 200 }), openKind, (day, n, kind) => {
        const there = school.add(day, offsetOf(n, kind)).date;
        expect(school.between(day, there, kind)).toBe(n);
        expect(n === 0 || school.isOpenDay(there, kind)).toBe(true);
      }),
    );
  });
});

describe("rolling", () => {
  test("a closed day rolls to the nearest open day in the direction asked", () => {
    expect(school.roll("2027-01-09", "nextOpenDay", "working")).toBe("2027-01-11");
    expect(school.roll("2027-01-09", "previousOpenDay", "working")).toBe("2027-01-08");
    expect(school.roll("2026-12-24", "nextOpenDay", "school")).toBe("2027-01-04");
    expect(school.roll("2027-01-09", "none", "working")).toBe("2027-01-09");
    expect(school.roll("2027-01-08", "nextOpenDay", "working")).toBe("2027-01-08");
    expect(school.roll("2027-01-09", "nextOpenDay", "all")).toBe("2027-01-09");
  });

  test("rolling never carries a step before a due date past it", () => {
    expect(school.roll("2026-12-24", "nextOpenDay", "school", { notAfter: "2026-12-30" })).toBe("2026-12-18");
    expect(school.roll("2026-12-24", "previousOpenDay", "school", { notBefore: "2026-12-20" })).toBe("2027-01-04");
    const closed = { notBefore: "2026-12-20", notAfter: "2026-12-30" };
    expect(school.roll("2026-12-24", "nextOpenDay", "school", closed)).toBe("2026-12-24");
    expect(school.roll("2027-01-20", "none", "school", { notAfter: "2027-01-10" })).toBe("2027-01-10");
  });

  test("rolling twice is rolling once, inside the limits, on an open day where the limits have one", () => {
    const ways = fc.constantFrom("nextOpenDay" as const, "previousOpenDay" as const, "none" as const);
    const room = fc.tuple(fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(calendars, date, ways, dayKind, room, (here, day, way, kind, [before, after]) => {
        const limits = { notBefore: textOfDay(dayOf(day) - before), notAfter: textOfDay(dayOf(day) + after) };
        const rolled = here.roll(day, way, kind, limits);
        expect(here.roll(rolled, way, kind, limits)).toBe(rolled);
        expect(rolled >= limits.notBefore && rolled <= limits.notAfter).toBe(true);
        const some = here.between(textOfDay(dayOf(limits.notBefore) - 1), limits.notAfter, kind) > 0;
        expect(way === "none" || !some || here.isOpenDay(rolled, kind)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("instants", () => {
  test("eight o'clock is eight o'clock by the school's clock, summer and winter", () => {
    expect(school.at("2027-05-04", "08:00")).toBe(instant("2027-05-04T07:00:00Z"));
    expect(school.at("2027-01-04", "08:00")).toBe(instant("2027-01-04T08:00:00Z"));
    expect(school.dateOf(instant("2027-07-01T23:30:00Z"))).toBe("2027-07-02");
    expect(school.timeOf(instant("2027-07-01T23:30:59Z"))).toBe("00:30");
  });

  test("a date and a time of day lead to an instant of that date", () => {
    const time = fc.constantFrom("00:00", "07:30", "08:00", "12:00", "18:00", "23:59");
    fc.assert(
      fc.property(date, time, (day, clock) => {
        expect([school.dateOf(school.at(day, clock)), school.timeOf(school.at(day, clock))]).toEqual([day, clock]);
      }),
    );
  });

  test("hours are elapsed time, days keep the time of day across a clock change", () => {
    const saturday = instant("2027-03-27T10:00:05.123Z");
    expect(school.addInstant(saturday, "PT24H").at).toBe(instant("2027-03-28T10:00:05.123Z"));
    expect(school.addInstant(saturday, "P1D").at).toBe(instant("2027-03-28T09:00:05.123Z"));
    expect(school.addInstant(saturday, "-PT30M", 2).at).toBe(instant("2027-03-27T09:00:05.123Z"));
    expect(school.addInstant(instant("2027-01-08T15:00:00Z"), "1 school day").at).toBe(instant("2027-01-11T15:00:00Z"));
    expect(school.addInstant(instant("2028-12-29T15:00:00Z"), "1 school day")).toMatchObject({ provisional: true });
  });

  test("nothing added leaves an instant as it is, also in the second of two equal hours", () => {
    const second = instant("2027-10-31T01:30:00Z");
    expect(school.addInstant(second, "P0D").at).toBe(second);
  });
});

describe("the send window", () => {
  const day = { from: "07:30", to: "18:00", days: "school" } as const;

  test("an instant inside stays, one before waits for the morning, one after for the next open day", () => {
    expect(school.sendWindow(instant("2027-01-05T09:00:00Z"), day)).toBe(instant("2027-01-05T09:00:00Z"));
    expect(school.sendWindow(instant("2027-01-05T02:00:00Z"), day)).toBe(instant("2027-01-05T07:30:00Z"));
    expect(school.sendWindow(instant("2027-01-05T18:00:00Z"), day)).toBe(instant("2027-01-06T07:30:00Z"));
    expect(school.sendWindow(instant("2026-12-18T18:00:00Z"), day)).toBe(instant("2027-01-04T07:30:00Z"));
    expect(school.sendWindow(instant("2026-12-19T10:00:00Z"), { ...day, days: "all" })).toBe(
      instant("2026-12-19T10:00:00Z"),
    );
  });

  test("a window swallowed by a clock change waits for the next day", () => {
    const night = { from: "01:30", to: "02:15", days: "all" } as const;
    expect(school.sendWindow(instant("2027-03-28T00:00:00Z"), night)).toBe(instant("2027-03-29T00:30:00Z"));
  });

  test("a day that a zone left out has no window", () => {
    const apia = calendar({ zone: "Pacific/Apia", bankHolidays: "none", terms: [], closures: [] });
    const working = { from: "07:30", to: "18:00", days: "working" } as const;
    // After Thursday the 29th came Saturday the 31st.
    const sent = apia.sendWindow(apia.at("2011-12-29", "19:00"), working);
    expect([apia.dateOf(sent), apia.timeOf(sent)]).toEqual(["2012-01-02", "07:30"]);
  });

  test("a window that is never open is refused", () => {
    expect(() => school.sendWindow(0, { from: "18:00", to: "07:30", days: "all" })).toThrow(RangeError);
  });

  test("no instant moves back, each lands inside the window, and landing again moves nothing", () => {
    const zones = fc.constantFrom("Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia");
    const span = { min: instant("2010-01-01T00:00:00Z"), max: instant("2032-01-01T00:00:00Z") };
    const windows = fc.constantFrom(
      ["07:30", "18:00"] as const,
      ["00:00", "24:00"] as const,
      ["01:45", "03:30"] as const,
    );
    fc.assert(
      fc.property(zones, fc.integer(span), windows, dayKind, (zone, at, [from, to], days) => {
        const here = calendar({ ...kent, zone });
        const sent = here.sendWindow(at, { from, to, days });
        expect(sent).toBeGreaterThanOrEqual(at);
        expect(here.isOpenDay(here.dateOf(sent), days)).toBe(true);
        expect(here.timeOf(sent) >= from && here.timeOf(sent) < to).toBe(true);
        expect(here.sendWindow(sent, { from, to, days })).toBe(sent);
        // The first such instant: a minute before it is outside, or before what was asked.
        expect(
          sent === at || here.sendWindow(sent - MINUTE_MS, { from, to, days }) === sent || sent - MINUTE_MS < at,
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("distances in words", () => {
  test.each([
    ["2027-01-05", "2027-01-05", "today"],
    ["2027-01-05", "2027-01-06", "tomorrow"],
    ["2027-01-05", "2027-01-08", "in 3 school days"],
    ["2027-01-08", "2027-01-11", "in 1 school day"],
    ["2026-12-21", "2026-12-24", "in 3 days"],
    ["2029-01-08", "2029-01-11", "in 3 working days"],
    ["2027-01-05", "2027-02-16", "in 6 weeks"],
    ["2027-01-05", "2027-07-05", "in 6 months"],
    ["2027-01-05", "2027-01-04", "1 day late"],
    ["2027-01-05", "2027-01-02", "3 days late"],
    ["2027-01-05", "2026-10-10", "87 days late"],
    ["2027-01-05", "2026-08-31", "4 months late"],
    ["2027-01-05", "2023-10-31", "3 years late"],
  ])("on %s a task due %s is due %s", (today, due, words) => {
    expect(describeDistance(school, today, due)).toBe(words);
  });
});

describe("what is entered", () => {
  test("each slip is named with its path", () => {
    const bad: CalendarData = {
      zone: "Europe/Atlantis",
      terms: [
        { name: "Autumn", from: "2026-09-31", to: "2026-12-18" },
        { name: "Spring", from: "2027-03-25", to: "2027-01-04" },
        { name: "Summer", from: "2027-04-12", to: "2027-07" },
      ],
      closures: [
        { from: "2026-10-26", to: "2036-10-30", kind: "holiday", name: "Half-term" },
        { from: "0202-05-04", to: "0202-05-04", kind: "inset", name: "INSET" },
      ],
    };
    expect(calendarProblems(bad)).toEqual([
      { path: "zone", message: 'There is no time zone "Europe/Atlantis".' },
      { path: "terms[0].from", message: "Autumn: 2026-09-31 is not a date." },
      { path: "terms[1].to", message: "Spring ends before it begins." },
      { path: "terms[2].to", message: "Summer: 2027-07 is not a date." },
      { path: "closures[0].to", message: "Half-term lasts longer than a year." },
      { path: "closures[1].from", message: "INSET is not in 1990 to 2099." },
    ]);
    expect(() => calendar(bad)).toThrow(Failure);
  });

  test("terms that overlap are named, whichever was entered first", () => {
    const terms = [
      { name: "Spring", from: "2026-12-18", to: "2027-03-25" },
      { name: "Autumn", from: "2026-09-01", to: "2026-12-18" },
    ];
    expect(calendarProblems({ ...kent, terms })).toEqual([
      { path: "terms[0].from", message: "Spring begins before Autumn has ended." },
    ]);
    expect(calendarProblems(kent)).toEqual([]);
  });

  test("the same data is counted once", () => {
    expect(calendar(kent)).toBe(school);
    expect(calendar({ ...kent })).not.toBe(school);
  });
});
