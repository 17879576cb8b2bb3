/** What conditions over rows are bound to in an organisation on a day: its calendar, and the figures of each type. */
import { calendar } from "../../schema/calendar";
import type { Figures } from "../../schema/record";
import type { Sql } from "./database";
import type { Registry } from "./definitions";
import { settingsOf } from "./facts";
import type { OrganisationFacts } from "./organisations";
import type { ScopeOf } from "./visibility";

/** By who asks: the figures are read once for all of them. */
export type ScopeFor = (actor: string | null) => ScopeOf;

export async function scopeIn(
  sql: Sql,
  registry: Registry,
  organisation: OrganisationFacts,
  today: string,
): Promise<ScopeFor> {
  const cal = calendar(organisation.calendar);
  const figures = new Map<string, Figures>();
  for (const { active } of registry.types.values())
    if (active.type.settings) figures.set(active.type.name, await settingsOf(sql, organisation, active.type, today));
  return (actor) => (type) => ({ today, actor, settings: figures.get(type) ?? {}, calendar: cal });
}
