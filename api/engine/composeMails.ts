/**
 * Notices whose time has come are put into mails: one digest for each person and day, and what is urgent at once. Only
 * here is it decided what goes together; `deliverMails` sends what lies ready.
 */
import { calendar, describeDistance } from "../../schema/calendar";
import { formatDate } from "../../schema/dates";
import { nextDigest, paceOf } from "../../schema/mailing";
import { isoOf } from "../store/database";
import { withoutAccount } from "../store/guestLinks";
import {
  hadDigest,
  lockPlannedNotices,
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
import { type CalendarEvent, calendarOf } from "./calendarEntry";
import { stillNeeded } from "./noticeCheck";
import { guestUrl } from "./guests";
import { mailHost, putMail } from "./putMail";
import { renderMail } from "./renderMail";
import { requiredBy } from "./requiredBy";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

const personsAtOnce = 50;
/** A digest waits for clocks that are due and have not fired, but not longer: one that hangs must not silence the rest. */
const longestWaitMs = 10 * 60_000;
/** What is planned for later on the day of a digest goes with it: the schools of a trust have their own hours. */
const alongMs = 12 * 60 * 60_000;

/**
 * Puts what is due by `nowIso` (school time) into mails, and withdraws what is no longer needed. Returns how many mails
 * were made. Safe to run anywhere at any time: people are locked, and those held elsewhere are left.
 */
export async function composeMails(world: World, nowIso: string): Promise<number> {
  const root = await rootOrganisation(world.db);
  let total = 0;
  for (;;) {
    const { handled, mails } = await run(world, systemIdentity(root), composeSome, Date.parse(nowIso));
    total += mails;
    if (handled === 0) return total;
  }
}

async function composeSome(run: Run): Promise<{ handled: number; mails: number }> {
  const others = (await clocksToFire(run.tx, run.nowIso, isoOf(run.machineNow)))
    ? isoOf(run.now - longestWaitMs)
    : run.nowIso;
  const lock = () =>
    lockPlannedNotices(run.tx, { urgent: run.nowIso, others, along: isoOf(run.now + alongMs) }, personsAtOnce);
  let notices = await lock();
  const isDue = ({ urgent, sendAt }: PlannedNotice): boolean => sendAt <= (urgent ? run.nowIso : others);
  if (!notices.some(isDue)) return { handled: 0, mails: 0 };
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
  for (const own of groups.values()) await saveMail(run, own, inDigest, planned, told, guests);
  return { handled, mails: groups.size };
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

async function saveMail(
  run: Run,
  notices: PlannedNotice[],
  inDigest: Map<string, string>,
  { people, schools }: Plan,
  told: Awaited<ReturnType<typeof toldByCause>>,
  guests: Set<string>,
): Promise<void> {
  const [first] = notices;
  const person = first && people.get(first.person);
  const school = person && schools.get(person.organisation);
  if (!first || !person || !school) return;
  const cal = calendar(school.calendar);
  const guestUrls = new Map<string, string>();
  for (const notice of guests.has(first.person) ? notices : []) {
    const url = await guestUrl(run, notice);
    if (url) guestUrls.set(notice.id, url);
  }
  const rendered = renderMail(
    notices.map((notice) => ({
      subject: notice.subject,
      ...addressed(notice, `${run.world.publicUrl}/#/${notice.type}/${notice.record}`, guestUrls.get(notice.id)),
      due:
        notice.dueOn && `Due ${formatDate(notice.dueOn)}, ${describeDistance(cal, cal.dateOf(run.now), notice.dueOn)}`,
      alsoTold: (told.get(notice.cause) ?? []).filter((other) => other.id !== notice.person).map(({ name }) => name),
      requiredBy: requiredBy(run.registry, notice.because),
      optional: run.registry.types.get(notice.type)?.active.type.notices?.[notice.template]?.optional === true,
    })),
    {
      person: person.name,
      school: school.name,
      colour: school.colour,
      publicUrl: run.world.publicUrl,
      guest: guestUrls.size === notices.length,
    },
  );
  const events = notices.slice(0, 100).flatMap((notice) => {
    if (!notice.event) return [];
    const event = JSON.parse(notice.event) as CalendarEvent;
    return [{ event: { ...event, uid: `${event.uid}@${mailHost(run.world.publicUrl)}` }, createdAt: notice.createdAt }];
  });
  await putMail(run, {
    organisation: school.id,
    person: first.person,
    address: person.address,
    ...rendered,
    calendar: calendarOf(events, run.nowIso),
    urgent: first.urgent,
    choosable: !first.urgent && !guests.has(first.person),
    digestOn: first.urgent ? null : (inDigest.get(first.person) ?? null),
    notices: notices.map((notice) => notice.id),
  });
}

/** Its words and where to read on: for who signs in nowhere, on a page of their own. */
const addressed = ({ body }: PlannedNotice, url: string, guest: string | undefined): { body: string; url: string } =>
  guest === undefined ? { body, url } : { body: body.replaceAll(url, guest), url: guest };

const unique = (values: string[]): string[] => [...new Set(values)];
