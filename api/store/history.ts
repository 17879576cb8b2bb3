/** The history of records: read, verified, and sealed by a Merkle root per organisation. */
import { createHash } from "node:crypto";
import { datetime, instant, type Row, type Sql, type SqlValue, type Tx, textOrNull } from "./database";
import { contentHash, historyHash } from "./change";
import type { RecordKey } from "./records";
import { tableName } from "./recordTable";
import { Restart } from "./trouble";

export interface HistoryRow {
  id: string;
  seq: number;
  at: string;
  kind: string;
  rule: string;
  because: string[];
  actorKind: string;
  actor: string | null;
  /** Null where it was erased: the chain still holds. */
  summary: string | null;
  detail: Record<string, unknown> | null;
  hash: string;
}

const columns = `h.id, h.seq, h.at, h.kind, h.rule, h.because, h.actor_kind, h.actor, h.record, h.previous_hash, h.hash,
  h.organisation, h.type, h.cause, h.content_hash, b.salt, b.summary, b.detail`;

const readHistoryRow = (row: Row): HistoryRow => ({
  id: String(row["id"]),
  seq: Number(row["seq"]),
  at: instant(String(row["at"])),
  kind: String(row["kind"]),
  rule: String(row["rule"]),
  because: String(row["because"]).split(",").filter(Boolean),
  actorKind: String(row["actor_kind"]),
  actor: textOrNull(row["actor"]),
  summary: textOrNull(row["summary"]),
  detail: row["detail"] === null ? null : (JSON.parse(String(row["detail"])) as Record<string, unknown>),
  hash: String(row["hash"]),
});

/** Newest first. The caller has made sure that the record may be seen. */
export async function readHistory(
  sql: Sql,
  record: string,
  page: { before?: number; limit: number },
): Promise<HistoryRow[]> {
  const params: SqlValue[] = page.before === undefined ? [record] : [record, page.before];
  const rows = await sql.query(
    `SELECT ${columns} FROM history h LEFT JOIN history_body b ON b.history = h.id
     WHERE h.record = ? ${page.before === undefined ? "" : "AND h.seq < ?"} ORDER BY h.seq DESC LIMIT ${Math.trunc(page.limit)}`,
    params,
  );
  return rows.map(readHistoryRow);
}

/** Fields changed by anybody since a version of the record. */
export async function changedSince(sql: Sql, record: string, version: number): Promise<Set<string>> {
  const changed = new Set<string>();
  let before: number | undefined;
  for (;;) {
    const rows = await readHistory(sql, record, { limit: 50, ...(before === undefined ? {} : { before }) });
    for (const { detail } of rows) {
      if (detail && Number(detail["version"]) <= version) return changed;
      for (const name of Object.keys((detail?.["values"] as object | undefined) ?? {})) changed.add(name);
    }
    if (rows.length < 50) return changed;
    before = rows.at(-1)?.seq;
  }
}

/** Where the chains of these records of a type end, for whoever wants to compare them later. They have been seen. */
export async function chainEnds(
  sql: Sql,
  type: string,
  records: string[],
): Promise<{ reference: string; entries: number; hash: string }[]> {
  const rows = await sql.queryText(
    `SELECT reference, history_seq, history_hash FROM ${tableName(type)} WHERE id IN (?) ORDER BY reference`,
    [records],
  );
  return rows.map((row) => ({
    reference: String(row["reference"]),
    entries: Number(row["history_seq"]),
    hash: String(row["history_hash"] ?? ""),
  }));
}

export interface SealRow {
  at: string;
  root: string;
  signature: string;
}

/** The latest seal of an organisation's history, if there is one. */
export async function lastSeal(sql: Sql, organisation: string): Promise<SealRow | null> {
  const [row] = await sql.query(
    "SELECT at, root, signature FROM seal WHERE organisation = ? ORDER BY id DESC LIMIT 1",
    [organisation],
  );
  if (!row) return null;
  return { at: instant(String(row["at"])), root: String(row["root"]), signature: String(row["signature"]) };
}

export type ChainProblem = { seq: number; problem: "hash" | "body" | "gap" };

/** Entries that are read together: each may quote a megabyte of texts. */
const CHAIN_PAGE = 50;

/**
 * Recomputes a record's chain from its first row to the link that the record itself remembers: what does not fit, in
 * order. Erased bodies are no problem.
 */
