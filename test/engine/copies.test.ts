/** A backup made while Duly works, restored elsewhere, looked at, and put in use. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../api/config";
import { composeMails } from "../../api/engine/composeMails";
import { deliverMails } from "../../api/engine/deliverMails";
import { doctor } from "../../api/engine/doctor";
import type { MailTransport } from "../../api/engine/mailTransport";
import { releaseHold, settleIn } from "../../api/engine/place";
import { run, systemIdentity } from "../../api/engine/run";
import { sealAll } from "../../api/engine/seal";
import { forgottenPassword, makeSignInLinks } from "../../api/engine/signInLink";
import { verifyAll } from "../../api/engine/verify";
import { openWorld, type World } from "../../api/engine/world";
import { backup, restore } from "../../api/operations";
import { readBackup, restoreBackup } from "../../api/store/backup";
import { readClock } from "../../api/store/clock";
import { openDatabase, type SqlValue } from "../../api/store/database";
import { rememberKey } from "../../api/store/installation";
import { startWorkers } from "../../workers/startWorkers";
import { emptyDatabase } from "../database";
import { wordsOf } from "../../schema/searchWords";
import { newOffice, type Office } from "../workers/office";
import { setTime } from "../time";

const firedAt = "2027-04-28T07:00:00.000Z";
const later = (minutes: number): string => new Date(Date.parse(firedAt) + minutes * 60_000).toISOString();
const silent = (): void => undefined;

let office: Office;
let into: string;
const undo: (() => Promise<void>)[] = [];
beforeEach(async () => {
  into = mkdtempSync(join(tmpdir(), "duly-backup-"));
  office = await newOffice({ SMTP_URL: "smtp://127.0.0.1:1" });
});
afterEach(async () => {
  for (const end of undo.splice(0).reverse()) await end();
  await office.close();
  rmSync(into, { recursive: true, force: true });
});

/** Counts what leaves. */
function post(): MailTransport & { left: string[] } {
  const left: string[] = [];
  return {
    left,
    delivers: true,
    send: async ({ messageId }) => {
      left.push(messageId);
      return { answer: "250 taken" };
    },
    close: () => undefined,
  };
}

async function restored(password?: string): Promise<World> {
  const [name] = readdirSync(into);
  const { url, drop } = await emptyDatabase();
  undo.push(drop);
  const config = { ...office.world.config, databaseUrl: url, place: "another machine" };
  await restore(config, join(into, name ?? ""), password, silent);
  const world = await openWorld(config, 5);
  setTime(world, () => office.world.machineNow());
  undo.push(() => world.close());
  return world;
}

const rowsOf = async (world: Pick<World, "db">, table: string): Promise<unknown[]> =>
  world.db.query(`SELECT * FROM ${table}`);

test("everything is there again, to the byte, whatever people wrote and while they went on working", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Licence \u2028 with \u0000 odd “words” 🪁 and \\ ' \" signs", "2027-05-28", { keeper: ada });
  const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 256));
  await office.world.db
    .execute("INSERT INTO crest (organisation, hash, type, content) VALUES (?, ?, 'image/png', ?)", [
      office.organisation,
      "a".repeat(64),
      bytes,
    ])
    .catch(() => undefined);
  let busy = true;
  const load = (async () => {
    for (let i = 0; busy; i++) await office.licence(`Under load ${i}`, "2027-06-01", { keeper: ada });
  })();
  await backup(office.world, into, undefined, silent);
  busy = false;
  await load;
  await sealAll(office.world);

  const world = await restored();
  const tables = (await office.query("SHOW TABLES")).map((row) => String(Object.values(row)[0]));
  expect((await world.db.query("SHOW TABLES")).map((row) => String(Object.values(row)[0]))).toEqual(tables);
  for (const table of ["person", "crest", "definition", "setting_value"])
    expect(await rowsOf(world, table)).toEqual(await rowsOf(office.world, table));
  const [mine] = await world.db.query("SELECT * FROM r_licence ORDER BY id LIMIT 1");
  expect(mine).toEqual((await office.query("SELECT * FROM r_licence ORDER BY id LIMIT 1"))[0]);
  // One snapshot: each record has its words and its whole history, whenever in the burst the backup was made.
  const licences = await world.db.query("SELECT id, title, reference FROM r_licence ORDER BY id");
  const words = await world.db.query("SELECT record, word FROM record_word WHERE type = 'licence'");
  expect(words.map((row) => `${String(row["record"])} ${String(row["word"])}`).sort()).toEqual(
    licences
      .flatMap((row) =>
        wordsOf(String(row["title"]), String(row["reference"])).map((word) => `${String(row["id"])} ${word}`),
      )
      .sort(),
  );
  expect(words.length).toBeGreaterThan(licences.length);
  expect((await verifyAll(world)).problems).toEqual([]);
});

test("a record without a history is found, whoever put it there", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.query("UPDATE r_licence SET history_seq = 0, history_hash = NULL");
  await office.query("DELETE FROM history");
  expect((await verifyAll(office.world)).problems).toEqual([expect.stringContaining("it has no history")]);
});

