/**
 * What takes two people. A verb that would give power over confidential records asks `mustAsk`; where it must, it asks by
 * `askPower` instead of doing it, and `carryOutPower.ts` runs the very same verb later, as whoever asked, with
 * `run.approved` set: every rule is checked again then.
 *
 * Exempt, and logged: the system and the command line, the demo, and a school that has never been live and holds no
 * confidential record yet.
 */
import { createHash } from "node:crypto";
import { formatInstant } from "../../schema/dates";
import { Failure, invalid } from "../../schema/failure";
import { Markdown, markdown } from "../../schema/markdown";
import { powerfulRoles } from "../../schema/power";
import { canonicalJson } from "../../schema/text";
import { personOf } from "../../schema/who";
import { isoOf, type Sql } from "../store/database";
import { type Registry, typesWithEarlierTasks } from "../store/definitions";
import { withAbove } from "../store/organisations";
import { allOrganisations } from "../store/people";
import {
  type Concerned,
  countWaiting,
  holdersOfRoles,
  insertConcerns,
  insertPowerRequest,
  liveSince,
  powerDelay,
  type PowerRequestRow,
  rolesOfPersons,
  termsOfRoles,
  waitingAlike,
} from "../store/powerRequests";
import { tableName } from "../store/recordTable";
import { mailAtOnce } from "./putMail";
import type { Run } from "./run";

/** What is done once a request takes effect. */
export type Deed =
  | { kind: "role"; person: string; role: string; from: string; to: string | null }
  | { kind: "end"; person: string; appointment: string; on: string }
  | { kind: "address"; person: string; email: string | null }
  | { kind: "return"; person: string }
  | { kind: "leave"; person: string }
  /** `email`: where it goes, as was said when it was asked for; undefined of requests that did not say it. */
  | { kind: "link"; person: string; email?: string | null }
  | {
      kind: "publish";
      definitions: { json: unknown; expectedVersion?: number | null }[];
      inFlight: "STAY" | "MOVE";
      comment: string | null;
    }
  | { kind: "setting"; type: string; name: string; value: unknown; from: string }
  | { kind: "delay"; hours: number };

export interface Ask {
  deed: Deed;
  /** "Give Nora Wingham the role Designated safeguarding lead": for people. */
  sentence: string;
  /** Roles whose holders are told, beside administrators and whoever may confirm. */
  roles: string[];
}

/** An organisation may have this many open at once: a list of a whole staff, and room beside it. */
const MOST_WAITING = 2_000;
/** Holders of one role who are told. */
const MOST_TOLD = 300;
const MOST_CONFIRMING = 1_000;
const LISTED = 20;
export const HOUR_MS = 3_600_000;

const known = new WeakMap<Registry, Map<string, string[]>>();

/** By powerful role, the labels of the confidential types it opens. */
export function powersOf(registry: Registry): Map<string, string[]> {
  let powers = known.get(registry);
  if (!powers) {
    powers = powerfulRoles(typesWithEarlierTasks(registry), registry.roles);
    known.set(registry, powers);
  }
  return powers;
}

export const roleLabel = ({ roles }: Registry, name: string): string =>
  roles.find((role) => role.name === name)?.label ?? name;

/** The powerful roles that each of these holds, will hold, or is about to be given, in any organisation. */
export const powersHeld = (run: Run, persons: string[]): Promise<Map<string, Set<string>>> =>
  rolesOfPersons(run.tx, persons, [...powersOf(run.registry).keys()], run.today);

/** Roles that may confirm and stop whatever is asked. */
export const confirmingRoles = ({ roles }: Registry): string[] =>
  roles.filter(({ administers, confirms }) => administers || confirms).map(({ name }) => name);

/** Does a power take two people here and now? False for what is exempt. */
export async function takesTwo(run: Run): Promise<boolean> {
  if (run.identity.access.system || run.world.demo) return false;
  return isLive(run.tx, run.registry, run.today);
}

/** As `takesTwo`, but not for what has been confirmed or has waited long enough. */
export const mustAsk = async (run: Run): Promise<boolean> => run.approved === undefined && (await takesTwo(run));

/** A school is new until its first day, and only while there is nothing confidential to read. */
async function isLive(sql: Sql, registry: Registry, today: string): Promise<boolean> {
  for (const { goLiveOn, wasLive } of await liveSince(sql))
    if (wasLive || goLiveOn === null || goLiveOn <= today) return true;
  for (const { active } of registry.types.values())
    if (active.type.confidential && (await sql.query(`SELECT id FROM ${tableName(active.type.name)} LIMIT 1`)).length)
      return true;
  return false;
}