export async function verifyChain(sql: Sql, record: RecordKey): Promise<ChainProblem[]> {
  const problems: ChainProblem[] = [];
  let previous: string | null = null;
  let last = 0;
  let page: Row[];
  do {
    // One statement, so that the end of the chain and the last link are of the same moment.
    page = await sql.query(
      `SELECT ${columns}, r.history_seq AS last_seq, r.history_hash AS last_hash FROM ${tableName(record.type)} r
       LEFT JOIN history h ON h.record = r.id AND h.seq > ? LEFT JOIN history_body b ON b.history = h.id
       WHERE r.id = ? ORDER BY h.seq LIMIT ${CHAIN_PAGE}`,
      [last, record.id],
    );
    for (const row of page.filter(({ id }) => id !== null)) {
      const seq = Number(row["seq"]);
      if (seq !== last + 1) problems.push({ seq, problem: "gap" });
      last = seq;
      const covered = {
        id: String(row["id"]),
        organisation: String(row["organisation"]),
        type: String(row["type"]),
        cause: textOrNull(row["cause"]),
        record: String(row["record"]),
        seq,
        at: instant(String(row["at"])),
        actor: `${String(row["actor_kind"])}:${row["actor"] === null ? "" : String(row["actor"])}`,
        kind: String(row["kind"]),
        rule: String(row["rule"]),
        because: String(row["because"]),
      };
      const content = String(row["content_hash"]);
      // An erased body leaves its hash behind, so the row itself is still covered.
      const own =
        row["salt"] === null
          ? content
          : contentHash(String(row["salt"]), String(row["summary"]), String(row["detail"]));
      if (own !== content) problems.push({ seq, problem: "body" });
      if (historyHash(previous, covered, content) !== row["hash"]) problems.push({ seq, problem: "hash" });
      previous = String(row["hash"]);
    }
  } while (page.length === CHAIN_PAGE);
  const remembered = Number(page[0]?.["last_seq"] ?? 0);
  if (last !== remembered) problems.push({ seq: Math.min(last, remembered) + 1, problem: "gap" });
  else if (previous !== (page[0]?.["last_hash"] ?? null)) problems.push({ seq: last, problem: "hash" });
  return problems;
}

/** Root of the Merkle tree over hashes in order: an odd one out is carried up. */
export function merkleRoot(hashes: string[]): string {
  let level = hashes;
  while (level.length > 1) {
    const next: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left = "", right] = [level[i], level[i + 1]];
      next.push(right === undefined ? left : createHash("sha256").update(`${left}${right}`).digest("hex"));
    }
    level = next;
  }
  return level[0] ?? createHash("sha256").update("").digest("hex");
}

const sealPage = 5_000;

/**
 * Seals what has not been sealed of an organisation's history. `sign` signs the root with a key kept outside the
 * database. Returns how many rows were sealed.
 */
export async function sealHistory(
  tx: Tx,
  organisation: string,
  nowIso: string,
  id: string,
  sign: (text: string) => string,
): Promise<number> {
  const rows = await tx.query(
    `SELECT id, hash FROM history WHERE organisation = ? AND sealed IS NULL ORDER BY id LIMIT ${sealPage}`,
    [organisation],
  );
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return 0;
  const [previous] = await tx.query("SELECT id, root FROM seal WHERE organisation = ? ORDER BY id DESC LIMIT 1", [
    organisation,
  ]);
  const root = merkleRoot(rows.map((row) => String(row["hash"])));
  await tx.execute(
    `INSERT INTO seal (id, organisation, at, first, last, count, root, previous, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      organisation,
      datetime(nowIso),
      String(first["id"]),
      String(last["id"]),
      rows.length,
      root,
      previous ? String(previous["id"]) : null,
      sign(sealText(root, previous ? String(previous["root"]) : "")),
    ],
  );
  const ids = rows.map((row) => String(row["id"]));
  const { affectedRows } = await tx.executeText("UPDATE history SET sealed = ? WHERE id IN (?) AND sealed IS NULL", [
    id,
    ids,
  ]);
  // A process that stood still and lost its lease seals beside the one that took it: two seals over the same rows would
  // belie each other.
  if (affectedRows !== rows.length) throw new Restart("Another process has sealed some of these rows.");
  return rows.length;
}

/** What a seal's signature covers: its root and the one before. */
export const sealText = (root: string, previousRoot: string): string => `duly seal ${root} after ${previousRoot}`;

/** Does a seal still fit the history it was made over? */
export async function verifySeal(
  sql: Sql,
  seal: string,
  verify: (text: string, signature: string) => boolean,
): Promise<boolean> {
  const [row] = await sql.query(
    "SELECT s.root, s.signature, p.root AS previous_root FROM seal s LEFT JOIN seal p ON p.id = s.previous WHERE s.id = ?",
    [seal],
  );
  if (!row) return false;
  const hashes = await sql.query("SELECT hash FROM history WHERE sealed = ? ORDER BY id", [seal]);
  const root = merkleRoot(hashes.map((one) => String(one["hash"])));
  const previous = row["previous_root"] === null ? "" : String(row["previous_root"]);
  return root === row["root"] && verify(sealText(root, previous), String(row["signature"]));
}
