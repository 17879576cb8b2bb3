/**
 * Publishing: (1) the version is inserted as *preparing*; (2) its table is made or extended by additive DDL under a
 * lease, since DDL commits what is open; (3) one transaction activates it and moves what follows from it.
 */
import { checkDefinition, type CheckContext } from "../../schema/check";
import { reportProblems } from "../../schema/checkReports";
import type { RecordType, Role } from "../../schema/definition";
import { Failure, type Problem } from "../../schema/failure";
import { opened } from "../../schema/power";
import { activate, definitionHash, insertPreparing, loadRegistry, type Registry } from "../store/definitions";
import { marks } from "../store/database";
import { withLease } from "../store/lease";
import type { PowerRequestRow } from "../store/powerRequests";
import { applyTable, tableName } from "../store/recordTable";
import { layDuties } from "./duties";
import { askPower, mustAsk } from "./power";
import { type Identity, mustAdminister, run, type Run } from "./run";
import { rederive } from "./rederive";
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

export const checkContext = (registry: Registry, name: string | undefined, roles: Role[] = []): CheckContext => {
  const previous = name === undefined ? undefined : registry.types.get(name)?.active.type;
  return {
    roles: [...registry.roles, ...roles],
    types: [...registry.types.values()].map(({ active }) => active.type),
    ...(previous ? { previous } : {}),
  };
};

const nameOf = (json: unknown): string | undefined =>
  typeof json === "object" && json !== null && "name" in json && typeof json.name === "string" ? json.name : undefined;

/** What is wrong with a definition, before anything is stored. `more` is asked too: the API's own objections. */
export function definitionProblems(
  world: World,
  json: unknown,
  more: (type: RecordType) => Problem[] = () => [],
): { type?: RecordType; problems: Problem[] } {
  const { type, problems } = checkDefinition(json, checkContext(world.registry, nameOf(json)));
  if (!type || problems.length) return { problems };
  const further = [...more(type), ...brokenReports(world.registry, type)];
  return further.length ? { problems: further } : { type, problems: [] };
}

/** What a type published anew would take from the reports of the packs. */
const brokenReports = (registry: Registry, type: RecordType): Problem[] => {
  const context = { roles: registry.roles, types: [...typesBeside(registry, [type]), type] };
  return registry.packs.flatMap(({ reports }) => reportProblems(reports, context));
};

/** Those in force that are not among these. */
const typesBeside = ({ types }: Registry, these: RecordType[]): RecordType[] =>
  [...types.values()].map(({ active }) => active.type).filter(({ name }) => !these.some((one) => one.name === name));

/** @throws FORBIDDEN, BAD_DEFINITION with every problem, UNAVAILABLE where another publish is under way. */
export async function publishDefinition(
  world: World,
  identity: Identity,
  input: {
    json: unknown;
    inFlight?: InFlight;
    more?: (type: RecordType) => Problem[];
    /** The request that this carries out, and what is written with it. */
    approved?: { request: string; within: (run: Run) => Promise<void> };
  },
): Promise<Published> {
  mustAdminister({ identity });
  const { type, problems } = definitionProblems(world, input.json, input.more);
  if (!type) throw new Failure("BAD_DEFINITION", `The definition has ${problems.length} problem(s).`, problems);
  const waits = input.approved ? undefined : await run(world, identity, (current) => askToOpen(current, type, input));
  if (waits) {
    const version = world.registry.types.get(type.name)?.active.version ?? 0;
    return { type: type.name, version, schemaVersion: world.registry.edition, waits };
  }
  const [published] = await publishTypes(world, identity, [type], {
    ...(input.inFlight && { inFlight: input.inFlight }),
    ...(input.approved && { within: input.approved.within }),
  });
  if (!published) throw new Error("Nothing was published.");
  return published;
}

/** What would open confidential records waits for a second person. Undefined where it opens none. */
async function askToOpen(
  current: Run,
  type: RecordType,
  { json, inFlight = "STAY" }: { json: unknown; inFlight?: InFlight },
): Promise<PowerRequestRow | undefined> {
  const { registry } = current;
  const opens = opened(registry.types.get(type.name)?.active.type, type, registry.roles);
  if (!opens || !(await mustAsk(current))) return undefined;
  const { roles, sentence } = opens;
  const [request] = await askPower(current, [{ deed: { kind: "publish", json, inFlight }, sentence, roles }]);
  return request;
}

/** Thrown where something was published between what was checked and its turn: it must be looked at again. */
export class Overtaken extends Error {}

/**
 * Checked types: those that differ from what is in force are prepared, get their tables, and are activated at once.
 * `edition`: that of the definitions they were checked against. @throws Overtaken where it is another by now.
 */
export async function publishTypes(
  world: World,
  identity: Identity,
  types: RecordType[],
  {
    inFlight = "STAY",
    edition,
    within = () => Promise.resolve(),
  }: { inFlight?: InFlight; edition?: number; within?: (run: Run) => Promise<void> } = {},
): Promise<Published[]> {
  return withLease(world, "publish", async () => {
    if (edition !== undefined) {
      world.registry = await loadRegistry(world.db);
      if (world.registry.edition !== edition) throw new Overtaken("The definitions have changed meanwhile.");
    }
    const versions = new Map<string, number>();
    const fresh = types.filter((type) => {
      const active = world.registry.types.get(type.name)?.active;
      if (active?.hash !== definitionHash(type)) return true;
      versions.set(type.name, active.version);
      return false;
    });
    if (fresh.length) {
      await run(world, identity, async ({ tx, actor, nowIso }) => {
        const by = actor.kind === "person" ? actor.id : null;
        for (const type of fresh) versions.set(type.name, (await insertPreparing(tx, type, by, nowIso)).version);
      });
      for (const type of fresh) await applyTable(world.db, type);
      await run(world, identity, async (current) => {
        await within(current);
        await activateAll(current, fresh, versions, inFlight);
      });
      world.registry = await loadRegistry(world.db);
      world.announce("definitions");
    } else await run(world, identity, within);
    const schemaVersion = world.registry.edition;
    return types.map(({ name }) => ({ type: name, version: versions.get(name) ?? 0, schemaVersion }));
  });
}

async function activateAll(
  current: Run,
  types: RecordType[],
  versions: Map<string, number>,
  inFlight: InFlight,
): Promise<void> {
  const known = new Set(current.registry.types.keys());
  for (const type of types) {
    const before = current.registry.types.get(type.name)?.active.type;
    const opens = opened(before, type, current.registry.roles);
    const detail = { type: type.name, version: versions.get(type.name) ?? 0, ...(opens && { opens: opens.sentence }) };
    current.note({ kind: "definitionPublished", detail });
    await activate(current.tx, type.name, detail.version);
  }
  current.registry = await loadRegistry(current.tx);
  for (const { name, pluralLabel, states } of types) {
    const named = Object.keys(states);
    if (inFlight === "MOVE")
      await current.tx.execute(
        `UPDATE ${tableName(name)} SET definition_version = ? WHERE state IN (${marks(named.length)})`,
        [versions.get(name) ?? 0, ...named],
      );
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
