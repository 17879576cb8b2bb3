/** Tasks in other hands: handed over by whoever holds them, taken back, talked about. Each stands in the record's history. */
import { calendar } from "../../schema/calendar";
import { formatDate } from "../../schema/dates";
import { Failure, invalid } from "../../schema/failure";
import { mailedAt } from "../../schema/mailing";
import { escapeMarkdown, markdown, Markdown } from "../../schema/markdown";
import type { RecordData, TaskRow } from "../../schema/record";
import { lower } from "../../schema/text";
import { normal } from "../../schema/text";
import { personOf } from "../../schema/who";
import { noteHistory, saveNotices } from "../store/change";
import { isoOf } from "../store/database";
import { awayNow, passedParts, passPart, returnPart } from "../store/handOver";
import { recipients } from "../store/mails";
import { changeContext } from "./changeContext";
import { lockRecord } from "./lock";
import { type Handled, handled, refusalToHold } from "./mayHold";
import type { Run } from "./run";

const longest = 2_000;

/**
 * Hands a task that one holds to somebody who may hold it. To the one whose it was: gives it back.
 * @throws NOT_FOUND, WRONG_STATE, FORBIDDEN (it is another's), INVALID_INPUT (`to`, with the reason).
 */
export async function handOverTask(
  run: Run,
  input: { task: string; to: string; comment?: string | null },
): Promise<{ id: string }> {
  const { of, task } = await openTask(run, input.task);
  const me = personOf(run.actor) ?? "";
  if (!task.holders.includes(me)) throw new Failure("FORBIDDEN", "This task is held by somebody else.");
  if (task.doneBy.includes(me)) throw new Failure("WRONG_STATE", "You have done your part of it.");
  const comment = readComment(input.comment);
  const given = (await passedParts(run.tx, [task.id])).find((part) => part.to === me);
  const back = given?.from === input.to;
  const refusal = task.holders.includes(input.to)
    ? "This person holds it already."
    : ((await awayUntil(run, input.to)) ??
      (back ? undefined : await refusalToHold(run, of, task, input.to, "handed over")));
  if (refusal) throw invalid([{ path: "to", message: refusal }]);
  if (back) await returnPart(run.tx, input.to, task.id);
  else await passPart(run.tx, { task: task.id, from: me, to: input.to, passed: "handed over" });
  const name = await nameOf(run, input.to);
  const whose = !back && given && given.passed !== "handed over" ? await nameOf(run, given.from) : undefined;
  const promise =
    whose === undefined ? [] : [markdown`${whose} is away: what is not done when they are back goes back to them.`];
  await tell(run, of.record, task, `${task.label}: handed over to ${name}`, comment);
  await notify(run, of, task, [input.to], {
    cause: `passed:${task.id}:${run.newId()}`,
    subject: `Handed over to you: ${task.label}`,
    body: [markdown`${run.actor.name} has handed this over to you.`, ...promise, ...quoted(comment)],
  });
  return { id: task.id };
}

async function awayUntil(run: Run, person: string): Promise<string | undefined> {
  const absence = (await awayNow(run.tx)).get(person);
  return absence && `${await nameOf(run, person)} is away until ${formatDate(absence.to)}.`;
}

/** Takes back what one has handed over and is not done. @throws NOT_FOUND, WRONG_STATE. */
export async function takeBackTask(run: Run, input: { task: string }): Promise<{ id: string }> {
  const { of, task } = await openTask(run, input.task);
  const me = personOf(run.actor) ?? "";
  const given = (await passedParts(run.tx, [task.id])).find(
    (part) => part.from === me && part.passed === "handed over",
  );
  if (!given) throw new Failure("WRONG_STATE", "You have not handed this task over.");
  await returnPart(run.tx, me, task.id);
  await tell(run, of.record, task, `${task.label}: taken back from ${await nameOf(run, given.to)}`, null);
  await notify(run, of, task, [given.to], {
    cause: `passed:${task.id}:${run.newId()}`,
    subject: `Taken back: ${task.label}`,
    body: [markdown`${run.actor.name} has taken this back: you need not do it.`],
  });
  return { id: task.id };
}

