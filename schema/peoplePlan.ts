/**
 * A list of its people from the school's own system, read against those Duly knows: who joins, who comes back, what
 * changes, who leaves. It decides and writes nothing, so what is shown before is what is done after; and once it has
 * been done, the same list changes nothing.
 */
import { formatDate } from "./dates";
import type { Role } from "./definition";
import { dayOf, parseDay, textOfDay } from "./epochDay";
import type { Problem } from "./failure";
import { readPerson } from "./person";
import { readDateCell } from "./sheetRows";
import { fold, normal } from "./text";

/** A row of the list, its cells as people write them; a blank one says nothing. */
export interface PersonLine {
  externalId?: string | null;
  name?: string | null;
  forename?: string | null;
  surname?: string | null;
  email?: string | null;
  roles?: string | null;
  /** First and last day at the school. */
  from?: string | null;
  to?: string | null;
  /** By kind of relation: a name, an email address or a number. */
  relations?: { kind: string; to: string | null }[] | null;
}

export interface HeldRole {
  id: string;
  role: string;
  from: string;
  to: string | null;
}

export interface KnownPerson {
  id: string;
  name: string;
  email: string | null;
  externalId: string | null;
  active: boolean;
  /** In this organisation. */
  appointments: HeldRole[];
  /** Holds a role in another. */
  elsewhere: boolean;
  /** Belongs to another school, and holds something here: its list changes their roles here, and nothing of themselves. */
  visits?: boolean;
  /** Id of the other person, by kind. */
  relations: Record<string, string>;
}

export interface PlanOptions {
  roles: readonly Role[];
  /** What the list's words for roles mean here. */
  roleWords: readonly { word: string; roles: readonly string[] }[];
  /** Roles of everybody in the list. */
  everybody: readonly string[];
  /** Roles the list decides upon: whoever has one and is not given it there loses it. Others it leaves alone. */
  decides: readonly string[];
  today: string;
  /** The first day of what changes. */
  from: string;
  /** LEAVE: the list names everybody, so whoever holds what it decides upon and is missing has left. */
  missing: "KEEP" | "LEAVE";
  /** Ids of those who stay though they are missing. */
  staying: readonly string[];
  /** Addresses of people of other schools. */
  taken?: ReadonlySet<string>;
  newId: () => string;
}

export type Change =
  | { kind: "name" | "email" | "externalId"; before: string | null; after: string }
  | { kind: "active"; after: boolean }
  | { kind: "begins"; role: string; from: string; to: string | null }
  /** `on` is the last day. */
  | { kind: "ends"; role: string; appointment: string; on: string }
  | { kind: "relation"; relation: string; to: string; name: string; before: string | null };

export type LineVerdict = "JOINS" | "RETURNS" | "CHANGES" | "LEAVES" | "UNCHANGED" | "PASSED" | "REFUSED";

export interface PlannedPerson {
  /** Of somebody who joins, the id they will have. */
  id: string;
  name: string;
  known: boolean;
  changes: Change[];
}

export interface PlannedLine extends PlannedPerson {
  verdict: LineVerdict;
  problems: Problem[];
  /** What was left out of an otherwise good row. */
  notes: string[];
}

export interface PeoplePlan {
  lines: PlannedLine[];
  leavers: PlannedPerson[];
}

export const dayBefore = (date: string): string => textOfDay(dayOf(date) - 1);
const later = (a: string, b: string | undefined): string => (b !== undefined && b > a ? b : a);
/** The day is not past its end. */
const reaches = ({ to }: HeldRole, day: string): boolean => to === null || to >= day;

export function planPeople(
  lines: readonly PersonLine[],
  known: readonly KnownPerson[],
  options: PlanOptions,
): PeoplePlan {
  const planner = new Planner(known, options);
  const planned = lines.map((line, at) => planner.line(line, at));
  // Whom a relation names may stand further down.
  const related = planned.map((each, at) => planner.relate(each, lines[at] ?? {}, planned));
  return { lines: related, leavers: options.missing === "LEAVE" ? planner.leavers() : [] };
}

