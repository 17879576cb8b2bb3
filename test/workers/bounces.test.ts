/** Mail that comes back: the notice says so, and whoever keeps addresses has one task for each that fails. */
import { act } from "../../api/engine/act";
import { takeBounce } from "../../api/engine/bounces";
import { composeMails } from "../../api/engine/composeMails";
import { deliverMails } from "../../api/engine/deliverMails";
import { tellOfFaults } from "../../api/engine/faults";
import { updatePerson } from "../../api/engine/people";
import { messagesOf, readBounce } from "../../api/engine/readBounce";
import { run, systemIdentity } from "../../api/engine/run";
import { readFaults } from "../../api/store/faults";
import { type MailOffice, newMailOffice } from "./mailOffice";

const morning = "2027-04-28T07:00:00.000Z";
let mailing: MailOffice;
let { server, office, smtp } = {} as MailOffice;
let ada: string;

beforeEach(async () => {
  mailing = await newMailOffice({ MAIL_BOUNCES: "bounces@elm.example" });
  ({ server, office, smtp } = mailing);
  ada = await office.person("Ada Brook", "ada@elm.example");
  const secretary = await office.person("Sol Reed", "sol@elm.example");
  await office.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'secretary', '2027-01-01')",
    ["01APPOINTMENT0000000000001", office.organisation, secretary],
  );
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.fire(morning);
});
afterEach(() => mailing.close());

const send = (at = morning): Promise<void> => mailing.send(at);
const asOffice = <T>(verb: Parameters<typeof run<T>>[2]): Promise<T> =>
  run(office.world, systemIdentity(office.organisation), verb, Date.parse(morning));
const addresses = () =>
  office.query("SELECT id, state, f_address AS address, f_said AS said FROM r_wrong_address ORDER BY id");
const tasks = () =>
  office.query(
    `SELECT t.label, t.state, p.name FROM task t JOIN task_holder h ON h.task = t.id JOIN person p ON p.id = h.person
     WHERE t.type = 'wrongAddress' ORDER BY t.id`,
  );
const outcomes = () => office.query("SELECT outcome, outcome_why FROM notice ORDER BY id");

/** As Postfix reports it. */
const report = (messageId: string, action = "failed", status = "5.1.1"): string =>
  [
    "From: MAILER-DAEMON@mail.elm.example (Mail Delivery System)",
    "To: bounces@elm.example",
    "Message-ID: <20270428070105.4A1B2@mail.elm.example>",
    "Content-Type: multipart/report; report-type=delivery-status;",
    '\tboundary="B1.1/mail.elm.example"',
    "",
    "--B1.1/mail.elm.example",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "I'm sorry to have to inform you that your message could not be delivered.",
    "",
    "--B1.1/mail.elm.example",
    "Content-Description: Delivery report",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.elm.example",
    "",
    "Final-Recipient: rfc822; ada@elm.example",
    `Action: ${action}`,
    `Status: ${status}`,
    "Diagnostic-Code: smtp; 550 5.1.1 <ada@elm.example>: Recipient address rejected:",
    "    User unknown",
    "",
    "--B1.1/mail.elm.example",
    "Content-Type: text/rfc822-headers",
    "",
    "From: Elm Office <office@elm.example>",
    "To: ada@elm.example",
    `Message-ID:\r\n ${messageId}`,
    "",
    "--B1.1/mail.elm.example--",
    "",
  ].join("\r\n");

test("an address refused while sending fails the notice, and the secretary has one task, however often", async () => {
  server.refuse = { code: 550, text: "No such person here" };
  await send();
  await office.licence("Film licence", "2027-05-30", { keeper: ada });
  await office.fire("2027-04-30T07:00:00.000Z");
  await send("2027-04-30T07:00:00.000Z");

  expect(server.offered).toBe(2);
  expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  expect(await addresses()).toMatchObject([
    { state: "wrong", address: "ada@elm.example", said: expect.stringContaining("550 No such person here") },
  ]);
  expect(await tasks()).toEqual([{ label: "Ask Ada Brook", state: "open", name: "Sol Reed" }]);
});

