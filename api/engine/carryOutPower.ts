/** Confirming and stopping requests, and carrying out what has waited long enough. See power.ts. */
import { type Markdown, markdown } from "../../schema/markdown";
import { Failure, invalid } from "../../schema/failure";
import { personOf } from "../../schema/who";
import { isoOf, textOrNull, type Tx } from "../store/database";
import { allOrganisations, heldBy, peopleByIds } from "../store/people";
import {
  decidePower,
  duePower,
  endPermissions,
  holdersOfRoles,
  lockPowerRequest,
  markPowerSeen,
  organisationOfRequest,
  powerDelay,
  type PowerRequestRow,
  retryPower,
  savePowerDelay,
} from "../store/powerRequests";
import { accessIn } from "./access";
import { appoint, endAppointment, updatePerson } from "./people";
import { askPower, confirmingRoles, type Deed, HOUR_MS, mustAsk, organisationsOf, tellOutcome } from "./power";
import type { Objections } from "./checkPublish";
import { publishDefinitions } from "./publishDefinition";
import { whyNotNow } from "./deliverMails";
import { machineTime, type Identity, mustAdminister, run, type Run, systemIdentity } from "./run";
import { type Origin, securityActor } from "./securityLog";
import { setSetting } from "./setSetting";
import { makeSignInLinks } from "./signInLink";
import type { World } from "./world";

/** Of one call: a list of a whole staff. */
const MOST_AT_ONCE = 2_000;
/** A permission that was not used by then ends. */
const PERMISSION_MS = 7 * 24 * HOUR_MS;
const RETRY_MS = 5 * 60_000;

export type Decision = { id: string; state: PowerRequestRow["state"]; why: string | null };

/**
 * Confirms each by itself: one that can no longer be carried out is failed, with the reason, and takes no other down.
 * @throws FORBIDDEN for who may not confirm, NOT_FOUND for what does not concern them or is decided.
 */
export async function confirmPower(
  world: World,
  identity: Identity,
  ids: string[],
  objections: Objections,
  origin?: Origin,
): Promise<Decision[]> {
  const decider = { identity, origin };
  const decided = await eachOf(bounded(ids), (id) => decide(world, decider, id, objections, "confirmed"));
  await tell(world, decider, decided, "confirmed");
  return decided;
}

/** Who decides, and where their request came from. */
interface Decider {
  identity: Identity;
  origin?: Origin | undefined;
}

/** Runs in the organisation of the request, whichever the decider has chosen: `waiting` asks what they may do there. */
async function runFor<T>(
  world: World,
  { identity, origin }: Decider,
  id: string,
  verb: (run: Run) => Promise<T>,
): Promise<T> {
  const acting = (await organisationOfRequest(world.db, id)) ?? identity.access.acting;
  return run(world, { ...identity, access: { ...identity.access, acting } }, verb, undefined, origin);
}

/** One by one: what is refused of several says so itself, and takes no other down. */
async function eachOf(ids: string[], work: (id: string) => Promise<Decision>): Promise<Decision[]> {
  const decided: Decision[] = [];
  for (const id of ids)
    try {
      decided.push(await work(id));
    } catch (error) {
      if (ids.length === 1 || !(error instanceof Undecided)) throw error;
      decided.push({ id, state: "waiting", why: error.message });
    }
  return decided;
}

/** One email to each whom these decisions concern, and one for each outcome. The banner says it in any case. */
async function tell(world: World, decider: Decider, decided: Decision[], how: How | "stopped"): Promise<void> {
  const outcomes = new Map<string, { ids: string[]; outcome: How | "stopped" | "failed" }>();
  for (const { id, state } of decided.filter((each) => each.state !== "waiting")) {
    const outcome = state === "failed" ? "failed" : how;
    const key = `${outcome} ${await organisationOfRequest(world.db, id)}`;
    const group = outcomes.get(key) ?? { ids: [], outcome };
    group.ids.push(id);
    outcomes.set(key, group);
  }
  for (const { ids, outcome } of outcomes.values())
    try {
      await runFor(world, decider, ids[0] ?? "", async (current) => {
        const requests = [];
        for (const id of ids) requests.push(await lockPowerRequest(current.tx, id));
        const found = requests.filter((request) => request !== undefined);
        await tellOutcome(current, found, wordsFor(outcome, current.actor.name));
        for (const { id } of found) if (outcome !== "failed") await seen(current, id);
      });
    } catch (error) {
      // It is decided, and the page says it: an email that could not be written takes nothing back.
      world.log.error({ err: error, requests: ids.length }, "Nobody could be told what became of requests");
    }
}

