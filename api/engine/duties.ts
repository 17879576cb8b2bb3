/**
 * Duties: cadences that create records with no record to hang on, such as a termly check. Each stands as one waiting row
 * of the timer table, whose record is the organisation itself; firing it creates the record and lays the next.
 */
import { parseDay } from "../../schema/epochDay";
import type { Duty, RecordType } from "../../schema/definition";
import { valueOf } from "../../schema/condition";
import type { Fields, TimerRow } from "../../schema/record";
import { isSetting } from "../../schema/timers";
import { calendar } from "../../schema/calendar";
import { datetime, isoOf } from "../store/database";
import { readTimer, settingsOf } from "../store/facts";
import { type OrganisationFacts, organisationsById } from "../store/organisations";
import { create } from "./pipeline";
import type { Run } from "./run";

/** Occurrences looked through for the next one: a daily duty for sixty years. */
const most = 22_000;

/** Lays, moves or takes away the next occurrence of every duty, as definitions, figures and calendars now say. */
export async function layDuties(run: Run, only?: string): Promise<void> {
  const rows = await run.tx.query("SELECT id FROM organisation ORDER BY id");
  const organisations = await organisationsById(
    run.tx,
    rows.map((row) => String(row["id"])),
  );
  for (const { active } of run.registry.types.values()) {
    if (!active.type.duties || (only !== undefined && only !== active.type.name)) continue;
    for (const organisation of organisations.values())
      for (const [name, duty] of Object.entries(active.type.duties))
        await lay(run, organisation, active.type, name, duty);
  }
}

async function lay(
  run: Run,
  organisation: OrganisationFacts,
  type: RecordType,
  name: string,
  duty: Duty,
): Promise<void> {
  const rows = (
    await run.tx.query(
      "SELECT * FROM timer WHERE record = ? AND type = ? AND kind = 'duty' AND rule = ? ORDER BY n FOR UPDATE",
      [organisation.id, type.name, name],
    )
  ).map(readTimer);
  const next = await nextOf(run, organisation, type, duty, rows);
  const waiting = rows.find((row) => row.state === "waiting");
  // One that is due already, and waits for its firing or for another try, is not passed over.
  if (waiting && waiting.anchorValue === next?.from && waiting.dueAt <= run.nowIso) return;
  if (waiting && next && waiting.n === next.n && waiting.anchorValue === next.from) {
    if (waiting.dueAt !== isoOf(next.at))
      await run.tx.execute("UPDATE timer SET due_at = ? WHERE id = ?", [datetime(isoOf(next.at)), waiting.id]);
    return;
  }
  if (waiting)
    await run.tx.execute("UPDATE timer SET state = 'cancelled', outcome = ? WHERE id = ?", [
      "The duty was laid anew.",
      waiting.id,
    ]);
  if (!next) return;
  await run.tx.execute(
    `INSERT INTO timer (id, organisation, type, record, kind, rule, step, anchor_value, n, due_at, state, stamp, provisional)
     VALUES (?, ?, ?, ?, 'duty', ?, ?, ?, ?, ?, 'waiting', '', ?)
     ON DUPLICATE KEY UPDATE due_at = VALUES(due_at), state = 'waiting', outcome = NULL`,
    [
      run.newId(),
      organisation.id,
      type.name,
      organisation.id,
      name,
      // Names the type: an occurrence is unique within its record, and every duty of a school hangs on the school.
      `every:${type.name}`,
      next.from,
      next.n,
      datetime(isoOf(next.at)),
      next.provisional ? 1 : 0,
    ],
  );
  run.afterCommit(() => run.world.wake([isoOf(next.at)], run.now - run.machineNow, run.request));
}

/** Handled, or given up: the next one comes all the same. */
const isOver = ({ state }: TimerRow): boolean => state === "fired" || state === "skipped" || state === "dead";

/** The first occurrence that was not yet handled and does not lie before the present: missed ones collapse. */
async function nextOf(run: Run, organisation: OrganisationFacts, type: RecordType, duty: Duty, rows: TimerRow[]) {
  const cal = calendar(organisation.calendar);
  const figures = await settingsOf(run.tx, organisation, type, run.today);
  const figure = (value: Duty["every"] | undefined, otherwise: string): string =>
    value === undefined ? otherwise : isSetting(value) ? String(figures[value.setting]) : value;
  const from = figure(duty.from, run.today);
  if (parseDay(from) === undefined) return undefined;
  const [every, time] = [figure(duty.every, "P1Y"), figure(duty.at, "08:00")];
  const handled = Math.max(-1, ...rows.filter((row) => row.anchorValue === from && isOver(row)).map((row) => row.n));
  const today = cal.dateOf(run.now);
  // A school that is getting ready has its first when it goes live.
  const first = organisation.goLiveOn !== null && organisation.goLiveOn > today ? organisation.goLiveOn : today;
  let before = handled < 0 ? "" : cal.add(from, every, handled).date;
  for (let n = handled + 1; n < most; n++) {
    const { date, provisional } = cal.add(from, every, n);
    // A cadence that stands still, by a figure from before these were held to it, would be due again at once, for ever.
    if (date <= before) return undefined;
    before = date;
    if (date >= first) return { from, n, at: cal.at(cal.roll(date, "nextOpenDay", "working"), time), provisional };
  }
  return undefined;
}

/** Fires a duty that is due: one record, and the next occurrence is laid. False where another worker was before. */
export async function fireDuty(run: Run, { id, type, organisation, rule: name }: TimerRow): Promise<boolean> {
  const [row] = await run.tx.query("SELECT * FROM timer WHERE id = ? AND state = 'waiting' FOR UPDATE SKIP LOCKED", [
    id,
  ]);
  if (!row || readTimer(row).dueAt > run.nowIso) return false;
  const published = run.registry.types.get(type)?.active;
  const duty = published?.type.duties?.[name];
  const settle = (state: "fired" | "cancelled", outcome: string) =>
    run.tx.execute("UPDATE timer SET state = ?, fired_at = ?, outcome = ?, retry_at = NULL WHERE id = ?", [
      state,
      state === "fired" ? datetime(run.nowIso) : null,
      outcome,
      id,
    ]);
  if (!published || !duty) {
    await settle("cancelled", "The duty is no longer part of the definition.");
    return true;
  }
  const school = (await organisationsById(run.tx, [organisation])).get(organisation);
  if (!school) throw new Error(`Duty ${name} belongs to no organisation.`);
  const cal = calendar(school.calendar);
  const today = cal.dateOf(run.now);
  const settings = await settingsOf(run.tx, school, published.type, today);
  const scope = { type: published.type, today, actor: null, settings, calendar: cal };
  const fields: Fields = Object.fromEntries(
    Object.entries(duty.fields ?? {}).map(([field, value]) => [field, valueOf(value, scope)]),
  );
  const change = await create(run, type, organisation, fields, { origin: `${duty.label}: due again` });
  await settle("fired", `Created ${change.after.reference}`);
  await lay(run, school, published.type, name, duty);
  return true;
}
