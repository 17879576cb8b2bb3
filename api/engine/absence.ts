/**
 * Out of office: from a day to a day another holds a person's tasks, where they may, and the tasks come back afterwards.
 * Tasks that the stand-in may not hold stay where they are. What opens meanwhile passes on at once.
 */
import type { RecordType } from "../../schema/definition";
import { formatDate } from "../../schema/dates";
import { dayOf, parseDay } from "../../schema/epochDay";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { factsRead } from "../../schema/factsRead";
import { markdown } from "../../schema/markdown";
import { personOf } from "../../schema/who";
import {
  type AbsenceRow,
  absencesOf,
  deleteAbsence,
  insertAbsence,
  lockAbsence,
  lockTurning,
  type PartsOf,
  partsOf,
  passedParts,
  returnPart,
  saveAbsence,
  stoodInBy,
  turningAbsences,
} from "../store/handOver";
import { outsideRoles } from "../store/definitions";
import { isoOf } from "../store/database";
import { recordFault, settleFaults } from "../store/faults";
import { recipients } from "../store/mails";
import { isDatabaseTrouble } from "../store/trouble";
import { rootOrganisation } from "../store/organisations";
import { peopleOf } from "../store/people";
import { notify, tell } from "./handOver";
import { changeInForce } from "./inForce";
import { lockSome } from "./lock";
import { type Handled, handled } from "./mayHold";
import { rederive } from "./rederive";
import { mustAdminister, run, type Run, schoolNow, systemIdentity } from "./run";
import { mustBeOurs } from "./tenancy";
import { handBack, pass } from "./standIns";
import type { World } from "./world";

const mostDays = 366;
/** Of one person's that are planned, and how far ahead one may begin. */
const MOST_PLANNED = 20;
const MOST_AHEAD = 731;

/** One's own, or for administrators anybody's. @throws FORBIDDEN, INVALID_INPUT. */
export async function setAbsence(
  current: Run,
  input: { person?: string | null; standIn: string; from: string; to: string },
): Promise<{ id: string }> {
  const me = personOf(current.actor);
  const person = input.person ?? me;
  if (person === null || person !== me) mustAdminister(current);
  if (person === null) throw invalid([{ path: "person", message: "Say who is away." }]);
  if (person !== me) await mustBeOurs(current, [person]);
  const organisation = current.organisation.id;
  const problems: Problem[] = [];
  const say = (path: string, message: string) => void problems.push({ path, message });
  const [from, to] = [parseDay(input.from), parseDay(input.to)];
  if (from === undefined) say("from", "Choose the first day away.");
  if (to === undefined) say("to", "Choose the last day away.");
  if (from !== undefined && to !== undefined) {
    if (to < from) say("to", "The last day away comes before the first.");
    else if (to - from > mostDays) say("to", "An absence is a year at most: end the person’s roles instead.");
    if (input.to < current.today) say("to", "This is over already.");
    if (from - dayOf(current.today) > MOST_AHEAD) say("from", "An absence begins within two years.");
  }
  if (input.standIn === person) say("standIn", "Choose somebody else.");
  // Of the staff: nobody is stood in for by a parent or a pupil.
  const outside = outsideRoles(current.registry);
  const [standIn] = await peopleOf(current.tx, organisation, { self: "", outside }, [input.standIn]);
  if (!standIn?.active) say("standIn", "This person holds no role here.");
  // Both held, in one order, so that two that overlap cannot be entered at once.
  for (const id of [person, input.standIn].sort())
    await current.tx.query("SELECT id FROM person WHERE id = ? FOR UPDATE", [id]);
  const overlaps = (row: AbsenceRow) => row.from <= input.to && row.to >= input.from;
  // Of somebody who may not stand in, nothing is told.
  const away = await absencesOf(current.tx, [person, ...(standIn?.active ? [input.standIn] : [])]);
  if (away.filter((row) => row.person === person).length >= MOST_PLANNED)
    say("from", `There are ${MOST_PLANNED} absences already: take one back first.`);
  for (const row of away.filter(overlaps))
    if (row.person === person) say("from", `There is an absence until ${formatDate(row.to)} already: end that first.`);
    else say("standIn", `${standIn?.name ?? "This person"} is away until ${formatDate(row.to)} then.`);
  const standsIn = (await stoodInBy(current.tx, person)).filter(overlaps);
  const names = await recipients(
    current.tx,
    standsIn.map((row) => row.person),
  );
  for (const row of standsIn)
    say(
      "from",
      `Until ${formatDate(row.to)} the tasks of ${names.get(row.person)?.name ?? "somebody"} are here, who is away: they, or an administrator, choose somebody else first.`,
    );
  if (problems.length) throw invalid(problems);
  const absence = { id: current.newId(), organisation, ...input, person, state: "planned" as const };
  await insertAbsence(current.tx, absence, me, current.nowIso);
  if (person !== me) current.note({ kind: "absenceSet", about: person, detail: { standIn: input.standIn } });
  if (absence.from <= current.today) await begin(current, absence);
  return { id: absence.id };
}

