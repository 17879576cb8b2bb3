/**
 * A pack meets a school's own changes. Each type of the pack's new version is merged with what is in force (three ways,
 * `schema/mergeDefinitions.ts`); a part that then does not check, or whose table cannot be made, stays as it is in force,
 * and is kept as a clash for an administrator. Nothing here refuses to start an installation that has a school.
 */
import { checkDefinition } from "../../schema/check";
import { reportProblems } from "../../schema/checkReports";
import type { Pack, RecordType, Report } from "../../schema/definition";
import { Failure, type Problem } from "../../schema/failure";
import { type Clash, elementAround, mergeDefinitions, partAt, withPart } from "../../schema/mergeDefinitions";
import { canonicalJson } from "../../schema/text";
import { loadRegistry, type Registry, savePack, typesInForce } from "../store/definitions";
import { withLease } from "../store/lease";
import { type NewClash, openClashes, packTypes, saveClash, savePackType, settleClash } from "../store/packTypes";
import { checkContext, problemKey } from "./checkPublish";
import { Overtaken, type Published, publishTypes, tableRefusal } from "./publishDefinition";
import { type Identity, run } from "./run";
import type { World } from "./world";

/** The types as they are to be put in force, and what of the pack could not be taken. */
interface Plan {
  pack: Pack;
  bases: Map<string, RecordType>;
  /** In force before; absent for a type that is new. */
  ours: Map<string, RecordType>;
  theirs: Map<string, RecordType>;
  next: Map<string, RecordType>;
  clashes: NewClash[];
  /** Names that the school gave a type of its own: the pack's type of that name has no part in it. */
  foreign: Set<string>;
  /** Parts put back because of a problem: the base of these is not moved on, so that the next start tries again. */
  putBack: { type: string; path: string }[];
}

/** Publishes what is new or changed of a pack, with its roles: at every start, by the system. */
export async function publishPack(world: World, identity: Identity, pack: Pack): Promise<Published[]> {
  return withLease(world, "pack", async () => {
    await world.db.transaction((tx) => savePack(tx, pack));
    world.registry = await loadRegistry(world.db);
    await applyTables(world);
    const { plan, published } = await putInForce(world, identity, pack);
    await run(world, identity, async ({ tx, nowIso, newId }) => {
      for (const [name, type] of plan.theirs)
        if (!plan.foreign.has(name)) await savePackType(tx, baseOf(plan, name, type));
      for (const clash of plan.clashes) await saveClash(tx, newId(), clash, nowIso);
      for (const { id, type, path, theirs } of await openClashes(tx)) {
        const [mine, packs] = [plan.next.get(type), plan.theirs.get(type)];
        if (!packs) continue;
        const now = partAt(packs, path);
        // The two no longer differ, or the pack has gone on: what it says now was compared above.
        if (!same(theirs, now) || (mine && same(partAt(mine, path), now)))
          await settleClash(tx, id, { at: nowIso, by: null, outcome: "gone" });
      }
    });
    await keepReports(world, plan);
    if (plan.clashes.length)
      world.log.warn(
        { clashes: plan.clashes.map(({ type, path, reason }) => ({ type, path, reason })) },
        "Parts of the pack's new version were not taken: an administrator chooses under Settings, Changes in the new version",
      );
    return published;
  });
}

