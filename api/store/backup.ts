/**
 * A backup is a folder: one compressed file of rows for each table, and a manifest with the hash of each. It is read in
 * one snapshot of the database, while Duly runs, and needs no program of the database's. On wish it is encrypted.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type Hash,
  randomBytes,
  scryptSync,
  timingSafeEqual,
} from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import mysql from "mysql2";
import { formatInstant } from "../../schema/dates";
import { canonicalJson } from "../../schema/text";
import { forCommands, openDatabase } from "./database";
import { hold } from "./installation";
import { begin, emptyDatabase, finish, groundStatements, holdsTables, isUnfinished, RESTORE } from "./resume";

export interface TableFile {
  name: string;
  /** As SHOW CREATE TABLE has it. */
  ddl: string;
  rows: number;
  file: string;
  /** SHA-256 of the file, hex. */
  sha256: string;
}

export interface Manifest {
  format: 1;
  /** Machine time, ISO. */
  madeAt: string;
  /** Tells which key the installation needs; the key itself is not in a backup. */
  keyFingerprint: string;
  /** Names of the migrations that made these tables. */
  migrations: string[];
  tables: TableFile[];
  /** Present where the files are encrypted: salt of scrypt, hex. */
  salt?: string;
  /** HMAC of all of the above with a key from the password. */
  mac?: string;
}

const MANIFEST = "manifest.json";
/** What belongs to running processes only. */
const LEFT_OUT = new Set(["lease", "unfinished"]);
/** A publish in the middle changes tables under the snapshot: it is begun again. */
const TRIES = 5;
/** "Table definition has changed, please retry transaction". */
const TABLE_CHANGED = 1412;
/** OWASP Password Storage Cheat Sheet, scrypt: N 2^17, r 8, p 1, which takes 128 MB. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };
/** Bytes of rows that one INSERT holds: far below any max_allowed_packet. */
const INSERT_BYTES = 1 << 20;

export class BackupProblem extends Error {}

interface Keys {
  files: Buffer;
  manifest: Buffer;
}

function keysFrom(password: string, salt: Buffer): Keys {
  const both = scryptSync(password, salt, 64, SCRYPT);
  return { files: both.subarray(0, 32), manifest: both.subarray(32) };
}

const macOf = (manifest: Manifest, key: Buffer): string => {
  const { mac: _, ...covered } = manifest;
  return createHmac("sha256", key).update(canonicalJson(covered)).digest("hex");
};

/** Binary as base64, all else as the text that the server sends: nothing is rounded on its way. */
type Cell = string | null | { b: string };

const asSent: mysql.TypeCast = (field) => {
  if (!/BLOB|STRING|GEOMETRY/.test(field.type)) return field.string();
  const bytes = field.buffer();
  if (bytes === null) return null;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : { b: bytes.toString("base64") };
};

const connect = (url: string): mysql.Connection =>
  mysql.createConnection({
    uri: url,
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    charset: "utf8mb4_bin",
  });

const ask = <R>(connection: mysql.Connection, sql: string, values: unknown[] = []): Promise<R[]> =>
  new Promise((resolve, reject) =>
    connection.query(sql, values, (error, rows) => (error ? reject(error) : resolve(rows as unknown as R[]))),
  );

const ended = (connection: mysql.Connection): Promise<void> =>
  new Promise((resolve) => connection.end(() => resolve()));

function counting(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** IV, ciphertext, tag: AES-256-GCM. */
function encrypting(key: Buffer): Transform {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  let begun = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!begun) this.push(iv);
      begun = true;
      done(null, cipher.update(chunk));
    },
    flush(done) {
      if (!begun) this.push(iv);
      this.push(cipher.final());
      done(null, cipher.getAuthTag());
    },
  });
}

export interface BackupInput {
  url: string;
  /** Where the new folder is made; it is made itself where it is missing. */
  into: string;
  machineNow: number;
  keyFingerprint: string;
  password?: string;
  progress?: (table: string, rows: number) => void;
}

/**
 * Writes `into/duly-<time>`, whole or not at all, and returns its path and manifest.
 * @throws BackupProblem where the folder exists already; what the server or the disk says.
 */