/** Ends one at once, or takes back one that has not begun. @throws FORBIDDEN, NOT_FOUND. */
export async function endAbsence(current: Run, input: { id: string }): Promise<{ id: string }> {
  const absence = await lockAbsence(current.tx, input.id);
  if (!absence || absence.organisation !== current.organisation.id || absence.state === "over")
    throw new Failure("NOT_FOUND", "There is no such absence.");
  if (absence.person !== personOf(current.actor)) mustAdminister(current);
  if (absence.state === "planned") await deleteAbsence(current.tx, absence.id);
  else await end(current, { ...absence, to: current.today });
  // What could not begin or end by itself is tried no more.
  const by = personOf(current.actor);
  await settleFaults(current.tx, "absence", [absence.id], { how: "gone", by, at: current.nowIso });
  return { id: absence.id };
}

/**
 * Begins and ends what is due by `at` (school time, epoch ms; default now). Returns how many did. Each in a transaction of
 * its own: one that fails is a fault, and tried again the next time. It holds up no clock: what opens meanwhile for whoever
 * should be away goes on to the stand-in once it begins.
 */
export async function turnAbsences(world: World, at?: number): Promise<number> {
  const root = await rootOrganisation(world.db);
  const turnOne = async (current: Run, id: string): Promise<boolean> => {
    const absence = await lockTurning(current.tx, id, current.today);
    if (absence?.state === "on") await end(current, absence);
    // Over before anybody looked: nothing passes any more.
    else if (absence && absence.to < current.today) await saveAbsence(current.tx, { ...absence, state: "over" });
    else if (absence) await begin(current, absence);
    // Where another process holds it, it has not turned: its fault stands.
    if (absence) await settleFaults(current.tx, "absence", [id], { how: "done", by: null, at: current.nowIso });
    return absence !== undefined;
  };
  const due = await run(world, systemIdentity(root), ({ tx, today }) => turningAbsences(tx, today), at);
  let turned = 0;
  const now = isoOf(at ?? (await schoolNow(world)));
  for (const { id, organisation } of due)
    try {
      if (await run(world, systemIdentity(root), (current) => turnOne(current, id), at)) turned++;
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      world.log.error({ err: error, absence: id }, "An absence could not begin or end");
      const cause = "An absence could not begin or end: its tasks stay where they are. Hand them over one by one.";
      await recordFault(world.db, { kind: "absence", subject: id, organisation, cause, at: now });
    }
  return turned;
}

async function begin(current: Run, absence: AbsenceRow): Promise<void> {
  // Nobody opens a task meanwhile for somebody whom they take to be there.
  await changeInForce(current);
  await saveAbsence(current.tx, { ...absence, state: "on" });
  await eachPart(current, absence.person, "own", (of, task) => pass(current, of, task, absence));
  await eachPart(current, absence.person, "taken over", (of, task) => handBack(current, of, task, absence));
  await awayChanged(current);
}

/** Whoever the group `away` leaves out, or names, is another by now: those types are looked through again. */
async function awayChanged(current: Run): Promise<void> {
  const names = ({ type }: { type: RecordType }): boolean =>
    factsRead(type).holders.some((who) => "group" in who && who.group === "away");
  for (const [type, { versions }] of current.registry.types)
    if ([...versions.values()].some(names))
      await rederive(
        current,
        { kind: "people", organisation: null, type, reason: "who is away changed" },
        { queued: true },
      );
}

async function end(current: Run, absence: AbsenceRow): Promise<void> {
  await changeInForce(current);
  await saveAbsence(current.tx, { ...absence, state: "over" });
  const name = (await recipients(current.tx, [absence.person])).get(absence.person)?.name ?? "somebody";
  await eachPart(current, absence.person, "passed", async (of, id) => {
    const task = of.facts.tasks?.find((each) => each.id === id);
    if (!task) return;
    const part = (await passedParts(current.tx, [id])).find(({ from }) => from === absence.person);
    await returnPart(current.tx, absence.person, id);
    await tell(current, of.record, task, `${task.label}: back with ${name}`, null);
    // The stand-in knows that it goes back: whoever was handed it by them need not do it any more.
    if (part?.passed === "handed on")
      await notify(current, of, task, [part.to], {
        cause: `passed:${id}:${current.newId()}`,
        subject: `Back with ${name}: ${task.label}`,
        body: [markdown`${name} is back, and it is with them again: you need not do it.`],
      });
  });
  await awayChanged(current);
}

/** Each task with its record held, in id order as everywhere, however many there are. */
async function eachPart(
  current: Run,
  person: string,
  whose: PartsOf,
  work: (of: Handled, task: string) => Promise<void>,
): Promise<void> {
  let parts = await partsOf(current.tx, person, whose);
  while (parts.length) {
    const keys = new Map(parts.map(({ type, record }) => [record, { type, id: record }]));
    for (const record of await lockSome(current, [...keys.values()])) {
      const of = await handled(current, record);
      if (of) for (const part of parts.filter((each) => each.record === record.id)) await work(of, part.task);
    }
    parts = await partsOf(current.tx, person, whose, parts.at(-1));
  }
}
