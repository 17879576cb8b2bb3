/**
 * Publishing: (1) the version is inserted as *preparing*; (2) its table is made or extended by additive DDL under a
 * lease, since DDL commits what is open; (3) one transaction activates it and moves what follows from it.
 */
import { checkDefinition, type CheckContext } from "../../schema/check";
import type { RecordType, Role } from "../../schema/definition";
import { Failure, type Problem } from "../../schema/failure";
import {
  activate,
  definitionHash,
  insertPreparing,
  loadRegistry,
  type Registry,
  saveRoles,
} from "../store/definitions";
import { marks } from "../store/database";
import { withLease } from "../store/lease";
import { applyTable, tableName } from "../store/recordTable";
import { type Identity, mustAdminister, run } from "./run";
import { rederive } from "./rederive";
import type { World } from "./world";

/** What becomes of records in flight: they stay on their version, or move to the new one where their state exists there. */
export type InFlight = "STAY" | "MOVE";

export interface Published {
  type: string;
  version: number;
  /** The edition of all definitions: a request naming it is answered with this schema. */
  schemaVersion: number;
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
  const further = more(type);
  return further.length ? { problems: further } : { type, problems: [] };
}

/** @throws FORBIDDEN, BAD_DEFINITION with every problem, UNAVAILABLE where another publish is under way. */
export async function publishDefinition(
  world: World,
  identity: Identity,
  input: { json: unknown; inFlight?: InFlight; more?: (type: RecordType) => Problem[] },
): Promise<Published> {
  mustAdminister({ identity });
  const { type, problems } = definitionProblems(world, input.json, input.more);
  if (!type) throw new Failure("BAD_DEFINITION", `The definition has ${problems.length} problem(s).`, problems);
  return withLease(world, "publish", async () => {
    const active = world.registry.types.get(type.name)?.active;
    if (active && active.hash === definitionHash(type))
      return { type: type.name, version: active.version, schemaVersion: world.registry.edition };
    const prepared = await run(world, identity, ({ tx, actor, nowIso }) =>
      insertPreparing(tx, type, actor.kind === "person" ? actor.id : null, nowIso),
    );
    await applyTable(world.db, type);
    const edition = await run(world, identity, async (current) => {
      const schemaVersion = await activate(current.tx, type.name, prepared.version);
      current.registry = await loadRegistry(current.tx);
      const states = Object.keys(type.states);
      if (input.inFlight === "MOVE")
        await current.tx.execute(
          `UPDATE ${tableName(type.name)} SET definition_version = ? WHERE state IN (${marks(states.length)})`,
          [prepared.version, ...states],
        );
      await rederive(current, { organisation: null, type: type.name, reason: "its rules were published anew" });
      return schemaVersion;
    });
    world.registry = await loadRegistry(world.db);
    world.announce("definitions");
    return { type: type.name, version: prepared.version, schemaVersion: edition };
  });
}

/** Publishes what is new or changed of a pack, with its roles: at every start, by the system. */
export async function publishPack(
  world: World,
  identity: Identity,
  pack: { roles: Role[]; types: RecordType[] },
): Promise<Published[]> {
  await world.db.transaction((tx) => saveRoles(tx, pack.roles));
  world.registry = await loadRegistry(world.db);
  const published: Published[] = [];
  for (const type of pack.types)
    published.push(await publishDefinition(world, identity, { json: JSON.parse(JSON.stringify(type)) as unknown }));
  // What this version of Duly wants of every table (an index, say) needs no publish.
  for (const { active } of world.registry.types.values()) await applyTable(world.db, active.type);
  return published;
}
