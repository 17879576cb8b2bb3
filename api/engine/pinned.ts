/** The definition a record lives by: workflow of the version it is pinned to, everything else of the active one. */
import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import type { PublishedType, Registry } from "../store/definitions";

const merged = new WeakMap<PublishedType, WeakMap<PublishedType, RecordType>>();

/**
 * Pinned: states, actions with their forms, tasks, timers, triggers, rosters. Current: fields, rules, warnings, grants,
 * bars, labels, views, settings.
 */
export function pinnedType(registry: Registry, record: Pick<RecordData, "type" | "definitionVersion">): RecordType {
  const versions = activeType(registry, record.type);
  const pinned = versions.versions.get(record.definitionVersion) ?? versions.active;
  if (pinned === versions.active) return pinned.type;
  const known = merged.get(versions.active) ?? new WeakMap<PublishedType, RecordType>();
  merged.set(versions.active, known);
  let type = known.get(pinned);
  if (!type) {
    const { states, actions, tasks, timers, triggers, rosters, entries, notices, settings } = pinned.type;
    const active = versions.active.type;
    type = {
      ...active,
      states,
      actions,
      entries,
      tasks: tasks ?? {},
      timers: timers ?? {},
      triggers: triggers ?? {},
      rosters: rosters ?? {},
      notices: { ...notices, ...active.notices },
      settings: { ...settings, ...active.settings },
    };
    known.set(pinned, type);
  }
  return type;
}

/** Active types by name, for what follows links from one to another. */
export const activeNamed =
  (registry: Registry) =>
  (name: string): RecordType | undefined =>
    registry.types.get(name)?.active.type;

/** @throws NOT_FOUND for a type that was never published. */
export function activeType(registry: Registry, name: string) {
  const versions = registry.types.get(name);
  if (!versions) throw new Failure("NOT_FOUND", `There is no record type “${name}”.`);
  return versions;
}
