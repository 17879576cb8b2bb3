/** Mail as it leaves: over a real SMTP server, from notices that real timers made. */
import { createHash } from "node:crypto";
import { act } from "../../api/engine/act";
import { composeMails } from "../../api/engine/composeMails";
import { backOffMs, deliverMails, mostAttempts } from "../../api/engine/deliverMails";
import { type MailTransport, smtpTransport } from "../../api/engine/mailTransport";
import { run, systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { saveCrest } from "../../api/store/letterhead";
import { type MailServer, startMailServer } from "./mailServer";
import { newOffice, type Office } from "./office";

/** The licences end on 28 May, so their reminder falls due on 28 April at 08:00 in London, 07:00 UTC. */
const endsOn = "2027-05-28";
const firedAt = "2027-04-28T07:00:00.000Z";
const later = (minutes: number): string => new Date(Date.parse(firedAt) + minutes * 60_000).toISOString();

let server: MailServer;
let office: Office;
let smtp: MailTransport;
let ada: string;
let ben: string;

async function open(environment: Record<string, string> = {}): Promise<void> {
  office = await newOffice({ SMTP_URL: server.url, ...environment });
  ada = await office.person("Ada Brook", "ada@elm.example");
  ben = await office.person("Ben Cole", "ben@elm.example");
}

beforeEach(async () => {
  server = await startMailServer();
  smtp = smtpTransport(server.url);
});
afterEach(async () => {
  smtp.close();
  await office.close();
  await server.close();
});

const reminded = async (title = "Music licence", deputy?: string): Promise<string> => {
  const id = await office.licence(title, endsOn, { keeper: ada, ...(deputy ? { deputy } : {}) });
  await office.fire(firedAt);
  return id;
};
const send = async (at: string): Promise<void> => {
  await composeMails(office.world, at);
  await deliverMails(office.world, at, smtp);
};
const mails = () => office.query("SELECT * FROM mail ORDER BY id");
const notices = () => office.query("SELECT outcome, outcome_why, mail FROM notice ORDER BY id");
const as = (person: string, name: string) => ({
  ...systemIdentity(office.organisation),
  actor: { kind: "person" as const, id: person, name },
});

test("a reminder reaches its reader once, as plain text, as HTML, and with the day for the calendar", async () => {
  await open();
  const id = await reminded();
  await send(firedAt);
  await send(later(5));

  expect(server.delivered).toHaveLength(1);
  const [mail] = server.delivered;
  const [row] = await mails();
  expect(mail?.to).toEqual(["ada@elm.example"]);
  expect(mail?.header("Subject")).toBe("Ends by 28 May 2027: Music licence");
  expect(mail?.header("Message-ID")).toBe(`<${String(row?.["id"]).toLowerCase()}@duly.duly.elm.example>`);
  expect(mail?.header("Auto-Submitted")).toBe("auto-generated");
  expect(mail?.parts.get("text/plain")).toContain(`Open the licence: https://duly.elm.example/#/licence/${id}`);
  expect(mail?.parts.get("text/html")).toContain("<strong>Music licence</strong>");
  expect(mail?.parts.get("text/html")).toMatch(
    /<a href="https:\/\/duly\.elm\.example[^"]*" style="display:inline-block/,
  );
  const calendar = mail?.parts.get("text/calendar") ?? "";
  expect(calendar).toContain("DTSTART;VALUE=DATE:20270528");
  expect(calendar.replace(/\r\n /g, "")).toContain(`UID:${id}.endsOn@duly.duly.elm.example`);

  expect(row).toMatchObject({ state: "sent", attempts: 1 });
  expect(String(row?.["answer"])).toContain("kept as 4711");
  expect(await notices()).toEqual([{ outcome: "sent", outcome_why: null, mail: row?.["id"] }]);
});

