/** Lets go of what has been kept long enough, in small pages, some each round of the worker. */
import { encodeTime } from "ulid";
import { Temporal } from "temporal-polyfill";
import { clearMailBodies, clearNoticeBodies, clearSeen, deleteSpentTimers, type Swept } from "../store/aged";
import { datetime, isoOf } from "../store/database";
import { schoolNow } from "./run";
import type { World } from "./world";

/** Of each kind, in one round: an hour later it goes on. */
const PAGES_A_ROUND = 200;

type Kind = "mail" | "notice" | "view" | "timer";

/** Goes on, round after round, where it ended, and begins again once it has come to what is younger. */
export function agedClearing(world: World): (stopping: () => boolean) => Promise<number> {
  const cursors: Record<Kind, string> = { mail: "", notice: "", view: "", timer: "" };
  return async (stopping) => {
    const { ages } = world.config;
    const now = await schoolNow(world);
    let cleared = 0;
    const sweep = async (kind: Kind, months: number, some: (after: string) => Promise<Swept>) => {
      for (let pages = 0; months > 0 && pages < PAGES_A_ROUND && !stopping(); pages++) {
        const swept = await some(cursors[kind]);
        cleared += swept.cleared;
        cursors[kind] = swept.cursor ?? "";
        if (swept.cursor === null) return;
      }
    };
    const { db, registry } = world;
    const ago = (months: number): string => datetime(isoOf(monthsBefore(now, months)));
    const [letters, views, timers] = [ago(ages.emails), ago(ages.views), ago(ages.timers)];
    // Ids are made by the machine's time.
    const timerIds = encodeTime(Math.max(0, monthsBefore(world.machineNow(), ages.timers)), 10).padEnd(26, "0");
    await sweep("mail", ages.emails, (after) => clearMailBodies(db, registry, letters, after));
    await sweep("notice", ages.emails, (after) => clearNoticeBodies(db, registry, letters, after));
    await sweep("view", ages.views, (after) => clearSeen(db, views, after));
    await sweep("timer", ages.timers, (after) => deleteSpentTimers(db, timers, timerIds, after));
    return cleared;
  };
}

const monthsBefore = (epochMs: number, months: number): number =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO("UTC").subtract({ months }).epochMilliseconds;
