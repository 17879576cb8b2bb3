/** Tasks of people who are away go on to whoever stands in for them, where they may hold them. */
import { formatDate } from "../../schema/dates";
import { markdown } from "../../schema/markdown";
import type { Change } from "../../schema/record";
import { type AbsenceRow, awayNow, passPart } from "../store/handOver";
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
  const task = of.facts.tasks.find((each) => each.id === id);
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
