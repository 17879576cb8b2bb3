/** Reads outside a transaction, as one identity at one moment of school time. */
import { Failure } from "../../../schema/failure";
import type { Database } from "../../store/database";
import type { PublishedType, Registry } from "../../store/definitions";
import { Looks } from "../../store/looks";
import { organisationFacts } from "../../store/organisations";
import { scopeIn, type ScopeFor } from "../../store/scopeIn";
import type { Viewer } from "../../store/visibility";
import { dateIn, type Identity } from "../access";
import type { EditionsRow } from "../editions";
import type { Asked } from "../viewLog";
import type { World } from "../world";

export interface Reader extends Viewer {
  world: World;
  db: Database;
  identity: Identity;
  looks: Looks;
  /** School time, epoch ms, and the date in the acting organisation. */
  now: number;
  today: string;
}

/** A reader; a promise of one only where something has come into force since the last, or a day has begun. */
export function readerFor(
  world: World,
  identity: Identity,
  { clockOffsetMs, inForce }: Pick<EditionsRow, "clockOffsetMs" | "inForce">,
): Reader | Promise<Reader> {
  const now = world.machineNow() + clockOffsetMs;
  const today = todayIn(identity.acting.zone, now);
  const { registry } = world;
  const reader = (scopeFor: ScopeFor): Reader => ({
    world,
    db: world.db,
    identity,
    registry,
    access: identity.access,
    looks: new Looks(),
    now,
    today,
    scopeOf: scopeFor(identity.person.id),
  });
  const { id } = identity.acting;
  const known = scopes.get(registry) ?? new Map<string, Scoped>();
  scopes.set(registry, known);
  const found = known.get(id);
  if (found?.inForce === inForce && found.today === today) return reader(found.scopeFor);
  return scopeNow(world, id, today).then((scopeFor) => {
    known.set(id, { inForce, today, scopeFor });
    return reader(scopeFor);
  });
}

interface Scoped {
  inForce: number;
  today: string;
  scopeFor: ScopeFor;
}

/** By organisation, for as long as what is in force stands. */
const scopes = new WeakMap<Registry, Map<string, Scoped>>();

async function scopeNow({ db, registry }: World, id: string, today: string): Promise<ScopeFor> {
  const { organisation } = await organisationFacts(db, id);
  if (!organisation) throw new Failure("NOT_FOUND", "There is no such organisation.");
  return scopeIn(db, registry, organisation, today);
}

/** The date does not change within a second, and Temporal is slow to say it. */
const dates = new Map<string, { second: number; date: string }>();

function todayIn(zone: string, now: number): string {
  const second = Math.floor(now / 1000);
  const known = dates.get(zone);
  if (known?.second === second) return known.date;
  const date = dateIn(zone, now);
  dates.set(zone, { second, date });
  return date;
}

/** @throws NOT_FOUND for a type that was never published. */
export function publishedType(reader: Viewer, type: string): PublishedType {
  const versions = reader.registry.types.get(type);
  if (!versions) throw new Failure("NOT_FOUND", `There is no record type “${type}”.`);
  return versions.active;
}

/** Writes what this reader has read. @throws UNAVAILABLE where it cannot be written: then nothing may be answered. */
export async function recordLooks({ world, looks, identity, now }: Reader, asked: Asked): Promise<void> {
  const { person, actor, acting } = identity;
  await world.views.write(looks, { person: person.id, organisation: acting.id, actor: actor.kind, at: now }, asked);
}