/** Plans and publishes; once more where the school publishes something in between. */
async function putInForce(
  world: World,
  identity: Identity,
  pack: Pack,
): Promise<{ plan: Plan; published: Published[] }> {
  for (;;) {
    const { edition } = world.registry;
    const plan = await planOf(world, pack);
    settle(world, plan);
    // Where no school can be kept from starting, publishTypes makes the tables, once.
    for (const [name, type] of plan.ours.size ? plan.next : []) {
      if (same(type, plan.ours.get(name))) continue;
      const refused = await tableRefusal(world, type);
      if (!refused) continue;
      putBack(plan, name, "", refused.message);
      settle(world, plan);
    }
    try {
      return {
        plan,
        published: await publishTypes(world, identity, [...plan.next.values()], { edition, consent: "pack" }),
      };
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
}

/** What this version of Duly wants of every table (an index, say) needs no publish. One that fails is logged and left. */
async function applyTables(world: World): Promise<void> {
  for (const { active } of world.registry.types.values()) {
    const refused = await tableRefusal(world, active.type);
    if (refused) world.log.error({ type: active.type.name }, refused.message);
  }
}

async function planOf(world: World, pack: Pack): Promise<Plan> {
  const theirs = new Map(pack.types.map((type) => [type.name, JSON.parse(JSON.stringify(type)) as RecordType]));
  const ours = new Map([...world.registry.types].map(([name, { active }]) => [name, active.type]));
  const plan: Plan = {
    pack,
    bases: await packTypes(world.db),
    ours,
    theirs,
    next: new Map(),
    clashes: [],
    foreign: new Set(),
    putBack: [],
  };
  for (const [name, type] of theirs) {
    const [base, mine] = [plan.bases.get(name), ours.get(name)];
    if (!mine) plan.next.set(name, type);
    // A type of the school's own that happens to be called as a new one of the pack: the two are nothing to each other.
    else if (!base) takeNothing(plan, name, mine, type);
    else {
      const { merged, clashes } = mergeDefinitions(base, mine, type);
      plan.next.set(name, merged);
      plan.clashes.push(...clashes.map((clash: Clash) => ({ ...clash, type: name, reason: null })));
    }
  }
  return plan;
}

function takeNothing(plan: Plan, name: string, mine: RecordType, type: RecordType): void {
  plan.next.set(name, mine);
  plan.foreign.add(name);
  if (!same(mine, type))
    plan.clashes.push({
      ...{ type: name, path: "", base: undefined, ours: mine as never, theirs: type as never },
      reason: "The school has a record type of this name.",
    });
}

/** Puts back, part by part, what does not check, until nothing new is wrong. */
function settle(world: World, plan: Plan): void {
  if ([...plan.next].every(([name, type]) => same(type, plan.ours.get(name)))) return;
  const before = new Map<string, Set<string>>();
  for (;;) {
    const wrong = firstProblem(world, plan, before);
    if (!wrong) return;
    if (!plan.ours.size) {
      const said = allProblems(world.registry, plan).map(({ path, message }) => `${path}: ${message}`);
      throw new Failure("BAD_DEFINITION", ["The pack has problems.", ...said].join("\n"));
    }
    const { type, path, message } = wrong;
    const changed = !same(plan.next.get(type), plan.ours.get(type));
    const element = elementAround(path);
    const [now, mine] = [plan.next.get(type), plan.ours.get(type)];
    if (changed && now && mine && !same(partAt(now, element), partAt(mine, element)))
      putBack(plan, type, element, message);
    else if (changed && !dependsOnOthers(world, plan, type, message)) putBack(plan, type, "", message);
    else putBackCause(world, plan, type, message);
  }
}

/** Whether the problem would be there with only this type changed: then it is its own. */
function dependsOnOthers(world: World, plan: Plan, type: string, message: string): boolean {
  const alone: Plan = { ...plan, next: new Map([...plan.ours, ...one(plan.next, type)]) };
  return !problemsOf(world.registry, alone, type).some((problem) => problem.message === message);
}

const one = (types: Map<string, RecordType>, name: string): [string, RecordType][] => {
  const type = types.get(name);
  return type ? [[name, type]] : [];
};

/** The change of another type broke this one: that other type stays as it was, or all of them where none did it alone. */
function putBackCause(world: World, plan: Plan, type: string, message: string): void {
  const others = [...plan.next.keys()].filter(
    (name) => name !== type && !same(plan.next.get(name), plan.ours.get(name)),
  );
  const why = `${plan.ours.get(type)?.label ?? type}: ${message}`;
  for (const name of others) {
    const without: Plan = { ...plan, next: new Map(plan.next) };
    restore(without, name);
    if (problemsOf(world.registry, without, type).some((problem) => problem.message === message)) continue;
    return putBack(plan, name, "", why);
  }
  for (const name of [...others, type]) putBack(plan, name, "", why);
}

function restore({ next, ours }: Plan, name: string): void {
  const mine = ours.get(name);
  if (mine) next.set(name, mine);
  else next.delete(name);
}

function putBack(plan: Plan, name: string, path: string, reason: string): void {
  const [now, mine] = [plan.next.get(name), plan.ours.get(name)];
  const [base, theirs] = [plan.bases.get(name), plan.theirs.get(name)];
  const inside = (each: { type: string; path: string }) =>
    each.type === name && (path === "" || each.path === path || each.path.startsWith(`${path}.`));
  plan.clashes = plan.clashes.filter((clash) => !inside(clash));
  if (path === "" || !now || !mine) restore(plan, name);
  else plan.next.set(name, withPart(now, path, partAt(mine, path)));
  plan.putBack.push({ type: name, path });
  plan.clashes.push({
    type: name,
    path,
    base: base && partAt(base, path),
    ours: mine && partAt(mine, path),
    theirs: theirs && partAt(theirs, path),
    reason,
  });
}

/** What the pack says now, but for the parts that could not be taken: those it will say anew at the next start. */
function baseOf({ bases, putBack }: Plan, name: string, theirs: RecordType): RecordType {
  let next = theirs;
  const base = bases.get(name);
  for (const { type, path } of putBack) {
    if (type !== name) continue;
    if (path === "") return base ?? theirs;
    next = withPart(next, path, base && partAt(base, path));
  }
  return next;
}

const typesOf = ({ ours, next }: Plan): RecordType[] => [...new Map([...ours, ...next]).values()];

function problemsOf(registry: Registry, plan: Plan, name: string): Problem[] {
  const type = plan.next.get(name) ?? plan.ours.get(name);
  if (!type) return [];
  return checkDefinition(type, checkContext(registry, name, typesOf(plan))).problems;
}

const allProblems = (registry: Registry, plan: Plan): Problem[] =>
  typesOf(plan).flatMap(({ name }) =>
    problemsOf(registry, plan, name).map(({ path, message }) => ({ path: `${name}.${path}`, message })),
  );

/** The first problem that what is in force does not have already: what runs goes on, whatever a new check thinks of it. */
function firstProblem(
  { registry }: World,
  plan: Plan,
  before: Map<string, Set<string>>,
): (Problem & { type: string }) | undefined {
  const inForce: Plan = { ...plan, next: plan.ours };
  for (const { name } of typesOf(plan)) {
    const problems = problemsOf(registry, plan, name);
    if (!problems.length) continue;
    let known = before.get(name);
    if (!known) {
      known = new Set(problemsOf(registry, inForce, name).map(problemKey));
      before.set(name, known);
    }
    const found = problems.find((problem) => !known.has(problemKey(problem)));
    if (found) return { ...found, type: name };
  }
  return undefined;
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));

/** A report that does not fit the types in force is left out until it does. */
async function keepReports(world: World, { pack, ours }: Plan): Promise<void> {
  const { registry } = world;
  const context = { roles: registry.roles, types: typesInForce(registry) };
  const problems = reportProblems(pack.reports, context);
  if (!problems.length) return;
  if (!ours.size) throw new Failure("BAD_DEFINITION", "The pack's reports have problems.", problems);
  const fits = (report: Report) => !reportProblems([report], context).length;
  const kept = pack.reports?.filter(fits);
  await world.db.transaction((tx) => savePack(tx, { ...pack, ...(kept && { reports: kept }) }));
  world.registry = await loadRegistry(world.db);
  world.log.warn(
    { reports: problems.map(({ path }) => path) },
    "Reports of the pack do not fit the school's own definitions and are left out",
  );
}
