/** What is kept of the past has an age: bodies go, who and when and what about stay with a hash, and nothing of what is not over. */
import { plainCalendar } from "../../schema/condition";
import { createHash } from "node:crypto";
import { agedClearing } from "../../api/engine/clearAged";
import { clearMailBodies, clearNoticeBodies } from "../../api/store/aged";
import type { Sql } from "../../api/store/database";
import { replanNotice, requeueMail } from "../../api/store/mails";
import { mailsByIds, noticeById } from "../../api/store/noticeQuery";
import { newId } from "../../api/engine/world";
import { newSchool, type School } from "../school";

let school: School;
let [over, open] = ["", ""];
beforeAll(async () => {
  school = await newSchool();
  const { states } = school.world.registry.types.get("policy")!.active.type;
  const end = Object.keys(states).find((name) => states[name]?.end) ?? "";
  const rows = await school.query("SELECT id FROM r_policy LIMIT 2");
  [over, open] = rows.map((row) => String(row["id"])) as [string, string];
  await school.query("UPDATE r_policy SET state = ? WHERE id = ?", [end, over]);
}, 60_000);
afterAll(() => school.close());

const OLD = "2023-01-05 08:00:00";
const NEW = "2026-10-05 08:00:00";
const sha = (text: string) => createHash("sha256").update(text).digest("hex");

/** An email with a notice about each of these records. */
async function mailed(at: string, records: string[], state = "sent"): Promise<{ mail: string; notices: string[] }> {
  const mail = newId();
  const person = school.personId("Zoe King");
  await school.query(
    `INSERT INTO mail (id, organisation, person, address, message_id, subject, text_body, html_body, state, next_at, created_at)
     VALUES (?, ?, ?, 'a@school.invalid', ?, 'About it', 'the text', '<p>the text</p>', ?, ?, ?)`,
    [mail, school.organisation, person, mail, state, at, at],
  );
  const notices = records.map(() => newId());
  for (const [n, record] of records.entries())
    await school.query(
      `INSERT INTO notice (id, organisation, type, record, cause, person, template, subject, body, created_at, send_at, outcome, mail)
       VALUES (?, ?, 'policy', ?, ?, ?, 'x', 'About it', 'the notice', ?, ?, 'sent', ?)`,
      [notices[n] ?? "", school.organisation, record, newId(), person, at, at, mail],
    );
  return { mail, notices };
}
const body = async (mail: string) =>
  (
    await school.query("SELECT text_body, html_body, body_hash, address, subject, created_at FROM mail WHERE id = ?", [
      mail,
    ])
  )[0];

test("bodies go after their age, with their hash kept; what is recent, not over or may be sent again stays", async () => {
  const gone = await mailed(OLD, [over]);
  const stays = [
    await mailed(NEW, [over]),
    await mailed(OLD, [open]),
    await mailed(OLD, [over, open]),
    await mailed(OLD, [over], "queued"),
    await mailed(OLD, [over], "failed"),
  ];
  await school.query(
    `INSERT INTO fault (id, organisation, kind, subject, cause, happened_at, last_at) VALUES (?, ?, 'mail', ?, 'x', ?, ?)`,
    [newId(), school.organisation, stays[4]?.mail ?? "", OLD, OLD],
  );
  const clear = agedClearing(school.world);
  expect(await clear(() => false)).toBeGreaterThan(0);
  expect(await body(gone.mail)).toEqual({
    ...{ text_body: "", html_body: "", body_hash: sha("the text\n<p>the text</p>") },
    ...{ address: "a@school.invalid", subject: "About it", created_at: OLD },
  });
  const [notice] = await school.query("SELECT subject, body, body_hash FROM notice WHERE id = ?", gone.notices);
  expect(notice).toEqual({ subject: "About it", body: "", body_hash: sha("About it\nthe notice") });
  for (const { mail } of stays) expect(await body(mail)).toMatchObject({ text_body: "the text", body_hash: null });
  const [kept] = await school.query("SELECT body FROM notice WHERE id = ?", stays[1]?.notices ?? []);
  expect(kept).toEqual({ body: "the notice" });
  expect(await clear(() => false)).toBe(0);
});

