/**
 * Living audiences: a roster's records follow its members. A row of the timer table asks for it, due at once; a page of
 * members is served by each firing, so that a large audience neither holds its locks for long nor is lost half-way.
 */
import type { RecordType, Roster, Who } from "../../schema/definition";
import { valueOf } from "../../schema/condition";
import { isBadDefinition } from "../../schema/failure";
import type { RecordData, TimerRow } from "../../schema/record";
import { personsOf } from "../../schema/who";
import { scopeOf } from "../../schema/step/decision";
import { columnName, fitted } from "../../schema/fields";
import { sendEvents } from "../store/change";
import { datetime, marks } from "../store/database";
import { loadFacts, withFacts } from "../store/facts";
import { organisationsById } from "../store/organisations";
import { tableName } from "../store/recordTable";
import { isDatabaseTrouble } from "../store/trouble";
import { factsRequest } from "./factsRequest";
import { pinnedType } from "./pinned";
import type { Met } from "./read/factsOf";
import { createMany } from "./pipeline";
import { settleMembers } from "./refusedMembers";
import type { Run } from "./run";

const page = 100;

interface MemberRecord {
  id: string;
  person: string;
  set: string;
  state: string;
}

/** Records of these members could not be made: `cause` says why. Nothing of their page may be committed. */
export class MembersRefused extends Error {
  constructor(
    readonly persons: string[],
    cause: unknown,
  ) {
    super("Records of members were refused.", { cause });
    this.name = "MembersRefused";
  }
}

/** Whom a page serves: the next of those who have no record yet, without these; or one of them alone. */
interface Serving {
  without: ReadonlySet<string>;
  only?: string;
}

/**
 * Serves one page of a roster whose record is locked. The row waits on until nothing is left to do. Returns whether it does.
 * @throws MembersRefused.
 */
export async function fillRoster(run: Run, record: RecordData, timer: TimerRow, serving: Serving): Promise<boolean> {
  const type = pinnedType(run.registry, record);
  const roster = type.rosters?.[timer.rule];
  const runs = roster?.while.includes(record.state) ?? false;
  const done = !roster || !runs || (await servePage(run, type, record, roster, timer, serving));
  if (done)
    await run.tx.execute("UPDATE timer SET state = 'fired', fired_at = ?, outcome = ? WHERE id = ?", [
      datetime(run.nowIso),
      runs ? "Done" : "It is no longer kept up in this state.",
      timer.id,
    ]);
  return !done;
}

/** Whom a roster names and which of them are away, and what their records are given. */
function audienceOf(
  run: Run,
  { of, except = [], per, fields = {} }: Roster,
  made: RecordType,
  { type, record, facts }: Pick<Met, "type" | "record" | "facts">,
) {
  const scope = scopeOf({ type, actor: run.actor, now: run.now, facts }, record);
  const isAway = (who: Who): boolean => "group" in who && who.group === "away";
  const persons = (rules: Who[]): string[] => personsOf(rules, record, facts);
  const out = new Set(persons(except.filter((who) => !isAway(who))));
  return {
    named: persons(of).filter((person) => !out.has(person)),
    // Who is away is asked for nothing until they are back; what they were asked for, or have agreed to, stands.
    away: new Set(persons(except.filter(isAway))),
    // As the member's record keeps it: what is cut there must not look like another set.
    set: per ? String(fitted(made.fields[per.field], valueOf(per.value, scope)) ?? "") : "",
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueOf(value, scope)])),
  };
}

