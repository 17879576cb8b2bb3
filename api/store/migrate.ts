/** Runs the migrations of the static tables, one process at a time: the others wait for its lease. */
import { DataSource } from "typeorm";
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
import { ImportVerdicts1700000000022 } from "./migrations/0022-import-verdicts";

/** Brings the database at `url` up to date. Throws what the server says when it cannot be reached. */
export async function migrate(url: string): Promise<void> {
  const source = new DataSource({
    type: "mysql",
    url,
    timezone: "Z",
    charset: "utf8mb4_bin",
    migrations: [
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
      ImportVerdicts1700000000022,
    ],
    migrationsTableName: "migration",
    logging: false,
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: "none" });
  } finally {
    await source.destroy();
  }
}