test("an email or notice goes once nothing will send it any more, whatever became of it, and never before", async () => {
  type Told = { mail: string | null; outcome: string; failing?: "email" | "notice"; goes: boolean[] };
  const told: Told[] = [
    { mail: "sent", outcome: "sent", goes: [true, true] },
    { mail: "kept", outcome: "in mail", goes: [true, true] },
    { mail: "failed", outcome: "failed", goes: [true, true] },
    { mail: "failed", outcome: "failed", failing: "email", goes: [false, false] },
    { mail: "queued", outcome: "in mail", goes: [false, false] },
    { mail: "sending", outcome: "in mail", goes: [false, false] },
    { mail: "replaced", outcome: "planned", goes: [false, true] },
    { mail: null, outcome: "failed", goes: [true] },
    { mail: null, outcome: "failed", failing: "notice", goes: [false] },
    { mail: null, outcome: "planned", goes: [false] },
    { mail: null, outcome: "read", goes: [true] },
    { mail: null, outcome: "not needed", goes: [true] },
  ];
  const made: { mail: string; notices: string[] }[] = [];
  for (const each of told) {
    const one = await mailed(OLD, [over], each.mail ?? "kept");
    await school.query("UPDATE notice SET outcome = ?, mail = ? WHERE id = ?", [
      each.outcome,
      each.mail && one.mail,
      one.notices[0] ?? "",
    ]);
    if (each.failing)
      await school.query(
        `INSERT INTO fault (id, organisation, kind, subject, cause, happened_at, last_at) VALUES (?, ?, ?, ?, 'x', ?, ?)`,
        [
          newId(),
          school.organisation,
          each.failing,
          each.failing === "email" ? one.mail : (one.notices[0] ?? ""),
          OLD,
          OLD,
        ],
      );
    made.push(one);
  }
  await agedClearing(school.world)(() => false);
  const gone = async (table: string, id: string) =>
    (await school.query(`SELECT body_hash IS NOT NULL AS gone FROM ${table} WHERE id = ?`, [id]))[0]?.["gone"] === 1;
  for (const [n, each] of told.entries())
    expect([
      each,
      [
        await gone("notice", made[n]?.notices[0] ?? ""),
        ...(each.mail ? [await gone("mail", made[n]?.mail ?? "")] : []),
      ],
    ]).toEqual([each, each.goes]);
  // One that has no text any more is not told, whoever asks for it.
  for (const [n, each] of told.entries()) {
    const [notice = "", mail] = [made[n]?.notices[0], each.mail ? made[n]?.mail : undefined];
    if (each.outcome !== "failed") continue;
    if (mail) expect(await requeueMail(school.world.db, mail)).toBe(!each.goes[1]);
    else expect(await replanNotice(school.world.db, notice)).toBe(!each.goes[0]);
  }
});

test("whoever reads what is no longer kept is told so, with its hash", async () => {
  const { mail, notices } = await mailed(OLD, [over]);
  await agedClearing(school.world)(() => false);
  const read = await school.as("Zoe King", async ({ tx, identity }) => {
    const viewer = {
      registry: school.world.registry,
      access: identity.access,
      scopeOf: () => ({ today: "2026-11-23", actor: null, settings: {}, calendar: plainCalendar }),
    };
    return {
      letter: (await mailsByIds(tx, viewer, [mail], null))[0]?.text,
      notice: (await noticeById(tx, viewer, notices[0] ?? ""))?.body,
    };
  });
  expect(read).toEqual({
    letter: `The text of this email is no longer kept. Its SHA-256 was ${sha("the text\n<p>the text</p>")}.`,
    notice: `The text of this message is no longer kept. Its SHA-256 was ${sha("About it\nthe notice")}.`,
  });
});

