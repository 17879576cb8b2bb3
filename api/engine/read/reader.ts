/** Reads outside a transaction, as one identity at one moment of school time. */
import type { Literal, RecordType } from "../../../schema/definition";
import { Failure } from "../../../schema/failure";
import type { RowScope } from "../../store/conditionSql";
import type { Database, Sql } from "../../store/database";
import type { PublishedType, Registry } from "../../store/definitions";
import { settingsOf } from "../../store/facts";
import { Looks } from "../../store/looks";
import { type OrganisationFacts, organisationFacts } from "../../store/organisations";
import type { Viewer } from "../../store/visibility";
import { dateIn, type Identity } from "../access";
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

type Settings = Record<string, Literal | Literal[]>;

/** A reader; a promise of one only where some grant's condition reads a setting, which is rare. */
export function readerFor(world: World, identity: Identity, clockOffsetMs: number): Reader | Promise<Reader> {
  const now = world.machineNow() + clockOffsetMs;
  const today = todayIn(identity.acting.zone, now);
  const { registry } = world;
  const plain: RowScope = { today, actor: identity.person.id };
  const reader = (settings: Map<string, Settings>): Reader => ({
    world,
    db: world.db,
    identity,
    registry,
    access: identity.access,
    looks: new Looks(),
    now,
    today,
    scopeOf: (type) => {
      const own = settings.get(type);
      return own ? { ...plain, settings: own } : plain;
    },
  });
  if (typesWithSettings(registry).length === 0) return reader(none);
  return organisationFacts(world.db, identity.acting.id)
    .then(({ organisation }) => (organisation ? grantSettings(world.db, registry, organisation, today) : none))
    .then(reader);
}

const none = new Map<string, Settings>();
const needingSettings = new WeakMap<Registry, RecordType[]>();

function typesWithSettings(registry: Registry): RecordType[] {
  let found = needingSettings.get(registry);
  if (!found) {
    found = [...registry.types.values()]
      .map(({ active }) => active.type)
      .filter((type) => JSON.stringify(type.grants).includes('"setting"'));
    needingSettings.set(registry, found);
  }
  return found;
}

/** The figures that conditions of grants may read, by type. */
export async function grantSettings(
  sql: Sql,
  registry: Registry,
  organisation: OrganisationFacts,
  today: string,
): Promise<Map<string, Settings>> {
  const settings = new Map<string, Settings>();
  for (const type of typesWithSettings(registry))
    settings.set(type.name, await settingsOf(sql, organisation, type, today));
  return settings;
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
