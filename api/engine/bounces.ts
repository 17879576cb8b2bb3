/**
 * Mail that comes back: refused while it was sent, or reported later. The type that says `bounces` gets one record for
 * each person whose address fails; its tasks are for whoever keeps addresses. Mail goes on being tried: a full mailbox
 * must not silence what is due.
 */
import { marks, type SqlValue } from "../store/database";
import { sendEvents } from "../store/change";
import { type NewFault, recordFault } from "../store/faults";
import { mailByMessageId, mailCameBack } from "../store/mails";
import { tableName } from "../store/recordTable";
import { create } from "./pipeline";
import { readBounce } from "./readBounce";
import type { Run } from "./run";

/** Why an email is a problem of the school's while nobody is asked for another address. */
export const REFUSED_ADDRESS = "The mail server refuses the address of the person.";

/** An email that has failed for good, as a fault of its school's. */
export const emailFault = (
  { id, organisation }: { id: string; organisation: string },
  cause: string,
  at: string,
): NewFault => ({ kind: "email", subject: id, organisation, cause, at });

const bouncing = ({ registry }: Run) =>
  [...registry.types.values()].map(({ active }) => active.type).find(({ bounces }) => bounces);

/**
 * Opens a record about a person's address, unless one is open, or they have another address by now. False where no type is
 * for that.
 */
export async function reportBounce(
  run: Run,
  bounce: { organisation: string; person: string; address: string; why: string },
): Promise<boolean> {
  const type = bouncing(run);
  if (!type?.bounces) return false;
  // Held, so that two mails that come back at once open one record.
  const [person] = await run.tx.query("SELECT email FROM person WHERE id = ? FOR UPDATE", [bounce.person]);
  if (String(person?.["email"]).toLowerCase() !== bounce.address.toLowerCase()) return true;
  if ((await openRecords(run, bounce.organisation, bounce.person)).length > 0) return true;
  const { person: who, address, reason } = type.bounces;
  await create(run, type.name, bounce.organisation, {
    [who]: bounce.person,
    [address]: bounce.address,
    [reason]: bounce.why.slice(0, 500),
  });
  return true;
}

/** Tells the open records about a person that they have another address. */
export async function addressChanged(run: Run, person: string): Promise<void> {
  const type = bouncing(run);
  const event = type?.bounces?.changed;
  if (!type || event === undefined) return;
  const organisation = run.organisation.id;
  const records = await openRecords(run, organisation, person);
  await sendEvents(
    run.tx,
    run,
    records.map((record) => ({ organisation, type: type.name, record, event })),
    { history: person, depth: 1 },
  );
  if (records.length) run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
}

async function openRecords(run: Run, organisation: string, person: string): Promise<string[]> {
  const type = bouncing(run);
  if (!type?.bounces) return [];
  const ends = Object.entries(type.states).flatMap(([name, { end }]) => (end ? [name] : []));
  const params: SqlValue[] = [organisation, person, type.name, type.bounces.person, ...ends];
  const rows = await run.tx.query(
    `SELECT r.id FROM record_party p JOIN ${tableName(type.name)} r ON r.id = p.record
     WHERE p.organisation = ? AND p.person = ? AND p.type = ? AND p.kind = ?
     ${ends.length ? `AND r.state NOT IN (${marks(ends.length)})` : ""} ORDER BY r.id`,
    params,
  );
  return rows.map((row) => String(row["id"]));
}

const notFailed = {
  delayed: (why: string) => `is delayed (${why}): nothing is to be done yet.`,
  arrived: () => "arrived: nothing is to be done.",
  unknown: () => "is reported on, and the report does not say what became of it. Read it yourself.",
};

/**
 * Takes a delivery status notification (RFC 3464) as it arrived. Returns a sentence that says what it was. Twice is
 * harmless: a mail that has come back is not sent any more.
 */
export async function takeBounce(run: Run, raw: string): Promise<string> {
  const bounce = readBounce(raw);
  if (!bounce) return "This is no report about a mail of Duly’s.";
  const mail = await mailByMessageId(run.tx, bounce.messageId);
  if (!mail) return `No mail of Duly’s is called ${bounce.messageId}.`;
  if (bounce.became !== "failed") return `The mail to ${mail.address} ${notFailed[bounce.became](bounce.why)}`;
  const why = `It came back: ${bounce.why}`;
  if (!(await mailCameBack(run.tx, mail.id, why))) return `The mail to ${mail.address} has been dealt with already.`;
  if (!(await reportBounce(run, { ...mail, why: bounce.why })))
    await recordFault(run.tx, emailFault(mail, REFUSED_ADDRESS, run.nowIso));
  return `The mail to ${mail.address} came back (${bounce.why}).`;
}
