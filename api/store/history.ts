/** The history of records: read, verified, and sealed by a Merkle root per organisation. */
import { createHash } from "node:crypto";
import { shortenedTexts } from "../../schema/text";
import { datetime, instant, marks, type Row, type Sql, type SqlValue, type Tx, textOrNull } from "./database";
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
  /** The shared device it was done on. */
  device: string | null;
  /** Null where it was erased: the chain still holds. */
  summary: string | null;
  /** Null also where it was not asked for. */
  detail: Record<string, unknown> | null;
  isShortened: boolean;
  hash: string;
}

/** An entry that quotes no long text: such are read with the rows they belong to. */
const SHORT = 20_000;
/** Bytes of longer entries that one page reads, one after another, and characters that it keeps of them. */
const PAGE_BYTES = 16_000_000;
const PAGE_KEPT = 2_000_000;

const covered = `h.id, h.seq, h.at, h.kind, h.rule, h.because, h.actor_kind, h.actor, h.record, h.previous_hash, h.hash,
  h.organisation, h.type, h.cause, h.content_hash, b.salt, b.summary`;
const sizedDetail = `OCTET_LENGTH(b.detail) AS size, IF(OCTET_LENGTH(b.detail) <= ${SHORT}, b.detail, NULL) AS detail`;
const device = "IF(h.actor_kind = 'device', JSON_VALUE(b.detail, '$.device'), NULL) AS device";

/** What an entry tells, JSON: of a long one by a statement of its own, so that no two are held. Null where it was erased. */
async function detailOf(sql: Sql, row: Row): Promise<string | null> {
  if (row["size"] === null || row["detail"] !== null) return textOrNull(row["detail"]);
  const [body] = await sql.query("SELECT detail FROM history_body WHERE history = ?", [String(row["id"])]);
  return textOrNull(body?.["detail"] ?? null);
}

const readHistoryRow = (row: Row): HistoryRow => ({
  id: String(row["id"]),
  seq: Number(row["seq"]),
  at: instant(String(row["at"])),
  kind: String(row["kind"]),
  rule: String(row["rule"]),
  because: String(row["because"]).split(",").filter(Boolean),
  actorKind: String(row["actor_kind"]),
  actor: textOrNull(row["actor"]),
  device: textOrNull(row["device"]),
  summary: textOrNull(row["summary"]),
  detail: null,
  isShortened: false,
  hash: String(row["hash"]),
});

export interface HistoryPage {
  before?: number;
  limit: number;
  /** Of what each entry tells: nothing, its long texts shortened, or all of it. */
  detail: "none" | "shortened" | "whole";
  /** Only what these actions did. */
  actions?: string[];
}

/**
 * Newest first. A page ends before its `limit` where its entries are long: the next begins `before` its last. The caller has
 * made sure that the record may be seen.
 */
export async function readHistory(
  sql: Sql,
  record: string,
  { before, limit, detail, actions }: HistoryPage,
): Promise<HistoryRow[]> {
  const params: SqlValue[] = [record, ...(before === undefined ? [] : [before]), ...(actions ?? [])];
  const rows = await sql.query(
    `SELECT ${covered}, ${device}${detail === "none" ? "" : `, ${sizedDetail}`}
     FROM history h LEFT JOIN history_body b ON b.history = h.id
     WHERE h.record = ?${before === undefined ? "" : " AND h.seq < ?"}${
       actions ? ` AND h.kind = 'action' AND h.rule IN (${marks(actions.length)})` : ""
     } ORDER BY h.seq DESC LIMIT ${Math.trunc(limit)}`,
    params,
  );
  if (detail === "none") return rows.map(readHistoryRow);
  const found: HistoryRow[] = [];
  let [bytes, kept] = [PAGE_BYTES, PAGE_KEPT];
  for (const row of rows) {
    const size = Number(row["size"] ?? 0);
    const isLong = size > SHORT;
    if (isLong && found.length && (bytes < size || kept < 0)) break;
    const told = JSON.parse((await detailOf(sql, row)) ?? "null") as HistoryRow["detail"];
    const read = isLong && detail === "shortened" ? shortenedTexts(told) : { value: told, isShortened: false };
    if (isLong) {
      bytes -= size;
      kept -= read.isShortened ? JSON.stringify(read.value).length : size;
    }
    found.push({ ...readHistoryRow(row), detail: read.value, isShortened: read.isShortened });
  }
  return found;
}

/** Entries that are looked through at once: nearly always somebody else's one or two. */
const SINCE_PAGE = 10;

/** Fields changed by anybody since a version of the record: their names are found where the texts are. */
export async function changedSince(sql: Sql, record: string, version: number): Promise<Set<string>> {
  const changed = new Set<string>();
  for (let before: number | undefined; ;) {
    const rows = await sql.query(
      `SELECT h.seq, JSON_VALUE(b.detail, '$.version') AS version, JSON_KEYS(b.detail, '$.values') AS names
       FROM history h LEFT JOIN history_body b ON b.history = h.id
       WHERE h.record = ?${before === undefined ? "" : " AND h.seq < ?"} ORDER BY h.seq DESC LIMIT ${SINCE_PAGE}`,
      [record, ...(before === undefined ? [] : [before])],
    );
    for (const row of rows) {
      if (row["version"] !== null && Number(row["version"]) <= version) return changed;
      for (const name of JSON.parse(String(row["names"] ?? "[]")) as string[]) changed.add(name);
    }
    if (rows.length < SINCE_PAGE) return changed;
    before = Number(rows.at(-1)?.["seq"]);
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

/** Entries that are read together. */
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
      `SELECT ${covered}, ${sizedDetail}, r.history_seq AS last_seq, r.history_hash AS last_hash FROM ${tableName(record.type)} r
       LEFT JOIN history h ON h.record = r.id AND h.seq > ? LEFT JOIN history_body b ON b.history = h.id
       WHERE r.id = ? ORDER BY h.seq LIMIT ${CHAIN_PAGE}`,
      [last, record.id],
    );
    for (const row of page.filter(({ id }) => id !== null)) {
      const seq = Number(row["seq"]);
      if (seq !== last + 1) problems.push({ seq, problem: "gap" });
      last = seq;
      const own = {
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
      const detail = await detailOf(sql, row);
      const held = detail === null ? content : contentHash(String(row["salt"]), String(row["summary"]), detail);
      if (held !== content) problems.push({ seq, problem: "body" });
      if (historyHash(previous, own, content) !== row["hash"]) problems.push({ seq, problem: "hash" });
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
