/**
 * Mail in two verbs: notices whose time has come are composed into one mail per person, and mails are delivered.
 * Mail cannot be exactly-once: a sender that dies between the provider's answer and its commit is overtaken when its
 * lease ends, and the same Message-ID goes out again.
 */
import type { Config } from "../config";
import { mailMetrics } from "../metrics";
import { isoOf, type Tx } from "../store/database";
import {
  claimMails,
  type ClaimedMail,
  insertMail,
  lockPlannedNotices,
  type MailOutcome,
  organisationNames,
  type PlannedNotice,
  type Recipient,
  recipients,
  settleMail,
  toldByCause,
  withdrawNotice,
} from "../store/mails";
import { rootOrganisation } from "../store/organisations";
import { type CalendarEvent, calendarOf } from "./calendarEntry";
import { MailRefusal, type MailTransport } from "./mailTransport";
import { stillNeeded } from "./noticeCheck";
import { renderMail } from "./renderMail";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

const personsAtOnce = 50;
const mailsAtOnce = 10;
/** Longer than all of a batch may take: see the time-outs of smtpTransport. */
const leaseMs = 10 * 60_000;
/** Minutes until the next try; the last one counts for all after it. */
const backOffMinutes = [1, 5, 15, 60, 240];
export const mostAttempts = 8;

/**
 * Puts what is due by `nowIso` (school time) into mails, and withdraws what is no longer needed. Returns how many mails
 * were made. Safe to run anywhere at any time: notices are locked, and those held elsewhere are left.
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
  const notices = await lockPlannedNotices(run.tx, run.nowIso, personsAtOnce);
  if (notices.length === 0) return { handled: 0, mails: 0 };
  const reasons = await stillNeeded(run, notices);
  const needed: PlannedNotice[] = [];
  for (const notice of notices) {
    const why = reasons.get(notice.id);
    if (why) await withdrawNotice(run.tx, notice.id, why);
    else needed.push(notice);
  }
  const people = await recipients(run.tx, [...new Set(needed.map((notice) => notice.person))]);
  const schools = await organisationNames(run.tx, [...new Set(needed.map((notice) => notice.organisation))]);
  const told = await toldByCause(run.tx, [...new Set(needed.map((notice) => notice.cause))]);
  const mails = byPerson(needed);
  for (const own of mails) {
    const [first] = own;
    const person = first && people.get(first.person);
    if (first && person) await saveMail(run, own, person, schools.get(first.organisation) ?? "", told);
  }
  return { handled: notices.length, mails: mails.length };
}

/** One mail for each person and organisation. */
function byPerson(notices: PlannedNotice[]): PlannedNotice[][] {
  const groups = new Map<string, PlannedNotice[]>();
  for (const notice of notices) {
    const key = `${notice.organisation} ${notice.person}`;
    const group = groups.get(key);
    if (group) group.push(notice);
    else groups.set(key, [notice]);
  }
  return [...groups.values()];
}

async function saveMail(
  run: Run,
  notices: PlannedNotice[],
  person: Recipient,
  school: string,
  told: Awaited<ReturnType<typeof toldByCause>>,
): Promise<void> {
  const [first] = notices;
  if (!first) return;
  const { config } = run.world;
  const id = run.newId();
  const host = new URL(run.world.publicUrl).hostname;
  const rendered = renderMail(
    notices.map(({ subject, body, cause, person: self }) => ({
      subject,
      body,
      alsoTold: (told.get(cause) ?? []).filter((other) => other.id !== self).map((other) => other.name),
    })),
    person.name,
    school,
    run.world.publicUrl,
  );
  const events = notices.slice(0, 100).flatMap((notice) => {
    if (!notice.event) return [];
    const event = JSON.parse(notice.event) as CalendarEvent;
    return [{ event: { ...event, uid: `${event.uid}@duly.${host}` }, createdAt: notice.createdAt }];
  });
  const why = whyKept(config, person.address);
  await insertMail(run.tx, {
    id,
    organisation: first.organisation,
    person: first.person,
    address: person.address,
    messageId: `<${id.toLowerCase()}@duly.${host}>`,
    ...rendered,
    calendar: calendarOf(events, run.nowIso),
    state: why ? "kept" : "queued",
    answer: why,
    createdAt: run.nowIso,
    notices: notices.map((notice) => notice.id),
  });
  run.afterCommit(() => mailMetrics.inc({ outcome: why ? "kept" : "queued" }));
}

