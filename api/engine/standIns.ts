/** Tasks of people who are away go on to whoever stands in for them, where they may hold them. */
import { formatDate } from "../../schema/dates";
import { markdown } from "../../schema/markdown";
import type { Change } from "../../schema/record";
import { type AbsenceRow, awayNow, passedParts, passPart, returnPart } from "../store/handOver";
import { recipients } from "../store/mails";
import { notify, tell } from "./handOver";
import { type Handled, handled, refusalToHold } from "./mayHold";
import type { Run } from "./run";

/** Tasks that have just opened, or come into new hands, go on to whoever stands in for those who are away. */
export async function passToStandIns(current: Run, changes: Change[]): Promise<void> {
  const moved = changes.flatMap(({ after, openTasks, updateTasks }) =>
    [...openTasks, ...updateTasks].map(({ id, holders }) => ({ after, id, holders })),
  );
  if (!moved.length) return;
  const away = await awayNow(current.tx);
  if (!away.size) return;
  for (const { after, id, holders } of moved)
    for (const person of holders) {
      const absence = away.get(person);
      const of = absence && (await handled(current, after));
      if (absence && of) await pass(current, of, id, absence);
    }
}

export async function pass(current: Run, of: Handled, id: string, absence: AbsenceRow): Promise<void> {
  const task = of.facts.tasks?.find((each) => each.id === id);
  const { person, standIn, to } = absence;
  if (!task?.holders.includes(person) || task.doneBy.includes(person) || task.holders.includes(standIn)) return;
  if (await refusalToHold(current, of, task, standIn, "away")) return;
  await passPart(current.tx, { task: id, from: person, to: standIn, passed: "away" });
  const people = await recipients(current.tx, [person, standIn]);
  const [who, other] = [people.get(person)?.name ?? "somebody", people.get(standIn)?.name ?? "somebody"];
  const until = formatDate(to);
  await tell(current, of.record, task, `${task.label}: with ${other} while ${who} is away until ${until}`, null);
  await notify(current, of, task, [standIn], {
    cause: `passed:${id}:${absence.id}`,
    subject: `For ${who}, who is away: ${task.label}`,
    body: [markdown`${who} is away until ${until}, and you stand in. What is not done by then goes back.`],
  });
}

/** What somebody took over goes back to whose it is when they go away, or on to the stand-in of whose it is. */
export async function handBack(current: Run, of: Handled, id: string, absence: AbsenceRow): Promise<void> {
  const task = of.facts.tasks?.find((each) => each.id === id);
  const part = (await passedParts(current.tx, [id])).find(({ to }) => to === absence.person);
  if (!task || !part) return;
  await returnPart(current.tx, part.from, id);
  const people = await recipients(current.tx, [absence.person, part.from]);
  const [who, whose] = [people.get(absence.person)?.name ?? "somebody", people.get(part.from)?.name ?? "somebody"];
  const until = formatDate(absence.to);
  await tell(current, of.record, task, `${task.label}: back with ${whose}, as ${who} is away until ${until}`, null);
  const theirs = (await awayNow(current.tx)).get(part.from);
  const again = theirs && (await handled(current, of.record));
  if (again) return pass(current, again, id, theirs);
  await notify(current, of, task, [part.from], {
    cause: `passed:${id}:${absence.id}`,
    subject: `Back with you: ${task.label}`,
    body: [markdown`${who}, to whom you handed this over, is away until ${until}.`],
  });
}
