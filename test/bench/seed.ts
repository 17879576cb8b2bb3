/** The benchmark's school: 200 people and 10,000 policies with about a kilobyte of text, in a database of its own. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { ulid } from "ulid";
import { loadConfig } from "../../api/config";
import { hashOfSecret } from "../../api/engine/access";
import { publishPack } from "../../api/engine/upgradePack";
import { rederive, rederiveSome } from "../../api/engine/rederive";
import { run, systemIdentity } from "../../api/engine/run";
import { openWorld, type World } from "../../api/engine/world";
import { insertSchool } from "../../api/engine/founding";
import { ensureInstallation } from "../../api/setUp";
import { openDatabase, type SqlValue } from "../../api/store/database";
import { migrate } from "../../api/store/migrate";
import { insertToken } from "../../api/store/people";
import { tableName } from "../../api/store/recordTable";
import { insertWords } from "../../api/store/recordWords";
import type { RecordType } from "../../schema/definition";
import { columnName } from "../../schema/fields";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { fold } from "../../schema/text";

export const policyCount = 10_000;
const personCount = 200;
export const table = tableName("benchPolicy");

export interface Bench {
  world: World;
  organisation: string;
  /** The environment of Duly's own processes on this database. */
  env: NodeJS.ProcessEnv;
  databaseUrl: string;
  /** Policies in the order they were made. */
  policies: string[];
  /** A bearer token of the clerk, who may see and edit every policy. */
  token: string;
  clerk: string;
  close(): Promise<void>;
}

const dayMs = 86_400_000;
const dateOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
const words = "every policy says who does what by when and how it is known that it was done ".split(" ");
const kilobyte = (seed: number): string =>
  Array.from({ length: 230 }, (_, i) => words[(seed + i * 7) % (words.length - 1)]).join(" ");

async function serverSays(sql: string, name: string): Promise<string> {
  const url = new URL(process.env["TEST_DATABASE_URL"] ?? "");
  const server = await mysql.createConnection(url.toString());
  await server.query(sql);
  await server.end();
  url.pathname = `/${name}`;
  return url.toString();
}

/**
 * `reviewIn` gives the days from today to the review of the n-th policy, `stateOf` its state. Duly derives the clocks
 * itself, as it does when a definition is published over records that stand.
 */
