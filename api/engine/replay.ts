/**
 * Replays a script of what people did, each move at its instant and through the verbs of the API, so that its rules hold
 * for the past as well. What falls due in between fires; nothing of it is mailed. Nobody else may be at work meanwhile.
 */
import { Readable } from "node:stream";
import type { Condition, Literal } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import type { DocumentValue, RecordData } from "../../schema/record";
import type { Deed, Move, Sought, Target, Told, Values } from "../../schema/script";
import { isoOf } from "../store/database";
import { clocksToFire } from "../store/observe";
import { allOrganisations, heldBy, type OrganisationRow, peopleByIds } from "../store/people";
import { readList } from "../store/recordQuery";
import { scopeIn } from "../store/scopeIn";
import { loadRecords, type RecordKey } from "../store/records";
import { openTaskOn } from "../store/workQuery";
import { accessIn } from "./access";
import { act } from "./act";
import { runForward } from "./advanceClock";
import { completeTask } from "./completeTask";
import { createRecord } from "./createRecord";
import type { Input } from "./input";
import { appoint, updatePerson } from "./people";
import { activeType, pinnedType } from "./pinned";
import { type Identity, newLocks, nothingWanted, run, type Run, systemIdentity, type Wanted } from "./run";
import { updateRecord } from "./updateRecord";
import { uploadFile } from "./uploadFile";
import type { World } from "./world";

/** Moves to one transaction at most. */
const mostAtOnce = 100;

interface Stage {
  /** Ids of people by name. */
  people: ReadonlyMap<string, string>;
  /** Records that moves have made, by the name that they gave them. */
  records: Map<string, RecordKey>;
  organisations: OrganisationRow[];
  identities: Map<string, Identity>;
}

export interface Hearing {
  /** Each move, beforehand. */
  move: (move: Move) => void;
  /** One that was refused, in a sentence: it is left out, and the rest goes on. Absent: it is thrown. */
  refused?: (why: string) => void;
}

/** @throws naming the move that was refused, where nobody hears of it; what came before it stands. */
export async function replay(
  world: World,
  organisation: string,
  people: ReadonlyMap<string, string>,
  moves: Move[],
  hearing: Hearing,
): Promise<void> {
  const stage: Stage = {
    people,
    records: new Map(),
    organisations: await allOrganisations(world.db),
    identities: new Map(),
  };
  const wanted = moves.map(nothingWanted);
  for (let next = 0; next < moves.length;) {
    const from = next;
    const [first] = moves.slice(from);
    await runForward(world, Date.parse(first?.at ?? ""), null);
    next = await run(world, systemIdentity(organisation), async (base) => {
      let at = from;
      for (const move of moves.slice(from, from + mostAtOnce)) {
        // What falls due before it is fired before it.
        if (at > from && (await clocksToFire(base.tx, move.at, isoOf(base.machineNow)))) break;
        hearing.move(move);
        await perform(base, stage, move, wanted[at] ?? nothingWanted(), hearing.refused);
        at++;
        if ("appoint" in move.deed || "leave" in move.deed) break;
      }
      return at;
    });
  }
}

async function perform(
  base: Run,
  stage: Stage,
  move: Move,
  wanted: Wanted,
  refused: Hearing["refused"],
): Promise<void> {
  const current = await asOf(base, stage, move, wanted);
  if (refused) await base.tx.executeText("SAVEPOINT move");
  try {
    await does(current, stage, move.deed);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = [error.message, ...error.problems.map(({ path, message }) => `${path}: ${message}`)].join(" ");
    const said = `${move.at}, ${move.by}: ${JSON.stringify(move.deed)} was refused. ${why}`;
    if (!refused) throw new Error(said, { cause: error });
    await base.tx.executeText("ROLLBACK TO SAVEPOINT move");
    refused(said);
  }
}

/** The transaction as this person's, at the move's instant. Locks are asked for anew: nobody else holds any. */
async function asOf(base: Run, stage: Stage, { at, by }: Move, wanted: Wanted): Promise<Run> {
  const now = Date.parse(at);
  const today = base.calendar.dateOf(now);
  const key = `${by} ${base.accessEdition}`;
  let identity = stage.identities.get(key);
  if (!identity) stage.identities.set(key, (identity = await identityOf(base, stage, by, today)));
  return { ...base, identity, actor: identity.actor, now, nowIso: at, today, locks: newLocks(wanted) };
}

async function identityOf({ tx, registry, organisation }: Run, stage: Stage, name: string, today: string) {
  const id = personNamed(stage, name);
  const acting = stage.organisations.find((one) => one.id === organisation.id);
  if (!acting) throw new Error("The school is not among the organisations.");
  const held = await heldBy(tx, id, today);
  return {
    actor: { kind: "person" as const, id, name },
    access: accessIn(id, acting, stage.organisations, held),
    administers: registry.roles.some((role) => role.administers && held.some((one) => one.role === role.name)),
  };
}

