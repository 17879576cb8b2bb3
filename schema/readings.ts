/**
 * What a definition reads of what only some may see (a confidential record, a field with `see`, what is sealed or
 * sensitive), and who sees what comes of it. Walked as data, every part but those that ask each reader's own rights: a
 * part that comes to the language is walked without being listed here.
 */
import { inheritedBy } from "./fields";
import type { Creation, Effect, Field, RecordType, Roster, Sending, Value } from "./definition";
import { canonicalJson } from "./text";

export type TypeNamed = (name: string) => RecordType | undefined;

/** Something that is read. `field` is empty where it is asked only whether a record is there, or what it was answered. */
export interface Source {
  type: string;
  field?: string;
  /** Seen by exactly those who see the record that reads it: itself, or along the link that confidentiality comes by. */
  near: boolean;
}

/** Where what is read comes to stand, or becomes known by what happens. */
interface Sink {
  type: RecordType;
  field?: string;
  near: boolean;
}

/** A part of a definition that reads. Two that are equal, in one place, have the same key. */
export interface Reading {
  key: string;
  part: unknown;
  sources: Source[];
  sink: Sink;
}

/**
 * Lists, figures and reports show each reader what that reader may see, and charts ask no further than their own type (what
 * those learn by them who only count is compared in power.ts); names and words read nothing.
 */
const judgedByReader = new Set(["views", "charts", "form", "quick", "states", "settings"]);
const words = new Set(["label", "help", "message", "refusal", "because"]);

/** All that a definition reads, part by part. */
export function readings(type: RecordType, typeNamed: TypeNamed): Reading[] {
  const reader = new Reader(type, typeNamed);
  if (type.guests?.text !== undefined) reader.part("guests.text", { field: type.guests.text });
  for (const [section, parts] of Object.entries(type)) {
    if (judgedByReader.has(section) || typeof parts !== "object" || parts === null) continue;
    if (section === "rosters") for (const [name, one] of Object.entries(type.rosters ?? {})) reader.roster(name, one);
    for (const [name, part] of Object.entries(parts as object)) {
      if (section === "rosters" || typeof part !== "object" || part === null) continue;
      // Grants have no names: where they stand among each other says nothing.
      if (Array.isArray(parts)) reader.part(section, part);
      else for (const [property, value] of Object.entries(part)) reader.property([section, name, property], value);
    }
  }
  return reader.found;
}

/** All that one part of a definition names. */
export const sourcesIn = (part: unknown, type: RecordType, typeNamed: TypeNamed): Source[] =>
  new Reader(type, typeNamed).sourcesIn(part);

/** The types of which something guarded reaches others by a reading. `before`: as they were, and guarded what is held. */
export function toldOf({ sources, sink }: Reading, before: TypeNamed): string[] {
  return sources.flatMap((source) => (reachesOthers(source, sink, before) ? [source.type] : []));
}

function reachesOthers({ type: name, field, near }: Source, sink: Sink, before: TypeNamed): boolean {
  const type = before(name);
  // What is new holds nothing yet: whoever makes it says who sees it.
  if (!type) return false;
  const stays = near && sink.near;
  if (type.confidential && !stays) return true;
  const read = field === undefined ? undefined : heldAs(type, field);
  const into = sink.field === undefined ? undefined : sink.type.fields[sink.field];
  if (!read) return false;
  if (isRestricted(read) && !(stays && into && keepsWithin(read, into))) return true;
  return read.sensitive === true && !(stays && (!into || into.sensitive === true));
}

/** What is kept under a name: in the record, or in its history as an answer. */
function heldAs({ fields, actions }: RecordType, name: string): Field | undefined {
  const asked = Object.values(actions).flatMap(({ asks }) => asks?.[name] ?? []);
  return fields[name] ?? asked.find(isRestricted) ?? asked[0];
}