const faults = () => readFaults(office.world.db, { organisations: [office.organisation], first: 10 });

test("a refused address is somebody's to see to although the process ends before anybody is asked", async () => {
  server.refuse = { code: 550, text: "No such person here" };
  await composeMails(office.world, morning);
  const real = office.world.db;
  let settled = false;
  const ended = () => settled;
  const gone = () => Promise.reject(new Error("The process has ended."));
  office.world.db = {
    ...real,
    query: (...args) => (ended() ? gone() : real.query(...args)),
    execute: (...args) => (ended() ? gone() : real.execute(...args)),
    transaction: async (work, tries) => {
      if (ended()) return gone();
      const answer = await real.transaction(work, tries);
      settled = server.offered > 0;
      return answer;
    },
  };
  await deliverMails(office.world, morning, smtp);
  expect(settled).toBe(true);
  office.world.db = real;
  expect((await outcomes()).map(({ outcome }) => outcome)).toEqual(["failed"]);
  expect(await faults()).toMatchObject([
    { kind: "email", cause: "The mail server refuses the address of the person." },
  ]);
});

test("nothing stands among the problems once somebody is asked for another address", async () => {
  server.refuse = { code: 550, text: "No such person here" };
  await send();
  expect(await tasks()).toHaveLength(1);
  expect(await faults()).toEqual([]);
  await tellOfFaults(office.world);
  expect(await office.query("SELECT id FROM r_trouble")).toEqual([]);
});

test("a mail that comes back is a problem where no type asks for another address", async () => {
  await send();
  const raw = report(server.delivered[0]?.header("Message-ID") ?? "");
  const type = office.world.registry.types.get("wrongAddress")?.active.type;
  const { bounces } = type ?? {};
  if (!type || !bounces) throw new Error("The office asks for addresses.");
  delete type.bounces;
  try {
    await asOffice((current) => takeBounce(current, raw));
  } finally {
    type.bounces = bounces;
  }
  expect(await faults()).toMatchObject([{ kind: "email" }]);
});

test("a mail server that refuses us, and not the address, makes no task", async () => {
  server.refuseSender = { code: 550, text: "Your host is blocked" };
  await send();
  expect((await outcomes())[0]).toMatchObject({ outcome: "failed" });
  expect(await addresses()).toEqual([]);
});