test("a moved date replaces the entry in the calendar: the same uid, a higher sequence", async () => {
  await open();
  const id = await reminded();
  await send(firedAt);
  await run(
    office.world,
    as(ada, "Ada Brook"),
    (current) => updateRecord(current, { type: "licence", id, expectedVersion: 1, input: { endsOn: "2027-08-27" } }),
    Date.parse(later(600)),
  );
  await office.fire("2027-07-28T07:00:00.000Z");
  await send("2027-07-28T07:00:00.000Z");

  const [first, second] = server.delivered.map((mail) => (mail.parts.get("text/calendar") ?? "").replace(/\r\n /g, ""));
  const value = (text: string | undefined, name: string) =>
    new RegExp(`^${name}[^:]*:(.*)$`, "m").exec(text ?? "")?.[1];
  expect(value(second, "UID")).toBe(value(first, "UID"));
  expect(value(second, "DTSTART")).toContain("20270827");
  expect(Number(value(second, "SEQUENCE"))).toBeGreaterThan(Number(value(first, "SEQUENCE")));
});

test("several notices to one person are one mail with a heading each, and each says who else was told", async () => {
  await open();
  await office.licence("Music licence", endsOn, { keeper: ada, deputy: ben });
  await office.licence("Film licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await send(firedAt);

  const ofAda = server.delivered.filter((mail) => mail.to.includes("ada@elm.example"));
  expect(ofAda).toHaveLength(1);
  expect(ofAda[0]?.header("Subject")).toMatch(/\(and 1 more\)$/);
  expect(ofAda[0]?.parts.get("text/html")?.match(/<h2/g)).toHaveLength(2);
  expect(ofAda[0]?.parts.get("text/plain")).toContain("Also told: Ben Cole.");
  expect(server.delivered.filter((mail) => mail.to.includes("ben@elm.example"))).toHaveLength(1);
  expect((await notices()).map((row) => row["outcome"])).toEqual(["sent", "sent", "sent"]);
});

test("nothing in a record's title becomes HTML, a script's link or a picture from elsewhere", async () => {
  await open();
  await reminded('<img src="https://spy.example/x.png"> [go](javascript:alert(1)) ![p](https://spy.example/y.png)');
  await send(firedAt);
  const html = server.delivered[0]?.parts.get("text/html") ?? "";
  expect(html).toContain("&lt;img");
  expect(html).not.toMatch(/<img|href="javascript|\ssrc="/i);
});

test("after a 451 the same mail is tried again a minute later, under the same Message-ID", async () => {
  await open();
  await reminded();
  server.refuse = { code: 451, text: "Mailbox busy" };
  await send(firedAt);
  const [waiting] = await mails();
  expect(waiting).toMatchObject({ state: "queued", attempts: 1 });
  expect(String(waiting?.["answer"])).toContain("451 Mailbox busy");
  expect((await notices())[0]).toMatchObject({ outcome: "in mail" });

  server.refuse = undefined;
  await send(later(0.5));
  expect(server.delivered).toHaveLength(0);
  await send(later(1));
  expect(server.delivered.map((mail) => mail.header("Message-ID"))).toEqual([waiting?.["message_id"]]);
  expect((await mails())[0]).toMatchObject({ state: "sent", attempts: 2 });
});

test("a server that stays away is tried eight times, further and further apart, and then the notice says so", async () => {
  await open();
  await reminded();
  server.refuse = { code: 421, text: "Closed for the night" };
  let minutes = 0;
  for (let attempt = 1; attempt < mostAttempts; attempt++) {
    await send(later(minutes));
    minutes += backOffMs(attempt) / 60_000;
  }
  // The last try would fall into the night.
  await send(later(minutes));
  expect(server.offered).toBe(mostAttempts - 1);
  for (const time of ["06:30", "23:00"]) await send(`2027-04-29T${time}:00.000Z`);
  expect(server.offered).toBe(mostAttempts);
  expect((await mails())[0]).toMatchObject({ state: "failed", attempts: mostAttempts });
  expect((await notices())[0]).toMatchObject({ outcome: "failed" });
});

test("a 550 is final, and the notice holds what the provider said", async () => {
  await open();
  await reminded();
  server.refuse = { code: 550, text: "No such person here" };
  await send(firedAt);
  server.refuse = undefined;
  await send(later(600));
  expect(server.offered).toBe(1);
  expect((await mails())[0]).toMatchObject({ state: "failed" });
  const [notice] = await notices();
  expect(notice).toMatchObject({ outcome: "failed" });
  expect(String(notice?.["outcome_why"])).toContain("550 No such person here");
});

test("a reminder whose record has moved on before the mail goes is withdrawn, and says why", async () => {
  await open();
  const id = await reminded();
  await run(
    office.world,
    as(ada, "Ada Brook"),
    (current) => act(current, { type: "licence", id, action: "renew" }),
    Date.parse(firedAt),
  );
  await send(later(1));
  expect(await mails()).toEqual([]);
  expect(await notices()).toEqual([
    { outcome: "not needed", outcome_why: "The record has moved on: Renewed.", mail: null },
  ]);
});

test("a reminder is withdrawn when its task was done, its reader left, or its reader is barred", async () => {
  await open();
  const done = await reminded("Done");
  const left = await office.licence("Left", endsOn, { keeper: ben });
  const cara = await office.person("Cara Dean", "cara@elm.example");
  const barred = await office.licence("Barred", endsOn, { keeper: cara });
  await office.fire(firedAt);
  await office.query("UPDATE task SET state = 'done' WHERE record = ?", [done]);
  await office.query("UPDATE person SET active = 0 WHERE id = ?", [ben]);
  await office.query(
    "INSERT INTO record_party (organisation, record, person, kind, type) VALUES (?, ?, ?, 'contested', 'licence')",
    [office.organisation, barred, cara],
  );
  await send(later(1));
  expect(server.delivered).toEqual([]);
  const why = new Map(
    (await office.query("SELECT record, outcome_why FROM notice")).map((row) => [row["record"], row["outcome_why"]]),
  );
  expect(why.get(done)).toBe("The task was done.");
  expect(why.get(left)).toBe("The person is no longer active.");
  expect(why.get(barred)).toBe("The person may not see this record.");
});

test("a reminder that waits while its date moves far gives way to the one for the new date", async () => {
  await open();
  const id = await reminded();
  await run(
    office.world,
    as(ada, "Ada Brook"),
    (current) => updateRecord(current, { type: "licence", id, expectedVersion: 1, input: { endsOn: "2027-08-27" } }),
    Date.parse(firedAt),
  );
  await send(later(1));
  expect(server.delivered).toEqual([]);
  expect((await notices())[0]).toMatchObject({ outcome: "not needed" });
});

test("several senders at once send every mail exactly once", async () => {
  await open();
  const people = await Promise.all(
    Array.from({ length: 40 }, (_, i) => office.person(`Person ${i}`, `person${i}@elm.example`)),
  );
  for (const [i, keeper] of people.entries()) await office.licence(`Licence ${i}`, endsOn, { keeper });
  await office.fire(firedAt);
  await Promise.all([1, 2, 3].map(() => composeMails(office.world, firedAt)));
  await Promise.all([1, 2, 3].map(() => deliverMails(office.world, firedAt, smtp)));
  expect(server.delivered.map((mail) => mail.to[0]).sort()).toEqual(
    people.map((_, i) => `person${i}@elm.example`).sort(),
  );
});

test("a sender that died after sending is followed by another, under the same Message-ID, once its lease is over", async () => {
  await open();
  await reminded();
  // Sent, and never committed: what a kill leaves behind.
  const dying: MailTransport = {
    delivers: true,
    send: async (message) => {
      const sent = await smtp.send(message);
      await office.query("UPDATE mail SET state = 'sending', lease_until = '2099-01-01 00:00:00.000'");
      return sent;
    },
    close: () => undefined,
  };
  await composeMails(office.world, firedAt);
  await deliverMails(office.world, firedAt, dying);
  await deliverMails(office.world, later(1), smtp);
  expect(server.delivered).toHaveLength(1);
  expect((await mails())[0]).toMatchObject({ state: "sending" });

  await office.query("UPDATE mail SET lease_until = '2020-01-01 00:00:00.000'");
  await deliverMails(office.world, later(2), smtp);
  const ids = server.delivered.map((mail) => mail.header("Message-ID"));
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect((await mails())[0]).toMatchObject({ state: "sent" });
});

test("demo mode keeps every mail but those to allow-listed addresses", async () => {
  await open({ DULY_DEMO: "1", SMTP_ALLOW: "BEN@elm.example" });
  await reminded("Music licence", ben);
  await send(firedAt);
  expect(server.delivered.map((mail) => mail.to)).toEqual([["ben@elm.example"]]);
  const [kept] = await office.query("SELECT state, answer, text_body FROM mail WHERE person = ?", [ada]);
  expect(kept).toMatchObject({ state: "kept" });
  expect(String(kept?.["answer"])).toContain("demo mode");
  expect(String(kept?.["text_body"])).toContain("Open the licence");
});

test("without a mail server the mail is kept whole, and so is one for somebody without an address", async () => {
  await open({ SMTP_URL: "" });
  await office.query("UPDATE person SET email = NULL WHERE id = ?", [ben]);
  await reminded("Music licence", ben);
  await send(firedAt);
  expect((await mails()).map((row) => [row["state"], row["answer"]])).toEqual(
    expect.arrayContaining([
      ["kept", "Kept here: no mail server is set."],
      ["kept", "Kept here: the person has no email address."],
    ]),
  );
  expect((await notices()).map((row) => row["outcome"])).toEqual(["in mail", "in mail"]);
});

/** A single dark pixel. */
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

async function withCrest(bytes: Buffer): Promise<void> {
  const hash = createHash("sha256").update(bytes).digest("hex");
  await office.world.db.transaction((tx) =>
    saveCrest(tx, office.organisation, { hash, mediaType: "image/png", bytes }),
  );
}

test("the crest comes with the mail, so that nothing is fetched; one that is broken, or none, leaves no gap", async () => {
  await open();
  await withCrest(Buffer.from(pixel, "base64"));
  await reminded();
  await send(firedAt);
  const [mail] = server.delivered;
  expect(mail?.parts.get("text/html")).toContain('<img src="cid:crest@duly" alt=""');
  expect(mail?.raw).toContain("Content-ID: <crest@duly>");
  expect(mail?.raw).toMatch(/Content-Disposition: inline; filename=crest.png/);
  expect(mail?.raw.replace(/\r\n/g, "")).toContain(pixel);
  expect(mail?.parts.get("text/html")).not.toMatch(/src="http/);

  // Its head is right, and its pixels are cut off.
  await withCrest(Buffer.from(pixel, "base64").subarray(0, 50));
  await reminded("Film licence");
  await send(later(24 * 60));
  const second = server.delivered[1];
  expect(second?.parts.get("text/html")).toContain("Film licence");
  expect(second?.parts.get("text/html")).not.toMatch(/<img|<!--/);
});

test("what its reader may choose says where in its head; what must reach them does not", async () => {
  await open();
  const id = await reminded();
  await send(firedAt);
  const [digest] = server.delivered;
  expect(digest?.header("List-Unsubscribe")).toBe("<https://duly.elm.example/#/mail>");
  // No single click ends what a school must tell its staff.
  expect(digest?.header("List-Unsubscribe-Post")).toBe("");

  await run(
    office.world,
    as(ben, "Ben Cole"),
    (r) => act(r, { type: "licence", id, action: "lose" }),
    Date.parse(later(1)),
  );
  await send(later(2));
  const urgent = server.delivered[1];
  expect(urgent?.header("Subject")).toBe("Lost: Music licence");
  expect(urgent?.header("List-Unsubscribe")).toBe("");
});