/** May only some of those see it who see its record? */
export const isRestricted = ({ see, sealed }: Pick<Field, "see" | "sealed">): boolean =>
  sealed === true || (see !== undefined && !see.some((who) => "anyone" in who));

/** Is `into` seen by nobody who does not see `read`? */
function keepsWithin(read: Field, into: Field): boolean {
  const seers = new Set((read.see ?? []).map((who) => canonicalJson(who)));
  return (
    isRestricted(into) &&
    (!read.sealed || into.sealed === true) &&
    (into.see ?? []).every((who) => seers.has(canonicalJson(who)))
  );
}

/** In whose words a part speaks: the record's own, or those of one that it reaches. */
interface Speaker {
  type: RecordType | undefined;
  near: boolean;
}

class Reader {
  readonly found: Reading[] = [];
  private readonly own: Speaker;
  /** That something happens to the record is told wherever it makes or sends something, whatever that holds. */
  private readonly happens: Source;

  constructor(
    private readonly type: RecordType,
    private readonly typeNamed: TypeNamed,
  ) {
    this.own = { type, near: true };
    this.happens = { type: type.name, near: true };
  }

  /** A part whose outcome is seen by whoever sees the record, or that writes the field `into` of it. */
  part(path: string, part: unknown, into?: string): void {
    this.add(path, part, this.sourcesIn(part), {
      type: this.type,
      near: true,
      ...(into !== undefined && { field: into }),
    });
  }

  property([section = "", name, property]: string[], value: unknown): void {
    const path = `${section}.${name}.${property}`;
    if (section === "fields" && property === "default") this.part(path, value, name);
    else if (section === "actions" && property === "defaults")
      for (const [field, one] of Object.entries(value as object)) this.part(`${path}.${field}`, one, field);
    else if (section === "actions" && (property === "needs" || property === "asks"))
      for (const [each, one] of Object.entries(value as object)) this.part(`${path}.${each}`, one);
    else if (section === "actions" && property === "effects")
      for (const effect of value as Effect[]) this.effect(path, effect);
    else this.part(path, value);
  }

  roster(name: string, roster: Roster): void {
    const { type, link, fields = {}, per, ...rest } = roster;
    const sink = this.sinkIn(type, inheritsBy(this.typeNamed(type), link));
    const path = `rosters.${name}`;
    if (!sink) return;
    this.add(path, rest, [this.happens, ...this.sourcesIn(rest)], sink);
    const values: [string, Value][] = [
      ...Object.entries(fields),
      ...(per ? [[per.field, per.value] as [string, Value]] : []),
    ];
    for (const [field, value] of values) this.add(`${path}.${field}`, value, this.sourcesIn(value), { ...sink, field });
  }

  private effect(path: string, effect: Effect): void {
    if ("set" in effect)
      for (const [field, value] of Object.entries(effect.set)) this.part(`${path}.set.${field}`, value, field);
    else if ("create" in effect) this.create(`${path}.create`, effect.create);
    else if ("send" in effect) this.send(`${path}.send`, effect.send);
    else this.part(path, effect);
  }

  private create(path: string, { type, fields, each, where }: Creation): void {
    const made = this.typeNamed(type);
    const link = made && inheritedBy(made);
    const linked = link === undefined ? undefined : fields[link];
    const sink = this.sinkIn(type, this.leadsHere(linked));
    if (!sink) return;
    const chosen = { type, each, where };
    // Whether one is made, and how many, is seen where it is; an entry holds what its list does.
    this.add(path, chosen, [this.happens, ...this.sourcesIn(chosen)], sink);
    for (const [field, value] of Object.entries(fields))
      this.add(`${path}.${type}.${field}`, { value, each }, [...this.sourcesIn(value), ...this.sourcesIn(each)], {
        ...sink,
        field,
      });
  }

  /** Is a value that this record gives a link the record itself, or the one that says who sees it? */
  private leadsHere(value: Value | undefined): boolean {
    if (value === null || typeof value !== "object") return false;
    return "self" in value || ("field" in value && value.field === inheritedBy(this.type));
  }

