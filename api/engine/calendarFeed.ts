/** A person's own .ics: what is due for them, for the calendar they live by. Its link is a secret that they can withdraw. */
import { randomBytes } from "node:crypto";
import { keepsViews } from "../../schema/access";
import { dayOf, textOfDay } from "../../schema/epochDay";
import { Failure } from "../../schema/failure";
import { personOf } from "../../schema/who";
import { deleteFeed, feedOf, feedWasRead, saveFeed } from "../store/calendarFeeds";
import { isoOf } from "../store/database";
import { bumpAccessEdition } from "../store/people";
import { hashOfSecret } from "./access";
import { addDay, emptyCalendar } from "./calendarEntry";
import { mailHost } from "./putMail";
import { type Due, dueBetween, MOST } from "./read/dueBetween";
import { publishedType, type Reader } from "./read/reader";
import type { Run } from "./run";

/** What was due lately stays in sight, and a school year ahead comes into it. */
const BEHIND_DAYS = 31;
const AHEAD_DAYS = 400;

/** The secret of the person's link; one made before stops working. @throws FORBIDDEN. */
export async function makeCalendarFeed(run: Run, everything: boolean): Promise<string> {
  // What is lent (a token, a shared device) makes nothing that outlives it.
  if (run.actor.kind !== "person") throw new Failure("FORBIDDEN", "Sign in yourself to make a calendar link.");
  const secret = randomBytes(32).toString("base64url");
  const createdAt = isoOf(run.machineNow);
  await saveFeed(run.tx, { person: run.actor.id, secretHash: hashOfSecret(secret), everything, createdAt });
  await forget(run);
  return secret;
}

/** False where there was none. */
export async function withdrawCalendarFeed(run: Run): Promise<boolean> {
  const person = personOf(run.actor);
  const withdrawn = person !== null && (await deleteFeed(run.tx, person));
  if (withdrawn) await forget(run);
  return withdrawn;
}

/** Every process drops what it remembers of the link. */
async function forget(run: Run): Promise<void> {
  await bumpAccessEdition(run.tx);
  run.afterCommit(() => run.world.announce("access"));
}

/** The feed as RFC 5545 has it: days without times, each with an id that stays when the day moves. Null: no feed. */
export async function calendarFeed(reader: Reader): Promise<string | null> {
  const { world, identity } = reader;
  const feed = await feedOf(reader.db, identity.person.id);
  if (!feed) return null;
  await feedWasRead(reader.db, identity.person.id, isoOf(world.machineNow()));
  const today = dayOf(reader.today);
  const span = { from: textOfDay(today - BEHIND_DAYS), to: textOfDay(today + AHEAD_DAYS) };
  const { entries } = await dueBetween(reader, { ...span, perDay: MOST, mine: !feed.everything });
  const calendar = emptyCalendar({ name: `Duly: ${identity.acting.name}`, hours: 6 });
  for (const due of entries) addDay(calendar, { ...shown(reader, due), on: due.on }, isoOf(reader.now));
  return calendar.toString();
}

/** Other eyes see a calendar on a phone: of what is kept confidential it says only that there is something. */
function shown(reader: Reader, { id, type: name, record, recordTitle, label }: Due) {
  const { type } = publishedType(reader, name);
  const { publicUrl } = reader.world;
  const uid = `${id}@${mailHost(publicUrl)}`;
  if (keepsViews(type)) return { uid, summary: "Something confidential is due", url: `${publicUrl}/#/calendar` };
  const summary = label.includes(recordTitle) ? label : `${label}: ${recordTitle}`;
  return { uid, summary, url: `${publicUrl}/#/${name}/${record}` };
}
