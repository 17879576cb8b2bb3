/**
 * Opens the transaction of every verb, and restarts a deadlocked one from its start. One read at its beginning says
 * what time it is for the school and which definitions, rights and calendar are in force.
 */
import { calendar, type Calendar } from "../../schema/calendar";
import { Failure } from "../../schema/failure";
import type { Actor } from "../../schema/record";
import { isoOf, type Tx } from "../store/database";
import { readClock } from "../store/clock";
import { clockOfDatabase } from "../store/observe";
import { watched } from "../store/written";
import { loadRegistry, type Registry } from "../store/definitions";
import type { Looks } from "../store/looks";
import { type OrganisationFacts, organisationFacts, rootOrganisation } from "../store/organisations";
import type { RecordKey } from "../store/records";
import type { Access } from "../store/visibility";
import { type Origin, securityActor, type SecurityEvent, writeEvents } from "./securityLog";
import { newId, type World } from "./world";

/** Who acts: a signed-in person in one organisation, or the system itself. */
export interface Identity {
  actor: Actor;
  access: Access;
  /** May change settings, calendar, people and definitions of the acting organisation. */
  administers: boolean;
}

export interface Run {
  world: World;
  tx: Tx;
  identity: Identity;
  actor: Actor;
  registry: Registry;
  /** School time: epoch milliseconds, ISO text, and the date in the acting organisation. */
  now: number;
  nowIso: string;
  today: string;
  machineNow: number;
  accessEdition: number;
  /** The edition of what was in force as it began, and whether it is held: see inForce.ts. */
  inForce: { edition: number; held?: "kept" | "changed" };
  organisation: OrganisationFacts;
  calendar: Calendar;
  newId: () => string;
  locks: Locks;
  /** Of whoever asks over the API: what is read of records whose readers are recorded. */
  looks?: Looks;
  /** The id of the request over the API that it answers. */
  request?: string;
  /** Runs once the transaction has been committed; never where it was rolled back. */
  afterCommit(work: () => void): void;
  /** Says something to the security log, with the commit and as the last thing before it. */
  note(event: SecurityEvent): void;
  /** The request that a second person confirmed or whose delay has passed, which this carries out. See power.ts. */
  approved?: string;
}

/** The records a transaction holds: see lock.ts. */
export interface Locks {
  held: Set<string>;
  /** The highest id it has waited for: what is taken after it sorts behind it. */
  last: string;
  /** What earlier attempts turned out to need, by id: taken first. */
  wanted: Wanted["records"];
  /** Rows of `held`, by name, alike. */
  rows: { held: Set<string>; last: string; wanted: Wanted["rows"] };
  later: Wanted["later"];
}

/** What attempts of one transaction leave to those after them. */
export interface Wanted {
  records: Map<string, RecordKey>;
  rows: Set<string>;
  /** The first page of a `rederive` is left to its job: its records turned out to be too heavy to be held together. */
  later: { page: boolean };
}

export const systemIdentity = (organisation: string, name = "Duly"): Identity => ({
  actor: { kind: "system", name },
  access: { person: null, system: true, organisations: [{ id: organisation, roles: [] }], acting: organisation },
  administers: true,
});

/**
 * Runs a verb in one transaction. `at` overrides school time (epoch ms) while the clock is being advanced; `origin` is
 * where the request came from, for the security log.
 * @throws whatever the verb throws, after rolling back.
 */
export async function run<T>(
  world: World,
  identity: Identity,
  verb: (run: Run) => Promise<T>,
  at?: number,
  origin?: Origin,
): Promise<T> {
  let after: (() => void)[] = [];
  const wanted = nothingWanted();
  const result = await world.db.transaction(async (tx) => {
    after = [];
    const events: SecurityEvent[] = [];
    const begun = await beginRun(world, watched(tx), identity, (work) => after.push(work), at);
    const current = {
      ...begun,
      locks: newLocks(wanted),
      note: (event: SecurityEvent) => void events.push(event),
    };
    const answer = await verb(current);
    if (events.length) {
      const { machineNow, now } = current;
      const when = { machineNow, now, organisation: current.organisation.id, actor: securityActor(identity.actor) };
      await writeEvents(tx, world, { ...when, origin }, events);
    }
    return answer;
  });
  for (const work of after) work();
  return result;
}