class Planner {
  private readonly byId: Map<string, KnownPerson>;
  private readonly byNumber: Map<string, KnownPerson>;
  private readonly byEmail: Map<string, KnownPerson>;
  /** Line in which a person, a number or an address stood first. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly known: readonly KnownPerson[],
    private readonly options: PlanOptions,
  ) {
    this.byId = new Map(known.map((one) => [one.id, one]));
    this.byNumber = new Map(known.flatMap((one) => (one.externalId ? [[one.externalId, one]] : [])));
    this.byEmail = new Map(known.flatMap((one) => (one.email ? [[one.email, one]] : [])));
  }

  line(line: PersonLine, at: number): PlannedLine {
    const problems: Problem[] = [];
    const given = readPerson({
      name: nameIn(line) || "?",
      email: line.email ?? null,
      externalId: line.externalId ?? null,
    });
    problems.push(...given.problems);
    const { email, externalId } = given.person;
    const found = this.match(email, externalId, problems);
    const name = nameIn(line) || found?.name || "";
    if (!name) problems.push({ path: "name", message: "A person needs a name." });
    this.refuseRepeat([found?.id, externalId && `number ${externalId}`, email], at, problems);
    const [from, to] = [this.date("from", line.from, problems), this.date("to", line.to, problems)];
    if (from && to && to < from) problems.push({ path: "to", message: "The last day is before the first." });
    const roles = this.rolesIn(line.roles, problems);
    const base = { id: found?.id ?? this.options.newId(), name, known: found !== undefined, notes: [] };
    if (problems.length) return { ...base, verdict: "REFUSED", changes: [], problems };
    if (to !== undefined && to < this.options.today && !found?.active)
      return { ...base, verdict: found ? "UNCHANGED" : "PASSED", changes: [], problems };

    const changes: Change[] = [];
    const own = !found?.visits;
    if (found && own && name !== found.name) changes.push({ kind: "name", before: found.name, after: name });
    for (const [kind, after] of [
      ["email", own ? email : null],
      ["externalId", own ? externalId : null],
    ] as const) {
      const before = found?.[kind] ?? null;
      if (after !== null && after !== before) changes.push({ kind, before, after });
    }
    if (found && own && !found.active) changes.push({ kind: "active", after: true });
    changes.push(...this.roleChanges(found, roles, from, to));
    const begins = changes.some(({ kind }) => kind === "begins");
    if (!found && !begins)
      return {
        ...base,
        verdict: "REFUSED",
        changes: [],
        problems: [
          {
            path: "roles",
            message: "This row gives no role: say what its word for one means, or a role for everybody.",
          },
        ],
      };
    if (found?.active && this.holdsNothing(found, changes)) changes.push({ kind: "active", after: false });
    const verdict: LineVerdict = !found
      ? "JOINS"
      : !found.active
        ? "RETURNS"
        : !changes.length
          ? "UNCHANGED"
          : to !== undefined && changes.some(({ kind }) => kind === "ends")
            ? "LEAVES"
            : "CHANGES";
    return { ...base, verdict, changes, problems };
  }

  relate(planned: PlannedLine, line: PersonLine, all: readonly PlannedLine[]): PlannedLine {
    if (planned.verdict === "REFUSED" || planned.verdict === "PASSED") return planned;
    const { changes, notes } = { changes: [...planned.changes], notes: [...planned.notes] };
    for (const { kind, to } of line.relations ?? []) {
      const words = normal(to ?? "");
      if (!words) continue;
      const other = this.personNamed(words, all);
      const before = this.byId.get(planned.id)?.relations[kind];
      if (typeof other === "string") notes.push(`${relationLabel(kind)}: ${other}`);
      else if (other.id === planned.id) notes.push(`${relationLabel(kind)}: nobody is their own.`);
      else if (other.id !== before)
        changes.push({
          kind: "relation",
          relation: kind,
          to: other.id,
          name: other.name,
          before: before ? (this.byId.get(before)?.name ?? null) : null,
        });
    }
    const verdict = planned.verdict === "UNCHANGED" && changes.length ? "CHANGES" : planned.verdict;
    return { ...planned, verdict, changes, notes };
  }

  leavers(): PlannedPerson[] {
    const { decides, from, staying } = this.options;
    return this.known.flatMap((one) => {
      const decided = one.appointments.some((held) => decides.includes(held.role) && reaches(held, from));
      // Whose last day lay ahead when it was entered still signs in: there is no clock on people.
      const lingers = one.externalId !== null && this.holdsNothing(one, []);
      const candidate = one.active && !this.seen.has(one.id) && !staying.includes(one.id) && (decided || lingers);
      if (!candidate) return [];
      const changes = this.endsOf(one, dayBefore(from));
      if (this.holdsNothing(one, changes)) changes.push({ kind: "active", after: false });
      return changes.length ? [{ id: one.id, name: one.name, known: true, changes }] : [];
    });
  }

  private match(email: string | null, externalId: string | null, problems: Problem[]): KnownPerson | undefined {
    const say = (path: string, message: string) => void problems.push({ path, message });
    if (externalId === null && email === null)
      say("externalId", "It has neither a number nor an email address: it could not be found again.");
    if (email !== null && this.options.taken?.has(email)) say("email", "Somebody else has this email address.");
    const byNumber = externalId === null ? undefined : this.byNumber.get(externalId);
    const byEmail = email === null ? undefined : this.byEmail.get(email);
    if (byNumber && byEmail && byNumber !== byEmail)
      say("email", `The number is ${byNumber.name}’s here and the email address ${byEmail.name}’s: mend one of them.`);
    else if (!byNumber && byEmail?.externalId && externalId !== null)
      say(
        "externalId",
        `This email address is ${byEmail.name}’s, who has the number ${byEmail.externalId} here: mend one of them.`,
      );
    return byNumber ?? byEmail;
  }

  private refuseRepeat(keys: (string | null | undefined)[], at: number, problems: Problem[]): void {
    const own = keys.filter((key) => typeof key === "string");
    const first = own.map((key) => this.seen.get(key)).find((line) => line !== undefined);
    if (first !== undefined)
      problems.push({ path: "", message: `The same person as in line ${first + 2}, which counts.` });
    for (const key of own) if (!this.seen.has(key)) this.seen.set(key, at);
  }

  private date(path: "from" | "to", cell: string | null | undefined, problems: Problem[]): string | undefined {
    if (!cell?.trim()) return undefined;
    const read = readDateCell(cell);
    const day = "value" in read ? read.value : undefined;
    if (day !== undefined && parseDay(day) !== undefined) return day;
    const message = "problem" in read ? read.problem : `“${cell}” is no day: write day, month and year.`;
    problems.push({ path, message: `${path === "from" ? "First day" : "Last day"}: ${message}` });
    return undefined;
  }

  /** Undefined where the row says nothing of roles. */
  private rolesIn(cell: string | null | undefined, problems: Problem[]): string[] | undefined {
    const text = normal(cell ?? "");
    if (!text) return undefined;
    const whole = this.meaning(text);
    if (whole) return whole;
    return text
      .split(/[;,\n]/)
      .map((word) => word.trim())
      .filter(Boolean)
      .flatMap((word) => {
        const roles = this.meaning(word);
        if (!roles) problems.push({ path: "roles", message: `“${word}” is no role here: say what it means.` });
        return roles ?? [];
      });
  }

