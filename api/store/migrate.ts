/** Runs the migrations of the static tables, one process at a time: the others wait for its lease. */
import { ENGINE_EDITION } from "../../schema/engineEdition";
import type { Sql } from "./database";
import type { Registry } from "./definitions";
import { groundStatements, resumable } from "./resume";
import { Foundation1700000000001 } from "./migrations/0001-foundation";
import { PartiesByPerson1700000000002 } from "./migrations/0002-parties-by-person";
import { SavedViews1700000000003 } from "./migrations/0003-saved-views";
import { Packs1700000000004 } from "./migrations/0004-packs";
import { Files1700000000005 } from "./migrations/0005-files";
import { ViewLog1700000000006 } from "./migrations/0006-view-log";
import { MailRules1700000000007 } from "./migrations/0007-mail-rules";
import { ReferencesWithoutYear1700000000008 } from "./migrations/0008-references-without-year";
import { SharedDevices1700000000009 } from "./migrations/0009-shared-devices";
import { Joining1700000000010 } from "./migrations/0010-joining";
import { HandOver1700000000011 } from "./migrations/0011-hand-over";
import { GuestLinks1700000000012 } from "./migrations/0012-guest-links";
import { CalendarFeeds1700000000013 } from "./migrations/0013-calendar-feeds";
import { Reports1700000000014 } from "./migrations/0014-reports";
import { Crest1700000000015 } from "./migrations/0015-crest";
import { ChoosableMail1700000000016 } from "./migrations/0016-choosable-mail";
import { Faults1700000000017 } from "./migrations/0017-faults";
import { LinkSlots1700000000018 } from "./migrations/0018-link-slots";
import { ImportVerdicts1700000000022 } from "./migrations/0022-import-verdicts";
import { SecurityLog1700000000024 } from "./migrations/0024-security-log";
import { Power1700000000025 } from "./migrations/0025-power";
import { SignInGates1700000000026 } from "./migrations/0026-sign-in-gates";
import { ViewRequests1700000000028 } from "./migrations/0028-view-requests";
import { ChainsOfCauses1700000000034 } from "./migrations/0034-chains-of-causes";
import { Answered1700000000038 } from "./migrations/0038-answered";
import { WorkerRounds1700000000039 } from "./migrations/0039-worker-rounds";
import { PackMerges1700000000041 } from "./migrations/0041-pack-merges";
import { Copies1700000000043 } from "./migrations/0043-copies";
import { PublishComments1700000000044 } from "./migrations/0044-publish-comments";
import { Held1700000000046 } from "./migrations/0046-held";
import { InOrder1700000000048 } from "./migrations/0048-in-order";
import { RecordWords1700000000049 } from "./migrations/0049-record-words";
import { NoticesInOrder1700000000050 } from "./migrations/0050-notices-in-order";
import { MailsInOrder1700000000051 } from "./migrations/0051-mails-in-order";
import { Progress1700000000052 } from "./migrations/0052-progress";
import { LongAnswers1700000000070 } from "./migrations/0070-long-answers";
import { LinkedClocks1700000000071 } from "./migrations/0071-linked-clocks";
import { HandedOn1700000000072 } from "./migrations/0072-handed-on";
import { FixedAddresses1700000000073 } from "./migrations/0073-fixed-addresses";
import { TimerKinds1700000000074 } from "./migrations/0074-timer-kinds";
import { PartsOfOpenTasks1700000000075 } from "./migrations/0075-parts-of-open-tasks";

/** In the order in which they run. */
export const migrations = [
  Foundation1700000000001,
  PartiesByPerson1700000000002,
  SavedViews1700000000003,
  Packs1700000000004,
  Files1700000000005,
  ViewLog1700000000006,
  MailRules1700000000007,
  ReferencesWithoutYear1700000000008,
  SharedDevices1700000000009,
  Joining1700000000010,
  HandOver1700000000011,
  GuestLinks1700000000012,
  CalendarFeeds1700000000013,
  Reports1700000000014,
  Crest1700000000015,
  ChoosableMail1700000000016,
  Faults1700000000017,
  LinkSlots1700000000018,
  ImportVerdicts1700000000022,
  SecurityLog1700000000024,
  Power1700000000025,
  SignInGates1700000000026,
  ViewRequests1700000000028,
  ChainsOfCauses1700000000034,
  Answered1700000000038,
  WorkerRounds1700000000039,
  PackMerges1700000000041,
  Copies1700000000043,
  PublishComments1700000000044,
  Held1700000000046,
  InOrder1700000000048,
  RecordWords1700000000049,
  NoticesInOrder1700000000050,
  MailsInOrder1700000000051,
  Progress1700000000052,
  LongAnswers1700000000070,
  LinkedClocks1700000000071,
  HandedOn1700000000072,
  FixedAddresses1700000000073,
  TimerKinds1700000000074,
  PartsOfOpenTasks1700000000075,
];

/** The migrations that this process was written for and that the database has not seen. */
export async function missingMigrations(sql: Sql): Promise<string[]> {
  const rows = await sql.query("SELECT name FROM migration");
  const seen = new Set(rows.map((row) => String(row["name"])));
  return migrations.map(({ name }) => name).filter((name) => !seen.has(name));
}

/**
 * Brings the database at `url` up to date, and goes on where a killed one ended. `done` hears each statement that was
 * carried out. Throws what the server says when it cannot be reached.
 */
export async function migrate(url: string, done?: (statement: string) => void): Promise<void> {
  // Loaded by what migrates alone: a process that serves spares its memory.
  const { DataSource } = await import("typeorm");
  const source = new DataSource({
    type: "mysql",
    url,
    timezone: "Z",
    charset: "utf8mb4_bin",
    migrations: migrations.map((each) => resumable(each, done)),
    migrationsTableName: "migration",
    logging: false,
  });
  await source.initialize();
  try {
    for (const statement of groundStatements) await source.query(statement);
    await source.runMigrations({ transaction: "none" });
    await source.query("DELETE FROM unfinished WHERE what IN (SELECT name FROM migration)");
  } finally {
    await source.destroy();
  }
}

/**
 * A database that a newer Duly has migrated, or that holds definitions which need a newer one, would be misread.
 * @throws saying so.
 */
export async function refuseNewer(sql: Sql, { types }: Registry): Promise<void> {
  const known = new Set(migrations.map(({ name }) => name));
  const rows = await sql.query("SELECT name FROM migration");
  const newer = rows.map((row) => String(row["name"])).filter((name) => !known.has(name));
  const needing = [...types.values()].filter(({ active }) => (active.type.engine ?? 1) > ENGINE_EDITION);
  if (newer.length || needing.length)
    throw new Error(
      "This database belongs to a newer version of Duly: start that version, or restore a backup that was made before the upgrade.",
    );
}
