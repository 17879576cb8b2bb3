/** Lets go of what has been kept long enough, in small pages, some each round of the worker. */
import { encodeTime } from "ulid";
import { Temporal } from "temporal-polyfill";
import { clearMailBodies, clearNoticeBodies, clearSeen, deleteSpentTimers, type Swept } from "../store/aged";
import { datetime, isoOf } from "../store/database";
import { schoolNow } from "./run";
import type { World } from "./world";

/** Of each kind, in one round: an hour later it goes on. */
const PAGES_A_ROUND = 20;

type Kind = "mail" | "notice" | "view";

/** Goes on, round after round, where it ended, and begins again once it has come to what is younger. */
export function agedClearing(world: World): (stopping: () => boolean) => Promise<number> {
  const cursors: Record<Kind, string> = { mail: "", notice: "", view: "" };
  return async (stopping) => {
    const { ages } = world.config;
    const now = await schoolNow(world);
    let cleared = 0;
    const sweep = async (kind: Kind, months: number, some: (before: string, after: string) => Promise<Swept>) => {
      if (months === 0) return;
      const before = datetime(isoOf(monthsBefore(now, months)));
      for (let pages = 0; pages < PAGES_A_ROUND && !stopping(); pages++) {
        const swept = await some(before, cursors[kind]);
        cleared += swept.cleared;
        cursors[kind] = swept.cursor ?? "";
        if (swept.cursor === null) return;
      }
    };
    const { db, registry } = world;
    await sweep("mail", ages.emails, (before, after) => clearMailBodies(db, registry, before, after));
    await sweep("notice", ages.emails, (before, after) => clearNoticeBodies(db, registry, before, after));
    await sweep("view", ages.views, (before, after) => clearSeen(db, before, after));
    if (ages.timers > 0) {
      // Ids are made by the machine's time.
      const before = encodeTime(Math.max(0, monthsBefore(world.machineNow(), ages.timers)), 10).padEnd(26, "0");
      for (let pages = 0; pages < PAGES_A_ROUND && !stopping(); pages++) {
        const gone = await deleteSpentTimers(db, before);
        cleared += gone;
        if (!gone) break;
      }
    }
    return cleared;
  };
}

const monthsBefore = (epochMs: number, months: number): number =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO("UTC").subtract({ months }).epochMilliseconds;