test("two workers that let go of the same at once keep the hash of the text, not of what is left of it", async () => {
  const { mail, notices } = await mailed(OLD, [over]);
  const { db, registry } = school.world;
  const before = "2024-11-23 09:00:00";
  for (const clear of [clearMailBodies, clearNoticeBodies]) {
    const meanwhile: Sql = {
      ...db,
      queryText: async (sql, params) => {
        if (/SELECT id, (text_body|subject)/.test(sql)) await clear(db, registry, before, "");
        return db.queryText(sql, params);
      },
    };
    await clear(meanwhile, registry, before, "");
  }
  expect(await body(mail)).toMatchObject({ body_hash: sha("the text\n<p>the text</p>") });
  expect(await school.query("SELECT body_hash FROM notice WHERE id = ?", notices)).toEqual([
    { body_hash: sha("About it\nthe notice") },
  ]);
});

test("an age beyond the first of all days lets go of nothing", async () => {
  const { mail } = await mailed(OLD, [over]);
  const ages = { emails: 9_999, views: 9_999, timers: 9_999 };
  await agedClearing({ ...school.world, config: { ...school.world.config, ages } })(() => false);
  expect(await body(mail)).toMatchObject({ text_body: "the text", body_hash: null });
});

test("of old views which records one request read goes, who looked at a record and when stays", async () => {
  const view = newId();
  await school.query(
    `INSERT INTO view_request (id, organisation, person, actor, at, via, operation, seen) VALUES (?, ?, ?, 'person', '2018-01-05', 'graphql', 'concerns', '{}')`,
    [view, school.organisation, school.personId("Zoe King")],
  );
  await agedClearing(school.world)(() => false);
  expect(await school.query("SELECT operation, seen, seen_hash FROM view_request WHERE id = ?", [view])).toEqual([
    { operation: "concerns", seen: null, seen_hash: sha("{}") },
  ]);
});

test("clocks that were cancelled or used once go when their day is old; one of a rule that has fired stays, so that it fires no second time", async () => {
  const old = (n: number) => `01D${String(n).padStart(23, "0")}`;
  const [long, late] = ["2020-01-01", "2026-11-01"];
  const rows: { state: string; kind?: string; rule: string; due: string; fired?: string; goes: boolean }[] = [
    { state: "cancelled", rule: "remind", due: long, goes: true },
    { state: "cancelled", rule: "remind", due: late, goes: false },
    { state: "fired", kind: "event", rule: "close", due: long, fired: long, goes: true },
    // It was made long ago, and waited for long.
    { state: "fired", kind: "event", rule: "close", due: late, fired: late, goes: false },
    { state: "fired", kind: "roster", rule: "all", due: long, fired: late, goes: false },
    { state: "fired", rule: "remind", due: long, fired: long, goes: false },
    { state: "waiting", rule: "remind", due: long, goes: false },
    { state: "dead", kind: "event", rule: "close", due: long, goes: false },
    { state: "skipped", kind: "event", rule: "close", due: long, goes: false },
  ];
  for (const [n, { state, kind = "rule", rule, due, fired }] of rows.entries())
    await school.query(
      `INSERT INTO timer (id, organisation, type, record, kind, rule, step, anchor_value, due_at, fired_at, state, stamp)
       VALUES (?, ?, 'policy', ?, ?, ?, 'P0D', ?, ?, ?, ?, '')`,
      [old(n), school.organisation, open, kind, rule, old(n), due, fired ?? null, state],
    );
  await agedClearing(school.world)(() => false);
  const left = await school.query("SELECT id FROM timer WHERE anchor_value = id ORDER BY id");
  expect(left.map((row) => row["id"])).toEqual(rows.flatMap(({ goes }, n) => (goes ? [] : [old(n)])));
});
