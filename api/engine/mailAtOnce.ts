/** One mail that somebody's act brings about, beside notices: it goes with the next round, whatever the hour. */
import { insertMail } from "../store/mails";
import { type MailPart, renderMail } from "./renderMail";
import type { Run } from "./run";

export async function mailAtOnce(
  run: Run,
  person: { id: string; name: string; email: string },
  part: Pick<MailPart, "subject" | "body">,
): Promise<void> {
  const { world, organisation } = run;
  const id = run.newId();
  const { name: school, colour } = organisation;
  const letterhead = { person: person.name, school, colour, publicUrl: world.publicUrl };
  const whole: MailPart = { ...part, url: world.publicUrl, due: null, alsoTold: [], requiredBy: [], optional: false };
  await insertMail(run.tx, {
    id,
    organisation: organisation.id,
    person: person.id,
    address: person.email,
    messageId: `<${id.toLowerCase()}@duly.${new URL(world.publicUrl).hostname}>`,
    ...renderMail([whole], letterhead),
    calendar: null,
    urgent: true,
    digestOn: null,
    state: "queued",
    answer: null,
    createdAt: run.nowIso,
    notices: [],
  });
}