async function does(current: Run, stage: Stage, deed: Deed): Promise<void> {
  if ("create" in deed) {
    const { id } = await createRecord(current, {
      type: deed.create,
      input: await inputOf(current, stage, deed.values),
    });
    stage.records.set(deed.as, { type: deed.create, id });
  } else if ("appoint" in deed) {
    for (const role of deed.roles)
      await appoint(current, { person: personNamed(stage, deed.appoint), role, from: current.today });
  } else if ("leave" in deed) {
    const [row] = await peopleByIds(current.tx, [personNamed(stage, deed.leave)]);
    if (row) await updatePerson(current, { id: row.id, name: row.name, email: row.email, active: false });
  } else if ("update" in deed) {
    const record = await recordOf(current, stage, deed.update);
    if (record)
      await updateRecord(current, {
        ...keyOf(record),
        expectedVersion: record.version,
        input: await inputOf(current, stage, deed.values),
      });
  } else if ("tick" in deed) {
    const record = await recordOf(current, stage, deed.on);
    const id = record && (await openTaskOn(current.tx, record.id, deed.tick));
    if (id) await completeTask(current, { id });
  } else {
    const record = await recordOf(current, stage, deed.on);
    if (!record) return;
    const ratifies = pinnedType(current.registry, record).actions[deed.act]?.ratifies;
    const read = ratifies === undefined ? null : (record.fields[ratifies] as DocumentValue | null);
    await act(current, {
      ...keyOf(record),
      action: deed.act,
      input: await inputOf(current, stage, deed.answers),
      ...(read ? { textHash: read.latest.hash } : {}),
    });
  }
}

const keyOf = ({ type, id }: RecordData): RecordKey => ({ type, id });

async function recordOf(current: Run, stage: Stage, target: Target): Promise<RecordData | undefined> {
  const key = typeof target === "string" ? recordNamed(stage, target) : await seek(current, stage, target);
  return key && (await loadRecords(current.tx, current.registry, [key]))[0];
}

/** @throws where there is none, unless that is expected. */
async function seek(current: Run, stage: Stage, sought: Sought): Promise<RecordKey | undefined> {
  const { access } = systemIdentity(current.organisation.id);
  const holding: Condition[] = [];
  for (const [field, value] of Object.entries(await inputOf(current, stage, sought.holding)))
    holding.push({ eq: [{ field }, value as Literal] });
  const scopeFor = await scopeIn(current.tx, current.registry, current.organisation, current.today);
  const page = await readList(
    current.tx,
    { registry: current.registry, access, scopeOf: scopeFor(null) },
    activeType(current.registry, sought.type).active,
    {
      fields: [],
      people: [],
      where: { all: [...holding, ...(sought.in ? [{ in: [{ field: "state" }, sought.in] } satisfies Condition] : [])] },
      sort: [{ field: "createdAt", desc: false }],
      first: 1,
    },
  );
  const [row] = page.rows;
  if (!row && !sought.ifAny) throw new Failure("NOT_FOUND", `There is no ${JSON.stringify(sought)}.`);
  return row && { type: sought.type, id: row.id };
}

function personNamed({ people }: Stage, name: string): string {
  const id = people.get(name);
  if (!id) throw new Failure("NOT_FOUND", `Nobody here is called ${name}.`);
  return id;
}

function recordNamed({ records }: Stage, name: string): RecordKey {
  const key = records.get(name);
  if (!key) throw new Failure("NOT_FOUND", `No move has made “${name}” yet.`);
  return key;
}

async function inputOf(current: Run, stage: Stage, values: Values): Promise<Input> {
  const input: Input = {};
  for (const [name, value] of Object.entries(values)) input[name] = await resolve(current, stage, value);
  return input;
}

type Resolved = string | number | boolean | null | Resolved[] | { [name: string]: Resolved };

/** People and records by their ids. */
async function resolve(current: Run, stage: Stage, told: Told): Promise<Resolved> {
  if (Array.isArray(told)) return Promise.all(told.map((one) => resolve(current, stage, one)));
  if (typeof told !== "object" || told === null) return told;
  if (typeof told["$person"] === "string") return personNamed(stage, told["$person"]);
  if (typeof told["$record"] === "string") return recordNamed(stage, told["$record"]).id;
  if ("$file" in told) {
    const { name, text } = told["$file"] as { name: string; text: string };
    return (await uploadFile(current.world, current.identity, { name, body: Readable.from([Buffer.from(text)]) })).id;
  }
  if ("$found" in told) return (await seek(current, stage, told["$found"] as unknown as Sought))?.id ?? null;
  return (await inputOf(current, stage, told)) as { [name: string]: Resolved };
}
