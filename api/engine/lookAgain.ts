/**
 * What an email says was true when it was put together. One that has waited is looked at again as it leaves: its reader
 * may have left, may not see a record any more, or has another address.
 */
import { type ClaimedMail, type MailOutcome, noticesIn, readdressMail, recipients } from "../store/mails";
import { rootOrganisation } from "../store/organisations";
import { isDatabaseTrouble } from "../store/trouble";
import { stillNeeded } from "./noticeCheck";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

/** What leaves sooner after it was put together is sent as it stands: looking costs several reads. */
const FRESH_MS = 60_000;
/** Of notices that are looked at together: an email may hold thousands. */
const NOTICES_AT_ONCE = 1_000;

/** The email to send, perhaps to another address; or what becomes of it instead. */
export type Verdict = { mail: ClaimedMail } | { outcome: MailOutcome };

const hasWaited = ({ attempts, createdAt }: ClaimedMail, nowIso: string): boolean =>
  attempts > 1 || Date.parse(nowIso) - Date.parse(createdAt) > FRESH_MS;

/** For emails that were claimed together: asked for each of them, and read for all at once; where that fails, each alone. */
export function lookAgain(
  world: World,
  claimed: ClaimedMail[],
  nowIso: string,
): (mail: ClaimedMail) => Promise<Verdict> {
  const waited = claimed.filter((mail) => hasWaited(mail, nowIso));
  const together = waited.length ? verdictsOf(world, waited, nowIso) : undefined;
  // Whoever asks is told: nobody may ask, where the emails are given up unread.
  together?.catch(() => undefined);
  return async (mail) => {
    if (!together || !waited.includes(mail)) return { mail };
    const verdicts = await together.catch((error: unknown) => {
      if (isDatabaseTrouble(error) || waited.length === 1) throw error;
      return verdictsOf(world, [mail], nowIso);
    });
    return verdicts.get(mail.id) ?? { mail };
  };
}

async function verdictsOf(world: World, mails: ClaimedMail[], nowIso: string): Promise<Map<string, Verdict>> {
  const root = await rootOrganisation(world.db);
  const read = async (current: Run): Promise<Map<string, Verdict>> => {
    const notices = await noticesIn(
      current.tx,
      mails.map(({ id }) => id),
    );
    const moot = new Set<string>();
    for (let from = 0; from < notices.length; from += NOTICES_AT_ONCE) {
      const some = notices.slice(from, from + NOTICES_AT_ONCE);
      const reasons = await stillNeeded(current, some);
      for (const { id, mail } of some) if (reasons.get(id)) moot.add(mail);
    }
    const telling = new Set(notices.map(({ mail }) => mail));
    const people = await recipients(current.tx, [...new Set(mails.map(({ person }) => person))]);
    const verdicts = new Map<string, Verdict>();
    for (const mail of mails) {
      const outcome = moot.has(mail.id)
        ? takenBack
        : withoutReader(mail, telling.has(mail.id), people.get(mail.person));
      const address = mail.fixedAddress ? mail.address : (people.get(mail.person)?.address ?? "");
      if (outcome) verdicts.set(mail.id, { outcome });
      else if (address === mail.address || !people.has(mail.person)) verdicts.set(mail.id, { mail });
      else {
        await readdressMail(current.tx, mail, address || null);
        verdicts.set(mail.id, { mail: { ...mail, address } });
      }
    }
    return verdicts;
  };
  return run(world, systemIdentity(root), read, Date.parse(nowIso));
}

/** What still holds of it is put together anew, as everything else is. */
const takenBack: MailOutcome = {
  state: "replaced",
  answer: "Part of it need not or may not be told any more: what is left goes in another email.",
};

/** Of an email without notices nothing else is asked: whoever had it written has looked at what it says. */
function withoutReader(
  mail: ClaimedMail,
  tells: boolean,
  person: { active: boolean; address: string | null } | undefined,
): MailOutcome | undefined {
  if (!person || tells || mail.fixedAddress) return undefined;
  if (!person.active) return { state: "kept", answer: "Kept here: the person is no longer active." };
  // Ended with the address they were made for: see writePerson.
  if (person.address !== mail.address && mail.slots.some(({ page }) => page === "welcome"))
    return {
      state: "kept",
      answer: "Kept here: the person has another address by now, and its link opens nothing any more.",
    };
  return undefined;
}