  private meaning(word: string): string[] | undefined {
    const { roleWords, roles } = this.options;
    const said = roleWords.find((each) => fold(each.word) === fold(word));
    if (said) return [...said.roles];
    const role = roles.find(({ name, label }) => name === word || fold(label) === fold(word));
    return role && [role.name];
  }

  private roleChanges(
    found: KnownPerson | undefined,
    given: string[] | undefined,
    from: string | undefined,
    to: string | undefined,
  ): Change[] {
    const { everybody, decides, from: start } = this.options;
    const begin = found ? later(start, from) : (from ?? start);
    const wanted = [...new Set([...(given ?? []), ...everybody])];
    const held = found?.appointments ?? [];
    const begins = wanted
      .filter((role) => !held.some((one) => one.role === role && reaches(one, begin)))
      .filter(() => to === undefined || to >= begin)
      .map((role): Change => ({ kind: "begins", role, from: begin, to: to ?? null }));
    if (to !== undefined) return [...begins, ...(found ? this.endsOf(found, to) : [])];
    // A blank cell says nothing, so it ends nothing.
    const ends = given === undefined ? [] : held.filter(({ role }) => decides.includes(role) && !wanted.includes(role));
    return [...begins, ...ends.flatMap((one) => this.end(one, dayBefore(start)))];
  }

