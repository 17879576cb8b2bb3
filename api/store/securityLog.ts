/**
 * The rows of the security log. `hash` is SHA-256 over the hash before it and the row's canonical JSON; the head row is
 * written (not only read) with each, so that two writers of a cluster cannot both follow one row.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { canonicalJson } from "../../schema/text";
import { datetime, instant, type Row, type Sql, type SqlValue, textOrNull, type Tx } from "./database";

export interface SecurityRow {
  seq: number;
  /** ISO: machine time, and school time. */
  at: string;
  schoolAt: string;
  /** Null for what belongs to no school: a sign-in under an unknown address. */
  organisation: string | null;
  actorKind: string;
  actor: string | null;
  /** The token it was done by. */
  via: string | null;
  kind: string;
  about: string | null;
  /** Keyed hashes: the same address or device gives the same one. */
  address: string | null;
  device: string | null;
  /** Never a secret. */
  detail: Record<string, unknown>;
}

const chained = (previous: string | null, row: SecurityRow): string =>
  createHash("sha256")
    .update(previous ?? "")
    .update(canonicalJson(row))
    .digest("hex");

const sealOf = (key: Buffer, seq: number, hash: string | null): string =>
  createHmac("sha256", key)
    .update(`security log ${seq} ${hash ?? ""}`)
    .digest("hex");

/** Appends in the order given. The head stays locked until the transaction ends: call it last. */
export async function appendSecurity(tx: Tx, key: Buffer, rows: Omit<SecurityRow, "seq">[]): Promise<void> {
  if (!rows.length) return;
  await tx.execute(
    "INSERT INTO security_head (id, seq) VALUES (1, ?) ON DUPLICATE KEY UPDATE seq = seq + VALUES(seq)",
    [rows.length],
  );
  const [head] = await tx.query("SELECT seq, hash FROM security_head WHERE id = 1");
  let seq = Number(head?.["seq"]) - rows.length;
  let previous = textOrNull(head?.["hash"]);
  const values: SqlValue[] = [];
  for (const each of rows) {
    const row = { ...each, seq: ++seq };
    const hash = chained(previous, row);
    values.push(...[row.seq, datetime(row.at), datetime(row.schoolAt), row.organisation, row.actorKind, row.actor]);
    values.push(...[row.via, row.kind, row.about, row.address, row.device, JSON.stringify(row.detail), previous, hash]);
    previous = hash;
  }
  await tx.bulk(
    `INSERT INTO security_log (seq, at, school_at, organisation, actor_kind, actor, via, kind, about, address, device,
      detail, previous_hash, hash) VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
    values,
  );
  await tx.execute("UPDATE security_head SET hash = ?, seal = ? WHERE id = 1", [previous, sealOf(key, seq, previous)]);
}

const rowOf = (row: Row): SecurityRow => ({
  seq: Number(row["seq"]),
  at: instant(String(row["at"])),
  schoolAt: instant(String(row["school_at"])),
  organisation: textOrNull(row["organisation"]),
  actorKind: String(row["actor_kind"]),
  actor: textOrNull(row["actor"]),
  via: textOrNull(row["via"]),
  kind: String(row["kind"]),
  about: textOrNull(row["about"]),
  address: textOrNull(row["address"]),
  device: textOrNull(row["device"]),
  detail: JSON.parse(String(row["detail"])) as Record<string, unknown>,
});

/** Newest first, before `before`. `organisations`: those that may be read; null for every row, those of no school too. */
export async function securityRows(
  sql: Sql,
  where: {
    organisations: string[] | null;
    kind?: string | null | undefined;
    about?: string | null | undefined;
    /** ISO instants of machine time: the first included, the last not. */
    from?: string | null | undefined;
    to?: string | null | undefined;
    before: number | null;
    limit: number;
  },
): Promise<SecurityRow[]> {
  const [conditions, params]: [string[], (SqlValue | SqlValue[])[]] = [["1 = 1"], []];
  const also = (condition: string, value: SqlValue | SqlValue[]): void => {
    conditions.push(condition);
    params.push(value);
  };
  if (where.organisations) also("organisation IN (?)", where.organisations);
  if (where.kind) also("kind = ?", where.kind);
  if (where.about) {
    conditions.push("(about = ? OR actor = ?)");
    params.push(where.about, where.about);
  }
  if (where.from) also("at >= ?", datetime(where.from));
  if (where.to) also("at < ?", datetime(where.to));
  if (where.before !== null) also("seq < ?", where.before);
  const rows = await sql.queryText(
    `SELECT * FROM security_log WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ${Math.trunc(where.limit)}`,
    params,
  );
  return rows.map(rowOf);
}

export interface SecurityVerdict {
  rows: number;
  /** The first row that is missing or is not what was written; null where the whole chain holds. */
  brokenAt: number | null;
  /** Null where it holds; else a sentence. */
  problem: string | null;
}

const PAGE = 1_000;

/** Follows the whole chain to its head, whose seal must be this installation's. Reads 1,000 rows at a time. */
export async function verifySecurityLog(sql: Sql, key: Buffer): Promise<SecurityVerdict> {
  // First: rows appended meanwhile lie behind it.
  const [head] = await sql.query("SELECT seq, hash, seal FROM security_head WHERE id = 1");
  const last = Number(head?.["seq"] ?? 0);
  let [seq, previous]: [number, string | null] = [0, null];
  const broken = (problem: string): SecurityVerdict => ({ rows: seq, brokenAt: seq + 1, problem });
  while (seq < last) {
    const rows = await sql.query(`SELECT * FROM security_log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${PAGE}`, [
      seq,
      last,
    ]);
    if (!rows.length) return broken(`Row ${seq + 1} of the security log is missing.`);
    for (const found of rows) {
      if (Number(found["seq"]) !== seq + 1) return broken(`Row ${seq + 1} of the security log is missing.`);
      const hash = intact(found, previous);
      if (hash === undefined) return broken(`Row ${seq + 1} of the security log is not what was written.`);
      [seq, previous] = [seq + 1, hash];
    }
  }
  if (textOrNull(head?.["hash"]) !== previous) return broken("The head of the security log names another row.");
  if (last > 0 && !sameText(textOrNull(head?.["seal"]) ?? "", sealOf(key, last, previous)))
    return broken("The head of the security log is not sealed by this installation's key.");
  if (!head && (await sql.query("SELECT seq FROM security_log LIMIT 1")).length)
    return broken("The head of the security log is missing.");
  return { rows: seq, brokenAt: null, problem: null };
}

/** The row's hash; undefined where the row, or the hash before it, has been changed. */
function intact(found: Row, previous: string | null): string | undefined {
  try {
    const hash = chained(previous, rowOf(found));
    return textOrNull(found["previous_hash"]) === previous && found["hash"] === hash ? hash : undefined;
  } catch {
    return undefined;
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
