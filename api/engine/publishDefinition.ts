/**
 * Publishing: (1) the version is inserted as *preparing*; (2) its table is made or extended by additive DDL under a
 * lease, since DDL commits what is open; (3) one transaction activates it and moves what follows from it.
 */
import type { RecordType } from "../../schema/definition";
import { Failure, invalid } from "../../schema/failure";
import { type Editions, opened } from "../../schema/power";
import {
  activate,
  COMMENT_LENGTH,
  definitionHash,
  insertPreparing,
  loadRegistry,
  type Registry,
  typesByName,
} from "../store/definitions";
import { marks } from "../store/database";
import { withLease } from "../store/lease";
import type { PowerRequestRow } from "../store/powerRequests";
import { applyTable, tableName } from "../store/recordTable";
import { asProblems, badDefinition, checkTogether, type Objections } from "./checkPublish";
import { layDuties } from "./duties";
import { changeInForce } from "./inForce";
import { askPower, mustAsk } from "./power";
import { type Identity, mustAdministerAll, run, type Run } from "./run";
import { rederive } from "./rederive";
import type { Origin } from "./securityLog";
import type { World } from "./world";

/** What becomes of records in flight: they stay on their version, or move to the new one where their state exists there. */
export type InFlight = "STAY" | "MOVE";

export interface Published {
  type: string;
  /** That in force: still the one before where the publish waits for a second person. */
  version: number;
  /** The edition of all definitions: a request naming it is answered with this schema. */
  schemaVersion: number;
  /** What it waits for: see power.ts. */
  waits?: PowerRequestRow;
}

/** A definition from anywhere. `expectedVersion`: the version in force that it was made from; 0 for none. */
export interface NewDefinition {
  json: unknown;
  expectedVersion?: number | null;
}

export interface Publishing {
  inFlight?: InFlight;
  /** Why, in the words of whoever publishes. */
  comment?: string | null;
  objections?: Objections;
  lenient?: boolean;
  consent?: Consent;
  /** Where it came from, for the security log. */
  origin?: Origin;
}

/** Why nobody else need agree to a publish; `undefined` asks where it opens confidential records. */
export type Consent =
  /** The pack, as it is shipped: whoever runs the installation puts it in force. */
  | "pack"
  /** A second person confirmed it, or it waited long enough: `within` decides that in the transaction that puts it in force. */
  | { within: (run: Run) => Promise<void> };

const mostTries = 5;

/**
 * Checks several types as one set and puts them in force at once, or none of them.
 * @throws FORBIDDEN, BAD_DEFINITION with every problem, STALE where another version is in force than was expected,
 * INVALID_INPUT for a comment that is too long, UNAVAILABLE where another publish is under way.
 */