const wordsFor = (outcome: How | "stopped" | "failed", name: string): { subject: string; first: Markdown } =>
  ({
    confirmed: { subject: "A request was confirmed", first: markdown`${name} has confirmed this:` },
    unanswered: {
      subject: "A request took effect",
      first: markdown`
Nobody confirmed or stopped this in time, so it has taken effect:
      `,
    },
    stopped: { subject: "A request was stopped", first: markdown`${name} has stopped this:` },
    failed: {
      subject: "A request could not be carried out",
      first: markdown`
This could not be done; the page says why:
      `,
    },
  })[outcome];

/** Stops requests that wait. Whoever asked takes theirs back by it. @throws NOT_FOUND, FORBIDDEN. */
export async function stopPower(
  world: World,
  identity: Identity,
  ids: string[],
  why: string | null,
  origin?: Origin,
): Promise<Decision[]> {
  const decider = { identity, origin };
  const reason = why?.trim().slice(0, 500) || null;
  const decided = await eachOf(bounded(ids), (id) =>
    runFor(world, decider, id, async (current) => {
      const request = await waiting(current, id);
      if (!(await mayStop(current, request))) throw new NoRequest();
      const by = personOf(current.actor);
      await decidePower(current.tx, id, { state: "stopped", by, at: isoOf(current.machineNow), why: reason });
      current.note({ kind: "powerStopped", about: request.person, detail: { request: id, asked: request.kind } });
      return { id, state: "stopped", why: reason };
    }),
  );
  await tell(world, decider, decided, "stopped");
  return decided;
}

/** The person has read what became of these. */
export async function seePower(current: Run, ids: string[]): Promise<void> {
  const me = personOf(current.actor);
  const some = bounded(ids);
  if (me !== null) await markPowerSeen(current.tx, me, some);
}

/**
 * Hours until a request takes effect unanswered: 1 to 168. A shorter delay is itself asked for, and takes effect after the
 * longer one. @throws FORBIDDEN, INVALID_INPUT.
 */
export async function setPowerDelay(current: Run, hours: number): Promise<void> {
  mustAdminister(current);
  if (!Number.isInteger(hours) || hours < 1 || hours > 168)
    throw invalid([{ path: "hours", message: "Enter a number of hours from 1 to 168 (a week)." }]);
  const before = await powerDelay(current.tx, current.organisation.id);
  if (hours < before && (await mustAsk(current))) {
    const sentence = `Let requests take effect after ${hours} ${hours === 1 ? "hour" : "hours"} instead of ${before}`;
    await askPower(current, [{ deed: { kind: "delay", hours }, sentence, roles: [] }]);
    return;
  }
  await savePowerDelay(current.tx, current.organisation.id, hours);
  current.note({ kind: "delayChanged", detail: { before, after: hours } });
}

/**
 * Carries out what nobody answered in time. Returns how many were looked at; one that fails holds up no other. Without
 * `objections` all but publishes: those are for a process of the API, which knows what stands against them.
 */
export async function carryOutDue(world: World, objections?: Objections): Promise<number> {
  const now = await machineTime(world);
  await endPermissions(world.db, isoOf(now - PERMISSION_MS), isoOf(now));
  const due = await duePower(world.db, isoOf(now), objections !== undefined, 50);
  const decided = new Map<string, Decision[]>();
  for (const { id, organisation } of due)
    try {
      const decider = { identity: systemIdentity(organisation) };
      const decision = await decide(world, decider, id, objections, "unanswered");
      decided.set(organisation, [...(decided.get(organisation) ?? []), decision]);
    } catch (error) {
      if (error instanceof Undecided) continue;
      await retryPower(world.db, id, isoOf(now + RETRY_MS));
      world.log.error({ err: error, request: id }, "A request could not be carried out; it is tried again");
    }
  for (const [organisation, decisions] of decided)
    await tell(world, { identity: systemIdentity(organisation) }, decisions, "unanswered");
  return due.length;
}

function bounded(ids: string[]): string[] {
  const some = [...new Set(ids)];
  if (!some.length) throw invalid([{ path: "ids", message: "Choose a request." }]);
  if (some.length > MOST_AT_ONCE) throw invalid([{ path: "ids", message: `Choose ${MOST_AT_ONCE} requests at most.` }]);
  return some;
}

type How = "confirmed" | "unanswered";

