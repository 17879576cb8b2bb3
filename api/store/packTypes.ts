/** What a pack last said of its types, and the parts that its new version and the school both changed. */
import { createHash } from "node:crypto";
import type { RecordType } from "../../schema/definition";
import type { Json } from "../../schema/mergeDefinitions";
import { canonicalJson } from "../../schema/text";
import { datetime, instant, instantOrNull, type Row, type Sql, textOrNull, type Tx } from "./database";

/** By type: the base of the next merge. */
export async function packTypes(sql: Sql): Promise<Map<string, RecordType>> {
  const rows = await sql.query("SELECT type, json FROM pack_type");
  return new Map(rows.map((row) => [String(row["type"]), JSON.parse(String(row["json"])) as RecordType]));
}

export async function savePackType(tx: Tx, type: RecordType): Promise<void> {
  await tx.execute("INSERT INTO pack_type (type, json) VALUES (?, ?) ON DUPLICATE KEY UPDATE json = VALUES(json)", [
    type.name,
    JSON.stringify(type),
  ]);
}

/** `theirs`: the pack's part was taken; `ours`: the school's was kept; `gone`: the two no longer differ. */
export type ClashOutcome = "theirs" | "ours" | "gone";

export interface PackClash {
  id: string;
  type: string;
  /** "timers.remind.steps"; "" is the whole type. */
  path: string;
  /** Undefined where the part does not exist on that side. */
  base: Json | undefined;
  ours: Json | undefined;
  theirs: Json | undefined;
  /** Why the pack's part could not be taken by itself; null where both sides changed it. */
  reason: string | null;
  madeAt: string;
  settledAt: string | null;
  settledBy: string | null;
  outcome: ClashOutcome | null;
}

export type NewClash = Pick<PackClash, "type" | "path" | "base" | "ours" | "theirs" | "reason">;

/** One clash, however often the same two versions meet. */
const fingerprintOf = ({ type, path, theirs }: NewClash): string =>
  createHash("sha256")
    .update(canonicalJson([type, path, theirs ?? null, theirs === undefined]))
    .digest("hex");

const REASON_LENGTH = 1_000;
const written = (part: Json | undefined): string | null => (part === undefined ? null : JSON.stringify(part));
const read = (value: unknown): Json | undefined => (value === null ? undefined : (JSON.parse(String(value)) as Json));

/** Keeps a clash unless these two versions have met before, settled or not. */
export async function saveClash(tx: Tx, id: string, clash: NewClash, at: string): Promise<void> {
  await tx.execute(
    `INSERT IGNORE INTO pack_clash (id, type, path, base, ours, theirs, reason, fingerprint, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      clash.type,
      clash.path,
      written(clash.base),
      written(clash.ours),
      written(clash.theirs),
      clash.reason?.slice(0, REASON_LENGTH) ?? null,
      fingerprintOf(clash),
      datetime(at),
    ],
  );
}

const columns = "id, type, path, base, ours, theirs, reason, made_at, settled_at, settled_by, outcome";

const clashOf = (row: Row): PackClash => ({
  id: String(row["id"]),
  type: String(row["type"]),
  path: String(row["path"]),
  base: read(row["base"]),
  ours: read(row["ours"]),
  theirs: read(row["theirs"]),
  reason: textOrNull(row["reason"]),
  madeAt: instant(String(row["made_at"])),
  settledAt: instantOrNull(textOrNull(row["settled_at"])),
  settledBy: textOrNull(row["settled_by"]),
  outcome: row["outcome"] as ClashOutcome | null,
});

/** Those nobody has settled yet, oldest first. */
export async function openClashes(sql: Sql): Promise<PackClash[]> {
  return (await sql.query(`SELECT ${columns} FROM pack_clash WHERE settled_at IS NULL ORDER BY type, path, id`)).map(
    clashOf,
  );
}

export async function lockClash(tx: Tx, id: string): Promise<PackClash | undefined> {
  const [row] = await tx.query(`SELECT ${columns} FROM pack_clash WHERE id = ? FOR UPDATE`, [id]);
  return row && clashOf(row);
}

export async function settleClash(
  tx: Tx,
  id: string,
  settled: { at: string; by: string | null; outcome: ClashOutcome },
): Promise<void> {
  await tx.execute(
    "UPDATE pack_clash SET settled_at = ?, settled_by = ?, outcome = ? WHERE id = ? AND settled_at IS NULL",
    [datetime(settled.at), settled.by, settled.outcome, id],
  );
}
