/** Verdicts of imported rows, sealed like sensitive fields: they hold values of records. */
import { datetime, type Database, deleteAll, type Tx } from "./database";
import { sealed } from "./records";

export interface ImportedLine {
  /** Person id. */
  person: string;
  /** The name that its sender gave the import. */
  import: string;
  line: number;
}

const place = (line: ImportedLine): string => `import.${line.person}.${line.import}.${line.line}`;

/**
 * Holds a line of an import until the transaction ends. Returns its verdict where the same was done before, JSON; a
 * digest that differs (another row, or another plan for it) begins it anew.
 */
export async function claimLine(
  tx: Tx,
  line: ImportedLine,
  { digest, machineAt }: { digest: string; machineAt: string },
): Promise<string | undefined> {
  const key = [line.person, line.import, line.line];
  // Waits for whoever does the same line now.
  const { affectedRows } = await tx.execute(
    "INSERT IGNORE INTO import_verdict (person, import, line, digest, machine_at) VALUES (?, ?, ?, ?, ?)",
    [...key, digest, datetime(machineAt)],
  );
  if (affectedRows) return undefined;
  const [row] = await tx.query(
    "SELECT digest, verdict FROM import_verdict WHERE person = ? AND import = ? AND line = ? FOR UPDATE",
    key,
  );
  const verdict = row?.["verdict"] as Buffer | null | undefined;
  if (verdict && row?.["digest"] === digest) return sealed().open(verdict, place(line));
  await tx.execute("UPDATE import_verdict SET digest = ? WHERE person = ? AND import = ? AND line = ?", [
    digest,
    ...key,
  ]);
  return undefined;
}

export async function keepVerdict(tx: Tx, line: ImportedLine, verdict: string): Promise<void> {
  await tx.execute("UPDATE import_verdict SET verdict = ? WHERE person = ? AND import = ? AND line = ?", [
    sealed().seal(verdict, place(line)),
    ...[line.person, line.import, line.line],
  ]);
}

/** Deletes verdicts older than `before` (machine time, ISO). */
export async function sweepVerdicts(db: Database, before: string): Promise<void> {
  await deleteAll(db, "import_verdict WHERE machine_at < ?", [datetime(before)]);
}
