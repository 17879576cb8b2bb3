import fc from "fast-check";
import type { RecordType } from "./definition";
import { elementAround, mergeDefinitions, partAt, withPart } from "./mergeDefinitions";
import { schoolPolicy } from "./packs/school-policy/pack";
import { canonicalJson } from "./text";

const types = schoolPolicy.types.map((type) => JSON.parse(JSON.stringify(type)) as RecordType);
const aType = fc.constantFrom(...types);

type Part = { [name: string]: unknown } | unknown[];
const partsOf = (value: unknown): Part[] =>
  typeof value !== "object" || value === null
    ? []
    : [value as Part, ...Object.values(value).flatMap((part) => partsOf(part))];

/** A definition with some words, numbers, names and entries changed, removed and added, by the numbers of `seeds`. */
function edited(type: RecordType, seeds: number[]): RecordType {
  const copy = structuredClone(type);
  for (const seed of seeds) {
    const parts = partsOf(copy);
    const part = parts[seed % parts.length];
    if (!part) continue;
    const names = Object.keys(part);
    const name = names[(seed >> 4) % Math.max(1, names.length)];
    const own = part as Record<string, unknown>;
    const kind = (seed >> 8) % 3;
    if (Array.isArray(part)) {
      if (kind === 0) part.push(`new ${seed}`);
      else if (kind === 1) part.splice(seed % Math.max(1, part.length), 1);
      else part.reverse();
    } else if (kind === 0) own[`new${seed}`] = { label: `New ${seed}` };
    else if (name === undefined) continue;
    else if (kind === 1 && part !== (copy as unknown)) delete own[name];
    else if (typeof own[name] === "string") own[name] = `${own[name]} changed`;
  }
  return copy;
}
const seeds = fc.array(fc.nat(1_000_000), { maxLength: 6 });

const same = (a: unknown, b: unknown) => expect(canonicalJson(a)).toBe(canonicalJson(b));

test("where only one side changed a definition, that side's is the result, and fields that records may hold stay", () => {
  fc.assert(
    fc.property(aType, seeds, (base, change) => {
      const changed = edited(base, change);
      same(mergeDefinitions(base, changed, base), { merged: changed, clashes: [] });
      same(mergeDefinitions(base, changed, changed), { merged: changed, clashes: [] });
      const { merged, clashes } = mergeDefinitions(base, base, changed);
      expect(clashes).toEqual([]);
      const lost = Object.entries(base.fields ?? {}).filter(([name]) => !Object.hasOwn(changed.fields ?? {}, name));
      for (const [name, field] of lost) same(merged.fields[name], field);
    }),
    { numRuns: 300 },
  );
});

test("whatever both sides did, what clashes stands as the school had it, and the rest is of one side or the other", () => {
  fc.assert(
    fc.property(aType, seeds, seeds, (base, mine, theirs) => {
      const [ours, pack] = [edited(base, mine), edited(base, theirs)];
      const { merged, clashes } = mergeDefinitions(base, ours, pack);
      for (const clash of clashes) {
        same(partAt(merged, clash.path) ?? null, clash.ours ?? null);
        expect(canonicalJson(clash.ours ?? null)).not.toBe(canonicalJson(clash.theirs ?? null));
      }
      // The same two versions met again have nothing more to say: the pack's is the base now.
      same(mergeDefinitions(pack, merged, pack).merged, merged);
    }),
    { numRuns: 300 },
  );
});

test("names that every object has are names like others", () => {
  const [type] = types;
  const odd = JSON.parse(
    '{"__proto__": {"label": "Odd", "kind": "text"}, "constructor": {"label": "C", "kind": "text"}}',
  ) as RecordType["fields"];
  if (!type) throw new Error("The pack has no types.");
  const ours = {
    ...type,
    fields: Object.assign(Object.create(null) as RecordType["fields"], type.fields, {
      constructor: odd["constructor"],
    }),
  };
  const { merged, clashes } = mergeDefinitions(type, ours, { ...type, label: "Another" });
  expect(clashes).toEqual([]);
  expect(Object.hasOwn(merged.fields, "constructor")).toBe(true);
  expect(merged.label).toBe("Another");
});

test("a part is named by the smallest element that can stand for itself", () => {
  expect(elementAround("timers.remind.when.eq[0].field")).toBe("timers.remind");
  expect(elementAround("grants[2].to")).toBe("grants");
  expect(elementAround("title")).toBe("title");
  const [type] = types;
  if (!type) throw new Error("The pack has no types.");
  same(withPart(withPart(type, "fields.more", { kind: "text", label: "More" }), "fields.more", undefined), type);
});
