/** What every part of the checker shares: the definition, what it may name, and where problems are put. */
import { isInstantOfAll } from "./condition";
import { namesPersons } from "./fields";
import type { RecordType, Role, Setting, SettingRef, Who } from "./definition";
import type { Problem } from "./failure";
import type { Checker } from "./language/checker";
import { checkWho, fieldOfWho, type WhoPlace } from "./language/who";
import { shown } from "./parseValue";
import { isRestricted } from "./readings";
import { at, meant } from "./shape";

export interface CheckContext {
  /** Roles that exist, of all packs. */
  roles: Role[];
  /** The other record types; one of the same name is an earlier version and is passed over. */
  types: RecordType[];
  /** The version now in use: the new one may not break what records hold. */
  previous?: RecordType;
  /** Names of types and operations that the API has already. */
  taken?: string[];
}

/** A named part; undefined for a name that only every object answers to ("constructor"). */
export const own = <T>(parts: Record<string, T> | undefined, name: string): T | undefined =>
  parts && Object.hasOwn(parts, name) ? parts[name] : undefined;

export class Checking implements Checker {
  readonly problems: Problem[] = [];
  private readonly types: Map<string, RecordType>;

  constructor(
    readonly type: RecordType,
    readonly context: CheckContext,
  ) {
    this.types = new Map([...context.types, type].map((each) => [each.name, each]));
  }

  say(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  /** Says so where `name` is none of `names`. True where it is. */
  known(what: string, name: string, names: string[], path: string): boolean {
    if (names.includes(name)) return true;
    this.say(path, `There is no ${what} ${shown(name)}.${meant(name, names)}`);
    return false;
  }

  each(names: string[] | undefined, path: string, check: (name: string, path: string) => void): void {
    names?.forEach((name, i) => check(name, at(path, i)));
  }

  fieldNamed(name: string, path: string, type = this.type) {
    return this.known("field", name, Object.keys(type.fields), path) ? type.fields[name] : undefined;
  }

  states(names: string[] | undefined, path: string): void {
    if (names?.length === 0) this.say(path, "No state stands here, so this never holds: name one, or leave it out.");
    this.each(names, path, (name, place) => this.known("state", name, Object.keys(this.type.states), place));
  }

  typeNamed(name: string, path: string): RecordType | undefined {
    return this.known("record type", name, [...this.types.keys()], path) ? this.types.get(name) : undefined;
  }

  /** The type at the end of a link; undefined, without a word, where it is unknown: the field itself says so. */
  linkedType(name: string): RecordType | undefined {
    return this.types.get(name);
  }

  setting(ref: SettingRef, kinds: Setting["kind"][], path: string): Setting | undefined {
    const settings = this.type.settings ?? {};
    const place = at(path, "setting");
    if (!this.known("setting", ref.setting, Object.keys(settings), place)) return undefined;
    const found = settings[ref.setting];
    if (found && !kinds.includes(found.kind))
      this.say(place, `The setting ${ref.setting} holds ${found.kind}; here it must hold ${kinds.join(" or ")}.`);
    return found;
  }

  /** Whoever made a record counts as named by a field, but not where `parties` only are meant. */
  personField(name: string, path: string, { parties = false, type = this.type } = {}): void {
    if (name === "createdBy" && !parties) return;
    const field = this.fieldNamed(name, path, type);
    if (field && !namesPersons(field)) this.say(path, `${name} holds no person, but ${field.kind}.`);
  }

  /** A person field, of this type or of one it is linked to ("incident.reporter"). */
  personPath(name: string, path: string): void {
    const [first = "", second, ...beyond] = name.split(".");
    if (second === undefined) return this.personField(name, path);
    if (beyond.length) return this.say(path, "Only one link can be followed.");
    const link = this.fieldNamed(first, path);
    if (!link) return;
    if (link.kind !== "link") return this.say(path, `${first} is no link to one record.`);
    const linked = this.linkedType(link.to);
    if (linked) this.personField(second, path, { type: linked });
  }

  /** A date or a date and time. */
  dateField(name: string, path: string, type = this.type): void {
    if (isInstantOfAll(name)) return;
    const field = this.fieldNamed(name, path, type);
    if (field && field.kind !== "date" && field.kind !== "dateTime")
      this.say(path, `${name} is no date but ${field.kind}.`);
  }

  who(who: Who, path: string, place: WhoPlace = "anyone"): void {
    checkWho(who, path, this, place);
  }

  /** Persons whom the record names to everybody who sees it: by no field that only some may see. */
  named(who: Who, path: string): void {
    this.who(who, path, "persons");
    const name = "field" in who ? who.field : fieldOfWho(who);
    const [first = "", second = ""] = name?.split(".") ?? [];
    const field = own(this.type.fields, first);
    const linked = field?.kind === "link" ? own(this.linkedType(field.to)?.fields, second) : undefined;
    if ([field, linked].some((each) => each && isRestricted(each)))
      this.say(
        path,
        `Only some may see ${name}, and whoever sees the record reads whom this names: let everybody see it, or name them by a role.`,
      );
  }

  role(name: string, path: string): void {
    this.known("role", name, this.roleNames, path);
  }

  get roleNames(): string[] {
    return this.context.roles.map((role) => role.name);
  }
}
