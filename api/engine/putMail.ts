/** Mails are put where the next round finds them; what may not leave is kept, with the reason. */
import { mailMetrics } from "../metrics";
import { insertMail } from "../store/mails";
import { whyKept, whyNotNow } from "./deliverMails";
import { LinkSlots, linkUrl, type LinkPage, secretOf } from "./oneTimeLink";
import { Markdown } from "../../schema/markdown";
import { preparePart, renderMail } from "./renderMail";
import type { Run } from "./run";

type Mail = Parameters<typeof insertMail>[1];

/** What stands behind the @ of ids that leave the house. */
export const mailHost = (publicUrl: string): string => `duly.${new URL(publicUrl).hostname}`;

export async function putMail(
  run: Run,
  mail: Omit<Mail, "id" | "messageId" | "state" | "answer" | "createdAt" | "fixedAddress"> & { fixedAddress?: boolean },
): Promise<void> {
  const id = run.newId();
  const why = whyKept(run.world.config, mail.address);
  const state = why ? "kept" : "queued";
  const messageId = `<${id.toLowerCase()}@${mailHost(run.world.publicUrl)}>`;
  await insertMail(run.tx, { fixedAddress: false, ...mail, id, messageId, state, answer: why, createdAt: run.nowIso });
  run.afterCommit(() => mailMetrics.inc({ outcome: state }));
}

/** `body`: one paragraph each. */
interface Words {
  subject: string;
  body: Markdown[];
  /** See NewMail: else it follows its reader to another address. */
  fixedAddress?: boolean;
}

interface Addressee {
  id: string;
  name: string;
  email: string | null;
}

/** Where a one-time link went: to its person by mail, or to whoever asked for it. */
export interface Handed {
  /** Shown this once; null where it went by mail. */
  url: string | null;
  mailedTo: string | null;
}

/**
 * Hands a link over: by mail where mail leaves now, whatever the hour, so that nobody but its person holds it; else to whoever
 * asked, once. `words` are the mail's, around the link.
 */
export async function handLink(
  run: Run,
  person: Addressee,
  link: { page: LinkPage; id: string },
  words: (url: Markdown) => Words,
): Promise<Handed> {
  const { world } = run;
  if (await whyNotNow(run.tx, world.config, person.email))
    return { url: linkUrl(world.publicUrl, link.page, secretOf(world.key, link.page, link.id)), mailedTo: null };
  const slots = new LinkSlots();
  await mailAtOnce(run, person, words(new Markdown(slots.urlOf(link.page, link.id))), slots);
  return { url: null, mailedTo: person.email };
}

/** One mail that somebody asked for: whatever the hour, and of no notice. */
export async function mailAtOnce(
  run: Run,
  person: Addressee,
  { subject, body, fixedAddress = false }: Words,
  slots = new LinkSlots(),
): Promise<void> {
  const { name: school, colour, id: organisation } = run.organisation;
  const { publicUrl } = run.world;
  const plain = { url: publicUrl, due: null, alsoTold: [], requiredBy: [], optional: false };
  const part = preparePart({ subject, body: body.map(({ source }) => source).join("\n\n"), ...plain }, colour);
  await putMail(run, {
    organisation,
    person: person.id,
    address: person.email,
    fixedAddress,
    ...renderMail([part], { person: person.name, school, colour, publicUrl }, slots),
    calendar: null,
    urgent: true,
    choosable: false,
    digestOn: null,
    notices: [],
  });
  run.afterCommit(() => run.world.queue.wakeMail(run.request));
}