/** Says something about a task to whoever else holds it, whose it is, and who waits for it in the record's history. */
export async function commentTask(run: Run, input: { task: string; comment: string }): Promise<{ id: string }> {
  const { of, task } = await openTask(run, input.task);
  const comment = readComment(input.comment);
  if (!comment) throw invalid([{ path: "comment", message: "Write what you want to say." }]);
  await tell(run, of.record, task, `${task.label}: ${lower("Comment")}`, comment);
  const others = [...new Set([...task.holders, ...task.principals])].filter((person) => person !== personOf(run.actor));
  await notify(run, of, task, others, {
    cause: `comment:${task.id}:${run.newId()}`,
    subject: `${run.actor.name} wrote about: ${task.label}`,
    body: quoted(comment),
  });
  return { id: task.id };
}

async function openTask(run: Run, id: string): Promise<{ of: Handled; task: TaskRow }> {
  const [row] = await run.tx.query("SELECT type, record, state FROM task WHERE id = ?", [id]);
  const none = "There is no such task.";
  if (!row) throw new Failure("NOT_FOUND", none);
  const record = await lockRecord(run, String(row["type"]), String(row["record"]), none);
  const of = await handled(run, record);
  const task = of?.facts.tasks?.find((each) => each.id === id);
  if (!of || !task) throw new Failure("WRONG_STATE", "This task is no longer open.");
  return { of, task };
}

function readComment(comment: string | null | undefined): string | null {
  const text = comment ? normal(comment) : "";
  if (text.length > longest)
    throw invalid([{ path: "comment", message: `Write at most ${longest.toLocaleString("en-GB")} letters.` }]);
  return text || null;
}

/** As a quotation, line by line. */
const quoted = (comment: string | null): Markdown[] =>
  comment ? [new Markdown(escapeMarkdown(comment).replace(/^/gm, "> "))] : [];

const nameOf = async (run: Run, person: string): Promise<string> =>
  (await recipients(run.tx, [person])).get(person)?.name ?? "somebody";

/** In the history of the task's record, which the caller holds. */
export async function tell(
  run: Run,
  record: RecordData,
  task: Pick<TaskRow, "id" | "rule">,
  summary: string,
  comment: string | null,
): Promise<void> {
  await noteHistory(run.tx, changeContext(run), record, {
    kind: "task",
    rule: `task:${task.rule}`,
    because: [],
    summary,
    detail: { task: task.id, ...(comment ? { comment } : {}), version: record.version },
  });
  run.afterCommit(() => run.world.changed([record]));
}

/** Notices about a task that no template of its type is for. */
export async function notify(
  run: Run,
  { record, facts }: Handled,
  task: Pick<TaskRow, "id" | "dueOn">,
  persons: string[],
  words: { cause: string; subject: string; body: Markdown[] },
): Promise<void> {
  const people = await recipients(run.tx, persons);
  const cal = calendar(facts.calendar);
  const sends = persons.map((person) => mailedAt(cal, run.now, facts.school.mail, people.get(person)?.choice));
  await saveNotices(
    run.tx,
    run,
    persons.map((person, at) => ({
      id: run.newId(),
      organisation: record.organisation,
      type: record.type,
      record: record.id,
      cause: words.cause,
      person,
      template: "",
      subject: words.subject.slice(0, 500),
      body: words.body.map(({ source }) => source).join("\n\n"),
      dueOn: task.dueOn,
      sendAt: isoOf(sends[at] ?? run.now),
      urgent: false,
      calendar: null,
      because: [],
    })),
  );
  run.afterCommit(() => run.world.wake(sends.map(isoOf), run.now - run.machineNow, run.request));
}