test("an altered history is found, by its record and entry", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await sealAll(office.world);
  expect((await verifyAll(office.world)).problems).toEqual([]);
  await office.world.db.execute("UPDATE history_body SET detail = REPLACE(detail, 'Music', 'Dance')");
  expect((await verifyAll(office.world)).problems).toEqual([
    expect.stringMatching(/entry 1 of its history was altered/),
  ]);
});

test("a restored database sends nothing and fires nothing until it is put in use, and then nothing leaves twice", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.licence("Film licence", "2027-05-29", { keeper: ada });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
  await backup(office.world, into, undefined, silent);
  // The school goes on after the backup: this email leaves, and the next day's reminder too.
  const first = post();
  await deliverMails(office.world, later(1), first);
  await office.fire("2027-04-29T07:00:00.000Z");
  await composeMails(office.world, "2027-04-29T07:00:00.000Z");
  await deliverMails(office.world, "2027-04-29T07:00:00.000Z", first);
  expect(first.left).toHaveLength(2);

  const world = await restored();
  expect((await readClock(world.db)).held).toBe(true);
  const now = Date.parse("2027-04-29T12:00:00.000Z");
  const offset = now - Date.now();
  setTime(world, () => Date.now() + offset);
  const second = post();
  const workers = await startWorkers(world, { sweepEvery: 50, transport: second });
  try {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(second.left).toEqual([]);
    expect(await world.db.query("SELECT id FROM timer WHERE state = 'fired'")).toHaveLength(1);
    await releaseHold(world);
    expect((await readClock(world.db)).held).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(second.left).toEqual([]);
    expect(await world.db.query("SELECT id FROM timer WHERE state = 'fired'")).toHaveLength(2);
    expect(await world.db.query("SELECT answer FROM mail WHERE state = 'queued'")).toEqual([]);
  } finally {
    await workers.stop();
  }
});

test("at a copy that is not in use no link is said to have left: it is shown to whoever makes it", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await backup(office.world, into, undefined, silent);
  const world = await restored();
  const forgot = () =>
    forgottenPassword(world, { email: "ada@elm.example" }, { address: "127.0.0.1", device: undefined });
  expect(await forgot()).toBe(false);
  const [made] = await run(world, systemIdentity(office.organisation), (current) => makeSignInLinks(current, [ada]));
  expect(made).toMatchObject({ mailedTo: null, url: expect.stringContaining("/#/welcome/") as string });
  expect(await world.db.query("SELECT id FROM mail")).toEqual([]);
  await releaseHold(world);
  expect(await forgot()).toBe(true);
  expect(await world.db.query("SELECT address FROM mail")).toEqual([{ address: "ada@elm.example" }]);
});

test("what is put in use at night keeps the next morning's email too, and sends what people did at the copy", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await backup(office.world, into, undefined, silent);
  const world = await restored();
  // The reminder of that day would be told on the next morning.
  const night = Date.parse("2027-04-28T20:00:00.000Z");
  setTime(world, () => night);
  await releaseHold(world);
  const kept = await world.db.query("SELECT outcome FROM notice");
  expect(kept).toEqual([{ outcome: "not needed" }]);
  const out = post();
  const morning = "2027-04-29T08:00:00.000Z";
  await composeMails(world, morning);
  await deliverMails(world, morning, out);
  expect(out.left).toEqual([]);
  await releaseHold(world);
});

test("a release that was killed goes on where it was: what it fired is kept unsent", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await backup(office.world, into, undefined, silent);
  const world = await restored();
  const at = Date.parse("2027-04-28T08:00:00.000Z");
  setTime(world, () => at);
  const dying = {
    ...world,
    db: {
      ...world.db,
      execute: (sql: string, params?: SqlValue[]) =>
        sql.includes("'not needed'") ? Promise.reject(new Error("killed")) : world.db.execute(sql, params),
    },
  };
  await expect(releaseHold(dying)).rejects.toThrow("killed");
  setTime(world, () => at + 60_000);
  await releaseHold(world);
  expect(await world.db.query("SELECT outcome FROM notice")).toEqual([{ outcome: "not needed" }]);
});

test("a restore that was killed is not taken for a school: it is done again, and until then nothing starts", async () => {
  await office.person("Ada Brook", "ada@elm.example");
  await backup(office.world, into, undefined, silent);
  const folder = join(into, readdirSync(into)[0] ?? "");
  const { url, drop } = await emptyDatabase();
  undo.push(drop);
  const config = { ...office.world.config, databaseUrl: url };
  await restore(config, folder, undefined, silent);
  const db = openDatabase(url, 1);
  // As a process leaves it that is killed in the middle.
  await db.execute("INSERT INTO unfinished (what) VALUES ('restore')");
  await db.execute("DROP TABLE person");
  await db.close();
  await expect(openWorld(config, 1)).rejects.toThrow("restore");
  await restore(config, folder, undefined, silent);
  const world = await openWorld({ ...config, place: "another machine" }, 2);
  undo.push(() => world.close());
  expect(await rowsOf(world, "person")).toEqual(await rowsOf(office.world, "person"));
  expect((await readClock(world.db)).held).toBe(true);
});

