/**
 * What will fire, when, and to whom: the real engine, on a copy of the school in a scratch database of the same server,
 * with a clock of its own and mail that goes nowhere. The copy is dropped afterwards. There is no second engine.
 */
import { randomBytes } from "node:crypto";
import { invalid } from "../../schema/failure";
import { type Database, datetime, forCommands, instant, isoOf, openDatabase } from "../store/database";
import { runForward } from "./advanceClock";
import { keepTransport } from "./mailTransport";
import { schoolNow } from "./run";
import type { World } from "./world";

export interface Foreseen {
  /** ISO instant, school time. */
  at: string;
  kind: "notice" | "task";
  what: string;
  /** Names. */
  to: string[];
}

export interface ForeseenMail {
  at: string;
  to: string;
  urgent: boolean;
}

export interface Future {
  happens: Foreseen[];
  mails: ForeseenMail[];
  /** Why it ended before its time; null where it did not. */
  stopped: string | null;
}

/** @throws INVALID_INPUT where `until` is not later than the school's present. */
export async function simulate(world: World, until: string): Promise<Future> {
  const start = await schoolNow(world);
  const end = Date.parse(until);
  if (!(end > start)) throw invalid([{ path: "until", message: "Choose a time after the school's present." }]);
  const name = `duly_sim_${randomBytes(6).toString("hex")}`;
  await copyDatabase(world.db, name);
  const url = new URL(world.db.url);
  url.pathname = `/${name}`;
  const db = openDatabase(url.toString(), 4, undefined, forCommands);
  try {
    const scratch: World = { ...world, db, wake: () => undefined, announce: () => undefined, changed: () => undefined };
    const { stopped } = await runForward(scratch, end, keepTransport());
    const since = datetime(isoOf(start));
    return { happens: await foreseen(db, since), mails: await mailsSince(db, since), stopped };
  } finally {
    await db.close();
    await world.db.execute(`DROP DATABASE IF EXISTS ${name}`);
  }
}

/** Tables and rows of the present database, into a new one beside it. */
async function copyDatabase(db: Database, name: string): Promise<void> {
  const [current] = await db.query("SELECT DATABASE() AS name");
  const from = String(current?.["name"]);
  const tables = await db.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
    [from],
  );
  const connection = await db.connection();
  try {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    for (const table of tables) {
      const quoted = `\`${String(table["name"])}\``;
      await connection.query(`CREATE TABLE ${name}.${quoted} LIKE ${from}.${quoted}`);
      // The engine reads no bytes of files, and they may be most of the database.
      if (table["name"] !== "file_chunk")
        await connection.query(`INSERT INTO ${name}.${quoted} SELECT * FROM ${from}.${quoted}`);
    }
  } catch (error) {
    await connection.query(`DROP DATABASE IF EXISTS ${name}`);
    throw error;
  } finally {
    await connection.end().catch(() => undefined);
  }
}

async function foreseen(db: Database, since: string): Promise<Foreseen[]> {
  const found: Foreseen[] = [];
  const notices = await db.query(
    `SELECT n.created_at AS at, n.subject, p.name FROM notice n JOIN person p ON p.id = n.person WHERE n.created_at >= ? ORDER BY p.name`,
    [since],
  );
  for (const row of notices)
    found.push({
      at: instant(String(row["at"])),
      kind: "notice",
      what: String(row["subject"]),
      to: [String(row["name"])],
    });
  const tasks = await db.query(
    `SELECT t.id, t.opened_at AS at, t.label, p.name FROM task t LEFT JOIN task_holder h ON h.task = t.id
     LEFT JOIN person p ON p.id = h.person WHERE t.opened_at >= ? ORDER BY p.name`,
    [since],
  );
  for (const row of tasks)
    found.push({
      at: instant(String(row["at"])),
      kind: "task",
      what: String(row["label"]),
      to: row["name"] === null ? [] : [String(row["name"])],
    });
  const merged = new Map<string, Foreseen>();
  for (const one of found) {
    const key = `${one.at} ${one.kind} ${one.what}`;
    const known = merged.get(key);
    if (known) known.to.push(...one.to);
    else merged.set(key, one);
  }
  return [...merged.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** One that was taken back, since more came for its digest, would not have reached anybody. */
async function mailsSince(db: Database, since: string): Promise<ForeseenMail[]> {
  const rows = await db.query(
    `SELECT m.created_at AS at, m.urgent, p.name FROM mail m JOIN person p ON p.id = m.person
     WHERE m.created_at >= ? AND m.state <> 'replaced' ORDER BY m.created_at, p.name`,
    [since],
  );
  return rows.map((row) => ({
    at: instant(String(row["at"])),
    to: String(row["name"]),
    urgent: Number(row["urgent"]) === 1,
  }));
}