/** @throws FORBIDDEN: nobody gives themselves power, not even with somebody's consent. */
export function refuseOneself(run: Run, person: string, what: string): void {
  if (person === personOf(run.actor))
    throw new Failure("FORBIDDEN", `You cannot give yourself ${what}. Ask another administrator to do it.`);
}

/** Where a request is known of. Definitions are everybody's: a publish concerns all schools. */
export async function organisationsOf(sql: Sql, organisation: string, kinds: string[]): Promise<string[]> {
  if (!kinds.includes("publish")) return withAbove(sql, organisation);
  return (await allOrganisations(sql)).map(({ id }) => id);
}

/**
 * Asks for all of these at once: one request each, one email to each person they concern. What waits already is not
 * asked twice. @throws FORBIDDEN for whoever is no person, INVALID_INPUT where too many wait.
 */
export async function askPower(run: Run, asks: Ask[]): Promise<PowerRequestRow[]> {
  if (!asks.length) return [];
  const asker = personOf(run.actor);
  if (asker === null) throw new Failure("FORBIDDEN", "Sign in to ask for this.");
  // One at a time: two clicks ask once, and the bound holds.
  await run.tx.query("SELECT id FROM organisation WHERE id = ? FOR UPDATE", [run.organisation.id]);
  if ((await countWaiting(run.tx, run.organisation.id)) + asks.length > MOST_WAITING)
    throw invalid([{ path: "", message: "Too many requests wait for a second person: confirm or stop some first." }]);
  const [batch, hours] = [run.newId(), await powerDelay(run.tx, run.organisation.id)];
  const requests: PowerRequestRow[] = [];
  const made: PowerRequestRow[] = [];
  for (const { deed, sentence, roles } of asks) {
    const text = canonicalJson(deed);
    const fingerprint = createHash("sha256").update(`${run.organisation.id} ${text}`).digest("hex");
    const alike = await waitingAlike(run.tx, fingerprint);
    if (alike) {
      requests.push(alike);
      continue;
    }
    const request = {
      id: run.newId(),
      organisation: run.organisation.id,
      batch,
      kind: deed.kind,
      person: "person" in deed ? deed.person : null,
      roles,
      sentence: sentence.slice(0, 1_000),
      deed: text,
      askedBy: asker,
      askedAt: isoOf(run.machineNow),
      effectiveAt: isoOf(run.machineNow + hours * HOUR_MS),
    };
    await insertPowerRequest(run.tx, { ...request, fingerprint });
    run.note({ kind: "powerAsked", about: request.person, detail: { request: request.id, asks: deed.kind, roles } });
    made.push({ ...request, state: "waiting", decidedBy: null, decidedAt: null, why: null, attempts: 0 });
  }
  if (made.length) await tellOfRequests(run, made);
  return [...requests, ...made];
}

/** Somebody whom requests concern, and which of them. */
interface Told {
  person: Concerned;
  requests: PowerRequestRow[];
}

/**
 * Whom requests of one organisation concern: administrators and whoever may confirm, all of them; holders of a role,
 * those that name it; a person, those about them. Nobody learns of another's request by it.
 */
async function concernedIn(run: Run, organisation: string, requests: PowerRequestRow[]): Promise<Told[]> {
  const kinds = requests.map(({ kind }) => kind);
  const at = { organisations: await organisationsOf(run.tx, organisation, kinds), on: run.today };
  const told = new Map<string, Told>();
  const add = (people: Concerned[], of: (person: Concerned) => PowerRequestRow[]): void => {
    for (const person of people) {
      const known = told.get(person.id) ?? { person, requests: [] };
      known.requests = [...new Set([...known.requests, ...of(person)])];
      told.set(person.id, known);
    }
  };
  // Whoever may object is always told: only the others have a bound.
  add(
    await holdersOfRoles(run.tx, { ...at, roles: confirmingRoles(run.registry), limit: MOST_CONFIRMING }),
    () => requests,
  );
  for (const role of new Set(requests.flatMap(({ roles }) => roles))) {
    const naming = requests.filter(({ roles }) => roles.includes(role));
    add(await holdersOfRoles(run.tx, { ...at, roles: [role], limit: MOST_TOLD }), () => naming);
  }
  const about = [...new Set(requests.flatMap(({ person }) => person ?? []))];
  const persons = await holdersOfRoles(run.tx, { ...at, roles: [], also: about, limit: MOST_WAITING });
  add(persons, ({ id }) => requests.filter(({ person }) => person === id));
  return [...told.values()];
}