/** Returns whether everybody has been served. */
async function servePage(
  run: Run,
  type: RecordType,
  record: RecordData,
  roster: Roster,
  timer: TimerRow,
  { without, only }: Serving,
): Promise<boolean> {
  const made = run.registry.types.get(roster.type)?.active.type;
  if (!made) return true;
  const facts = (await loadFacts(run.tx, { ...factsRequest(run), timers: false }, [{ type, record }])).get(record.id);
  if (!facts) return true;
  const read = () => audienceOf(run, roster, made, { type, record, facts });
  const { named, away, set, fields } = await withFacts(run.tx, factsRequest(run), facts, read);
  const members = new Set(roster.joiners ? await joinedSince(run, record, roster, named) : named);
  const existing = await memberRecords(run, made, roster, record);
  const gone = roster.left === undefined ? undefined : made.actions[roster.left]?.to;
  const served = new Set(existing.filter((one) => one.set === set && one.state !== gone).map((one) => one.person));
  const missing = [...members].filter((person) => !served.has(person) && !away.has(person) && !without.has(person));
  const asked = only === undefined ? missing.slice(0, page) : missing.filter((person) => person === only);
  const extra = existing.filter(
    (one) => !made.states[one.state]?.end && one.state !== gone && (one.set !== set || !members.has(one.person)),
  );
  const cause = { history: timer.send?.cause ?? timer.id, depth: 1 };
  await askMembers(asked, () =>
    createMany(
      run,
      roster.type,
      record.organisation,
      asked.map((person) => ({
        ...fields,
        [roster.link]: record.id,
        [roster.person]: person,
        ...(roster.per ? { [roster.per.field]: set } : {}),
      })),
      { cause },
    ),
  );
  const reached = new Set([...served, ...asked]);
  await settleMembers(run, record, timer.rule, (person) => members.has(person) && !reached.has(person));
  // The page that serves one member alone is one of many of its firing.
  if (only !== undefined) return false;
  const { left } = roster;
  if (left !== undefined)
    await sendEvents(
      run.tx,
      run,
      extra.map(({ id }) => ({ organisation: record.organisation, type: roster.type, record: id, event: left })),
      cause,
    );
  return missing.length <= page;
}

/** A wrong definition is no member's, and neither is trouble of the database's. */
async function askMembers(persons: string[], ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!persons.length || isDatabaseTrouble(error) || isBadDefinition(error)) throw error;
    throw new MembersRefused(persons, error);
  }
}

/**
 * Of the members, the joiners: their present holding of the audience's roles began on or after the day the record entered
 * its states. One appointment that begins no later than the day after another ends goes on with it, whichever of the roles
 * it is to; after a gap they come anew, so who held the role years ago, or once by mistake, is a joiner like everybody else.
 */
async function joinedSince(run: Run, record: RecordData, roster: Roster, persons: string[]): Promise<string[]> {
  const entries = roster.while.flatMap((state) => record.entered[state]?.at ?? []);
  const roles = roster.of.flatMap((who): { role: string; at: "here" | "parent" }[] => {
    if ("role" in who) return [{ role: who.role, at: who.at ?? "here" }];
    return "rolesIn" in who
      ? [record.fields[who.rolesIn] ?? []].flat().map((role) => ({ role: String(role), at: "here" }))
      : [];
  });
  if (!persons.length || !roles.length || !entries.length) return [];
  const since = run.calendar.dateOf(Math.min(...entries.map((at) => Date.parse(at))));
  const here = record.organisation;
  const above = (await organisationsById(run.tx, [here])).get(here)?.parent ?? "";
  // What was ended before it began never held.
  const rows = await run.tx.query(
    `SELECT person, from_on, to_on FROM appointment
     WHERE (organisation, role) IN (${roles.map(() => "(?, ?)").join(", ")}) AND person IN (${marks(persons.length)})
       AND record IS NULL AND from_on <= ? AND (to_on IS NULL OR to_on >= from_on) ORDER BY from_on`,
    [...roles.flatMap(({ role, at }) => [at === "parent" ? above : here, role]), ...persons, run.today],
  );
  const holdings = new Map<string, Holding>();
  for (const row of rows) {
    const [person, from, to] = [String(row["person"]), String(row["from_on"]), String(row["to_on"] ?? endless)];
    const last = holdings.get(person);
    const goesOn = last && (last.to === endless || from <= run.calendar.add(last.to, "P1D").date);
    holdings.set(person, goesOn ? { from: last.from, to: to > last.to ? to : last.to } : { from, to });
  }
  return persons.filter((person) => {
    const holding = holdings.get(person);
    return holding !== undefined && holding.from >= since && holding.to >= run.today;
  });
}

/** Dates of the first and the last day of what somebody holds without a gap. */
interface Holding {
  from: string;
  to: string;
}
const endless = "9999-12-31";

async function memberRecords(run: Run, made: RecordType, roster: Roster, record: RecordData): Promise<MemberRecord[]> {
  const set = roster.per ? `r.${columnName(roster.per.field)}` : "''";
  const rows = await run.tx.query(
    `SELECT r.id, r.state, r.${columnName(roster.person)} AS person, ${set} AS member_set
     FROM record_link l JOIN ${tableName(made.name)} r ON r.id = l.record
     WHERE l.organisation = ? AND l.target = ? AND l.type = ? AND l.field = ?`,
    [record.organisation, record.id, made.name, roster.link],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    person: String(row["person"]),
    set: String(row["member_set"] ?? ""),
    state: String(row["state"]),
  }));
}
