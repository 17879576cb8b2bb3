/** One bad mail never holds the others: whatever people write, and whatever the other side does. */
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { act } from "../../api/engine/act";
import { composeMails } from "../../api/engine/composeMails";
import { createRecord } from "../../api/engine/createRecord";
import { deliverMails, mostAttempts } from "../../api/engine/deliverMails";
import {
  MAILS_AT_ONCE,
  type MailMessage,
  type MailTransport,
  NotTried,
  smtpTransport,
} from "../../api/engine/mailTransport";
import { mailAtOnce } from "../../api/engine/putMail";
import { run, systemIdentity } from "../../api/engine/run";
import { publishPack } from "../../api/engine/upgradePack";
import type { Database } from "../../api/store/database";
import { readFaults } from "../../api/store/faults";
import { Trouble } from "../../api/store/trouble";
import { field, recordType } from "../../schema/definition";
import { markdown, Markdown } from "../../schema/markdown";
import { type MailOffice, newMailOffice } from "./mailOffice";
import { opening } from "./office";

const firedAt = "2027-04-28T07:00:00.000Z";
const endsOn = "2027-05-28";
let mailing: MailOffice;
let { server, office, smtp } = {} as MailOffice;

beforeEach(async () => {
  mailing = await newMailOffice();
  ({ server, office, smtp } = mailing);
});
afterEach(() => mailing.close());

const send = (at = firedAt): Promise<void> => mailing.send(at);
const faults = () => readFaults(office.world.db, { organisations: [office.organisation], first: 100 });
const outcomes = () => office.query("SELECT subject, outcome, outcome_why FROM notice ORDER BY id");
const title = (text: string) => text.slice(0, 200);

test.each([
  ["three thousand quotation marks", ">".repeat(3_000)],
  ["lists in lists", "- ".repeat(3_000)],
  ["emphasis in emphasis", "*a ".repeat(3_000) + "b* ".repeat(3_000)],
  ["a thousand open links", "[](".repeat(1_000)],
  ["a NUL and half a character", "a\u0000b\ud800c"],
  ["lines in a name", "Licence\r\nBcc: spy@spy.example\r\n\r\nText"],
  ["template tags", "{{ url }}{% include 'package.json' %}"],
])("%s in a title is mailed as words, and everybody else's mail leaves", async (_name, text) => {
  const people = await Promise.all(["Ada", "Ben", "Cy"].map((name) => office.person(name, `${name}@elm.example`)));
  const [ada = ""] = people;
  const bad = await office.licence(title(text), endsOn, { keeper: ada });
  await office.query("UPDATE r_licence SET f_title = ? WHERE id = ?", [text, bad]);
  for (const keeper of people) await office.licence("Music licence", endsOn, { keeper });
  await office.fire(firedAt);
  await send();
  expect(server.delivered.map(({ to }) => to[0]?.toLowerCase()).sort()).toEqual([
    "ada@elm.example",
    "ben@elm.example",
    "cy@elm.example",
  ]);
  expect(server.delivered.every((mail) => mail.header("Bcc") === "" && mail.to.length === 1)).toBe(true);
  expect((await outcomes()).every(({ outcome }) => outcome === "sent")).toBe(true);
});

