/** When mail reaches people: one digest in the morning, the urgent at once, nobody in their quiet hours. */
import { composeMails } from "../../api/engine/composeMails";
import { deliverMails } from "../../api/engine/deliverMails";
import { setLetterhead } from "../../api/engine/letterhead";
import { chooseMail, setMailRules } from "../../api/engine/mailSettings";
import { run, systemIdentity } from "../../api/engine/run";
import { mailRules } from "./office";
import { type MailOffice, newMailOffice } from "./mailOffice";

/** A Tuesday in April: London is an hour ahead of UTC, so its digest leaves at 07:00 UTC. */
const tuesday = (time: string): string => `2027-04-27T${time}:00.000Z`;
const wednesday = (time: string): string => `2027-04-28T${time}:00.000Z`;

let mailing: MailOffice;
let { server, office, smtp } = {} as MailOffice;
let ada: string;
let licence: string;

beforeEach(async () => {
  mailing = await newMailOffice();
  ({ server, office, smtp } = mailing);
  ada = await office.person("Ada Brook", "ada@elm.example");
  licence = await office.licence("Music licence", "2027-09-30", { keeper: ada });
});
afterEach(() => mailing.close());

const send = (at: string): Promise<void> => mailing.send(at);
const subjects = (): string[] => server.delivered.map((mail) => mail.header("Subject"));
const choose = (input: Parameters<typeof chooseMail>[2]) =>
  run(office.world, systemIdentity(office.organisation), (current) => chooseMail(current, ada, input));

test("what comes up during the day waits for the morning, and is one mail then", async () => {
  await office.act(licence, "lend", tuesday("10:00"));
  await office.act(licence, "lend", tuesday("14:00"));
  await send(tuesday("14:01"));
  await send(wednesday("06:59"));
  expect(subjects()).toEqual([]);
  await send(wednesday("07:00"));
  await send(wednesday("07:01"));
  expect(subjects()).toEqual(["Lent: Music licence (and 1 more)"]);
});

test("who has had the digest of a day gets the next on the next open day, never a second", async () => {
  await office.act(licence, "lend", "2027-04-29T12:00:00.000Z");
  await send("2027-04-30T07:00:00.000Z");
  await office.act(licence, "lend", "2027-04-30T07:30:00.000Z");
  await send("2027-04-30T07:31:00.000Z");
  // 3 May is a bank holiday.
  for (const day of ["01", "02", "03"]) await send(`2027-05-${day}T07:30:00.000Z`);
  expect(subjects()).toHaveLength(1);
  await send("2027-05-04T07:00:00.000Z");
  expect(subjects()).toHaveLength(2);
});

test("two composers at once make one digest", async () => {
  for (const time of ["10:00", "11:00", "12:00", "13:00"]) await office.act(licence, "lend", tuesday(time));
  await Promise.all([1, 2, 3].map(() => composeMails(office.world, wednesday("07:00"))));
  await deliverMails(office.world, wednesday("07:00"), smtp);
  expect(subjects()).toEqual(["Lent: Music licence (and 3 more)"]);
});

test("the urgent goes at once, in the night and beside the digest", async () => {
  await office.act(licence, "lend", tuesday("20:00"));
  await office.act(licence, "lose", tuesday("22:30"));
  await send(tuesday("22:30"));
  expect(subjects()).toEqual(["Lost: Music licence"]);
  await send(wednesday("07:00"));
  expect(subjects()).toEqual(["Lost: Music licence", "Lent: Music licence"]);
});

test("a person may have each at once, outside their own quiet hours, and then the digest again", async () => {
  await choose({ pace: "atOnce", from: "12:00", to: "15:00", optional: true });
  await office.act(licence, "lend", tuesday("09:00"));
  await send(tuesday("10:59"));
  expect(subjects()).toEqual([]);
  await send(tuesday("11:00"));
  await office.act(licence, "lend", tuesday("13:59"));
  await send(tuesday("13:59"));
  expect(subjects()).toHaveLength(2);
  await office.act(licence, "lend", tuesday("14:00"));
  await send(tuesday("14:00"));
  expect(subjects()).toHaveLength(2);

  await choose({ pace: null, from: null, to: null, optional: true });
  await send(wednesday("11:00"));
  expect(subjects()).toHaveLength(3);
  await office.act(licence, "lend", wednesday("11:01"));
  await send(wednesday("15:00"));
  expect(subjects()).toHaveLength(3);
});

