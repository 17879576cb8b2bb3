/** The relations between two people that the published definitions ask for: "lineManager" and the like. */
import type { Registry } from "../store/definitions";

const known = new WeakMap<Registry, string[]>();

export function relationKinds(registry: Registry): string[] {
  let kinds = known.get(registry);
  if (!kinds) {
    const found = new Set<string>();
    const note = (key: string, value: unknown): unknown => {
      if (key === "relation" && typeof value === "string") found.add(value);
      return value;
    };
    for (const { active } of registry.types.values()) JSON.stringify(active.type, note);
    known.set(registry, (kinds = [...found].sort()));
  }
  return kinds;
}