test("a notice that cannot be mailed is put aside with its cause; the rest of its reader's mail and all others leave", async () => {
  const people = await Promise.all(
    Array.from({ length: 60 }, (_, i) => office.person(`Person ${i}`, `p${i}@elm.example`)),
  );
  for (const [i, keeper] of people.entries()) await office.licence(`Licence ${i}`, endsOn, { keeper });
  await office.licence("Another of the first", endsOn, { keeper: people[0] ?? "" });
  await office.fire(firedAt);
  // As something that a former version let through.
  await office.query("UPDATE notice SET event = '{' WHERE subject LIKE '%: Licence 0'");
  await office
    .query("UPDATE notice SET due_on = '0000-00-00' WHERE subject LIKE '%: Licence 7'")
    .catch(() => undefined);
  await send();
  expect(server.delivered.filter(({ to }) => to[0] === "p0@elm.example")).toHaveLength(1);
  const failed = (await outcomes()).filter(({ outcome }) => outcome !== "sent");
  expect(failed.map(({ subject }) => subject)).toContain("Ends by 28 May 2027: Licence 0");
  const open = await faults();
  expect(open.map(({ kind }) => kind)).toEqual(failed.map(() => "notice"));
  expect(open[0]?.about).toMatchObject({ type: "licence" });
  expect(open.map(({ cause }) => cause).join()).not.toMatch(/Licence|Person/);
  await send();
  expect(await faults()).toEqual(open);
});

test("where the database refuses a mail, those that fail alone are put aside, and the others leave", async () => {
  const [ada, ben] = [await office.person("Ada", "ada@elm.example"), await office.person("Ben", "ben@elm.example")];
  await office.licence("Bad", endsOn, { keeper: ada });
  await office.licence("Good", endsOn, { keeper: ada });
  await office.licence("Good", endsOn, { keeper: ben });
  await office.fire(firedAt);
  await office.query(`CREATE TRIGGER poison BEFORE INSERT ON mail FOR EACH ROW
    IF NEW.text_body LIKE '%Bad%' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Bad of Ada'; END IF`);
  await send();
  expect((await outcomes()).map(({ subject, outcome }) => [String(subject).split(": ")[1], outcome])).toEqual([
    ["Bad", "failed"],
    ["Good", "sent"],
    ["Good", "sent"],
  ]);
  expect(server.delivered).toHaveLength(2);
  expect((await faults()).map(({ cause }) => cause)).toEqual([
    expect.stringMatching(/^Duly could not make an email of it \(Error\)/),
  ]);
});

test("what is urgent is composed before a thousand other notices", async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  const others = await Promise.all(
    Array.from({ length: 70 }, (_, i) => office.person(`Person ${i}`, `p${i}@elm.example`)),
  );
  for (const keeper of others) await office.licence("Music licence", endsOn, { keeper });
  await office.fire(firedAt);
  await office.act(await office.licence("Film licence", "2028-05-28", { keeper: ada }), "lose", firedAt);
  await composeMails(office.world, firedAt);
  const [first] = await office.query("SELECT subject FROM mail ORDER BY id LIMIT 1");
  const [urgent] = await office.query("SELECT subject FROM mail WHERE urgent = 1");
  expect(urgent).toEqual({ subject: "Lost: Film licence" });
  expect(first).toBeDefined();
});

test("a mail server that hangs at one mail takes the others meanwhile, and the one is tried again", async () => {
  const sockets: Server = createServer();
  sockets.listen(0, "127.0.0.1");
  await once(sockets, "listening");
  const hanging = smtpTransport(`smtp://127.0.0.1:${(sockets.address() as AddressInfo).port}`, 300);
  const people = await Promise.all(
    Array.from({ length: 15 }, (_, i) => office.person(`Person ${i}`, `p${i}@elm.example`)),
  );
  for (const keeper of people) await office.licence("Music licence", endsOn, { keeper });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
  const mixed: MailTransport = {
    ...smtp,
    send: (message) => (message.to === "p3@elm.example" ? hanging.send(message) : smtp.send(message)),
  };
  await deliverMails(office.world, firedAt, mixed);
  expect(server.delivered).toHaveLength(14);
  const [stuck] = await office.query("SELECT state, answer FROM mail WHERE address = 'p3@elm.example'");
  expect(stuck).toEqual({ state: "queued", answer: "The mail server did not take the mail in time." });
  hanging.close();
  sockets.close();
});

