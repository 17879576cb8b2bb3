/**
 * Mail cannot be exactly-once: a sender that dies between the provider's answer and its commit is overtaken when its
 * lease ends, and the same Message-ID goes out again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { calendar } from "../../schema/calendar";
import { mailedAt } from "../../schema/mailing";
import type { Config } from "../config";
import { mailMetrics } from "../metrics";
import { isoOf, type Sql, type Tx } from "../store/database";
import { readInstallation } from "../store/installation";
import type { Crest } from "../store/letterhead";
import { recordFault, settleFaults } from "../store/faults";
import {
  claimMails,
  type ClaimedMail,
  fillSlots,
  type MailOutcome,
  recipients,
  settleMail,
  type Slot,
} from "../store/mails";
import { organisationsById } from "../store/organisations";
import { isDatabaseTrouble } from "../store/trouble";
import { emailFault, REFUSED_ADDRESS, reportBounce } from "./bounces";
import { crestPicture } from "./crestPicture";
import { MailRefusal, MAILS_AT_ONCE, type MailTransport, NotTried } from "./mailTransport";
import { lookAgain, type Verdict } from "./lookAgain";
import { linkUrl, secretOf } from "./oneTimeLink";
import { choosePage, withCrest } from "./renderMail";
import { machineTime, run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

/** Longer than all of a batch may take: see the time-outs of smtpTransport. */
const leaseMs = 10 * 60_000;
/** Minutes until the next try; the last one counts for all after it. */
const backOffMinutes = [1, 5, 15, 60, 240];
export const mostAttempts = 8;
/** Later than the round at hand, which would otherwise take it again at once. */
const NEXT_ROUND_MS = 1_000;

/** Null where the mail may leave. Demo mode mails nobody who is not allow-listed. */
export function whyKept(config: Pick<Config, "smtpUrl" | "demo" | "smtpAllow">, address: string | null): string | null {
  if (!address) return "Kept here: the person has no email address.";
  if (!config.smtpUrl) return "Kept here: no mail server is set.";
  if (config.demo && !config.smtpAllow.includes(address.toLowerCase()))
    return "Kept here: in demo mode mail goes to allow-listed addresses only.";
  return null;
}

/** Null where a mail to this address leaves now. From a copy that is not in use it may never. */
export async function whyNotNow(
  sql: Sql,
  config: Pick<Config, "smtpUrl" | "demo" | "smtpAllow">,
  address: string | null,
): Promise<string | null> {
  return (
    whyKept(config, address) ?? ((await isHeld(sql)) ? "Kept here: this copy of the database is not in use." : null)
  );
}

/** Whether any email leaves this installation now, to whomever. */
export async function mailsLeave(
  sql: Sql,
  { smtpUrl, demo, smtpAllow }: Pick<Config, "smtpUrl" | "demo" | "smtpAllow">,
): Promise<boolean> {
  const configured = smtpUrl !== undefined && (!demo || smtpAllow.length > 0);
  return configured && !(await isHeld(sql));
}

const isHeld = async (sql: Sql): Promise<boolean> => (await readInstallation(sql)).heldSince !== null;

/**
 * Sends what is due by `nowIso` and returns how many attempts were made. `nowIso` is school time, which runs at the
 * machine's pace and so spaces retries alike, but can be stepped to a retry by advanceClock; leases are machine time.
 * One that hangs takes one of `MAILS_AT_ONCE` places: the others go on. `stopping` is asked before each is begun.
 */