export const nothingWanted = (): Wanted => ({ records: new Map(), rows: new Set(), later: { page: false } });

export const newLocks = ({ records, rows, later }: Wanted): Locks => ({
  ...{ held: new Set(), last: "", wanted: records, later },
  rows: { held: new Set(), last: "", wanted: rows },
});

/** Thrown to roll back what was only tried. */
class RolledBack extends Error {
  constructor() {
    super("It was only tried, and is rolled back.");
  }
}

/** As `run`, and rolls back what the verb did: its answer is what would be. Nobody is woken or told. */
export async function rehearse<T>(
  world: World,
  identity: Identity,
  verb: (run: Run) => Promise<T>,
  at?: number,
): Promise<T> {
  let outcome: { answer: T } | undefined;
  try {
    const trying = async (current: Run): Promise<never> => {
      outcome = { answer: await verb(current) };
      throw new RolledBack();
    };
    await run(world, identity, trying, at);
  } catch (error) {
    if (error instanceof RolledBack && outcome) return outcome.answer;
    throw error;
  }
  throw new Error("What is rehearsed is rolled back.");
}

async function beginRun(
  world: World,
  tx: Tx,
  identity: Identity,
  afterCommit: (work: () => void) => void,
  at: number | undefined,
): Promise<Omit<Run, "locks" | "note">> {
  const { installation, organisation } = await organisationFacts(tx, identity.access.acting);
  // One clock for all processes: one whose own runs ahead would fire early, and for good.
  const machineNow = world.timeAt(installation.databaseNow);
  if (!organisation) throw new Failure("NOT_FOUND", "There is no such organisation.");
  if (installation.definitionEdition !== world.registry.edition) world.registry = await loadRegistry(tx);
  const now = at ?? machineNow + installation.clockOffsetMs;
  const cal = calendar(organisation.calendar);
  return {
    world,
    tx,
    identity,
    actor: identity.actor,
    registry: world.registry,
    now,
    nowIso: isoOf(now),
    today: cal.dateOf(now),
    machineNow,
    accessEdition: installation.accessEdition,
    inForce: { edition: installation.inForce },
    organisation,
    calendar: cal,
    newId,
    afterCommit,
  };
}

/** The machine's time by the clock that all processes share, the database's, epoch ms. */
export async function machineTime(world: World): Promise<number> {
  return world.timeAt(await clockOfDatabase(world.db));
}

/** School time of an installation outside a transaction, epoch ms. */
export async function schoolNow(world: World): Promise<number> {
  const { offsetMs, databaseNow } = await readClock(world.db);
  return world.timeAt(databaseNow) + offsetMs;
}

/** How far this process's clock is ahead of the database's, ms: sessions and throttles go by it, nothing that fires does. */
export async function clockSkewMs(world: World): Promise<number> {
  const before = world.machineNow();
  const there = await machineTime(world);
  return (before + world.machineNow()) / 2 - there;
}

/** What holds for all schools of a trust. @throws FORBIDDEN for whoever administers only one school of several. */
export async function mustAdministerAll(run: Run): Promise<void> {
  mustAdminister(run);
  if (run.identity.access.system || run.organisation.id === (await rootOrganisation(run.tx))) return;
  throw new Failure("FORBIDDEN", "This holds for all schools: it is for the administrators of the whole trust.");
}

/** @throws FORBIDDEN for anybody who does not administer the acting organisation. */
export function mustAdminister(run: Pick<Run, "identity">): void {
  if (!run.identity.administers) throw new Failure("FORBIDDEN", "This is for the school's administrators.");
}
