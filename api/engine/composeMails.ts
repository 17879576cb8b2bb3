/**
 * Notices whose time has come are put into mails: one digest for each person and day, and what is urgent at once. Only
 * here is it decided what goes together; `deliverMails` sends what lies ready.
 */
import { calendar, describeDistance } from "../../schema/calendar";
import { formatDate } from "../../schema/dates";
import { nextDigest, paceOf } from "../../schema/mailing";
import { isoOf, type Sql } from "../store/database";
import { recordFault } from "../store/faults";
import { withoutAccount } from "../store/guestLinks";
import {
  failNotice,
  hadDigest,
  lockPlannedNotices,
  type NoticeKey,
  noticesToTell,
  type Only,
  personsToTell,
  type PlannedNotice,
  postponeNotices,
  recallDigests,
  type Recipient,
  recipients,
  toldByCause,
  withdrawNotice,
} from "../store/mails";
import { clocksToFire } from "../store/observe";
import { type OrganisationFacts, organisationsById, rootOrganisation } from "../store/organisations";
import { isDatabaseTrouble } from "../store/trouble";
import { type CalendarEvent, calendarOf } from "./calendarEntry";
import { stillNeeded } from "./noticeCheck";
import { guestLinkFor } from "./guests";
import { LinkSlots } from "./oneTimeLink";
import { mailHost, putMail } from "./putMail";
import { preparePart, renderMail } from "./renderMail";
import { requiredBy } from "./requiredBy";
import { rehearse, run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

const personsAtOnce = 50;
/** A digest waits for clocks that are due and have not fired, but not longer: one that hangs must not silence the rest. */
const longestWaitMs = 10 * 60_000;
/** What is planned for later on the day of a digest goes with it: the schools of a trust have their own hours. */
const alongMs = 12 * 60 * 60_000;
/** Of the days that go along in one file: what its column holds. Bytes. */
const MAX_CALENDAR = 60_000;

/**
 * Puts what is due by `nowIso` (school time) into mails, and withdraws what is no longer needed. Returns how many mails
 * were made. Safe to run anywhere at any time: people are locked, and those held elsewhere are left. A notice that cannot
 * be mailed is put aside as failed, and everything else leaves.
 */
export async function composeMails(world: World, nowIso: string): Promise<number> {
  const root = await rootOrganisation(world.db);
  const compose = (only: Only): Promise<Composed> =>
    run(world, systemIdentity(root), (current) => composeSome(current, only), Date.parse(nowIso));
  let total = 0;
  for (;;) {
    let composed: Composed;
    try {
      composed = await compose({});
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      world.log.error({ err: error }, "A batch of mails failed as a whole: they are made one by one");
      composed = await composeAlone(world, nowIso, compose);
    }
    total += composed.mails;
    if (composed.handled === 0) return total;
  }
}

interface Composed {
  handled: number;
  mails: number;
  /** Put aside, with their causes. */
  failed: FailedNotice[];
}

type FailedNotice = NoticeKey & { why: string };

/** The notice is failed, and a fault stands for it. */
async function putAside(sql: Sql, notice: FailedNotice, at: string): Promise<void> {
  const { id, organisation, type, record, why } = notice;
  if (!(await failNotice(sql, id, why))) return;
  await recordFault(sql, { kind: "notice", subject: id, organisation, about: { type, record }, cause: why, at });
}

/** Each person's in a transaction of its own; where that fails too, those of their notices that fail alone are put aside. */
async function composeAlone(
  world: World,
  nowIso: string,
  compose: (only: Only) => Promise<Composed>,
): Promise<Composed> {
  const until = { urgent: nowIso, others: nowIso, along: isoOf(Date.parse(nowIso) + alongMs) };
  const composed: Composed = { handled: 0, mails: 0, failed: [] };
  const add = ({ handled, mails, failed }: Composed): void => {
    composed.handled += handled;
    composed.mails += mails;
    composed.failed.push(...failed);
  };
  for (const person of await personsToTell(world.db, until, personsAtOnce))
    try {
      add(await compose({ person }));
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      const notices = await noticesToTell(world.db, person, until);
      const failing: FailedNotice[] = [];
      for (const notice of notices) {
        const why = await causeAlone(world, nowIso, { person, notice: notice.id });
        if (why !== undefined) failing.push({ ...notice, why });
      }
      // Each can be mailed, but not all of them together: this is no time to guess which.
      const put = failing.length ? failing : notices.map((notice) => ({ ...notice, why: causeOf(error) }));
      await world.db.transaction(async (tx) => {
        for (const notice of put) await putAside(tx, notice, nowIso);
      });
      add({ handled: put.length, mails: 0, failed: put });
    }
  return composed;
}

/** Why a notice cannot be mailed alone; undefined where it can. Nothing of it stays. */
async function causeAlone(world: World, nowIso: string, only: Only): Promise<string | undefined> {
  const root = await rootOrganisation(world.db);
  try {
    const { failed } = await rehearse(
      world,
      systemIdentity(root),
      (current) => composeSome(current, only),
      Date.parse(nowIso),
    );
    return failed[0]?.why;
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    return causeOf(error);
  }
}

/** Without anything that was written: a message of the database or of a library may quote it. */
const causeOf = (error: unknown): string =>
  `Duly could not make an email of it (${error instanceof Error ? error.name : "unknown error"}). Open the record, and tell the person some other way.`;

async function composeSome(run: Run, only: Only): Promise<Composed> {
  const others = (await clocksToFire(run.tx, run.nowIso, isoOf(run.machineNow)))
    ? isoOf(run.now - longestWaitMs)
    : run.nowIso;
  const lock = () =>
    lockPlannedNotices(run.tx, { urgent: run.nowIso, others, along: isoOf(run.now + alongMs) }, personsAtOnce, only);
  let notices = await lock();
  const isDue = ({ urgent, sendAt }: PlannedNotice): boolean => sendAt <= (urgent ? run.nowIso : others);
  if (!notices.some(isDue)) return { handled: 0, mails: 0, failed: [] };
  const planned = await planOf(run, notices.filter(isDue));
  for (const [on, persons] of planned.digests) if (await recallDigests(run.tx, persons, on)) notices = await lock();
  const inDigest = new Map([...planned.digests].flatMap(([on, persons]) => persons.map((person) => [person, on])));

  const reasons = await stillNeeded(run, notices);
  const groups = new Map<string, PlannedNotice[]>();
  const postponed = new Map<string, string[]>();
  let handled = 0;
  for (const notice of notices) {
    const digest = notice.urgent ? undefined : inDigest.get(notice.person);
    if (!isDue(notice) && !digest) continue;
    handled++;
    const why = reasons.get(notice.id);
    const later = notice.urgent ? undefined : planned.later.get(notice.person);
    if (why) await withdrawNotice(run.tx, notice.id, why);
    else if (later) postponed.set(later, [...(postponed.get(later) ?? []), notice.id]);
    else {
      const key = `${notice.person} ${digest ?? (notice.urgent ? "urgent" : "single")}`;
      groups.set(key, [...(groups.get(key) ?? []), notice]);
    }
  }
  for (const [until, ids] of postponed) await postponeNotices(run.tx, ids, until);
  const told = await toldByCause(run.tx, unique([...groups.values()].flat().map(({ cause }) => cause)));
  const guests = await guestsAmong(run, [...groups.values()].flat());
  const failed: FailedNotice[] = [];
  let mails = 0;
  for (const own of groups.values()) if (await saveMail(run, own, inDigest, planned, told, guests, failed)) mails++;
  for (const notice of failed) await putAside(run.tx, notice, run.nowIso);
  return { handled, mails, failed };
}

/** Of those who are told of records that guests answer, the ones who sign in nowhere. */
async function guestsAmong(run: Run, notices: PlannedNotice[]): Promise<Set<string>> {
  const told = notices.filter(({ type }) => run.registry.types.get(type)?.active.type.guests);
  const found = await withoutAccount(run.tx, unique(told.map(({ person }) => person)));
  return new Set(found.map(({ id }) => id));
}

interface Plan {
  people: Map<string, Recipient>;
  schools: Map<string, OrganisationFacts>;
  /** Who gets the digest of a day, by that day. */
  digests: Map<string, string[]>;
  /** Who has had today's, and when the next one comes. */
  later: Map<string, string>;
}

async function planOf(run: Run, due: PlannedNotice[]): Promise<Plan> {
  const people = await recipients(run.tx, unique(due.map(({ person }) => person)));
  const homes = [...people.values()].map(({ organisation }) => organisation);
  const schools = await organisationsById(run.tx, unique([...homes, ...due.map(({ organisation }) => organisation)]));
  const plan: Plan = { people, schools, digests: new Map(), later: new Map() };
  for (const home of new Set(homes)) {
    const school = schools.get(home);
    if (!school) continue;
    const cal = calendar(school.calendar);
    const today = cal.dateOf(run.now);
    const own = unique(due.filter(({ urgent }) => !urgent).map(({ person }) => person)).filter((id) => {
      const person = people.get(id);
      return person?.organisation === home && paceOf(school.mail, person.choice) === "digest";
    });
    const had = await hadDigest(run.tx, own, today);
    for (const person of own)
      if (had.has(person))
        plan.later.set(person, isoOf(nextDigest(cal, run.now, school.mail, people.get(person)?.choice)));
      else plan.digests.set(today, [...(plan.digests.get(today) ?? []), person]);
  }
  return plan;
}

/** Returns whether there was anything to mail: notices that cannot be shown are added to `failed` and left out. */
async function saveMail(
  run: Run,
  planned: PlannedNotice[],
  inDigest: Map<string, string>,
  { people, schools }: Plan,
  told: Awaited<ReturnType<typeof toldByCause>>,
  guests: Set<string>,
  failed: FailedNotice[],
): Promise<boolean> {
  const [first] = planned;
  const person = first && people.get(first.person);
  const school = person && schools.get(person.organisation);
  if (!first || !person || !school) throw new Error("A notice is for nobody, or for nobody's school.");
  const cal = calendar(school.calendar);
  const links = new LinkSlots();
  const guestUrls = new Map<string, string>();
  for (const notice of guests.has(first.person) ? planned : []) {
    const link = await guestLinkFor(run, notice);
    if (link) guestUrls.set(notice.id, links.urlOf("guest", link));
  }
  let room = MAX_CALENDAR;
  const prepared = planned.flatMap((notice) => {
    try {
      const event = eventOf(run, notice);
      // Its own entry alone tells whether it can be written, and how much room it takes.
      room -= event ? Buffer.byteLength(calendarOf([event], run.nowIso) ?? "") : 0;
      const part = preparePart(
        {
          subject: notice.subject,
          ...addressed(notice, `${run.world.publicUrl}/#/${notice.type}/${notice.record}`, guestUrls.get(notice.id)),
          due:
            notice.dueOn &&
            `Due ${formatDate(notice.dueOn)}, ${describeDistance(cal, cal.dateOf(run.now), notice.dueOn)}`,
          alsoTold: (told.get(notice.cause) ?? [])
            .filter((other) => other.id !== notice.person)
            .map(({ name }) => name),
          requiredBy: requiredBy(run.registry, notice.because),
          optional: run.registry.types.get(notice.type)?.active.type.notices?.[notice.template]?.optional === true,
        },
        school.colour,
      );
      return [{ notice, part, event: room >= 0 ? event : undefined }];
    } catch (error) {
      run.world.log.error({ err: error, notice: notice.id }, "A notice cannot be shown in a mail");
      failed.push({ ...notice, why: causeOf(error) });
      return [];
    }
  });
  if (!prepared.length) return false;
  const rendered = renderMail(
    prepared.map(({ part }) => part),
    {
      person: person.name,
      school: school.name,
      colour: school.colour,
      publicUrl: run.world.publicUrl,
      guest: guestUrls.size === planned.length,
    },
    links,
  );
  await putMail(run, {
    organisation: school.id,
    person: first.person,
    address: person.address,
    ...rendered,
    calendar: calendarOf(
      prepared.flatMap(({ event }) => event ?? []),
      run.nowIso,
    ),
    urgent: first.urgent,
    choosable: !first.urgent && !guests.has(first.person),
    digestOn: first.urgent ? null : (inDigest.get(first.person) ?? null),
    notices: prepared.map(({ notice }) => notice.id),
  });
  return true;
}

/** What a notice puts into its reader's calendar. */
function eventOf(run: Run, notice: PlannedNotice): { event: CalendarEvent; createdAt: string } | undefined {
  if (!notice.event) return undefined;
  const event = JSON.parse(notice.event) as CalendarEvent;
  const uid = `${event.uid}@${mailHost(run.world.publicUrl)}`;
  return { event: { ...event, uid }, createdAt: notice.createdAt };
}

/** Its words and where to read on: for who signs in nowhere, on a page of their own. */
const addressed = ({ body }: PlannedNotice, url: string, guest: string | undefined): { body: string; url: string } =>
  guest === undefined ? { body, url } : { body: body.replaceAll(url, guest), url: guest };

const unique = (values: string[]): string[] => [...new Set(values)];
