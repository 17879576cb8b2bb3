/**
 * What is written of errors: their kind, code and place in the program, never what they say in full. A database quotes the
 * statement with its values, a parser what it could not read, a mail server its recipients: children's names, allegations.
 */
import pino, { type Logger } from "pino";
import type { LogLevel } from "./config";

const MAX_WORDS = 120;
const MAX_FRAMES = 12;
const MAX_CAUSES = 3;

interface Written {
  type: string;
  code?: string;
  errno?: number;
  /** What its message says before anything that may be a value. */
  message?: string;
  stack?: string;
  cause?: Written;
}

type Described = Error & { code?: unknown; errno?: unknown; sqlState?: unknown; sql?: unknown; driverError?: unknown };

/** A message as far as the first quotation, colon, digit or bracket: what follows may be somebody's. */
export const wordsBeforeValues = (message: string): string =>
  (/^[^"'`“‘:<({[\d\n]*/.exec(message)?.[0] ?? "").trim().slice(0, MAX_WORDS);

/** The database's errors say in their code what is wrong; their messages hold statements and values. */
const isOfDatabase = (error: Described): boolean =>
  "sql" in error || "sqlState" in error || "sqlMessage" in error || "query" in error || "driverError" in error;

export function errorForLog(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? wordsBeforeValues(error) : typeof error;
  const described: Described = error;
  const { code, errno, name, message, stack, cause } = described;
  const written: Written = { type: name };
  if (typeof code === "string" && /^[\w-]{1,64}$/.test(code)) written.code = code;
  if (typeof errno === "number") written.errno = errno;
  const words = isOfDatabase(described) ? "" : wordsBeforeValues(message);
  if (words) written.message = words;
  const frames = framesOf(stack, message);
  if (frames) written.stack = frames;
  const under = cause ?? described.driverError;
  if (under instanceof Error && depth < MAX_CAUSES) written.cause = errorForLog(under, depth + 1) as Written;
  return written;
}

/** The lines of places alone: the message before them may have lines that look like any. */
function framesOf(stack: string | undefined, message: string): string {
  const from = stack?.indexOf(message) ?? -1;
  const after = stack && from >= 0 ? stack.slice(from + message.length) : "";
  return after
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim())
    .join("\n");
}

export const openLog = (level: LogLevel, to?: pino.DestinationStream): Logger =>
  pino(
    { level, serializers: { err: (error) => errorForLog(error), error: (error) => errorForLog(error) } },
    ...(to ? [to] : []),
  );

/** For the last words of a process, on its error output. */
export function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isOfDatabase(error)
    ? JSON.stringify(errorForLog(error), null, 2).replaceAll("\\n", "\n    ")
    : (error.stack ?? error.message);
}

/** An error that nobody caught ends the process, and is written like any other. */
export function logWhatEndsIt(log: Logger): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "An error that nobody expected ends this process");
      process.exit(1);
    });
}
