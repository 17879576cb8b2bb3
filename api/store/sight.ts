/** What a viewer may read of every record: the fields that no record hides from them, and the clocks that tell of no other. */
import type { Anchor, Field, RecordType } from "../../schema/definition";
import { anchorsOf, linkedDate } from "../../schema/language/anchor";
import type { Registry } from "./definitions";
import type { Access, Viewer } from "./visibility";

export const holdsRole = (
  who: { role: string; at?: "here" | "parent" },
  organisation: string,
  access: Access,
): boolean => {
  const there = access.organisations.find(({ id }) => id === organisation);
  return there !== undefined && ((who.at === "parent" ? there.below : there.roles) ?? []).includes(who.role);
};

/** A list may be filtered, sorted or counted only by what its reader sees in every row of it. */
export const seesEverywhere = (type: RecordType, name: string, access: Access): boolean =>
  access.organisations.every(({ id }) => isOpenIn(id, type.fields[name], access));

/** Seen in every record of an organisation, whoever its records name. */
export function isOpenIn(organisation: string, field: Field | undefined, access: Access): boolean {
  const see = field?.see;
  if (!see || access.system) return true;
  return see.some((who) => "anyone" in who || ("role" in who && holdsRole(who, organisation, access)));
}

/** Timer rules by type. */
export type HiddenClocks = ReadonlyMap<string, readonly string[]>;
const known = new WeakMap<Access, { registry: Registry; hidden: HiddenClocks }>();

/**
 * Clocks that tell a date which this viewer may not see: of the record, or of one that it links to. A record may still live by
 * an older version, whose rule of the same name counts from another field, so each version's is asked.
 */
export function hiddenClocks({ registry, access }: Pick<Viewer, "registry" | "access">): HiddenClocks {
  const before = known.get(access);
  if (before?.registry === registry) return before.hidden;
  const sees = (type: RecordType | undefined, name: string): boolean => !type || seesEverywhere(type, name, access);
  const tells = (type: RecordType, anchor: Anchor): boolean =>
    anchorsOf(anchor).some((one) => {
      const read = linkedDate(one);
      if (!read) return "field" in one && !sees(type, one.field);
      const link = type.fields[read.link];
      const linked = link?.kind === "link" ? registry.types.get(link.to)?.active.type : undefined;
      return !sees(type, read.link) || !sees(linked, read.field);
    });
  const hidden = new Map<string, string[]>();
  for (const [name, { active, versions }] of registry.types) {
    const rules = new Set<string>();
    for (const { type } of [active, ...versions.values()])
      for (const [rule, { anchor }] of Object.entries(type.timers ?? {})) if (tells(type, anchor)) rules.add(rule);
    if (rules.size) hidden.set(name, [...rules]);
  }
  known.set(access, { registry, hidden });
  return hidden;
}
