/**
 * Mail cannot be exactly-once: a sender that dies between the provider's answer and its commit is overtaken when its
 * lease ends, and the same Message-ID goes out again.
 */
import { calendar } from "../../schema/calendar";
import { mailedAt } from "../../schema/mailing";
import type { Config } from "../config";
import { mailMetrics } from "../metrics";
import { isoOf, type Tx } from "../store/database";
import type { Crest } from "../store/letterhead";
import { claimMails, type ClaimedMail, type MailOutcome, recipients, settleMail } from "../store/mails";
import { organisationsById } from "../store/organisations";
import { reportBounce } from "./bounces";
import { crestPicture } from "./crestPicture";
import { MailRefusal, type MailTransport } from "./mailTransport";
import { withLinks } from "./oneTimeLink";
import { choosePage, withCrest } from "./renderMail";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

const mailsAtOnce = 10;
/** Longer than all of a batch may take: see the time-outs of smtpTransport. */
const leaseMs = 10 * 60_000;
/** Minutes until the next try; the last one counts for all after it. */
const backOffMinutes = [1, 5, 15, 60, 240];
export const mostAttempts = 8;

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
    const crestOf = crests(world);
    await Promise.all(claimed.map((mail) => deliver(world, mail, nowIso, { transport, crestOf })));
    total += claimed.length;
  }
  return total;
}

interface Sending {
  transport: MailTransport;
  crestOf: (organisation: string) => Promise<Crest | undefined>;
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

async function deliver(world: World, mail: ClaimedMail, nowIso: string, sending: Sending): Promise<void> {
  const outcome = await attempt(world, mail, nowIso, sending);
  const settled = await (outcome.state === "failed" && outcome.refused
    ? run(
        world,
        systemIdentity(mail.organisation),
        (current) => settleRefused(current, mail, outcome),
        Date.parse(nowIso),
      )
    : world.db.transaction((tx: Tx) => settleMail(tx, mail, outcome)));
  if (!settled) {
    world.log.warn({ mail: mail.id }, "A mail was overtaken by another sender");
    return;
  }
  mailMetrics.inc({ outcome: outcome.state === "queued" ? "retried" : outcome.state });
  if (outcome.state !== "sent")
    world.log.warn({ mail: mail.id, attempts: mail.attempts, answer: outcome.answer }, `Mail ${outcome.state}`);
}

async function settleRefused(current: Run, mail: ClaimedMail, outcome: MailOutcome): Promise<boolean> {
  if (!(await settleMail(current.tx, mail, outcome))) return false;
  await reportBounce(current, { ...mail, why: outcome.answer });
  return true;
}

async function attempt(
  world: World,
  mail: ClaimedMail,
  nowIso: string,
  { transport, crestOf }: Sending,
): Promise<MailOutcome> {
  // The settings may have changed since it was queued.
  const why = whyKept(world.config, mail.address) ?? (transport.delivers ? null : "Kept here: no mail server is set.");
  if (why) return { state: "kept", answer: why };
  try {
    const crest = await crestOf(mail.organisation);
    const { answer } = await transport.send({
      messageId: mail.messageId,
      from: world.config.mailFrom,
      returnTo: world.config.mailBounces ?? null,
      to: mail.address,
      subject: mail.subject,
      text: withLinks(world.key, mail.text),
      html: withCrest(withLinks(world.key, mail.html), crest !== undefined),
      calendar: mail.calendar,
      crest: crest ?? null,
      choose: mail.choosable ? choosePage(world.publicUrl) : null,
      date: mail.createdAt,
    });
    return { state: "sent", answer, at: nowIso };
  } catch (error) {
    const answer = error instanceof Error ? error.message : String(error);
    if (error instanceof MailRefusal && error.permanent) return { state: "failed", answer, refused: error.ofRecipient };
    if (mail.attempts >= mostAttempts) return { state: "failed", answer: `${answer} (after ${mail.attempts} tries)` };
    return {
      state: "queued",
      answer,
      nextAt: await nextTry(world, mail, Date.parse(nowIso) + backOffMs(mail.attempts)),
    };
  }
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
