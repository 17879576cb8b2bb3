/**
 * Which roles are powerful, and what a definition opens: derived from grants, never listed. A role is powerful where a
 * grant opens a confidential type to it, where it administers, or where it confirms what others ask.
 */
import { covers, inheritedBy, isAlways, opensByRole } from "./access";
import type { Field, Grant, RecordType, Role, Who } from "./definition";
import { canonicalJson, listed } from "./text";

const reads = (grant: Grant): boolean => covers(grant, "see") || covers(grant, "edit");

/** Whom a confidential type's records, and what is sealed in any, are opened to: by grants, by tasks, by opening it. */
function openedTo(type: RecordType): Who[] {
  const found: Who[] = [];
  if (type.confidential === true)
    for (const grant of type.grants)
      if (reads(grant))
        for (const to of grant.to)
          if ("task" in to) found.push(...holdersOf(type, to.task));
          else if ("role" in to && opensByRole(type, grant, "see")) found.push(to);
  for (const field of Object.values(type.fields))
    if (field.sealed)
      found.push(...(field.see ?? []).flatMap((who) => ("task" in who ? holdersOf(type, who.task) : [who])));
  return found;
}

/** Those of these roles to whom the type opens something. Whom a field of roles brings in may hold any of them. */
function rolesOpening(type: RecordType, roles: readonly Role[]): string[] {
  const opening = openedTo(type);
  if (opening.some((who) => "rolesIn" in who)) return roles.map(({ name }) => name);
  return opening.flatMap((who) => ("role" in who ? [who.role] : []));
}

/** By powerful role, the labels of the types it opens; empty for one that only administers or confirms. */
export function powerfulRoles(types: Iterable<RecordType>, roles: readonly Role[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const role of roles) if (role.administers || role.confirms) found.set(role.name, []);
  for (const type of types)
    for (const role of rolesOpening(type, roles))
      found.set(role, [...new Set([...(found.get(role) ?? []), type.label])]);
  return found;
}

/** One way in which a definition lets people read what is confidential. Two that are equal have the same key. */
interface Opening {
  key: string;
  /** Where it is one role's: its name. */
  role?: string;
}

/** Everything that decides who reads the records of a type. */
function openingsOf(type: RecordType): Opening[] {
  const from = inheritedBy(type);
  const openings: Opening[] = [];
  // Seen through another record: whose, is what decides.
  if (from !== undefined) openings.push({ key: `from ${from} ${linkedType(type.fields[from])}` });
  for (const grant of type.grants) {
    if (!reads(grant) || from !== undefined) continue;
    const when = grant.when === undefined || isAlways(grant.when) ? "always" : canonicalJson(grant.when);
    const reach = grant.reach ?? "here";
    const byRole = opensByRole(type, grant, "see");
    for (const to of grant.to) {
      if ("role" in to && byRole) openings.push({ key: `role ${to.role} ${reach} ${when}`, role: to.role });
      else if ("anyone" in to && byRole) openings.push({ key: `anyone ${reach} ${when}` });
      else if ("field" in to) openings.push({ key: `field ${to.field} ${when}` });
      else if ("task" in to)
        for (const who of holdersOf(type, to.task))
          openings.push({
            key: `task ${to.task} ${canonicalJson(who)} ${when}`,
            ...("role" in who ? { role: who.role } : {}),
          });
    }
  }
  for (const [name, field] of Object.entries(type.fields)) openings.push(...fieldOpenings(name, field));
  return openings;
}

const linkedType = (field: Field | undefined): string => (field?.kind === "link" ? field.to : "");

/** Whom a task's rule may put it into the hands of, also by way of another task: they see the record by it. */
function holdersOf(type: RecordType, task: string, passed: readonly string[] = []): Who[] {
  const rule = type.tasks?.[task];
  if (!rule || passed.includes(task)) return [];
  return [...rule.to, ...(rule.handOverTo ?? [])].flatMap((who) =>
    "task" in who ? holdersOf(type, who.task, [...passed, task]) : [who],
  );
}

function fieldOpenings(name: string, { see, sealed }: Field): Opening[] {
  if (see === undefined) return sealed ? [] : [{ key: `reads ${name}` }];
  return see.map((who) => ({
    key: `opens ${name} ${canonicalJson(who)}`,
    ...("role" in who ? { role: who.role } : {}),
  }));
}

const guards = (type: RecordType): boolean =>
  !!type.confidential || Object.values(type.fields).some(({ sealed }) => sealed);

export interface Opened {
  /** Roles it is opened to; empty where what changed is not one role's. */
  roles: string[];
  /** "Opens Breach to Class teacher": for people. */
  sentence: string;
}

/**
 * What publishing `after` in place of `before` would open of confidential records; undefined where nothing. A type that
 * is new holds no record, and closing opens nothing. A condition that changed counts as opening: whether it is wider is
 * not decided here.
 */
export function opened(before: RecordType | undefined, after: RecordType, roles: readonly Role[]): Opened | undefined {
  if (!before || !guards(before)) return undefined;
  const stood = new Set(openingsOf(before).map(({ key }) => key));
  const openings = openingsOf(after).filter(({ key }) => !stood.has(key) && !isNewField(key, before));
  const unbarred = (before.bars ?? []).some((kind) => !(after.bars ?? []).includes(kind));
  const unsealed = Object.entries(before.fields).some(
    ([name, field]) => field.sealed && after.fields[name] && !after.fields[name].sealed,
  );
  // Else a second publish, of what is then guarded by nothing, would open it to anybody.
  const unguarded = Boolean(before.confidential) && !after.confidential;
  if (!openings.length && !unbarred && !unsealed && !unguarded) return undefined;
  const named = [...new Set(openings.flatMap(({ role }) => role ?? []))];
  const labels = named.map((name) => roles.find((role) => role.name === name)?.label ?? name);
  const sentence = named.length
    ? `Opens ${after.label} to ${listed(labels)}`
    : `Changes who may see ${after.label}, which is confidential`;
  return { roles: named, sentence };
}

/** A field that was not there holds nothing yet. */
const isNewField = (key: string, before: RecordType): boolean => {
  const [word, name = ""] = key.split(" ");
  return (word === "reads" || word === "opens") && !before.fields[name];
};

/** Settings that the grants of a confidential type ask: another value may open it. */
export function guardingSettings(type: RecordType): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("setting" in value && typeof value.setting === "string") found.add(value.setting);
    for (const each of Object.values(value)) look(each);
  };
  if (guards(type)) for (const { when } of type.grants) look(when);
  return found;
}

/** Does a relation of this kind bring people to what is confidential or sealed? */
export const opensByRelation = (types: Iterable<RecordType>, kind: string): boolean =>
  [...types].some((type) => openedTo(type).some((who) => "relation" in who && who.relation === kind));
