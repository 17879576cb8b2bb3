import { fireDue } from "../../api/engine/fireDue";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import { publishPack } from "../../api/engine/upgradePack";
import { openClashes } from "../../api/store/packTypes";
import { rootOrganisation } from "../../api/store/organisations";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { kept, restore } from "./kept";

/** Rows of every record table, without what any publish may renew. */
async function recordsOf(query: <R>(sql: string) => Promise<R[]>): Promise<Map<string, Record<string, unknown>>> {
  const tables = await query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'r\\_%'",
  );
  const records = new Map<string, Record<string, unknown>>();
  for (const { name } of tables)
    for (const row of await query<Record<string, unknown>>(`SELECT * FROM ${name}`))
      records.set(`${name} ${String(row["id"])}`, row);
  return records;
}

describe.each(kept)("an installation made by %s", (name) => {
  test("starts with today's program, its records, texts and clocks whole", async () => {
    const database = await restore(name);
    const { query } = database;
    try {
      const before = await recordsOf(query);
      const texts = await query("SELECT * FROM document_version ORDER BY id");
      const waiting = await query<{ id: string; record: string; rule: string }>(
        "SELECT id, record, rule FROM timer WHERE state = 'waiting' ORDER BY id",
      );
      expect(before.size).toBeGreaterThan(0);
      const world = await database.open();
      try {
        const root = await rootOrganisation(world.db);
        await publishPack(world, systemIdentity(root), schoolPolicy);
        while (await rederiveSome(world));
        await fireDue(world);

        expect((await openClashes(world.db)).map(({ type, path, reason }) => ({ type, path, reason }))).toEqual([]);
        const after = await recordsOf(query);
        const kept = (row: Record<string, unknown> | undefined, other: Record<string, unknown>) =>
          row && Object.fromEntries(Object.keys(other).map((column) => [column, row[column]]));
        for (const [key, row] of before) expect([key, kept(after.get(key), row)]).toEqual([key, row]);
        expect(await query("SELECT * FROM document_version ORDER BY id")).toEqual(texts);
        const now = await query<{ id: string; record: string; rule: string; state: string }>(
          "SELECT id, record, rule, state FROM timer",
        );
        const standing = new Set(
          now
            .filter(({ state }) => state === "waiting" || state === "fired")
            .map(({ record, rule }) => `${record} ${rule}`),
        );
        // Inner work had a prefix before its name.
        const nameOf = (rule: string) => rule.replace(/^(send|roster|duty):/, "");
        expect(waiting.filter(({ record, rule }) => !standing.has(`${record} ${nameOf(rule)}`))).toEqual([]);
        expect(now.filter(({ rule }) => rule.includes(":"))).toEqual([]);

        const second = await publishPack(world, systemIdentity(root), schoolPolicy);
        expect(second.map(({ version }) => version)).toEqual(
          second.map(({ type }) => world.registry.types.get(type)?.active.version),
        );
      } finally {
        await world.close();
      }
    } finally {
      await database.drop();
    }
  });
});

test("a database that a newer version has migrated, or whose definitions need one, is not opened", async () => {
  const database = await restore("8b880ec");
  try {
    await (await database.open()).close();
    await database.query("INSERT INTO migration (timestamp, name) VALUES (1800000000000, 'Tomorrow1800000000000')");
    await expect(database.open()).rejects.toThrow("belongs to a newer version of Duly");
    await database.query("DELETE FROM migration WHERE name = 'Tomorrow1800000000000'");
    await database.query(
      "UPDATE definition SET hash = REVERSE(hash), json = JSON_SET(json, '$.engine', 99) WHERE type = 'policy' AND state = 'active'",
    );
    await expect(database.open()).rejects.toThrow("belongs to a newer version of Duly");
  } finally {
    await database.drop();
  }
});