test("as many mails as leave at once may hang, but one: it is taken at its first try", async () => {
  const hanging = Array.from({ length: MAILS_AT_ONCE - 1 }, (_, i) => `p${i}@elm.example`);
  server.hang = (to) => hanging.includes(to);
  const ownPool = smtpTransport(server.url, 3_000);
  const stuck = Promise.allSettled(hanging.map((to) => ownPool.send(mailTo(to))));
  expect(await ownPool.send(mailTo("last@elm.example"))).toEqual({ answer: expect.stringContaining("4711") as string });
  const reasons = (await stuck).map((each) => each.status === "rejected" && String((each.reason as Error).message));
  expect(new Set(reasons)).toEqual(new Set(["The mail server did not take the mail in time."]));
  // Those that hung have taken no connection with them.
  server.hang = undefined;
  expect(await ownPool.send(mailTo("p0@elm.example"))).toEqual({ answer: expect.stringContaining("4711") as string });
  ownPool.close();
});

const mailTo = (to: string): MailMessage => ({
  ...{ messageId: `<${to}>`, from: "duly@elm.example", returnTo: null, to, subject: "A", text: "A", html: "<p>A</p>" },
  ...{ calendar: null, crest: null, choose: null, date: firedAt },
});

test("a mail that failed for good is a fault without anybody's address; where nobody can be asked for another one, too", async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  server.refuseSender = { code: 550, text: "We do not like office@elm.example" };
  await send();
  expect(await faults()).toMatchObject([{ kind: "email", cause: "The mail server refused the email for good (550)." }]);

  // The definition for failing addresses cannot be kept to.
  await office.query("ALTER TABLE r_wrong_address ADD COLUMN never TINYINT NOT NULL, ADD CHECK (never = 1)");
  server.refuseSender = undefined;
  server.refuse = { code: 550, text: "No such person" };
  const ben = await office.person("Ben", "ben@elm.example");
  await office.licence("Film licence", endsOn, { keeper: ben });
  await office.fire(firedAt);
  await send();
  expect((await faults()).map(({ cause }) => cause)[0]).toBe("The mail server refuses the address of the person.");
  const [mail] = await office.query("SELECT state FROM mail WHERE address = 'ben@elm.example'");
  expect(mail).toEqual({ state: "failed" });
});

const waiting = async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
};
const mailRow = async () => (await office.query("SELECT state, attempts FROM mail"))[0];
const later = (ms: number) => new Date(Date.parse(firedAt) + ms).toISOString();

test("what Duly's own end or its database cut short is no try of the mail, however often it happens", async () => {
  await waiting();
  const failing = (error: Error): MailTransport => ({
    delivers: true,
    send: () => Promise.reject(error),
    close: () => undefined,
  });
  for (let n = 1; n <= mostAttempts + 2; n++) {
    await deliverMails(office.world, later(n * 2_000), failing(n % 2 ? new NotTried() : new Trouble("away")));
    expect(await mailRow()).toEqual({ state: "queued", attempts: 0 });
  }
  expect(await faults()).toEqual([]);
  await deliverMails(office.world, later(60_000), smtp);
  expect(await mailRow()).toEqual({ state: "sent", attempts: 1 });
  expect(server.delivered).toHaveLength(1);
});

test("a transport that is closed under a mail says that it was not tried; an answer of the server stays one", async () => {
  await waiting();
  const hanging = createServer((socket) => void socket.write("220 come in\r\n")).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const stuck = smtpTransport(`smtp://127.0.0.1:${(hanging.address() as AddressInfo).port}`);
  const underway = deliverMails(office.world, firedAt, stuck);
  setTimeout(() => stuck.close(), 200);
  await underway;
  expect(await mailRow()).toEqual({ state: "queued", attempts: 0 });
  hanging.close();
});

