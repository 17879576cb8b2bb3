/**
 * A school on the pack, in one database, for one edit of its definitions after another: what an edit and what was done
 * under it left behind is taken away again. Time is what this says; it stands still between two moves.
 */
import type { RecordType } from "../../schema/definition";
import { checkDefinition } from "../../schema/check";
import { recordTypeShape } from "../../schema/definitionShape";
import { shapeProblems } from "../../schema/shape";
import { reportProblems } from "../../schema/checkReports";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { accessIn, type Identity } from "../../api/engine/access";
import { publishTypes, type InFlight } from "../../api/engine/publishDefinition";
import { rederive } from "../../api/engine/rederive";
import { run, systemIdentity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import type { World } from "../../api/engine/world";
import { Editions } from "../../api/engine/editions";
import { readerFor, type Reader } from "../../api/engine/read/reader";
import { loadRegistry } from "../../api/store/definitions";
import { allOrganisations, bumpAccessEdition } from "../../api/store/people";
import { applyTable, tableName } from "../../api/store/recordTable";
import { newSchool, type School } from "../school";

/** Tables of which nothing is taken away: what a school is, and what only grows. */
const kept = new Set([
  ...[
    "absence",
    "answered",
    "api_token",
    "appointment",
    "closure",
    "credential",
    "crest",
    "definition",
    "installation",
  ],
  ...["lease", "migration", "organisation", "pack", "pack_clash", "pack_type", "person", "person_group", "relation"],
  ...["role", "security_head", "security_log", "session", "term", "worker_round", "preference"],
]);

export interface Person {
  id: string;
  name: string;
  roles: string[];
  identity: Identity;
}

export class Stage {
  /** What the process said of itself, as errors. */
  readonly said: { message: string; error: unknown }[] = [];
  now: number;
  /** As JSON has them: nothing of a definition is code. */
  readonly types: RecordType[];

  private constructor(
    readonly school: School,
    readonly people: Person[],
    private readonly tables: string[],
    private readonly startsAt: number,
  ) {
    this.now = startsAt;
    this.types = JSON.parse(JSON.stringify(schoolPolicy.types)) as RecordType[];
    const { world } = this;
    world.machineNow = () => this.now;
    world.timeAt = () => this.now;
    world.wake = world.announce = world.changed = () => undefined;
    const error = (about: unknown, message?: string): void => {
      const cause = typeof about === "object" && about !== null && "err" in about ? about.err : about;
      this.said.push({ message: message ?? String(about), error: cause });
    };
    world.log = Object.assign(Object.create(world.log) as World["log"], { error, fatal: error });
  }

  static async open(startsAt = "2026-11-23T09:00:00.000Z"): Promise<Stage> {
    const school = await newSchool(startsAt);
    const { db } = school.world;
    const rows = await db.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    );
    const tables = rows.map((row) => String(row["name"])).filter((name) => !kept.has(name));
    const organisations = await allOrganisations(db);
    const acting = organisations.find(({ id }) => id === school.organisation);
    if (!acting) throw new Error("There is no school.");
    const held = await db.query(
      "SELECT p.id, p.name, p.email, a.role FROM person p JOIN appointment a ON a.person = p.id WHERE a.record IS NULL",
    );
    const people = new Map<string, Person>();
    const administering = school.world.registry.roles.flatMap(({ name, administers }) => (administers ? name : []));
    for (const id of new Set(held.map((row) => String(row["id"])))) {
      const own = held.filter((row) => row["id"] === id);
      const [name, email] = [String(own[0]?.["name"]), own[0]?.["email"] === null ? null : String(own[0]?.["email"])];
      const roles = own.map((row) => String(row["role"]));
      const access = accessIn(
        id,
        acting,
        organisations,
        roles.map((role) => ({ organisation: acting.id, role })),
      );
      const identity: Identity = {
        actor: { kind: "person", id, name },
        person: { id, name, email },
        ...{ access, acting, organisations: [acting], edition: 0 },
        administers: roles.some((role) => administering.includes(role)),
      };
      people.set(id, { id, name, roles, identity });
    }
    const stage = new Stage(school, [...people.values()], tables, Date.parse(startsAt));
    await stage.clear([]);
    return stage;
  }

  get world(): World {
    return this.school.world;
  }

  async reader(person: Person): Promise<Reader> {
    const editions = await new Editions(this.world.db, () => this.world.machineNow()).read();
    return readerFor(this.world, person.identity, { ...editions, clockOffsetMs: 0 });
  }

  /** What a publish of these would be refused for; of those that it does not touch, only where they name one of them. */
  problems(changed: RecordType[], previous: boolean): string[] {
    const all = this.types.map((type) => changed.find(({ name }) => name === type.name) ?? type);
    for (const type of changed) if (!all.includes(type)) all.push(type);
    const roles = schoolPolicy.roles;
    const check = (type: RecordType): string[] => {
      const before = previous && this.types.find(({ name }) => name === type.name);
      const { problems } = checkDefinition(type, { roles, types: all, ...(before && { previous: before }) });
      return problems.map(({ path, message }) => `${type.name}.${path}: ${message}`);
    };
    const malformed = changed.flatMap((type) => shapeProblems(recordTypeShape, type).map(({ path }) => path));
    const own = malformed.length ? malformed : changed.flatMap(check);
    if (own.length) return own;
    const names = changed.map(({ name }) => name);
    const naming = this.types.filter(
      (type) => !names.includes(type.name) && names.some((name) => this.names(type).has(name)),
    );
    return [
      ...naming.flatMap(check),
      ...reportProblems(schoolPolicy.reports, { roles, types: all }).map(({ path, message }) => `${path}: ${message}`),
    ];
  }

  private readonly naming = new Map<string, Set<string>>();

  /** The types that this one names anywhere. */
  names(type: RecordType): Set<string> {
    let found = this.naming.get(type.name);
    if (!found) {
      found = new Set(JSON.stringify(type).match(/[A-Za-z]+/g));
      this.naming.set(type.name, found);
    }
    return found;
  }

  /** As on a new installation: no version of these was ever in force. */
  async found(types: RecordType[]): Promise<void> {
    await this.forget(types.map(({ name }) => name));
    await publishTypes(this.world, systemIdentity(this.school.organisation), types, { consent: "pack" });
  }

  async publish(types: RecordType[], inFlight: InFlight): Promise<void> {
    await publishTypes(this.world, systemIdentity(this.school.organisation), types, { consent: "pack", inFlight });
  }

  private async forget(names: string[]): Promise<void> {
    const { db } = this.world;
    for (const name of names) {
      await db.execute("DELETE FROM definition WHERE type = ?", [name]);
      await db.query(`DROP TABLE IF EXISTS ${tableName(name)}`);
    }
    await db.execute("UPDATE installation SET definition_edition = definition_edition + 1");
    this.world.registry = await loadRegistry(db);
  }

  /** Nobody holds this role any more, until it is cleared. */
  async empty(role: string): Promise<void> {
    this.left = true;
    await run(this.world, systemIdentity(this.school.organisation), async (current) => {
      await current.tx.execute("UPDATE appointment SET to_on = '2026-11-22' WHERE role = ?", [role]);
      await bumpAccessEdition(current.tx);
      await rederive(current, { kind: "people", organisation: null, type: null, reason: "somebody left" });
    });
  }

  async close(from: string, to: string): Promise<void> {
    this.calendar = true;
    await run(this.world, systemIdentity(this.school.organisation), async (current) => {
      const { terms, closures } = current.organisation.calendar;
      await setCalendar(current, { terms, closures: [...closures, { from, to, kind: "closure", name: "Tried" }] });
    });
  }

  private left = false;
  private calendar = false;

  /** As it was before these were edited. */
  async clear(names: string[]): Promise<void> {
    const { db } = this.world;
    this.now = this.startsAt;
    this.said.length = 0;
    if (this.calendar) {
      await db.execute("DELETE FROM closure WHERE name = 'Tried'");
      await db.execute("UPDATE organisation SET calendar_edition = calendar_edition + 1");
    }
    if (this.left) {
      await db.execute("UPDATE appointment SET to_on = NULL");
      await bumpAccessEdition(db);
    }
    this.calendar = this.left = false;
    if (names.length) {
      await this.forget(names);
      for (const type of this.types.filter(({ name }) => names.includes(name))) {
        await applyTable(db, type);
        await db.execute(
          "INSERT INTO definition (type, version, json, hash, state, published_at) VALUES (?, 1, ?, ?, 'active', '2026-11-23')",
          [type.name, JSON.stringify(type), `${"0".repeat(64 - type.name.length)}${type.name}`],
        );
      }
      await db.execute("UPDATE installation SET definition_edition = definition_edition + 1");
      this.world.registry = await loadRegistry(db);
    }
    const full = this.tables.filter((table) => !names.some((name) => tableName(name) === table));
    const rows = await db.query(
      full.map((table) => `SELECT '${table}' AS name, EXISTS(SELECT 1 FROM ${table}) AS more`).join(" UNION ALL "),
    );
    for (const row of rows) if (Number(row["more"])) await db.query(`DELETE FROM ${String(row["name"])}`);
  }

  end(): Promise<void> {
    return this.school.close();
  }
}
