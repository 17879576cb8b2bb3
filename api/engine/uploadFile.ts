/**
 * Takes a file in as it comes, and never holds more of it than two chunks. It belongs to nobody's record until a mutation
 * names it: see claimFiles.ts. Each chunk is committed by itself, so that a slow sender holds no connection.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, invalid } from "../../schema/failure";
import {
  beginningOf,
  fittingName,
  isText,
  MAX_FILE_BYTES,
  type MediaType,
  notText,
  officeKind,
  plainName,
  sizeInWords,
} from "../../schema/fileKinds";
import { isoOf } from "../store/database";
import {
  addChunk,
  CHUNK,
  deleteFiles,
  filesByIds,
  type FileRow,
  finishFile,
  importedFiles,
  lockUploader,
  sentSince,
  startFile,
  unattached,
} from "../store/files";
import { elapsedMs } from "../machineClock";
import { spendBytes } from "./uploadPace";
import { type Identity, schoolNow } from "./run";
import { newId, type World } from "./world";

const LONGEST_REST_MS = 50;
/** Of one person's, that no record holds: more than any form asks for, and an end to whoever only fills the disk. */
const MOST_UNATTACHED = 50;
/** Of one person's in a day, held by records or not: what is replaced in its field stays in the record's history. */
const MAX_OF_A_DAY = 50 * MAX_FILE_BYTES;
/** Of everybody's: five thousand files, or the room of 500 of the largest. They are swept after a day. */
const MAX_UNATTACHED_OF_ALL = { files: 5_000, bytes: 500 * MAX_FILE_BYTES };

/**
 * Stores a file for the acting person. Nothing of it stays where it fails.
 * @throws INVALID_INPUT for a kind that is not taken, TOO_MANY_ATTEMPTS, and whatever the body throws.
 */
export async function uploadFile(
  world: World,
  identity: Pick<Identity, "access">,
  upload: { name: string; body: AsyncIterable<Buffer> },
): Promise<FileRow> {
  const { db } = world;
  const id = newId();
  const name = plainName(upload.name);
  await reserve(world, identity, { id, name });
  try {
    const judge = new Judge(name);
    const hash = createHash("sha256");
    let n = 0;
    for await (const chunk of inChunks(upload.body)) {
      judge.see(chunk);
      hash.update(chunk);
      const began = elapsedMs();
      await addChunk(db, id, n++, chunk);
      // The database is left to others for as long as that took: a file is rarely what somebody waits for.
      const rest = Math.min(elapsedMs() - began, LONGEST_REST_MS);
      await sleep(Math.max(rest, spendBytes(identity.access.person ?? "", chunk.length)));
    }
    const mediaType = judge.decide();
    await finishFile(db, {
      id,
      name: fittingName(name, mediaType),
      mediaType,
      size: judge.size,
      hash: hash.digest("hex"),
    });
  } catch (error) {
    // What cannot be deleted now is swept tomorrow.
    await deleteFiles(db, [id]).catch(() => undefined);
    throw error;
  }
  const [file] = await filesByIds(db, [id]);
  if (!file) throw new Error("A file that was just stored is not there.");
  return file;
}

/** Counts the upload before anything of it is read, so that uploads sent at once meet the same limits as one after another. */
async function reserve(
  world: World,
  { access }: Pick<Identity, "access">,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const { db } = world;
  const uploader = access.person ?? "";
  const createdAt = isoOf(await schoolNow(world));
  const machineAt = isoOf(world.machineNow());
  await db.transaction(async (tx) => {
    await lockUploader(tx, uploader);
    const isFull = async () => (await unattached(tx, { uploader, arriving: MAX_FILE_BYTES })).files >= MOST_UNATTACHED;
    // What was read into records makes room: it only waited in case its answer was lost.
    if (await isFull()) await deleteFiles(tx, await importedFiles(tx, uploader));
    if (await isFull())
      throw new Failure(
        "TOO_MANY_ATTEMPTS",
        `You have sent ${MOST_UNATTACHED} files that no record holds yet. Save the forms they belong to, or try again tomorrow.`,
      );
    const dayAgo = isoOf(world.machineNow() - 86_400_000);
    if ((await sentSince(tx, uploader, dayAgo)) > MAX_OF_A_DAY)
      throw new Failure(
        "TOO_MANY_ATTEMPTS",
        `You have sent more than ${sizeInWords(MAX_OF_A_DAY)} of files since yesterday. Go on tomorrow.`,
      );
    await startFile(tx, { id, organisation: access.acting, uploader, name, createdAt, machineAt });
  });
  // After the commit: each of those that begin at once sees the others, so that all of them together stay within it.
  const all = await unattached(db, { arriving: MAX_FILE_BYTES });
  if (all.files <= MAX_UNATTACHED_OF_ALL.files && all.bytes <= MAX_UNATTACHED_OF_ALL.bytes) return;
  await deleteFiles(db, [id]);
  throw new Failure(
    "UNAVAILABLE",
    "Too many files wait to be attached to records. Try again in an hour, and tell your administrator.",
  );
}

/** Says what a file is from its chunks as they pass. @throws INVALID_INPUT as soon as it cannot be taken. */
class Judge {
  size = 0;
  private beginning: ReturnType<typeof beginningOf> | undefined;
  private last: Buffer = Buffer.alloc(0);
  private before: Buffer = Buffer.alloc(0);

  constructor(private readonly name: string) {}

  see(chunk: Buffer): void {
    this.beginning ??= this.taken(beginningOf(this.name, chunk));
    if ("text" in this.beginning && !isText(chunk)) throw refused(notText(this.name));
    this.size += chunk.length;
    [this.before, this.last] = [this.last, chunk];
  }

  decide(): MediaType {
    const found = this.beginning ?? beginningOf(this.name, this.last);
    const tail = Buffer.concat([this.before, this.last]);
    const kind = this.taken("zip" in found ? officeKind(this.name, tail, this.size) : found);
    return kind.mediaType;
  }

  private taken<T extends object>(found: T): Exclude<T, { problem: string }> {
    if ("problem" in found) throw refused(String(found.problem));
    return found as Exclude<T, { problem: string }>;
  }
}

const refused = (message: string): Failure => invalid([{ path: "file", message }]);

/** The same bytes in pieces of a chunk, the last one shorter. */
async function* inChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length < CHUNK) continue;
    const whole = Buffer.concat(parts);
    let from = 0;
    for (; whole.length - from >= CHUNK; from += CHUNK) yield whole.subarray(from, from + CHUNK);
    parts = [whole.subarray(from)];
    length = whole.length - from;
  }
  if (length) yield Buffer.concat(parts);
}