test("a mail that comes back after it was taken fails its notice and opens the task; the same report twice does nothing", async () => {
  await send();
  const [mail] = server.delivered;
  expect(mail?.from).toBe("bounces@elm.example");
  const raw = report(mail?.header("Message-ID") ?? "");
  expect(await asOffice((current) => takeBounce(current, raw))).toMatch(
    /^The mail to ada@elm.example came back \(5.1.1 /,
  );
  expect(await outcomes()).toMatchObject([{ outcome: "failed", outcome_why: expect.stringMatching(/User unknown/) }]);
  expect(await asOffice((current) => takeBounce(current, raw))).toMatch(/dealt with already/);
  expect(await tasks()).toHaveLength(1);
});

test("a delay is no failure, and what is not about our mail is left alone", async () => {
  await send();
  const id = server.delivered[0]?.header("Message-ID") ?? "";
  const take = (raw: string) => asOffice((current) => takeBounce(current, raw));
  expect(await take(report(id, "delayed", "4.4.1"))).toMatch(/is delayed/);
  expect(await take(report(id, "delivered", "2.0.0"))).toMatch(/arrived/);
  expect(await take(report(id, "", ""))).toMatch(/Read it yourself/);
  expect(await take(report("<somebody.elses@mail.example>"))).toMatch(/^No mail of Duly’s/);
  expect(await take(report(id.replace(/@.*/, "@elsewhere.example>")))).toMatch(/^No mail of Duly’s/);
  expect(await take("Subject: Out of office\r\n\r\nBack on Monday.\r\n")).toMatch(/^This is no report/);
  expect((await outcomes())[0]).toMatchObject({ outcome: "sent" });
  expect(await addresses()).toEqual([]);
});

const MAIL = "<m1@elm.example>";
const seen = (raw: string): [string, string] | undefined => {
  const bounce = readBounce(raw);
  return bounce && [bounce.messageId, bounce.became];
};

test.each<[string, string, string, string]>([
  ["failed, and not to be tried again, although the reason might pass", "failed", "4.4.7", "failed"],
  ["failed, with a remark", "failed (expired)", "5.0.0", "failed"],
  ["delayed", "delayed", "4.4.1", "delayed"],
  ["delivered", "delivered", "2.0.0", "arrived"],
  ["handed on", "relayed", "2.0.0", "arrived"],
  ["nothing", "", "", "unknown"],
])("a report that says %s", (_, action, status, became) =>
  expect(seen(report(MAIL, action, status))).toEqual([MAIL, became]),
);

test("reports as other servers write them are read", () => {
  const usual = report(MAIL);
  // OpenSMTPD, and servers that wrap a report.
  expect(seen(usual.replace("multipart/report; report-type=delivery-status;", "multipart/mixed;"))).toEqual([
    MAIL,
    "failed",
  ]);
  // Exchange quotes no head, and answers to the mail.
  const answering = usual
    .replace(`Message-ID:\r\n ${MAIL}`, "X: y")
    .replace("To: bounces", `In-Reply-To: ${MAIL}\r\nTo: bounces`);
  expect(seen(answering)).toEqual([MAIL, "failed"]);
  // A part of words with the same type before it.
  const twice = usual.replace("text/plain; charset=us-ascii", "message/delivery-status");
  expect(seen(twice)).toEqual([MAIL, "failed"]);
  // Another mail is named in what the report says in words.
  expect(seen(usual.replace("I'm sorry", "Message-ID: <other@elm.example>\r\nI'm sorry"))).toEqual([MAIL, "failed"]);
});

test("what a report says moves no terminal", () => {
  const bounce = readBounce(report(MAIL).replace("User unknown", "User \u001b[2J\u0007\u009bunknown"));
  expect(bounce?.why).toBe("5.1.1 550 5.1.1 <ada@elm.example>: Recipient address rejected: User [2Junknown");
  expect(readBounce(report("<\u001b[2J@elm.example>"))).toBeUndefined();
});

test("another address ends the task, and so does confirming the one they have; then it may fail anew", async () => {
  server.refuse = { code: 550, text: "No such person here" };
  await send();
  await asOffice((current) => updatePerson(current, { id: ada, name: "Ada Brook", email: "ada.brook@elm.example" }));
  await office.fire(morning);
  expect(await addresses()).toMatchObject([{ state: "right" }]);
  expect(await tasks()).toMatchObject([{ state: "done" }]);

  await office.act(await office.licence("Film licence", "2027-09-30", { keeper: ada }), "lose", morning);
  await send();
  const [, again] = await addresses();
  expect(again).toMatchObject({ state: "wrong", address: "ada.brook@elm.example" });
  await asOffice((current) => act(current, { type: "wrongAddress", id: String(again?.["id"]), action: "confirm" }));
  expect((await tasks()).map(({ state }) => state)).toEqual(["done", "done"]);
});

test("a mailbox file holds many reports", () => {
  const one = report("<a@duly.example>");
  const mbox = `From MAILER-DAEMON Wed Apr 28\r\n${one}\r\nFrom MAILER-DAEMON Thu Apr 29\r\n${report("<b@duly.example>")}`;
  expect(messagesOf(mbox).map((raw) => readBounce(raw)?.messageId)).toEqual(["<a@duly.example>", "<b@duly.example>"]);
  expect(messagesOf(one)).toEqual([one]);
});