  /** Every role of somebody who leaves, but those that belong to no staff: they may be a parent still. */
  private endsOf(one: KnownPerson, on: string): Change[] {
    const outside = new Set(this.options.roles.filter((role) => role.outside).map(({ name }) => name));
    return one.appointments.filter(({ role }) => !outside.has(role)).flatMap((held) => this.end(held, on));
  }

  private end = ({ id, role, to }: HeldRole, on: string): Change[] =>
    to !== null && to <= on ? [] : [{ kind: "ends", role, appointment: id, on }];

  private holdsNothing(one: KnownPerson, changes: readonly Change[]): boolean {
    if (one.elsewhere || one.visits || changes.some(({ kind }) => kind === "begins")) return false;
    const ends = new Map(
      changes.flatMap((change) => (change.kind === "ends" ? [[change.appointment, change.on]] : [])),
    );
    return !one.appointments.some((held) => reaches({ ...held, to: ends.get(held.id) ?? held.to }, this.options.today));
  }

  /** A sentence where nobody, or more than one, is meant. */
  private personNamed(words: string, lines: readonly PlannedLine[]): { id: string; name: string } | string {
    const joining = lines.filter(({ verdict }) => verdict === "JOINS");
    const given = ({ changes }: PlannedLine): string[] =>
      changes.flatMap((change) => (change.kind === "externalId" || change.kind === "email" ? [change.after] : []));
    const keys = [words, words.toLowerCase()];
    const exact =
      this.byNumber.get(words) ??
      this.byEmail.get(words.toLowerCase()) ??
      joining.find((line) => given(line).some((key) => keys.includes(key)));
    if (exact) return exact;
    const name = fold(flipped(words));
    const here = this.known.filter(({ active, appointments }) => active && appointments.length > 0);
    const named = [...here, ...joining].filter((one) => fold(one.name) === name);
    const [one] = named;
    if (!one) return `nobody here is called “${words}”; left as it is.`;
    return named.length > 1 ? `several people are called “${words}”; left as it is.` : one;
  }
}

/** "Shah, Ada", as many systems list people. */
const flipped = (name: string): string => name.replace(/^([^,]+),\s*([^,\s][^,]*)$/, "$2 $1");

const nameIn = ({ name, forename, surname }: PersonLine): string =>
  normal(name ? flipped(name) : `${forename ?? ""} ${surname ?? ""}`).replace(/\s+/g, " ");

/** "lineManager" as "Line manager". */
export function relationLabel(kind: string): string {
  const words = kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A change as people say it. */
export function describeChange(change: Change, roles: readonly Role[]): string {
  const role = (name: string) => roles.find((each) => each.name === name)?.label ?? name;
  switch (change.kind) {
    case "name":
    case "email":
    case "externalId": {
      const label = { name: "Name", email: "Email address", externalId: "Number" }[change.kind];
      return change.before === null
        ? `${label}: “${change.after}”`
        : `${label}: “${change.after}” instead of “${change.before}”`;
    }
    case "active":
      return change.after ? "Is here again" : "Can no longer sign in";
    case "begins":
      return `${role(change.role)} from ${formatDate(change.from)}${change.to ? ` to ${formatDate(change.to)}` : ""}`;
    case "ends":
      return `No longer ${role(change.role)} after ${formatDate(change.on)}`;
    case "relation":
      return `${relationLabel(change.relation)}: ${change.name}${change.before ? ` instead of ${change.before}` : ""}`;
  }
}
