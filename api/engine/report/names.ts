/**
 * Whom a report names. Where it does not, a person is the same "Person 3 (Staff)" throughout, and a record whose title may
 * name somebody the same "Pupil 2".
 */
import { hasNamelessTitle, isNameless } from "../../../schema/reports";
import type { RecordType } from "../../../schema/definition";
import type { Sql } from "../../store/database";
import { peopleByIds, rolesOf } from "../../store/people";
import { publishedType, type Reader } from "../read/reader";

/** Whom: everybody, the staff alone, or nobody. */
export type Naming = "everybody" | "staff" | "nobody";

/** Of one no longer known. */
const SOMEBODY = "Somebody";

export class Names {
  private readonly people = new Map<string, { name: string; roles: string[] }>();
  private readonly standIns = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly reader: Reader,
    private readonly sql: Sql,
    readonly naming: Naming,
  ) {}

  /** Before persons are named: who they are. */
  async learn(ids: Iterable<string>): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.people.has(id));
    if (!unknown.length) return;
    const { access, today } = this.reader;
    const rows = await peopleByIds(this.sql, unknown);
    const roles = this.naming === "everybody" ? undefined : await rolesOf(this.sql, access.acting, unknown, today);
    for (const { id, name } of rows) this.people.set(id, { name, roles: this.inOrder(roles?.get(id) ?? []) });
  }

  person(id: string): string {
    const known = this.people.get(id);
    if (!known) return SOMEBODY;
    if (this.naming === "everybody" || (this.naming === "staff" && this.isStaff(known.roles))) return known.name;
    return this.standIn(id, "Person", this.roleOf(known.roles));
  }

  /** What a record is called. */
  record(type: RecordType, { id, recordTitle }: { id: string; recordTitle: string }): string {
    return this.names(type) ? recordTitle : this.standIn(id, type.label);
  }

  recordOf(type: string, row: { id: string; recordTitle: string }): string {
    return this.record(publishedType(this.reader, type).type, row);
  }

  /** May a field's value be shown? */
  shows(type: RecordType, field: string): boolean {
    return this.naming === "everybody" || isNameless(type, field);
  }

  private names(type: RecordType): boolean {
    return this.naming === "everybody" || hasNamelessTitle(type);
  }

  private isStaff(roles: string[]): boolean {
    return this.reader.registry.roles.some(({ name, outside }) => !outside && roles.includes(name));
  }

  /** First what says most about somebody: a role of today that few have beside them. */
  private inOrder(roles: { role: string; held: boolean; among: number }[]): string[] {
    const place = ({ role }: { role: string }) => this.reader.registry.roles.findIndex(({ name }) => name === role);
    return roles
      .sort((a, b) => Number(b.held) - Number(a.held) || a.among - b.among || place(a) - place(b))
      .map(({ role }) => role);
  }

  private roleOf(roles: string[]): string {
    const role = this.reader.registry.roles.find(({ name }) => name === roles[0]);
    return role ? ` (${role.label})` : "";
  }

  private standIn(id: string, word: string, more = ""): string {
    let found = this.standIns.get(id);
    if (found === undefined) {
      const n = (this.counts.get(word) ?? 0) + 1;
      this.counts.set(word, n);
      this.standIns.set(id, (found = `${word} ${n}${more}`));
    }
    return found;
  }
}
