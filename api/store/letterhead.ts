/** What an organisation shows of itself: its name, colour and crest. */
import { type Sql, textOrNull, type Tx } from "./database";

export interface Letterhead {
  name: string;
  /** "#0b5c5c", or null for the product's own. */
  colour: string | null;
  /** SHA-256 of the crest, hex: its address. A school without one shows its trust's. */
  crest: string | null;
}

export interface Crest {
  hash: string;
  mediaType: string;
  bytes: Buffer;
}

/** Undefined where there is no such organisation. */
export async function letterheadOf(sql: Sql, organisation: string): Promise<Letterhead | undefined> {
  const [row] = await sql.query(
    `SELECT o.name, o.colour, COALESCE(own.hash, above.hash) AS crest FROM organisation o
     LEFT JOIN crest own ON own.organisation = o.id LEFT JOIN crest above ON above.organisation = o.parent WHERE o.id = ?`,
    [organisation],
  );
  return row && { name: String(row["name"]), colour: textOrNull(row["colour"]), crest: textOrNull(row["crest"]) };
}

export async function saveLetterhead(
  tx: Tx,
  organisation: string,
  { name, colour }: Pick<Letterhead, "name" | "colour">,
): Promise<void> {
  await tx.execute("UPDATE organisation SET name = ?, colour = ? WHERE id = ?", [name, colour, organisation]);
}

export async function saveCrest(tx: Tx, organisation: string, { hash, mediaType, bytes }: Crest): Promise<void> {
  await tx.execute(
    `INSERT INTO crest (organisation, hash, media_type, bytes) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE hash = VALUES(hash), media_type = VALUES(media_type), bytes = VALUES(bytes)`,
    [organisation, hash, mediaType, bytes],
  );
}

export async function deleteCrest(tx: Tx, organisation: string): Promise<void> {
  await tx.execute("DELETE FROM crest WHERE organisation = ?", [organisation]);
}

export async function crestByHash(sql: Sql, hash: string): Promise<Crest | undefined> {
  const [row] = await sql.query("SELECT media_type, bytes FROM crest WHERE hash = ? LIMIT 1", [hash]);
  return row && { hash, mediaType: String(row["media_type"]), bytes: row["bytes"] as Buffer };
}