async function decide(
  world: World,
  decider: Decider,
  id: string,
  objections: Objections | undefined,
  how: How,
): Promise<Decision> {
  try {
    return await runFor(world, decider, id, async (current) => {
      const request = await ready(current, id, how);
      const deed = JSON.parse(request.deed) as Deed;
      if (deed.kind === "publish") throw new Outside(request, deed);
      const state = await carryOut(current, request, deed);
      await record(current, request, how, state);
      return { id, state, why: null };
    });
  } catch (error) {
    if (error instanceof Outside && objections) return publish(world, decider, error, objections, how);
    return failed(world, decider, id, how, error);
  }
}

/** What cannot be done in the transaction of the decision: a publish makes tables, which commits. */
class Outside extends Error {
  constructor(
    readonly request: PowerRequestRow,
    readonly deed: Deed & { kind: "publish" },
  ) {
    super("It is carried out by itself.");
  }
}

async function publish(
  world: World,
  decider: Decider,
  { request, deed }: Outside,
  more: Objections,
  how: How,
): Promise<Decision> {
  const { id } = request;
  try {
    const { identity, origin } = decider;
    const asker = await runFor(world, decider, id, (current) => askerOf(current, request));
    // Decided in the transaction that puts it in force: stopped meanwhile, it is not.
    const within = async (publishing: Run): Promise<void> => {
      const deciding = { ...publishing, identity, actor: identity.actor };
      await record(deciding, await ready(deciding, id, how), how, "done");
    };
    const { definitions, inFlight, comment } = deed;
    await publishDefinitions(world, asker, definitions, {
      ...{ inFlight, comment, consent: { within } },
      objections: more,
      origin,
    });
    return { id, state: "done", why: null };
  } catch (error) {
    return failed(world, decider, id, how, error);
  }
}

/** Nothing was decided: it is not there, or not for this person to decide. */
class Undecided extends Failure {}

class NoRequest extends Undecided {
  constructor() {
    super("NOT_FOUND", "There is no such request, or it has been decided.");
  }
}

const requestsFault = new Set(["INVALID_INPUT", "NOT_FOUND", "WRONG_STATE", "BAD_DEFINITION", "FORBIDDEN", "STALE"]);

/** Says why it could not be done; what is not the request's fault is thrown on, and tried again. */
async function failed(world: World, decider: Decider, id: string, how: How, error: unknown): Promise<Decision> {
  if (error instanceof Undecided || !(error instanceof Failure) || !requestsFault.has(error.code)) throw error;
  const why = error.message;
  return runFor(world, decider, id, async (current) => {
    const request = await waiting(current, id);
    const by = how === "confirmed" ? personOf(current.actor) : null;
    await decidePower(current.tx, id, { state: "failed", by, at: isoOf(current.machineNow), why });
    current.note({ kind: "powerFailed", about: request.person, detail: { request: id, asked: request.kind } });
    return { id, state: "failed", why };
  });
}

/** Locked, and still waiting. @throws NoRequest. */
async function waiting(current: Run, id: string): Promise<PowerRequestRow> {
  const request = await lockPowerRequest(current.tx, id);
  if (!request || (request.state !== "waiting" && request.state !== "approved")) throw new NoRequest();
  return request;
}

async function ready(current: Run, id: string, how: How): Promise<PowerRequestRow> {
  const request = await waiting(current, id);
  if (request.state !== "waiting") throw new NoRequest();
  if (how === "confirmed") await mayConfirmOr(current, request);
  else if (Date.parse(request.effectiveAt) > current.machineNow) throw new NoRequest();
  return request;
}

/** @throws FORBIDDEN with the reason, NOT_FOUND for whom it does not concern. */
async function mayConfirmOr(current: Run, request: PowerRequestRow): Promise<void> {
  const me = personOf(current.actor);
  if (me === null || current.actor.kind !== "person")
    throw new Undecided("FORBIDDEN", "Sign in yourself to confirm a request.");
  if (!(await isAmong(current, request, confirmingRoles(current.registry)))) throw new NoRequest();
  if (request.askedBy === me)
    throw new Undecided("FORBIDDEN", "Somebody else must confirm this: you asked for it yourself.");
  if (request.person === me && (request.kind === "role" || request.kind === "return"))
    throw new Undecided("FORBIDDEN", "Somebody else must confirm this: it gives power to you.");
}

const mayStop = async (current: Run, request: PowerRequestRow): Promise<boolean> =>
  request.person === personOf(current.actor) ||
  request.askedBy === personOf(current.actor) ||
  (await isAmong(current, request, [...confirmingRoles(current.registry), ...request.roles]));