  private send(path: string, { link, event, where, with: answers }: Sending): void {
    const target = this.reached(link, this.own);
    const sink = target.type && this.sinkIn(target.type.name, target.near);
    if (!sink) return;
    this.add(path, { link, event, where }, [this.happens, ...this.sourcesIn(where, target)], sink);
    const asks = target.type?.actions[event]?.asks ?? {};
    for (const [name, value] of Object.entries(answers ?? {}))
      this.add(`${path}.${link}.${event}.${name}`, value, this.sourcesIn(value), {
        ...sink,
        ...(!Object.hasOwn(asks, name) && { field: name }),
      });
  }

  private sinkIn(name: string, near: boolean): Sink | undefined {
    const type = this.typeNamed(name);
    return type && { type, near };
  }

  private add(path: string, part: unknown, sources: Source[], sink: Sink): void {
    if (sources.length) this.found.push({ key: `${path} ${canonicalJson(wordless(part))}`, part, sources, sink });
  }

  sourcesIn(part: unknown, speaker: Speaker = this.own): Source[] {
    if (typeof part !== "object" || part === null) return [];
    if (Array.isArray(part)) return part.flatMap((each) => this.sourcesIn(each, speaker));
    const found: Source[] = [];
    const { via, type, match, where, satisfies, ...rest } = part as Record<string, unknown>;
    const related = typeof via === "string" || (typeof type === "string" && isMap(match));
    if (related) {
      const there =
        typeof via === "string" ? this.reached(via, speaker) : { type: this.typeNamed(String(type)), near: false };
      if (typeof via === "string" && !via.includes(".")) found.push(...this.named(via, speaker));
      if (there.type) found.push({ type: there.type.name, near: there.near });
      for (const name of Object.keys(isMap(match) ? match : {})) found.push(...this.named(name, there));
      return [...found, ...this.sourcesIn(match, speaker), ...this.sourcesIn([where, satisfies], there)];
    }
    const { field, form, outer, rolesIn, of, link, in: within } = rest;
    // A date at the end of a link, from which a clock is counted.
    const anchored = typeof link === "string" && typeof field === "string" ? `${link}.${field}` : field;
    for (const path of [anchored, form, rolesIn, of, within])
      if (typeof path === "string") found.push(...this.named(path, speaker));
    // Within another record's conditions, the one that asks.
    if (typeof outer === "string") found.push(...this.named(outer, this.own));
    return [...found, ...Object.values(part).flatMap((each) => this.sourcesIn(each, speaker))];
  }

  /** What a path names: a field, and what stands at the end of the link that it is. */
  private named(path: string, speaker: Speaker): Source[] {
    const { type, near } = speaker;
    if (!type) return [];
    const [field = "", ...rest] = path.split(".");
    const link = type.fields[field];
    const source = { type: type.name, field, near };
    if (!rest.length || link?.kind !== "link") return [source];
    return [source, ...this.named(rest.join("."), this.reached(field, speaker))];
  }

  /** The records along a link, either way. */
  private reached(via: string, { type, near }: Speaker): Speaker {
    const [source = "", field] = via.split(".");
    if (field !== undefined) {
      const child = this.typeNamed(source);
      return { type: child, near: near && inheritsBy(child, field) };
    }
    const link = type?.fields[source];
    const to = link && "to" in link ? this.typeNamed(link.to) : undefined;
    return { type: to, near: near && type !== undefined && inheritedBy(type) === source };
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const inheritsBy = (type: RecordType | undefined, link: string): boolean =>
  type !== undefined && inheritedBy(type) === link;

/** Without what only people read: another wording reads nothing more. */
export function wordless(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map(wordless);
  return Object.fromEntries(
    Object.entries(part).flatMap(([name, value]) =>
      words.has(name) && !isMap(value) ? [] : [[name, wordless(value)]],
    ),
  );
}