export async function newBench(options: {
  type: RecordType;
  stateOf: (n: number) => string;
  reviewIn: (n: number) => number;
}): Promise<Bench> {
  const name = `duly_bench_${process.pid}_${randomBytes(4).toString("hex")}`;
  const databaseUrl = await serverSays(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, name);
  const folder = mkdtempSync(join(tmpdir(), "duly-bench-"));
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, randomBytes(32));
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    REDIS_URL: process.env["TEST_REDIS_URL"],
    PORT: "0",
    PUBLIC_URL: "http://bench.test",
    DULY_DATA: folder,
    DULY_DEMO: "0",
    DULY_KEY_FILE: keyFile,
    SMTP_URL: "",
    LOG_LEVEL: "warn",
    // The counting is measured, and never refuses.
    RATE_LIMIT: "1000000",
    NODE_ENV: "production",
  };
  await migrate(databaseUrl);
  const db = openDatabase(databaseUrl, 1);
  await ensureInstallation(db, false);
  await db.close();
  const world = await openWorld(loadConfig(env), 10);
  const organisation = await world.db.transaction((tx) =>
    insertSchool(tx, { name: "Bench school", zone: "Europe/London", goLiveOn: dateOf(world.machineNow() - dayMs) }),
  );
  const identity = systemIdentity(organisation);
  const { name: pack, label, roles } = schoolPolicy;
  // What a role is shown first leads to types that are not here.
  const bare = roles.map(({ tour: _, ...role }) => role);
  await publishPack(world, identity, { name: pack, label, roles: bare, types: [options.type] });
  const people = await enterPeople(world, organisation);
  const policies = await enterPolicies(world, organisation, people, options);
  await run(world, identity, (current) =>
    rederive(current, { kind: "rules", organisation: null, type: options.type.name, reason: "the benchmark begins" }),
  );
  while (await rederiveSome(world));
  const [clerk = ""] = people;
  const token = `duly_${randomBytes(32).toString("base64url")}`;
  await insertToken(world.db, {
    id: ulid(),
    secretHash: hashOfSecret(token),
    person: clerk,
    label: "bench",
    createdAt: new Date(world.machineNow()).toISOString(),
    expiresAt: null,
  });
  return {
    world,
    organisation,
    env,
    databaseUrl,
    policies,
    token,
    clerk,
    async close() {
      await world.close();
      await serverSays(`DROP DATABASE ${name}`, name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function bulkInsert(world: World, into: string, columns: string[], rows: SqlValue[][]): Promise<void> {
  for (let from = 0; from < rows.length; from += 500)
    await world.db.transaction((tx) => {
      const chunk = rows.slice(from, from + 500);
      const marks = chunk.map((row) => `(${row.map(() => "?").join(",")})`).join(",");
      return tx.bulk(`INSERT INTO ${into} (${columns.join(",")}) VALUES ${marks}`, chunk.flat());
    });
}

async function enterPeople(world: World, organisation: string): Promise<string[]> {
  const ids = Array.from({ length: personCount }, () => ulid());
  const name = (n: number) => `Person ${n}`;
  await bulkInsert(
    world,
    "person",
    ["id", "organisation", "name", "name_folded", "email"],
    ids.map((id, n) => [id, organisation, name(n), fold(name(n)), `person${n}@bench.test`]),
  );
  const rolesOf = (n: number) => (n === 0 ? ["staff", "clerk"] : n < 20 ? ["governor"] : ["staff"]);
  await bulkInsert(
    world,
    "appointment",
    ["id", "organisation", "person", "role", "from_on"],
    ids.flatMap((id, n) => rolesOf(n).map((role): SqlValue[] => [ulid(), organisation, id, role, "2022-09-01"])),
  );
  return ids;
}

async function enterPolicies(
  world: World,
  organisation: string,
  people: string[],
  { type, stateOf, reviewIn }: Parameters<typeof newBench>[0],
): Promise<string[]> {
  const now = world.machineNow();
  const at = new Date(now).toISOString().slice(0, 23).replace("T", " ");
  const ids = Array.from({ length: policyCount }, (_, n) => ulid(now + n));
  const field = (name: string, suffix = "") => columnName(name, suffix);
  const ownerOf = (n: number) => people[n % people.length] ?? "";
  const governorOf = (n: number) => people[1 + (n % 19)] ?? "";
  await bulkInsert(
    world,
    tableName(type.name),
    [
      "id",
      "organisation",
      "reference",
      "title",
      "title_folded",
      "state",
      "entered",
      "definition_version",
      "version",
      "created_at",
      "updated_at",
      field("title"),
      field("title", "_folded"),
      field("owner"),
      field("leadGovernor"),
      field("reviewBy"),
      field("reviewBy", "_precision"),
      field("text"),
      field("text", "_folded"),
    ],
    ids.map((id, n) => {
      const title = `Policy ${n} on ${words[n % 15]}`;
      const entered = JSON.stringify({ [stateOf(n)]: { at: new Date(now).toISOString(), visit: 1 } });
      const text = kilobyte(n);
      const review = dateOf(now + reviewIn(n) * dayMs);
      return [
        ...[id, organisation, `POL-2026-${n}`, title, fold(title).slice(0, 191), stateOf(n), entered, 1, 1, at, at],
        ...[title, fold(title), ownerOf(n), governorOf(n), review, "day", text, fold(text)],
      ];
    }),
  );
  await insertWords(
    world.db,
    ids.map((id, n) => ({
      ...{ id, organisation, type: type.name },
      ...{ title: `Policy ${n} on ${words[n % 15]}`, reference: `POL-2026-${n}` },
    })),
  );
  await bulkInsert(
    world,
    "record_party",
    ["organisation", "record", "person", "kind", "type"],
    ids.flatMap((id, n): SqlValue[][] => [
      [organisation, id, ownerOf(n), "owner", type.name],
      [organisation, id, governorOf(n), "leadGovernor", type.name],
    ]),
  );
  return ids;
}