export async function writeBackup(input: BackupInput): Promise<{ folder: string; manifest: Manifest }> {
  const madeAt = new Date(input.machineNow).toISOString();
  const folder = join(input.into, `duly-${madeAt.slice(0, 19).replaceAll(":", "")}Z`);
  if (await exists(folder)) throw new BackupProblem(`There is a backup of this second already: ${folder}.`);
  const partial = `${folder}.partial-${randomBytes(4).toString("hex")}`;
  // Not the folders above it: a slip in a path must not make new ones, and Node never ends where none can be made.
  if (!(await exists(input.into))) await mkdir(input.into, { mode: 0o700 });
  await mkdir(partial, { mode: 0o700 });
  try {
    for (let attempt = 1; ; attempt++)
      try {
        const manifest = await writeTables(input, partial, madeAt);
        await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, undefined, 1)}\n`, { mode: 0o600 });
        await rename(partial, folder);
        return { folder, manifest };
      } catch (error) {
        if ((error as { errno?: number }).errno !== TABLE_CHANGED || attempt >= TRIES) throw error;
      }
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function writeTables(input: BackupInput, partial: string, madeAt: string): Promise<Manifest> {
  const salt = input.password === undefined ? undefined : randomBytes(16);
  const keys = salt && keysFrom(input.password ?? "", salt);
  const connection = connect(input.url);
  try {
    await ask(connection, "SET time_zone = '+00:00'");
    await ask(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await ask(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    const names = await ask<{ name: string }>(
      connection,
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`,
    );
    const migrations = await ask<{ name: string }>(connection, "SELECT name FROM migration ORDER BY timestamp");
    const tables: TableFile[] = [];
    for (const { name } of names) {
      if (LEFT_OUT.has(name)) continue;
      const table = await writeTable(connection, name, partial, keys?.files);
      tables.push(table);
      input.progress?.(name, table.rows);
    }
    const manifest: Manifest = {
      format: 1,
      madeAt,
      keyFingerprint: input.keyFingerprint,
      migrations: migrations.map(({ name }) => name),
      tables,
      ...(salt && { salt: salt.toString("hex") }),
    };
    return keys ? { ...manifest, mac: macOf(manifest, keys.manifest) } : manifest;
  } finally {
    await ended(connection);
  }
}

async function writeTable(
  connection: mysql.Connection,
  name: string,
  folder: string,
  key: Buffer | undefined,
): Promise<TableFile> {
  const [made] = await ask<Record<string, string>>(connection, `SHOW CREATE TABLE \`${name}\``);
  const file = `${name}.ndjson.gz${key ? ".enc" : ""}`;
  const hash = createHash("sha256");
  let rows = 0;
  const found = connection
    .query({ sql: `SELECT * FROM \`${name}\``, rowsAsArray: true, typeCast: asSent })
    .stream({ highWaterMark: 100 });
  const lines = new Transform({
    writableObjectMode: true,
    transform(row: Cell[], _encoding, done) {
      rows++;
      done(null, `${JSON.stringify(row)}\n`);
    },
  });
  await pipeline(
    found as Readable,
    lines,
    createGzip(),
    key ? encrypting(key) : new PassThrough(),
    counting(hash),
    createWriteStream(join(folder, file), { mode: 0o600 }),
  );
  return { name, ddl: made?.["Create Table"] ?? "", rows, file, sha256: hash.digest("hex") };
}

/**
 * Reads the manifest of a backup and checks the hash of every file.
 * @throws BackupProblem saying what is missing, altered, or needs a password.
 */
export async function readBackup(folder: string, password?: string): Promise<{ manifest: Manifest; key?: Buffer }> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => undefined);
  if (text === undefined) throw new BackupProblem(`${folder} holds no backup: there is no ${MANIFEST}.`);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new BackupProblem(`The ${MANIFEST} of this backup is damaged.`);
  }
  if (!Array.isArray(manifest?.tables) || !Array.isArray(manifest.migrations))
    throw new BackupProblem(`The ${MANIFEST} of this backup is damaged.`);
  if (password !== undefined && (manifest.salt === undefined || manifest.mac === undefined))
    throw new BackupProblem("A password is set, and this backup is not encrypted: it may be none of yours.");
  if (manifest.format !== 1) throw new BackupProblem("This backup was made by a newer Duly.");
  let key: Buffer | undefined;
  if (manifest.salt !== undefined) {
    if (password === undefined)
      throw new BackupProblem("This backup is encrypted: set DULY_BACKUP_PASSWORD to its password.");
    const keys = keysFrom(password, Buffer.from(manifest.salt, "hex"));
    const [mine, said] = [Buffer.from(macOf(manifest, keys.manifest)), Buffer.from(manifest.mac ?? "")];
    if (mine.length !== said.length || !timingSafeEqual(mine, said))
      throw new BackupProblem("The password is not the one of this backup, or its manifest was altered.");
    key = keys.files;
  }
  for (const { name, file, sha256 } of manifest.tables) {
    if (!/^[a-z0-9_]+\.ndjson\.gz(\.enc)?$/.test(file) || !/^[a-z0-9_]+$/.test(name))
      throw new BackupProblem(`The manifest names an odd file: ${file}.`);
    if (!(await exists(join(folder, file)))) throw new BackupProblem(`The file ${file} is missing.`);
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, file)), async (source) => {
      for await (const chunk of source) hash.update(chunk as Buffer);
    });
    if (hash.digest("hex") !== sha256) throw new BackupProblem(`The file ${file} was altered or is damaged.`);
  }
  return key ? { manifest, key } : { manifest };
}

