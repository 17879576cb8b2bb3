/** Whom somebody may find by name, and write to. Records that name a person show the name to all who see the record. */
import { outsideRoles } from "../../store/definitions";
import type { Circle } from "../../store/people";
import type { Viewer } from "../../store/visibility";

/**
 * Those who hold nothing but roles outside the staff find themselves alone; the staff find each other, and those outside
 * only if a role of theirs meets them.
 */
export function circleOf({ access, registry }: Viewer): Circle {
  const self = access.person ?? "";
  const here = access.organisations[0];
  const held = [...(here?.roles ?? []), ...(here?.below ?? [])];
  const roles = registry.roles.filter(({ name }) => held.includes(name));
  if (roles.some(({ administers, meetsOutside }) => administers || meetsOutside)) return { self, outside: [] };
  if (roles.every(({ outside }) => outside)) return { self };
  return { self, outside: outsideRoles(registry) };
}