test("a mail that was taken is settled when the database is back, and not sent once more", async () => {
  await waiting();
  let away = 2;
  const real = office.world.db;
  const flaky: Database = {
    ...real,
    transaction: (work, tries) =>
      server.delivered.length > 0 && away-- > 0 ? Promise.reject(new Trouble("away")) : real.transaction(work, tries),
  };
  office.world.db = flaky;
  await deliverMails(office.world, firedAt, smtp);
  expect(away).toBeLessThan(1);
  expect(await mailRow()).toEqual({ state: "sent", attempts: 1 });
  await office.query("UPDATE mail SET lease_until = '2020-01-01'");
  await deliverMails(office.world, later(3_600_000), smtp);
  expect(server.delivered).toHaveLength(1);
});

test("a mail at which its sender ends each time is given up, and is a fault", async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
  await office.query("UPDATE mail SET state = 'sending', attempts = ?, lease_until = '2020-01-01'", [mostAttempts]);
  await deliverMails(office.world, firedAt, smtp);
  expect(server.delivered).toEqual([]);
  expect(await faults()).toMatchObject([{ kind: "email" }]);
});

test("a notice on a timer whose own event ends the record is sent; one that somebody forestalled is not", async () => {
  await publishPack(office.world, systemIdentity(office.organisation), {
    name: "passes",
    label: "Passes",
    roles: [],
    types: [
      recordType({
        name: "pass",
        plural: "passes",
        label: "Pass",
        pluralLabel: "Passes",
        reference: "PAS-{n}",
        title: "{{ what }}",
        entries: { new: "open" },
        fields: {
          what: { kind: "text", label: "What" },
          holder: { kind: "person", label: "Holder" },
          until: { kind: "date", label: "Until" },
        },
        states: {
          open: { label: "Open" },
          lapsed: { label: "Lapsed", end: true },
          given: { label: "Given back", end: true },
        },
        actions: {
          lapse: { label: "Lapse", from: ["open"], to: "lapsed", who: [{ system: true }] },
          giveBack: { label: "Give back", from: ["open"], to: "given", who: [{ anyone: true }] },
        },
        tasks: { use: { label: "Use {{ what }}", opens: "open", to: [field("holder")], actions: ["giveBack"] } },
        timers: {
          lapses: {
            label: "Lapses",
            anchor: field("until"),
            steps: ["P0D"],
            event: "lapse",
            task: "use",
            notice: { to: [field("holder")], template: "lapsed" },
          },
        },
        notices: { lapsed: { subject: "Lapsed: {{ what }}", body: "**{{ what }}** has lapsed." } },
        grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
      }),
    ],
  });
  const ada = await office.person("Ada", "ada@elm.example");
  const system = systemIdentity(office.organisation);
  const input = (what: string) => ({ type: "pass", input: { what, holder: ada, until: "2027-04-28" } });
  await run(office.world, system, (current) => createRecord(current, input("Kept")), Date.parse(opening));
  const { id } = await run(
    office.world,
    system,
    (current) => createRecord(current, input("Given")),
    Date.parse(opening),
  );
  await run(
    office.world,
    system,
    (current) => act(current, { type: "pass", id, action: "giveBack" }),
    Date.parse(opening),
  );
  await office.fire(firedAt);
  await send();
  expect(await outcomes()).toEqual([{ subject: "Lapsed: Kept", outcome: "sent", outcome_why: null }]);
});

test("words around a link are words, and only the link's own place becomes one", async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  const hostile = "[click](https://evil.example) https://evil.example/#/welcome/link-for-01ARZ3NDEKTSV4RRFFQ69G5FAV";
  await run(
    office.world,
    systemIdentity(office.organisation),
    (current) =>
      mailAtOnce(
        current,
        { id: ada, name: `Ada ${hostile}`, email: "ada@elm.example" },
        { subject: hostile, body: [markdown`${hostile}`, markdown`[Open](${new Markdown("https://elm.example/x")})`] },
      ),
    Date.parse(firedAt),
  );
  await send();
  const html = server.delivered[0]?.parts.get("text/html") ?? "";
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
    "https://elm.example/x",
    "https://duly.elm.example",
    "https://duly.elm.example/#/mail",
  ]);
});