async function tellOfRequests(run: Run, requests: PowerRequestRow[]): Promise<void> {
  const [first] = requests;
  if (!first) return;
  const asker = first.askedBy;
  const told = await concernedIn(run, run.organisation.id, requests);
  await enter(run, told, (person) => (person === asker ? "waiting" : ""));
  const when = formatInstant(first.effectiveAt, run.organisation.calendar.zone);
  await mailThem(
    run,
    told.filter(({ person }) => person.id !== asker),
    {
      subject: (n) => (n > 1 ? `${n} requests wait for a second person` : "A request waits for a second person"),
      first: markdown`${run.actor.name} has asked for this at ${run.organisation.name}:`,
      last: markdown`An administrator or headteacher other than ${run.actor.name} can confirm it. If nobody answers, it takes effect on ${when}. If you did not expect it, stop it.`,
      button: "Confirm or stop it",
    },
  );
}

/** Tells those concerned what became of requests of one organisation; the banner follows from the state itself. */
export async function tellOutcome(
  run: Run,
  requests: PowerRequestRow[],
  { subject, first }: { subject: string; first: Markdown },
): Promise<void> {
  const [one] = requests;
  if (!one) return;
  const told = await concernedIn(run, one.organisation, requests);
  const me = personOf(run.actor);
  await enter(run, told, () => "");
  await mailThem(
    run,
    told.filter(({ person }) => person.id !== me),
    { subject: () => subject, first, last: null, button: "See the request" },
  );
}

const enter = (run: Run, told: Told[], seen: (person: string) => string): Promise<void> =>
  insertConcerns(
    run.tx,
    told.flatMap(({ person, requests }) =>
      requests.map(({ id: request }) => ({ request, person: person.id, seen: seen(person.id) })),
    ),
  );

/** One email each, listing up to twenty of what concerns them. */
async function mailThem(
  run: Run,
  told: Told[],
  words: { subject: (n: number) => string; first: Markdown; last: Markdown | null; button: string },
): Promise<void> {
  for (const { person, requests } of told) {
    if (person.email === null) continue;
    const more = requests.length - LISTED;
    const list = requests.slice(0, LISTED).map(({ sentence }) => markdown`- ${sentence.replace(/\s+/g, " ")}`.source);
    const body = [
      words.first,
      new Markdown([...list, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n")),
      ...(words.last ? [words.last] : []),
      markdown`[${words.button}](${new Markdown(`${run.world.publicUrl}/#/confirm`)})`,
    ];
    await mailAtOnce(run, person, { subject: words.subject(requests.length), body, fixedAddress: true });
  }
}

/** Somebody whose right to confirm and stop requests ends, and the first day without it. */
export interface Silenced {
  person: string;
  from: string;
}

/**
 * Would ending this leave nobody but the actor who could confirm or stop a request, on any day from then on? Then it
 * waits as well: who would take others' power alone could first take away everybody who might object. What others' terms
 * say already counts: two that end on one day, or one after the other, silence as one end at once does.
 */
export async function areLastObjectors(run: Run, ends: Silenced[]): Promise<boolean> {
  const me = personOf(run.actor);
  if (me === null || !ends.length) return false;
  const organisations = await withAbove(run.tx, run.organisation.id);
  const roles = confirmingRoles(run.registry);
  const where = { organisations, roles, from: run.today, limit: MOST_CONFIRMING };
  const terms = (await termsOfRoles(run.tx, where)).filter(({ person }) => person !== me);
  const gone = (person: string, day: string) => ends.some((end) => end.person === person && end.from <= day);
  const changes = [
    ...ends.map(({ from }) => from),
    ...terms.flatMap(({ to }) => (to ? [run.calendar.add(to, "P1D").date] : [])),
  ];
  const days = new Set(changes.map((day) => (day < run.today ? run.today : day)));
  return [...days].some((day) => {
    const there = terms.filter(({ from, to }) => from <= day && (to === null || to >= day));
    return there.length > 0 && there.every(({ person }) => gone(person, day));
  });
}

/** What is said where something waits instead of being done. */
export const waitsUntil = (run: Run, { effectiveAt }: Pick<PowerRequestRow, "effectiveAt">): string =>
  `Waits for a second person. It takes effect on ${formatInstant(effectiveAt, run.organisation.calendar.zone)} if nobody stops it.`;