export async function deliverMails(
  world: World,
  nowIso: string,
  transport: MailTransport,
  stopping: () => boolean = () => false,
): Promise<number> {
  const sending: Omit<Sending, "verdictOf"> = { transport, crestOf: crests(world), stopping };
  const underway = new Set<Promise<void>>();
  let total = 0;
  let trouble: unknown;
  for (let drained = false; ;) {
    const room: number = drained || trouble !== undefined || stopping() ? 0 : MAILS_AT_ONCE - underway.size;
    const claimed: ClaimedMail[] = room > 0 ? await claim(world, nowIso, room) : [];
    const verdictOf = lookAgain(world, claimed, nowIso);
    if (room > 0) drained = claimed.length < room;
    total += claimed.length;
    for (const mail of claimed) {
      const sent: Promise<void> = deliver(world, mail, nowIso, { ...sending, verdictOf })
        .catch((error: unknown) => {
          // It stays under its lease, and is tried again when that has ended.
          if (isDatabaseTrouble(error)) trouble ??= error;
          else world.log.error({ err: error, mail: mail.id }, "A mail could not be settled");
        })
        .then(() => void underway.delete(sent));
      underway.add(sent);
    }
    if (underway.size) await Promise.race(underway);
    else if (claimed.length === 0) break;
  }
  if (trouble !== undefined) throw trouble;
  return total;
}

async function claim(world: World, nowIso: string, limit: number): Promise<ClaimedMail[]> {
  const machine = await machineTime(world);
  return world.db.transaction((tx) => claimMails(tx, nowIso, isoOf(machine), isoOf(machine + leaseMs), limit));
}

interface Sending {
  transport: MailTransport;
  crestOf: (organisation: string) => Promise<Crest | undefined>;
  stopping: () => boolean;
  verdictOf: (mail: ClaimedMail) => Promise<Verdict>;
}

/** Each organisation's, read and looked through once a batch. */
function crests(world: World): Sending["crestOf"] {
  const read = new Map<string, Promise<Crest | undefined>>();
  return (organisation) => {
    const crest = read.get(organisation) ?? crestPicture(world.db, organisation);
    read.set(organisation, crest);
    return crest;
  };
}

async function deliver(world: World, claimed: ClaimedMail, nowIso: string, sending: Sending): Promise<void> {
  const { mail, outcome } = await attempt(world, claimed, nowIso, sending);
  const settled = await untilSettled(sending.stopping, () =>
    world.db.transaction(async (tx: Tx) => {
      if (!(await settleMail(tx, mail, outcome))) return false;
      // A refused address as well, until somebody is asked for another: the process may end in between.
      if (outcome.state === "failed") await recordFault(tx, emailFault(mail, outcome.cause, nowIso));
      if (outcome.state === "sent") await settleFaults(tx, "email", [mail.id], { how: "done", by: null, at: nowIso });
      return true;
    }),
  );
  if (!settled) {
    world.log.warn({ mail: mail.id }, "A mail was overtaken by another sender");
    return;
  }
  mailMetrics.inc({ outcome: outcome.state === "queued" ? "retried" : outcome.state });
  // What the other side said may quote an address: it stands in the database alone.
  if (outcome.state !== "sent") world.log.warn({ mail: mail.id, attempts: mail.attempts }, `Mail ${outcome.state}`);
  if (outcome.state === "failed" && outcome.refused) await askForAddress(world, mail, outcome.answer, nowIso);
}

const SETTLE_TRIES = 8;
const LONGEST_PAUSE_MS = 15_000;

/** What became of a mail is written although the database is away for a while: otherwise it would be sent once more. */
async function untilSettled(stopping: () => boolean, settle: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return await settle();
    } catch (error) {
      if (!isDatabaseTrouble(error) || stopping() || tries >= SETTLE_TRIES) throw error;
      await sleep(Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS));
    }
  }
}

/** The mail has failed whatever becomes of this: its fault stands where nobody can be asked for another address. */
async function askForAddress(world: World, mail: ClaimedMail, why: string, nowIso: string): Promise<void> {
  try {
    const ask = async (current: Run): Promise<void> => {
      if (await reportBounce(current, { ...mail, why }))
        await settleFaults(current.tx, "email", [mail.id], { how: "gone", by: null, at: nowIso });
    };
    await run(world, systemIdentity(mail.organisation), ask, Date.parse(nowIso));
  } catch (error) {
    world.log.error({ err: error, mail: mail.id }, "Nobody could be asked for another address");
  }
}

interface Attempt {
  /** As it left: perhaps to another address than it was claimed with. */
  mail: ClaimedMail;
  outcome: MailOutcome;
}