/** Does the acting person hold one of these roles where the request is, or above it? Asked of the database. */
async function isAmong(current: Run, request: PowerRequestRow, roles: string[]): Promise<boolean> {
  const me = personOf(current.actor);
  if (me === null) return false;
  const organisations = await organisationsOf(current.tx, request.organisation, [request.kind]);
  return (await holdersOfRoles(current.tx, { organisations, roles, on: current.today, only: me, limit: 1 })).length > 0;
}

/** Whoever asked, in the rights they have now. @throws WRONG_STATE where they administer no longer. */
async function askerOf(current: Run, request: PowerRequestRow): Promise<Identity> {
  const [person] = await peopleByIds(current.tx, [request.askedBy]);
  const held = await heldBy(current.tx, request.askedBy, current.today);
  const administering = current.registry.roles.filter(({ administers }) => administers).map(({ name }) => name);
  const here = held.filter(({ organisation }) => organisation === request.organisation);
  if (!person?.active || !here.some(({ role }) => administering.includes(role)))
    throw new Failure("WRONG_STATE", "Whoever asked for it no longer administers the school.");
  const all = await allOrganisations(current.tx);
  const acting = all.find(({ id }) => id === request.organisation);
  if (!acting) throw new Failure("WRONG_STATE", "The school is no longer there.");
  return {
    actor: { kind: "person", id: person.id, name: person.name },
    access: accessIn(person.id, acting, all, held),
    administers: true,
  };
}

/** Runs the verb as whoever asked, in this transaction: all of its rules are asked again. */
async function carryOut(current: Run, request: PowerRequestRow, deed: Deed): Promise<PowerRequestRow["state"]> {
  const identity = await askerOf(current, request);
  const asAsker: Run = {
    ...current,
    identity,
    actor: identity.actor,
    approved: request.id,
    note: (event) =>
      current.note({
        actor: securityActor(identity.actor),
        ...event,
        detail: { ...event.detail, request: request.id },
      }),
  };
  switch (deed.kind) {
    case "role":
      await appoint(asAsker, deed.from < asAsker.today ? { ...deed, from: asAsker.today } : deed);
      return "done";
    case "end":
      await endAppointment(asAsker, { id: deed.appointment, on: deed.on });
      return "done";
    case "address":
    case "return":
    case "leave": {
      const before = await detailsOf(asAsker.tx, deed.person);
      const email = deed.kind === "address" ? deed.email : before.email;
      const active = deed.kind === "address" ? null : deed.kind === "return";
      await updatePerson(asAsker, { id: deed.person, name: before.name, email, active });
      return "done";
    }
    case "link": {
      const { email } = await detailsOf(asAsker.tx, deed.person);
      if (deed.email !== undefined && deed.email !== email)
        throw new Failure("WRONG_STATE", "Their address has changed since this was asked for. Ask for another link.");
      // Where no email leaves, the link is for whoever asked: they are shown it when they ask again.
      if (await whyNotNow(asAsker.tx, current.world.config, email)) return "approved";
      await makeSignInLinks(asAsker, [deed.person]);
      return "done";
    }
    case "setting":
      await setSetting(asAsker, deed);
      return "done";
    case "delay":
      await setPowerDelay(asAsker, deed.hours);
      return "done";
    case "publish":
      throw new Error("A publish is carried out by itself.");
  }
}

async function detailsOf(tx: Tx, person: string): Promise<{ name: string; email: string | null }> {
  const [row] = await tx.query("SELECT name, email FROM person WHERE id = ? FOR UPDATE", [person]);
  if (!row) throw new Failure("NOT_FOUND", "There is no such person.");
  return { name: String(row["name"]), email: textOrNull(row["email"]) };
}

async function record(
  current: Run,
  request: PowerRequestRow,
  how: How,
  state: PowerRequestRow["state"],
): Promise<void> {
  const by = how === "confirmed" ? personOf(current.actor) : null;
  await decidePower(current.tx, request.id, { state, by, at: isoOf(current.machineNow) });
  const kind = how === "confirmed" ? "powerConfirmed" : "powerTookEffect";
  current.note({
    kind,
    about: request.person,
    detail: { request: request.id, asked: request.kind },
    actor: securityActor(current.actor),
  });
}

/** Whoever decided knows. */
async function seen(current: Run, id: string): Promise<void> {
  const me = personOf(current.actor);
  if (me !== null) await markPowerSeen(current.tx, me, [id]);
}
