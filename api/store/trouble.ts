/**
 * Trouble that is the database's and nobody's input: it is away, silent, full, or others hold what is wanted. It says
 * nothing about the record or the person that met it, so nothing is put aside for it.
 */
import { Failure } from "../../schema/failure";

/**
 * `away`: not reached, or it ended the connection. `gone`: nobody waits for the answer any more. `silent`: no answer within the limit. `slow`: the server ended the
 * statement. `locked`: others hold the rows. `deadlock`: chosen as its victim. `refusing`: full, read-only, too many
 * connections.
 */
export type TroubleKind = "away" | "gone" | "silent" | "slow" | "locked" | "deadlock" | "refusing";

const sentences: Record<TroubleKind, string> = {
  away: "Duly cannot reach its database just now. Nothing was changed. Try again in a moment.",
  gone: "Whoever asked this has left, so it was stopped.",
  silent: "Duly's database does not answer just now. Nothing was changed. Try again in a moment.",
  slow: "This took too long and was stopped. Nothing was changed. Try again in a moment.",
  locked: "Somebody else is changing this just now. Nothing was changed. Try again in a moment.",
  deadlock: "Others were changing the same things. Nothing was changed. Try again in a moment.",
  refusing: "Duly's database takes no changes just now. Nothing was changed. Try again in a moment.",
};

/** Thrown in a transaction that must begin again: it turned out to need more than it may still lock in order. */
export class Restart extends Error {}

export class Trouble extends Failure {
  constructor(
    readonly kind: TroubleKind,
    cause?: unknown,
  ) {
    super("UNAVAILABLE", sentences[kind], [], { cause });
    this.name = "Trouble";
  }
}

/** The change may have been made or not: its COMMIT was sent and never answered. */
export const outcomeUnknown = (cause: unknown): Failure =>
  new Failure(
    "OUTCOME_UNKNOWN",
    "The database stopped answering while this was being saved: it may have been saved, or not. Look before you try again.",
    [],
    { cause },
  );

/**
 * What was given fits no column: a text that is too long, a number out of range, a character that is none; or cannot be
 * compared with one, as what is no ASCII with an id (1267, 1270, 1271).
 */
const unfit = new Set([1264, 1267, 1270, 1271, 1366, 1406]);

/** The column takes it not as it is. Which argument brought it is known where they are: see `Inputs.place`. */
export class Unfit extends Failure {
  constructor(
    readonly column: string,
    cause: unknown,
  ) {
    super("INVALID_INPUT", "This is too long, or holds what cannot be kept. Shorten it.", [], { cause });
    this.name = "Unfit";
  }
}

const tooLarge = {
  answer: "The answer would be too large. Ask for less at once.",
  answerOfChange: "The answer would be too large. Ask for less at once. What was to be changed is changed.",
  change: "This reads more than can be held at once. Nothing was changed. Change less at once.",
};

/** More than an answer may hold, in whole or while it is read, or than a change may read. */
export class TooLarge extends Failure {
  constructor(readonly of: keyof typeof tooLarge = "answer") {
    super("TOO_COMPLEX", tooLarge[of]);
    this.name = "TooLarge";
  }
}

/** Numbers of MySQL and MariaDB. 1927: killed by the server, as an idle transaction is. */
const away = new Set([1053, 1077, 1079, 1080, 1129, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 1928, 2006, 2013, 4031]);
/** Disk or memory full, read-only after a failover, no connection or thread left, a cluster's node that is not ready. */
const refusing = new Set([
  3, 28, 1015, 1020, 1021, 1023, 1026, 1028, 1030, 1037, 1038, 1040, 1041, 1047, 1114, 1135, 1180, 1194, 1195, 1203,
  1206, 1226, 1290, 1429, 1637, 1689, 1792, 1836, 1842, 3168,
]);
/** 1317: somebody ended the statement; 1969 (MariaDB), 3024 (MySQL): it ran out of its time. */
const slow = new Set([1317, 1969, 3024]);
/** A wrong password, user or database: waiting mends none of them. */
const misconfigured = new Set([1044, 1045, 1049, 1251, 1698]);
const network = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "ENOSPC",
]);
/** mysql2 gives these two no code. */
const closed = /^(Pool is closed|Can't add new command when connection is in closed state)/;

/** What kind of trouble of the database this error is; undefined where it is none. */
function troubleKind(error: unknown): TroubleKind | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { errno, code, fatal, message } = error as { errno?: number; code?: string; fatal?: boolean; message?: string };
  const number = Number(errno);
  if (number === 1205) return "locked";
  if (number === 1213) return "deadlock";
  if (slow.has(number)) return "slow";
  if (refusing.has(number)) return "refusing";
  if (misconfigured.has(number)) return undefined;
  if (away.has(number) || fatal === true || (code !== undefined && network.has(code))) return "away";
  if (message !== undefined && closed.test(message)) return "away";
  return undefined;
}

/** The error as the rest of Duly knows it: trouble by its kind, anything else as it is. */
export function asTrouble(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const kind = troubleKind(error);
  if (kind) return new Trouble(kind, error);
  const { errno, message } = (error ?? {}) as { errno?: number; message?: string };
  // The column is the last quotation: "Data too long for column 'name' at row 1".
  if (unfit.has(Number(errno)))
    return new Unfit(/column (?:.*\.)?[`'](\w+)[`'] at row/.exec(message ?? "")?.[1] ?? "", error);
  return error;
}

/** Whatever failed by this may be tried again as it is: the error says nothing about the record or definition at hand. */
export const isDatabaseTrouble = (error: unknown): boolean =>
  error instanceof Restart ||
  error instanceof Trouble ||
  (error instanceof Failure && error.code === "OUTCOME_UNKNOWN") ||
  troubleKind(error) !== undefined;

/** A statement that ran out of its time: the database is slow, or what it was asked is too much. */
export const isSlow = (error: unknown): boolean => error instanceof Trouble && error.kind === "slow";

/** So many items in a row that are slow are the database's trouble, and none of theirs. */
const slowInARow = 3;

/**
 * Does items one by one: one that fails is put aside, and the others go on. One that takes too long is its own trouble;
 * several in a row, or any other trouble, are the database's, and thrown.
 */
export async function eachAlone<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  putAside: (item: T, error: unknown) => Promise<void>,
): Promise<void> {
  let slow = 0;
  for (const item of items)
    try {
      await work(item);
      slow = 0;
    } catch (error) {
      if (isDatabaseTrouble(error) && (!isSlow(error) || ++slow >= slowInARow)) throw error;
      await putAside(item, error);
    }
}
