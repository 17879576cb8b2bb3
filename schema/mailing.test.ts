import { calendar } from "./calendar";
import { type MailChoice, mailedAt, type MailRules, nextDigest } from "./mailing";

const school = calendar({
  zone: "Europe/London",
  terms: [{ name: "Summer 2027", from: "2027-04-12", to: "2027-07-21" }],
  closures: [{ from: "2027-05-31", to: "2027-06-04", kind: "holiday", name: "Half-term" }],
});
const rules: MailRules = { pace: "digest", from: "07:30", to: "18:00", digestAt: "08:00", days: "working" };
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);
const mailed = (now: string, choice?: Partial<MailChoice>, other: Partial<MailRules> = {}) =>
  iso(
    mailedAt(
      school,
      Date.parse(`${now}:00Z`),
      { ...rules, ...other },
      choice && { pace: null, from: null, to: null, ...choice },
    ),
  );

test("a reminder of eight o’clock goes at eight, and one that fires a moment late at once", () => {
  expect(mailed("2027-06-01T07:00")).toBe("2027-06-01T07:00");
  expect(mailed("2027-06-01T07:01")).toBe("2027-06-01T07:01");
});

test("the rest of the day waits for the next morning on which mail goes out", () => {
  expect(mailed("2027-06-01T09:00")).toBe("2027-06-02T07:00");
  expect(mailed("2027-06-01T12:00", undefined, { days: "school" })).toBe("2027-06-07T07:00");
  expect(mailed("2027-06-04T12:00", undefined, { days: "all" })).toBe("2027-06-05T07:00");
});

test("somebody who is quiet at the digest’s hour gets it when their quiet hours end", () => {
  expect(mailed("2027-06-01T07:00", { from: "10:00", to: "16:00" })).toBe("2027-06-01T09:00");
  expect(mailed("2027-06-01T07:00", { from: "06:00", to: "07:30" })).toBe("2027-06-02T05:00");
});

test("each at once means outside quiet hours", () => {
  expect(mailed("2027-06-01T16:59", { pace: "atOnce" })).toBe("2027-06-01T16:59");
  expect(mailed("2027-06-01T17:00", { pace: "atOnce" })).toBe("2027-06-02T06:30");
  expect(mailed("2027-06-01T09:00", { pace: "digest" }, { pace: "atOnce" })).toBe("2027-06-02T07:00");
});

test("the digest after today’s is never today", () => {
  expect(iso(nextDigest(school, Date.parse("2027-06-01T00:10:00Z"), rules, undefined))).toBe("2027-06-02T07:00");
  expect(iso(nextDigest(school, Date.parse("2027-06-04T07:30:00Z"), rules, undefined))).toBe("2027-06-07T07:00");
});