test("where the other one stopped at the backup, what waits is sent on wish", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
  await backup(office.world, into, undefined, silent);
  const world = await restored();
  await releaseHold(world, { send: true });
  const out = post();
  await deliverMails(world, later(1), out);
  expect(out.left).toHaveLength(1);
});

test("a database that is started in another place is held, and one that stays is not", async () => {
  const { world } = office;
  expect(await settleIn(world)).toBeNull();
  expect(await settleIn(world)).toBeNull();
  const moved = { db: world.db, machineNow: () => world.machineNow(), config: { ...world.config, place: "elsewhere" } };
  expect(await settleIn(moved)).toMatch(/elsewhere/);
  expect((await readClock(world.db)).held).toBe(true);
  expect((await doctor(world)).find(({ name }) => name === "In use")).toMatchObject({ ok: false });
  await releaseHold(world);
  expect(await settleIn(moved)).toBeNull();
});

test("an encrypted backup opens with its password alone, and no backup with a changed file is restored", async () => {
  await office.person("Ada Brook", "ada@elm.example");
  await backup(office.world, into, "correct horse battery", silent);
  const [name = ""] = readdirSync(into);
  const folder = join(into, name);
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), "latin1")).not.toContain("ada@elm");
  await expect(readBackup(folder)).rejects.toThrow("DULY_BACKUP_PASSWORD");
  await expect(readBackup(folder, "wrong")).rejects.toThrow("password");
  const plain = mkdtempSync(join(tmpdir(), "duly-plain-"));
  await backup(office.world, plain, undefined, silent);
  // Somebody put another one in its place.
  const [swapped = ""] = readdirSync(plain);
  await expect(readBackup(join(plain, swapped), "correct horse battery")).rejects.toThrow("not encrypted");
  rmSync(plain, { recursive: true, force: true });
  const world = await restored("correct horse battery");
  expect(await rowsOf(world, "person")).toEqual(await rowsOf(office.world, "person"));
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { tables: { file: string }[] };
  const file = join(folder, manifest.tables[0]?.file ?? "");
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from("x")]));
  await expect(readBackup(folder, "correct horse battery")).rejects.toThrow("altered");
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, madeAt: "2020-01-01T00:00:00.000Z" }));
  await expect(readBackup(folder, "correct horse battery")).rejects.toThrow("altered");
});

test("a backup is restored into an empty database only, and with its own key only", async () => {
  await backup(office.world, into, undefined, silent);
  const folder = join(into, readdirSync(into)[0] ?? "");
  await expect(restore(office.world.config, folder, undefined, silent)).rejects.toThrow("not empty");
  const other = { ...office.world.config, key: Buffer.alloc(32, 7) };
  await expect(restore(other, folder, undefined, silent)).rejects.toThrow("another one");
  await rememberKey(office.world.db, office.world.key);
  await expect(openWorld(other, 1)).rejects.toThrow("another key");
});

test("a restore that fails half-way is begun again by the next", async () => {
  await backup(office.world, into, undefined, silent);
  const folder = join(into, readdirSync(into)[0] ?? "");
  const { manifest } = await readBackup(folder);
  const { url, drop } = await emptyDatabase();
  undo.push(drop);
  const tables = manifest.tables.map((table, i) => (i === 5 ? { ...table, rows: table.rows + 1 } : table));
  await expect(restoreBackup({ url, folder, manifest: { ...manifest, tables }, machineNow: 0 })).rejects.toThrow(
    "where the manifest says",
  );
  await restoreBackup({ url, folder, manifest, machineNow: 0 });
  writeFileSync(join(folder, "manifest.json"), "{");
  await expect(readBackup(folder)).rejects.toThrow("damaged");
});

test("a backup that cannot be finished leaves nothing behind", async () => {
  const gone = {
    ...office.world,
    config: { ...office.world.config, databaseUrl: "mysql://nobody:x@127.0.0.1:1/duly" },
  };
  await expect(backup(gone, into, undefined, silent)).rejects.toThrow("ECONNREFUSED");
  expect(readdirSync(into)).toEqual([]);
});

test("the place of a database is its server, its name and the address people use", () => {
  const of = (more: Record<string, string>) =>
    loadConfig({
      ...{ DATABASE_URL: "mysql://u:p@db.example:3306/duly", REDIS_URL: "redis://r" },
      DULY_KEY_FILE: keyFile(),
      ...more,
    }).place;
  expect(of({ PUBLIC_URL: "https://duly.elm.example" })).toBe("db.example/duly for https://duly.elm.example");
  expect(of({ PUBLIC_URL: "http://localhost:4401" })).toBe("db.example/duly");
  expect(of({ DULY_PLACE: "/srv/duly" })).toBe("/srv/duly");
});

function keyFile(): string {
  const file = join(into, "key");
  writeFileSync(file, Buffer.alloc(32, 1));
  return file;
}