export async function publishDefinitions(
  world: World,
  identity: Identity,
  definitions: NewDefinition[],
  { objections, lenient = false, ...publishing }: Publishing = {},
): Promise<Published[]> {
  await run(world, identity, mustAdministerAll);
  mustFit(publishing.comment);
  const jsons = definitions.map(({ json }) => json);
  for (let tries = 0; tries < mostTries; tries++) {
    const { registry } = world;
    const { types, problems } = await checkTogether(registry, jsons, { lenient, ...(objections && { objections }) });
    if (!types) throw badDefinition(asProblems(problems, jsons.length === 1 ? jsons[0] : undefined));
    for (const [i, type] of types.entries()) mustBeInForce(registry, type, definitions[i]?.expectedVersion);
    try {
      return await publishTypes(world, identity, types, { ...publishing, edition: registry.edition });
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  throw new Failure("UNAVAILABLE", "Others publish definitions just now. Try again in a moment.");
}

const inForceNow = ({ types, edition }: Registry, type: string): Published => ({
  type,
  version: types.get(type)?.active.version ?? 0,
  schemaVersion: edition,
});

const isInForce = ({ types }: Registry, type: RecordType): boolean =>
  types.get(type.name)?.active.hash === definitionHash(type);

function mustFit(comment: string | null = null): void {
  if (comment !== null && comment.length > COMMENT_LENGTH)
    throw invalid([{ path: "comment", message: `A comment can be up to ${COMMENT_LENGTH} characters.` }]);
}

function mustBeInForce(registry: Registry, type: RecordType, expected: number | null = null): void {
  const { name, label } = type;
  const { version } = inForceNow(registry, name);
  if (expected === null || expected === version) return;
  // Sent again after its answer was lost: it is in force already.
  if (isInForce(registry, type)) return;
  const now = version ? `Version ${version} of “${label}” is in force` : `“${label}” was never published`;
  throw new Failure(
    "STALE",
    `${now}, and this was made from version ${expected}. Look at what has changed, and make your change again.`,
    [{ path: name, message: `${now}.` }],
  );
}

/** One of them. @throws as `publishDefinitions`. */
export async function publishDefinition(
  world: World,
  identity: Identity,
  { json, expectedVersion = null, ...publishing }: NewDefinition & Publishing,
): Promise<Published> {
  const [published] = await publishDefinitions(world, identity, [{ json, expectedVersion }], publishing);
  if (!published) throw new Error("Nothing was published.");
  return published;
}

/**
 * What would open confidential records waits for a second person, with all of its set, made from what is in force now.
 * Undefined where nothing does.
 */
async function askToOpen(
  current: Run,
  types: RecordType[],
  { inFlight = "STAY", comment = null }: Publishing,
): Promise<PowerRequestRow | undefined> {
  const { registry } = current;
  const editions = editionsOf(registry, types);
  const opens = types.flatMap(({ name }) => opened(name, editions, registry.roles) ?? []);
  if (!opens.length || !(await mustAsk(current))) return undefined;
  const definitions = types.map((json) => ({ json, expectedVersion: inForceNow(registry, json.name).version }));
  const deed = { kind: "publish" as const, definitions, inFlight, comment };
  const sentence = opens.map((each) => each.sentence).join("; ");
  const roles = [...new Set(opens.flatMap((each) => each.roles))];
  const [request] = await askPower(current, [{ deed, sentence, roles }]);
  return request;
}

/** The types as they are in force, and as this set leaves them. */
function editionsOf(registry: Registry, types: RecordType[]): Editions {
  const before = typesByName(registry);
  return { before, after: new Map([...before, ...types.map((type): [string, RecordType] => [type.name, type])]) };
}

/** Thrown where something was published between what was checked and its turn: it must be looked at again. */
export class Overtaken extends Error {}

/**
 * Checked types: those that differ from what is in force are prepared, get their tables, and are activated at once. What
 * opens confidential records waits as one set, without `consent`.
 * `edition`: that of the definitions they were checked against. Whoever calls it has seen to it that `identity`
 * may. @throws Overtaken where it is another by now.
 */
export async function publishTypes(
  world: World,
  identity: Identity,
  types: RecordType[],
  {
    inFlight = "STAY",
    comment,
    edition,
    consent,
    origin,
  }: Omit<Publishing, "objections" | "lenient"> & { edition?: number } = {},
): Promise<Published[]> {
  const inOneRun = <T>(verb: (current: Run) => Promise<T>) => run(world, identity, verb, undefined, origin);
  return withLease(world, "publish", async () => {
    if (edition !== undefined) {
      world.registry = await loadRegistry(world.db);
      if (world.registry.edition !== edition) throw new Overtaken("The definitions have changed meanwhile.");
    }
    const versions = new Map<string, number>();
    const fresh = types.filter((type) => {
      if (!isInForce(world.registry, type)) return true;
      versions.set(type.name, inForceNow(world.registry, type.name).version);
      return false;
    });
    const within = async (current: Run): Promise<void> => {
      if (typeof consent === "object") await consent.within(current);
    };
    const waits = consent
      ? undefined
      : await inOneRun((current) => askToOpen(current, fresh, { inFlight, comment: comment ?? null }));
    if (waits) return types.map(({ name }) => ({ ...inForceNow(world.registry, name), waits }));
    if (fresh.length) {
      await inOneRun(async ({ tx, actor, nowIso }) => {
        const by = actor.kind === "person" ? actor.id : null;
        for (const type of fresh)
          versions.set(
            type.name,
            (await insertPreparing(tx, type, { by, at: nowIso, comment: comment?.trim() || null })).version,
          );
      });
      for (const type of fresh) await makeTable(world, type);
      await inOneRun(async (current) => {
        await within(current);
        await activateAll(current, fresh, versions, inFlight);
      });
      world.registry = await loadRegistry(world.db);
      world.announce("definitions");
    } else await inOneRun(within);
    const schemaVersion = world.registry.edition;
    return types.map(({ name }) => ({ type: name, version: versions.get(name) ?? 0, schemaVersion }));
  });
}

async function makeTable(world: World, type: RecordType): Promise<void> {
  const refused = await tableRefusal(world, type);
  if (refused) throw refused;
}

/** Undefined where the table stands. A database that is away is no refusal, and is thrown. */
export async function tableRefusal(world: World, type: RecordType): Promise<Failure | undefined> {
  try {
    await applyTable(world.db, type);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    const refused = typeof error === "object" && error !== null && "sqlState" in error && "errno" in error;
    if (!refused) throw error;
    const why = error.errno === 1062 ? "two records hold the same value where it would have to be unique" : undefined;
    return new Failure(
      "BAD_DEFINITION",
      `The table of “${type.label}” could not be changed: ${why ?? `the database answered with error ${String(error.errno)}`}.`,
    );
  }
}

async function activateAll(
  current: Run,
  types: RecordType[],
  versions: Map<string, number>,
  inFlight: InFlight,
): Promise<void> {
  const known = new Set(current.registry.types.keys());
  const added: string[] = [];
  const editions = editionsOf(current.registry, types);
  for (const type of types) {
    const before = editions.before.get(type.name);
    const opens = opened(type.name, editions, current.registry.roles);
    const version = versions.get(type.name) ?? 0;
    if (!before && !opens) added.push(type.name);
    else
      current.note({
        kind: "definitionPublished",
        detail: { type: type.name, version, ...(opens && { opens: opens.sentence }) },
      });
    await activate(current.tx, type.name, version);
  }
  // A pack brings dozens at once.
  if (added.length) current.note({ kind: "definitionPublished", detail: { types: added } });
  current.registry = await loadRegistry(current.tx);
  if (inFlight === "MOVE") {
    // All there are, which takes long; then, with nobody under way, those that have come meanwhile.
    await moveRecords(current, types, versions);
    await changeInForce(current);
    await moveRecords(current, types, versions);
  }
  for (const { name, pluralLabel } of types) {
    // A type without records has no clocks to move, only duties to lay.
    if (known.has(name))
      await rederive(current, {
        kind: "rules",
        organisation: null,
        type: name,
        reason: `the rules for “${pluralLabel}” changed`,
      });
    else await layDuties(current, name);
  }
}

/** Those in a state that the new version has. */
async function moveRecords({ tx }: Run, types: RecordType[], versions: Map<string, number>): Promise<void> {
  for (const { name, states } of types) {
    const [version, named] = [versions.get(name) ?? 0, Object.keys(states)];
    await tx.execute(
      `UPDATE ${tableName(name)} SET definition_version = ? WHERE definition_version <> ? AND state IN (${marks(named.length)})`,
      [version, version, ...named],
    );
  }
}