test("the school sets its hour and its days, and is told which hours cannot be", async () => {
  const set = (input: object) =>
    run(office.world, systemIdentity(office.organisation), (current) =>
      setMailRules(current, { ...mailRules, ...input }),
    );
  await expect(set({ digestAt: "20:00" })).rejects.toMatchObject({ problems: [{ path: "digestAt" }] });
  await expect(set({ from: "19:00" })).rejects.toMatchObject({ problems: [{ path: "to" }] });
  await set({ digestAt: "09:30", days: "all" });
  await office.act(licence, "lend", "2027-04-30T12:00:00.000Z");
  await send("2027-05-01T08:29:00.000Z");
  expect(subjects()).toEqual([]);
  await send("2027-05-01T08:30:00.000Z");
  expect(subjects()).toHaveLength(1);
});

test("a mail has the school's colour", async () => {
  await run(office.world, systemIdentity(office.organisation), (current) =>
    setLetterhead(current, { name: "Elm Road Primary", colour: "#5b2a86" }),
  );
  await office.act(licence, "lend", tuesday("12:00"));
  await send(wednesday("09:00"));
  expect(server.delivered[0]?.parts.get("text/html")).toContain("background:#5b2a86");
});

test("a digest waits for the clocks that are due and have not fired yet, so that theirs goes with it", async () => {
  await office.act(licence, "lend", tuesday("12:00"));
  await office.licence("Film licence", "2027-05-28", { keeper: ada });
  await send(wednesday("07:00"));
  expect(subjects()).toEqual([]);
  await office.fire(wednesday("07:00"));
  await send(wednesday("07:00"));
  expect(subjects()).toHaveLength(1);
  expect(server.delivered[0]?.parts.get("text/plain")).toMatch(/Ends by 28 May 2027/);
});

test("a clock that hangs holds no digest back for longer than ten minutes", async () => {
  await office.act(licence, "lend", tuesday("12:00"));
  await office.licence("Film licence", "2027-05-28", { keeper: ada });
  await send(wednesday("07:10"));
  expect(subjects()).toEqual(["Lent: Music licence"]);
});

test("with the mail server away in the morning the digest comes later that day, once and outside quiet hours", async () => {
  await office.act(licence, "lend", tuesday("12:00"));
  server.refuse = { code: 421, text: "Closed for now" };
  for (const time of ["07:00", "07:01", "07:06", "07:21", "08:21", "12:21", "16:21"]) await send(wednesday(time));
  server.refuse = undefined;
  // Four hours on it would be 21:21 in London.
  await send(wednesday("20:21"));
  expect(subjects()).toEqual([]);
  await send("2027-04-29T06:30:00.000Z");
  await send("2027-04-29T06:31:00.000Z");
  expect(subjects()).toEqual(["Lent: Music licence"]);
});

test("a digest that has not left by the next morning goes with that morning’s", async () => {
  await office.act(licence, "lend", tuesday("12:00"));
  await composeMails(office.world, wednesday("07:00"));
  await office.act(licence, "lend", wednesday("12:00"));
  await send("2027-04-29T07:00:00.000Z");
  expect(subjects()).toEqual(["Lent: Music licence (and 1 more)"]);
  expect((await office.query("SELECT state FROM mail ORDER BY id")).map((row) => row["state"])).toEqual([
    "replaced",
    "sent",
  ]);
  expect((await office.query("SELECT outcome FROM notice")).map((row) => row["outcome"])).toEqual(["sent", "sent"]);
});

test("what is for information only can be declined, and nothing else can", async () => {
  await office.act(licence, "mention", tuesday("12:00"));
  await send(wednesday("07:00"));
  expect(server.delivered[0]?.parts.get("text/plain")).toContain(
    "Get no more of what is for information only: https://duly.elm.example/#/mail",
  );
  await choose({ pace: null, from: null, to: null, optional: false });
  await office.act(licence, "mention", wednesday("12:00"));
  await office.act(licence, "lend", wednesday("12:00"));
  await send("2027-04-29T07:00:00.000Z");
  expect(subjects()).toEqual(["Mentioned: Music licence", "Lent: Music licence"]);
  expect(server.delivered[1]?.raw).not.toContain("for information only");
  const [declined] = await office.query("SELECT outcome_why FROM notice WHERE outcome = 'not needed'");
  expect(declined).toEqual({ outcome_why: "The person has chosen not to be told what is for information only." });
});

test("a mail names the school, the day in words and one button for each thing, and fetches nothing", async () => {
  await office.licence("Film licence", "2027-05-28", { keeper: ada });
  await office.act(licence, "lend", tuesday("12:00"));
  await office.fire(wednesday("07:00"));
  await send(wednesday("07:00"));
  const html = server.delivered[0]?.parts.get("text/html") ?? "";
  expect(html).toContain("Elm Office");
  expect(html).toContain("Due 28 May 2027, in 21 working days");
  expect(html.match(/display:inline-block/g)).toHaveLength(2);
  expect(html).toContain("prefers-color-scheme:dark");
  expect(html).not.toMatch(/<img|<link|url\(|@import|src=/i);
});