async function attempt(world: World, claimed: ClaimedMail, nowIso: string, sending: Sending): Promise<Attempt> {
  let mail = claimed;
  // First, since looking again may be what ends its sender.
  if (mail.attempts > mostAttempts)
    return {
      mail,
      outcome: {
        state: "failed",
        answer: "Its sender ended at each try.",
        cause: "Duly ended each time it tried to send this.",
      },
    };
  try {
    const verdict = await sending.verdictOf(mail);
    if ("outcome" in verdict) return { mail, outcome: verdict.outcome };
    mail = verdict.mail;
    return { mail, outcome: await hand(world, mail, nowIso, sending) };
  } catch (error) {
    return { mail, outcome: await afterFailure(world, mail, nowIso, error) };
  }
}

async function hand(
  world: World,
  mail: ClaimedMail,
  nowIso: string,
  { transport, crestOf }: Sending,
): Promise<MailOutcome> {
  // The settings may have changed since it was queued.
  const why = whyKept(world.config, mail.address) ?? (transport.delivers ? null : "Kept here: no mail server is set.");
  if (why) return { state: "kept", answer: why };
  const crest = await crestOf(mail.organisation);
  const urlOf = ({ page, link }: Slot): string => linkUrl(world.publicUrl, page, secretOf(world.key, page, link));
  const { answer } = await transport.send({
    messageId: mail.messageId,
    from: world.config.mailFrom,
    returnTo: world.config.mailBounces ?? null,
    to: mail.address,
    subject: mail.subject,
    text: fillSlots(mail.text, "text", mail.slots, urlOf),
    html: withCrest(fillSlots(mail.html, "html", mail.slots, urlOf), crest !== undefined),
    calendar: mail.calendar,
    crest: crest ?? null,
    choose: mail.choosable ? choosePage(world.publicUrl) : null,
    date: mail.createdAt,
  });
  return { state: "sent", answer, at: nowIso };
}

async function afterFailure(world: World, mail: ClaimedMail, nowIso: string, error: unknown): Promise<MailOutcome> {
  const answer = error instanceof Error ? error.message : String(error);
  // Neither says anything about this mail: the next round offers it again.
  if (error instanceof NotTried || isDatabaseTrouble(error))
    return { state: "queued", answer, nextAt: isoOf(Date.parse(nowIso) + NEXT_ROUND_MS), uncharged: true };
  const refusal = error instanceof MailRefusal ? error : undefined;
  const code = refusal?.code === undefined ? "" : ` (${refusal.code})`;
  if (refusal?.permanent)
    return {
      state: "failed",
      answer,
      refused: refusal.ofRecipient,
      cause: refusal.ofRecipient ? REFUSED_ADDRESS : `The mail server refused the email for good${code}.`,
    };
  if (mail.attempts >= mostAttempts)
    return {
      state: "failed",
      answer: `${answer} (after ${mail.attempts} tries)`,
      cause: refusal
        ? `The mail server did not take the email in ${mail.attempts} tries${code}.`
        : `Duly could not prepare the email for sending in ${mail.attempts} tries.`,
    };
  return {
    state: "queued",
    answer,
    nextAt: await nextTry(world, mail, Date.parse(nowIso) + backOffMs(mail.attempts)),
  };
}

/** A second try of what is not urgent keeps quiet hours as the first one did. */
async function nextTry(world: World, mail: ClaimedMail, at: number): Promise<string> {
  const school = (await organisationsById(world.db, [mail.organisation])).get(mail.organisation);
  if (mail.urgent || !school) return isoOf(at);
  const person = (await recipients(world.db, [mail.person])).get(mail.person);
  const atOnce = { ...school.mail, pace: "atOnce" as const };
  const hours = person?.choice && { ...person.choice, pace: null };
  return isoOf(mailedAt(calendar(school.calendar), at, atOnce, hours));
}

/** How long to wait after this many attempts. */
export const backOffMs = (attempts: number): number =>
  (backOffMinutes[Math.min(attempts, backOffMinutes.length) - 1] ?? 1) * 60_000;
