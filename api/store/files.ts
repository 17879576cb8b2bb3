/** Stored files: a row that says what each is and which record it belongs to, and its bytes in chunks of a row each. */
import { datetime, type Database, instant, marks, type Row, type Sql, type Tx } from "./database";

/** Bytes of a chunk: all that an upload or a download holds of a file at once, twice over. */
export const CHUNK = 256 * 1024;

export interface FileRow {
  id: string;
  organisation: string;
  /** Person id. */
  uploader: string;
  name: string;
  mediaType: string;
  /** Bytes. */
  size: number;
  /** SHA-256, hex. */
  hash: string;
  /** School time. */
  createdAt: string;
  /** Where it belongs; null until a mutation names it. */
  held: { type: string; record: string; field: string } | null;
}

const columns =
  "f.id, f.organisation, f.uploader, f.name, f.media_type, f.size, f.hash, f.created_at, f.type, f.record, f.field";

const fileOf = (row: Row): FileRow => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  uploader: String(row["uploader"]),
  name: String(row["name"]),
  mediaType: String(row["media_type"]),
  size: Number(row["size"]),
  hash: String(row["hash"]),
  createdAt: instant(String(row["created_at"])),
  held:
    row["record"] === null
      ? null
      : { type: String(row["type"]), record: String(row["record"]), field: String(row["field"]) },
});

/** Those that have arrived whole. With `lock`, nobody else attaches or clears them away meanwhile. */
export async function filesByIds(sql: Sql, ids: readonly string[], lock?: "lock"): Promise<FileRow[]> {
  // The primary key by force: a scan would lock other rows, in another order.
  const rows = await sql.query(
    `SELECT ${columns} FROM file f FORCE INDEX (PRIMARY) WHERE f.id IN (${marks(ids.length)}) AND f.hash IS NOT NULL ORDER BY f.id
     ${lock ? "FOR UPDATE" : ""}`,
    [...ids],
  );
  return rows.map(fileOf);
}

/** The bytes of a file, chunk by chunk; each is read when it is asked for. */
export async function* fileBytes(sql: Sql, id: string): AsyncGenerator<Buffer> {
  for (let n = 0; ; n++) {
    const [row] = await sql.query<{ bytes: Buffer }>("SELECT bytes FROM file_chunk WHERE file = ? AND n = ?", [id, n]);
    if (!row) return;
    yield row.bytes;
  }
}

export async function startFile(
  sql: Sql,
  file: Pick<FileRow, "id" | "organisation" | "uploader" | "name" | "createdAt"> & { machineAt: string },
): Promise<void> {
  await sql.execute(
    "INSERT INTO file (id, organisation, uploader, name, created_at, machine_at) VALUES (?, ?, ?, ?, ?, ?)",
    [file.id, file.organisation, file.uploader, file.name, datetime(file.createdAt), datetime(file.machineAt)],
  );
}

export async function addChunk(sql: Sql, file: string, n: number, bytes: Buffer): Promise<void> {
  await sql.execute("INSERT INTO file_chunk (file, n, bytes) VALUES (?, ?, ?)", [file, n, bytes]);
}

/** From now on it can be named and read. */
export async function finishFile(
  sql: Sql,
  { id, name, mediaType, size, hash }: Pick<FileRow, "id" | "name" | "mediaType" | "size" | "hash">,
): Promise<void> {
  await sql.execute("UPDATE file SET name = ?, media_type = ?, size = ?, hash = ? WHERE id = ?", [
    name,
    mediaType,
    size,
    hash,
    id,
  ]);
}

export interface Unattached {
  files: number;
  /** An upload that is still arriving counts as `arriving` bytes. */
  bytes: number;
}

/** What no record holds: of one person, or of everybody. Uploads under way count. */
export async function unattached(
  sql: Sql,
  { uploader, arriving }: { uploader?: string; arriving: number },
): Promise<Unattached> {
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n, COALESCE(SUM(IF(hash IS NULL, ?, size)), 0) AS bytes FROM file
     WHERE record IS NULL ${uploader === undefined ? "" : "AND uploader = ?"}`,
    [arriving, ...(uploader === undefined ? [] : [uploader])],
  );
  return { files: Number(row?.["n"]), bytes: Number(row?.["bytes"]) };
}

/** Bytes of what a person has sent since (machine time, ISO) and is still there, in a record or not. */
export async function sentSince(sql: Sql, uploader: string, since: string): Promise<number> {
  const [row] = await sql.query(
    "SELECT COALESCE(SUM(size), 0) AS bytes FROM file WHERE uploader = ? AND machine_at > ?",
    [uploader, datetime(since)],
  );
  return Number(row?.["bytes"]);
}

/** Documents of a person that an import has read into records. Nobody attaches them meanwhile. */
export async function importedFiles(tx: Tx, uploader: string): Promise<string[]> {
  const rows = await tx.query(
    `SELECT f.id FROM file f WHERE f.uploader = ? AND f.record IS NULL AND f.hash IS NOT NULL
       AND EXISTS (SELECT 1 FROM import_verdict v WHERE v.person = f.uploader AND v.import = f.id AND v.verdict IS NOT NULL)
     FOR UPDATE SKIP LOCKED`,
    [uploader],
  );
  return rows.map((row) => String(row["id"]));
}

/** One upload of a person begins at a time, until the transaction ends. */
export async function lockUploader(tx: Tx, person: string): Promise<void> {
  await tx.query("SELECT id FROM person WHERE id = ? FOR UPDATE", [person]);
}

const sweepRows = 100;

/** Deletes files that no record has held since `before` (machine time, ISO). Returns how many. */
export async function sweepFiles(db: Database, before: string): Promise<number> {
  for (let swept = 0; ;) {
    const some = await db.transaction(async (tx) => {
      const rows = await tx.query(
        `SELECT id FROM file WHERE record IS NULL AND machine_at < ? LIMIT ${sweepRows} FOR UPDATE SKIP LOCKED`,
        [datetime(before)],
      );
      await deleteFiles(
        tx,
        rows.map((row) => String(row["id"])),
      );
      return rows.length;
    });
    swept += some;
    if (some < sweepRows) return swept;
  }
}

/** The row last: while it stands, a sweep still finds what is left of the bytes. */
export async function deleteFiles(sql: Sql, ids: string[]): Promise<void> {
  if (!ids.length) return;
  await sql.execute(`DELETE FROM file_chunk WHERE file IN (${marks(ids.length)})`, ids);
  await sql.execute(`DELETE FROM file WHERE id IN (${marks(ids.length)})`, ids);
}

/** The files come to belong to the record, and are kept where it is. The transaction holds both. */
export async function attachFiles(
  tx: Tx,
  record: { id: string; type: string; organisation: string },
  files: { field: string; file: string }[],
): Promise<void> {
  for (const { field, file } of files)
    await tx.execute("UPDATE file SET organisation = ?, type = ?, record = ?, field = ? WHERE id = ?", [
      record.organisation,
      record.type,
      record.id,
      field,
      file,
    ]);
}