/** Null where the mail may leave. Demo mode mails nobody who is not allow-listed. */
export function whyKept(config: Pick<Config, "smtpUrl" | "demo" | "smtpAllow">, address: string | null): string | null {
  if (!address) return "Kept here: the person has no e-mail address.";
  if (!config.smtpUrl) return "Kept here: no mail server is set.";
  if (config.demo && !config.smtpAllow.includes(address.toLowerCase()))
    return "Kept here: in demo mode mail goes to allow-listed addresses only.";
  return null;
}

/**
 * Sends what is due by `nowIso` and returns how many attempts were made. `nowIso` is school time, which runs at the
 * machine's pace and so spaces retries alike, but can be stepped to a retry by advanceClock; leases are machine time.
 * Between batches `stopping` is asked whether to leave the rest.
 */
export async function deliverMails(
  world: World,
  nowIso: string,
  transport: MailTransport,
  stopping: () => boolean = () => false,
): Promise<number> {
  let total = 0;
  while (!stopping()) {
    const machine = world.machineNow();
    const claimed = await world.db.transaction((tx) =>
      claimMails(tx, nowIso, isoOf(machine), isoOf(machine + leaseMs), mailsAtOnce),
    );
    if (claimed.length === 0) break;
    await Promise.all(claimed.map((mail) => deliver(world, mail, nowIso, transport)));
    total += claimed.length;
  }
  return total;
}

async function deliver(world: World, mail: ClaimedMail, nowIso: string, transport: MailTransport): Promise<void> {
  const outcome = await attempt(world, mail, nowIso, transport);
  const settled = await world.db.transaction((tx: Tx) => settleMail(tx, mail, outcome));
  if (!settled) {
    world.log.warn({ mail: mail.id }, "A mail was overtaken by another sender");
    return;
  }
  mailMetrics.inc({ outcome: outcome.state === "queued" ? "retried" : outcome.state });
  if (outcome.state !== "sent")
    world.log.warn({ mail: mail.id, attempts: mail.attempts, answer: outcome.answer }, `Mail ${outcome.state}`);
}

async function attempt(
  world: World,
  mail: ClaimedMail,
  nowIso: string,
  transport: MailTransport,
): Promise<MailOutcome> {
  // The settings may have changed since it was queued.
  const why = whyKept(world.config, mail.address) ?? (transport.delivers ? null : "Kept here: no mail server is set.");
  if (why) return { state: "kept", answer: why };
  try {
    const { answer } = await transport.send({
      messageId: mail.messageId,
      from: world.config.mailFrom,
      to: mail.address,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      calendar: mail.calendar,
      date: mail.createdAt,
    });
    return { state: "sent", answer, at: nowIso };
  } catch (error) {
    const answer = error instanceof Error ? error.message : String(error);
    if (error instanceof MailRefusal && error.permanent) return { state: "failed", answer };
    if (mail.attempts >= mostAttempts) return { state: "failed", answer: `${answer} (after ${mail.attempts} tries)` };
    return { state: "queued", answer, nextAt: isoOf(Date.parse(nowIso) + backOffMs(mail.attempts)) };
  }
}

/** How long to wait after this many attempts. */
export const backOffMs = (attempts: number): number =>
  (backOffMinutes[Math.min(attempts, backOffMinutes.length) - 1] ?? 1) * 60_000;