export interface RestoreInput {
  url: string;
  folder: string;
  manifest: Manifest;
  key?: Buffer;
  machineNow: number;
  progress?: (table: string, rows: number) => void;
}

/**
 * Fills an empty database from a backup that `readBackup` has checked, and holds it. Until it has ended, no process opens
 * the database; a restore that failed or was killed is begun again by the next one.
 * @throws BackupProblem where the database holds tables already, or rows are missing.
 */
export async function restoreBackup({ url, folder, manifest, key, machineNow, progress }: RestoreInput): Promise<void> {
  const db = openDatabase(url, 1, undefined, forCommands);
  try {
    for (const statement of groundStatements) await db.executeText(statement);
    if (await isUnfinished(db, RESTORE)) await emptyDatabase(db);
    else if (await holdsTables(db))
      throw new BackupProblem("This database is not empty. A backup is restored into an empty database only.");
    await begin(db, RESTORE);
    const connection = connect(url);
    try {
      await ask(connection, "SET time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0");
      for (const table of manifest.tables) {
        await ask(connection, table.ddl);
        const rows = await fillFrom(connection, table.name, join(folder, table.file), key);
        if (rows !== table.rows)
          throw new BackupProblem(`${table.name} has ${rows} rows where the manifest says ${table.rows}.`);
        progress?.(table.name, rows);
      }
    } finally {
      await ended(connection);
    }
    await hold(db, machineNow, `It was restored from the backup of ${formatInstant(manifest.madeAt, "UTC")} UTC`);
    await finish(db, RESTORE);
  } finally {
    await db.close();
  }
}

/** Rows of a table's file, split at "\n" alone: readline would also split at U+2028, which people's texts hold. */
async function* readRows(source: AsyncIterable<Buffer>): AsyncGenerator<unknown[]> {
  let rest = Buffer.alloc(0);
  for await (const part of source) {
    let from = 0;
    for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, from)) {
      const line = Buffer.concat([rest, part.subarray(from, end)]).toString("utf8");
      rest = Buffer.alloc(0);
      from = end + 1;
      yield (JSON.parse(line) as Cell[]).map((cell) =>
        cell !== null && typeof cell === "object" ? Buffer.from(cell.b, "base64") : cell,
      );
    }
    rest = Buffer.concat([rest, part.subarray(from)]);
  }
}

async function* decrypted(file: string, size: number, key: Buffer): AsyncGenerator<Buffer> {
  const edges = { iv: Buffer.alloc(0), tag: Buffer.alloc(0) };
  for await (const part of createReadStream(file, { start: 0, end: 11 }))
    edges.iv = Buffer.concat([edges.iv, part as Buffer]);
  for await (const part of createReadStream(file, { start: size - 16 }))
    edges.tag = Buffer.concat([edges.tag, part as Buffer]);
  const decipher = createDecipheriv("aes-256-gcm", key, edges.iv);
  decipher.setAuthTag(edges.tag);
  if (size > 28)
    for await (const part of createReadStream(file, { start: 12, end: size - 17 }))
      yield decipher.update(part as Buffer);
  yield decipher.final();
}

async function fillFrom(
  connection: mysql.Connection,
  table: string,
  file: string,
  key: Buffer | undefined,
): Promise<number> {
  const { size } = await stat(file);
  let rows = 0;
  await pipeline(
    key ? Readable.from(decrypted(file, size, key)) : createReadStream(file),
    createGunzip(),
    async (source: AsyncIterable<Buffer>) => {
      rows = await fill(connection, table, readRows(source));
    },
  );
  return rows;
}

async function fill(connection: mysql.Connection, table: string, rows: AsyncIterable<unknown[]>): Promise<number> {
  let [batch, bytes, total]: [unknown[][], number, number] = [[], 0, 0];
  const flush = async (): Promise<void> => {
    if (batch.length) await ask(connection, `INSERT INTO \`${table}\` VALUES ?`, [batch]);
    total += batch.length;
    [batch, bytes] = [[], 0];
  };
  for await (const row of rows) {
    batch.push(row);
    bytes += row.reduce<number>(
      (sum, cell) => sum + (Buffer.isBuffer(cell) ? cell.length * 2 : String(cell).length * 4) + 4,
      0,
    );
    if (bytes >= INSERT_BYTES) await flush();
  }
  await flush();
  return total;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
