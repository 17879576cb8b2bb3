/** Does with records of a definition whatever people and clocks may do, and says what failed that no person caused. */
import {
  actionsOf,
  type AvailableAction,
  availableActions,
  meet,
  permissionsOf,
  warnings,
} from "../../api/engine/availableActions";
import { act } from "../../api/engine/act";
import { composeMails } from "../../api/engine/composeMails";
import { completeTask } from "../../api/engine/completeTask";
import { createRecord } from "../../api/engine/createRecord";
import { deliverMails } from "../../api/engine/deliverMails";
import { fireDue } from "../../api/engine/fireDue";
import { importRows } from "../../api/engine/importRows";
import { keepTransport } from "../../api/engine/mailTransport";
import { openSealed } from "../../api/engine/openSealed";

import { previewUpdate } from "../../api/engine/previewUpdate";
import { addressChanged, reportBounce } from "../../api/engine/bounces";
import { tellOfFaults } from "../../api/engine/faults";
import { answerAsGuest, guestLinkFor, guestPage } from "../../api/engine/guests";
import { secretOf } from "../../api/engine/oneTimeLink";
import { reportsFor, withReport } from "../../api/engine/report/openReport";
import { chainOf } from "../../api/engine/read/chainOf";
import { recordFault, settleFaults } from "../../api/store/faults";
import { readHistory } from "../../api/store/history";
import { loadRecords } from "../../api/store/records";
import { textLength } from "../../schema/parseValue";
import { chartPoints, chartsFor } from "../../api/engine/read/counts";
import { dueBetween } from "../../api/engine/read/dueBetween";
import { countRecords, listRecords } from "../../api/engine/read/listRecords";
import { readRecord } from "../../api/engine/read/readRecord";
import { rederiveRecord, rederiveSome } from "../../api/engine/rederive";
import { rehearse, run, systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import { lockSome } from "../../api/engine/lock";
import { apply, create, workOn } from "../../api/engine/pipeline";
import { updateRecord } from "../../api/engine/updateRecord";
import { timersOfRecords } from "../../api/store/workQuery";
import { tableName } from "../../api/store/recordTable";
import type { Condition, Field, Literal, RecordType } from "../../schema/definition";
import { Failure, type FailureCode, RuleBroken } from "../../schema/failure";
import { filterOf, isSensitive, isSortable } from "../../schema/fields";
import type { Random } from "../../schema/packs/school-policy/demo/year/random";
import { isKey } from "../../schema/sheetRows";
import { personsIn } from "../../schema/language/who";
import type { Person, Stage } from "./stage";

/** What failed: `kind` tells findings of one cause from others. */
export interface Finding {
  kind: string;
  detail: string;
}

/** What a person may be told, whatever they sent: anything else is nobody's fault but the definition's, or ours. */
const honest: FailureCode[] = ["INVALID_INPUT", "FORBIDDEN", "NOT_FOUND", "WRONG_STATE", "STALE", "TOO_MANY_ATTEMPTS"];

const day = 86_400_000;

export interface Driven {
  findings: Finding[];
  /** Records made, and moves that were done. */
  made: number;
  done: number;
}

export class Drive {
  readonly findings: Finding[] = [];
  private made = 0;
  private done = 0;
  private words = 0;
  private broken = false;
  private late = false;
  private readonly transport = keepTransport();

  constructor(
    private readonly stage: Stage,
    private readonly random: Random,
    /** Those that were edited. */
    private readonly names: string[],
  ) {}

  result(): Driven {
    return { findings: this.findings, made: this.made, done: this.done };
  }

  private get world() {
    return this.stage.world;
  }

  private get system() {
    return systemIdentity(this.stage.school.organisation);
  }

  private typeOf(name: string): RecordType {
    const type = this.world.registry.types.get(name)?.active.type;
    if (!type) throw new Error(`There is no ${name}.`);
    return type;
  }

  private find(what: string, error: unknown): void {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const code = error instanceof Failure ? ` ${error.code}` : "";
    const stack = (error instanceof Error ? (error.stack ?? "") : "").split("\n");
    const own = stack.flatMap((line) => /\/((?:api|schema)\/[\w./]+:\d+)/.exec(line)?.[1] ?? []);
    const kind = `${what}${code}: ${said.replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "ID").slice(0, 200)}`;
    const sql = typeof error === "object" && error !== null && "sql" in error ? String(error.sql) : "";
    this.findings.push({ kind: kind.replaceAll(/\s+/g, " "), detail: [own.slice(0, 9).join(" < "), sql].join("\n  ") });
  }

  /** Somebody's verb: they may be refused, and nothing else may come of it. */
  private async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await work();
      this.done++;
      return answer;
    } catch (error) {
      if (!(error instanceof Failure) || !honest.includes(error.code)) this.find(what, error);
      return undefined;
    } finally {
      this.hear(what);
    }
  }

  /** What the process says as an error is one. */
  private hear(what: string): void {
    for (const { message, error } of this.stage.said.splice(0))
      // An event that would break a rule is put aside and told of: what people wrote is why, and its rule says so.
      if (error instanceof RuleBroken) this.broken = true;
      else this.find(`${what}: ${message}`, error);
  }

  // -------------------------------------------------------------------------------------------------------- answers

  private async idsOf(type: string): Promise<string[]> {
    const rows = await this.world.db.query(`SELECT id FROM ${tableName(type)} ORDER BY id LIMIT 8`);
    return rows.map((row) => String(row["id"]));
  }

  private async input(field: Field, depth = 0): Promise<unknown> {
    const { random } = this;
    const people = (): string => random.oneOf(this.stage.people).id;
    const date = (): string =>
      random.happens(0.04)
        ? random.oneOf(["9999-12-31", "1000-01-01", "9998-02-28", "2100-02-28"])
        : new Date(this.stage.now + random.within(-40, 60) * day).toISOString().slice(0, 10);
    switch (field.kind) {
      case "text":
        if (random.happens(0.08))
          return random
            .oneOf(["🐎", "x", "漢", "a b "])
            .repeat(2_000)
            .slice(0, 2 * textLength(field))
            .trim();
        return `Said ${++this.words}`.slice(0, field.maxLength ?? 100);
      case "longText":
      case "document":
        return random.happens(0.05)
          ? `# A\n\n${"> ".repeat(40)}deep {{ title }}`
          : `Said ${++this.words}: on *misuse* it stays`;
      case "number": {
        const least = field.min ?? 1;
        const value = Math.min(field.max ?? 5_000, least + random.within(0, 40));
        return field.decimals ? value.toFixed(field.decimals) : value;
      }
      case "money":
        return random.within(0, 5_000);
      case "yesNo":
        return random.happens(0.6);
      case "date":
        return date();
      case "dateTime":
        return new Date(Date.parse(date()) + random.within(0, 86_000) * 1_000).toISOString();
      case "duration":
        return random.oneOf(["P7D", "P1M", "PT2H", "P1Y"]);
      case "choice":
        return random.oneOf(field.options).value;
      case "choices":
        return random.some(field.options, random.within(1, 3)).map(({ value }) => value);
      case "person":
        return people();
      case "people":
        return random.some(this.stage.people, random.within(1, 4)).map(({ id }) => id);
      case "role":
        return random.oneOf(random.oneOf(this.stage.people).roles);
      case "roles":
        return [...new Set(random.oneOf(this.stage.people).roles)];
      case "link":
      case "links": {
        const known = await this.idsOf(field.to);
        if (!known.length && depth < 3) {
          const id = await this.ground(field.to, depth + 1);
          if (id) known.push(id);
        }
        return field.kind === "link"
          ? known.length
            ? random.oneOf(known)
            : null
          : random.some(known, random.within(1, 2));
      }
      case "riskGrid":
        return { likelihood: random.within(1, field.size ?? 5), impact: random.within(1, field.size ?? 5) };
      case "file":
        return null;
      case "files":
        return [];
      case "list": {
        const entry = async (): Promise<unknown> =>
          Object.fromEntries(
            await Promise.all(
              Object.entries(field.of).map(async ([name, own]) => [name, await this.input(own, depth)] as const),
            ),
          );
        return Promise.all(Array.from({ length: random.within(0, 2) }, entry));
      }
    }
  }

  private async answers(
    fields: Record<string, Field>,
    full: number,
    depth = 0,
    always: string[] = [],
  ): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields))
      if (field.required === true || always.includes(name) || this.random.happens(full)) {
        const value = await this.input(field, depth);
        if (value !== null) values[name] = value;
      }
    return values;
  }

  /** A record for others to be linked to, as the system makes one. */
  private async ground(name: string, depth = 0): Promise<string | undefined> {
    const type = this.typeOf(name);
    for (let tries = 0; tries < 3; tries++)
      try {
        const input = await this.answers(type.fields, tries === 1 ? 0 : 0.9, depth);
        const record = await run(this.world, this.system, (current) => createRecord(current, { type: name, input }));
        return record.id;
      } catch (error) {
        if (!(error instanceof Failure) || !honest.includes(error.code)) {
          this.find(`create ${name}`, error);
          return undefined;
        }
      }
    return undefined;
  }

  // ---------------------------------------------------------------------------------------------------------- moves

  /** Made by somebody who may, or else by the system; and once as a policy document or sheet would bring it. */
  async create(name: string): Promise<void> {
    const type = this.typeOf(name);
    const editable = Object.fromEntries(Object.entries(type.fields).filter(([, field]) => field.editable !== false));
    for (let tries = 0; tries < 3; tries++) {
      const person = this.creator(type);
      if (!person) break;
      const input = await this.answers(editable, [0.8, 0.2, 1][tries] ?? 1);
      const record = await this.attempt(`create ${name}`, () =>
        run(this.world, person.identity, (current) => createRecord(current, { type: name, input })),
      );
      if (record) {
        this.made++;
        return;
      }
    }
    if (await this.ground(name)) this.made++;
    this.hear(`create ${name}`);
  }

  private creator(type: RecordType): Person | undefined {
    const may = this.stage.people.filter((person) =>
      type.grants.some(
        ({ may: what, to }) =>
          what.includes("create") &&
          to.some((one) => "anyone" in one || ("role" in one && person.roles.includes(one.role))),
      ),
    );
    return may.length ? this.random.oneOf(may) : undefined;
  }

  async imported(name: string): Promise<void> {
    const type = this.typeOf(name);
    if (!type.entries.imported) return;
    const values = await this.answers(type.fields, 0.6);
    const plain = Object.fromEntries(
      Object.entries(values).filter(([field]) =>
        ["text", "date", "person", "choice", "yesNo"].includes(type.fields[field]?.kind ?? ""),
      ),
    );
    await this.attempt(`import ${name}`, () =>
      run(this.world, this.system, (current) =>
        create(current, name, this.stage.school.organisation, plain as never, { entry: "imported" }),
      ),
    );
  }

  private async some(): Promise<{ type: RecordType; id: string } | undefined> {
    const name = this.random.oneOf(this.names);
    const ids = await this.idsOf(name);
    return ids.length ? { type: this.typeOf(name), id: this.random.oneOf(ids) } : undefined;
  }

  async act(): Promise<void> {
    const found = await this.some();
    if (!found) return;
    const { type, id } = found;
    const seen = await this.attempt(`meet ${type.name}`, () => meet(this.world, type.name, id));
    if (!seen) return;
    const offers: { person: Person; action: AvailableAction }[] = [];
    for (const person of this.stage.people)
      for (const action of await actionsOf(this.world, seen, person.identity))
        if (action.allowed) offers.push({ person, action });
    this.hear(`actions ${type.name}`);
    const names = [...new Set(offers.map(({ action }) => action.name))];
    if (!names.length) return;
    const name = this.random.oneOf(names);
    const { person, action } = this.random.oneOf(offers.filter((offer) => offer.action.name === name));
    const fields = Object.fromEntries(action.form.map((item) => [item.name, item.field]));
    const always = action.form.filter(({ required }) => required).map((item) => item.name);
    for (const full of [0.7, 1]) {
      const input = await this.answers(fields, full, 0, always);
      const ratified = action.ratifies ? seen.record.fields[action.ratifies] : null;
      const textHash =
        typeof ratified === "object" && ratified !== null && "latest" in ratified ? ratified.latest.hash : null;
      const after = await this.attempt(`act ${type.name}.${name}`, () =>
        run(this.world, person.identity, (current) =>
          act(current, { type: type.name, id, action: name, input, textHash }),
        ),
      );
      if (after) return;
    }
  }

  async tick(): Promise<void> {
    const rows = await this.world.db.query(
      "SELECT t.id, t.type, h.person FROM task t JOIN task_holder h ON h.task = t.id WHERE t.state = 'open' AND h.done_at IS NULL ORDER BY t.id, h.person LIMIT 40",
    );
    if (!rows.length) return;
    const row = this.random.oneOf(rows);
    const person = this.stage.people.find(({ id }) => id === row["person"]);
    if (person)
      await this.attempt(`tick ${String(row["type"])}`, () =>
        run(this.world, person.identity, (current) =>
          completeTask(current, { id: String(row["id"]), comment: "Done" }),
        ),
      );
  }

  async update(): Promise<void> {
    const found = await this.some();
    if (!found) return;
    const { type, id } = found;
    const person = this.random.oneOf(this.stage.people);
    const may = await this.attempt(`permissions ${type.name}`, () =>
      permissionsOf(this.world, person.identity, type.name, id),
    );
    const all = Object.keys(type.fields);
    const some = this.random.some(may?.fields.length ? may.fields : all, this.random.within(1, 3));
    const fields = Object.fromEntries(some.flatMap((name) => (type.fields[name] ? [[name, type.fields[name]]] : [])));
    const input = this.random.happens(0.2)
      ? Object.fromEntries(some.map((name) => [name, null]))
      : await this.answers(fields, 1);
    const [row] = await this.world.db.query(`SELECT version FROM ${tableName(type.name)} WHERE id = ?`, [id]);
    const change = { type: type.name, id, expectedVersion: Number(row?.["version"]), input };
    const identity = may?.edit ? person.identity : this.system;
    if (this.random.happens(0.3))
      await this.attempt(`preview ${type.name}`, () => previewUpdate(this.world, identity, change));
    const done = await this.attempt(`update ${type.name}`, async () => {
      await run(this.world, identity, (current) => updateRecord(current, change));
      return true;
    });
    if (done) await this.leavesNothingUndone(type, id);
  }

  /** After an edit, of which less is read than of other changes, deriving everything again would change no clock and no task. */
  private async leavesNothingUndone(type: RecordType, id: string): Promise<void> {
    await this.pages();
    const [change] =
      (await this.attempt(`derive again ${type.name}`, () =>
        rehearse(this.world, this.system, async (current) => {
          const records = await lockSome(current, [{ type: type.name, id }]);
          return apply(
            current,
            records.map((record) => workOn(current, record, { kind: "rederive", reason: "it was tried" })),
          );
        }),
      )) ?? [];
    // One trigger follows another: what is set going by the next is no part of the edit.
    if (!change || change.changed.length || change.before?.state !== change.after.state) return;
    const left = [
      ...change.newTimers.filter(({ state }) => state === "waiting").map(({ rule }) => `clock ${rule} missing`),
      ...change.timers
        .filter(({ timer }) => timer.state === "cancelled")
        .map(({ timer }) => `clock ${timer.rule} left`),
      ...change.openTasks.map(({ rule }) => `task ${rule} missing`),
      ...change.closeTasks.map(() => "task left"),
    ];
    if (left.length) this.find(`update ${type.name}: undone`, new Error(left.join(", ")));
  }

  async figure(): Promise<void> {
    const type = this.typeOf(this.random.oneOf(this.names));
    const settings = Object.entries(type.settings ?? {});
    if (!settings.length) return;
    const [name, { kind, value }] = this.random.oneOf(settings);
    const other: Record<string, Literal | Literal[]> = {
      ...{ offset: this.random.oneOf(["P1D", "P3D", "PT2H", "P1M", "P0D", "-P7D", "2 school days"]) },
      ...{ offsets: this.random.oneOf([["P1D"], ["P1D", "P5D"], ["-P7D", "P0D"], ["P7D", "P1W"]]) },
      ...{
        time: "10:30",
        number: this.random.oneOf([0, 1, 3, -1, 1e9]),
        percent: 50,
        text: "Other",
        texts: ["One", "Two"],
      },
      ...{ date: "2027-03-01" },
    };
    await this.attempt(`set ${type.name}.${name}`, () =>
      run(this.world, this.system, (current) =>
        setSetting(current, { type: type.name, name, value: other[kind] ?? value }),
      ),
    );
    await this.pages();
  }

  async rederive(): Promise<void> {
    const found = await this.some();
    if (found)
      await this.attempt(`rederive ${found.type.name}`, () =>
        run(this.world, this.system, (current) =>
          rederiveRecord(current, { type: found.type.name, id: found.id }, "it was tried"),
        ),
      );
  }

  /** Lists as people narrow and order them, views, charts, and a record's page. */
  async read(): Promise<void> {
    const name = this.random.oneOf(this.names);
    const type = this.typeOf(name);
    const person = this.random.oneOf(this.stage.people);
    const reader = await this.attempt("reader", () => this.stage.reader(person));
    if (!reader) return;
    const own = Object.keys(type.fields);
    const people = own.filter((field) => type.fields[field]?.kind === "person");
    const asked = { fields: own, people, first: 20 };
    await this.attempt(`list ${name}`, () => listRecords(reader, name, asked));
    for (const [view, { columns, where, sort }] of Object.entries(type.views ?? {})) {
      const key = sort && { field: sort.replace(/^-/, ""), desc: sort.startsWith("-") };
      await this.attempt(`view ${name}.${view}`, () =>
        listRecords(reader, name, {
          ...{ fields: columns, people: [], first: 20, search: "said" },
          ...(where && { where }),
          ...(key && { sort: [key] }),
        }),
      );
    }
    for (const field of this.random.some(["state", "reference", "createdAt", "recordTitle", ...own], 3)) {
      const definition = type.fields[field];
      if (definition && isSortable(definition))
        await this.attempt(`sort ${name}.${field}`, () =>
          listRecords(reader, name, { ...asked, first: 2, sort: [{ field, desc: this.random.happens(0.5) }] }),
        );
      const where = definition && (await this.filter(field, definition));
      if (where) await this.attempt(`filter ${name}.${field}`, () => countRecords(reader, name, { where }));
    }
    for (const ref of chartsFor(reader, person.roles, name))
      await this.attempt(`chart ${name}.${ref.name}`, () => chartPoints(reader, ref));
    const found = await this.some();
    if (!found) return;
    const { id } = found;
    await this.attempt(`record ${found.type.name}`, () =>
      readRecord(reader, found.type.name, { fields: Object.keys(found.type.fields), people: [] }, id),
    );
    await this.attempt(`warnings ${found.type.name}`, () => warnings(this.world, person.identity, found.type.name, id));
    await this.attempt(`actions ${found.type.name}`, () =>
      availableActions(this.world, person.identity, found.type.name, id),
    );
    await this.attempt(`timers ${found.type.name}`, () => timersOfRecords(this.world.db, reader, [id]));
    const from = new Date(this.stage.now).toISOString().slice(0, 10);
    const to = new Date(this.stage.now + 40 * day).toISOString().slice(0, 10);
    await this.attempt(`due ${name}`, () => dueBetween(reader, { from, to, clocks: true, type: name }));
    for (const [field, { sealed }] of Object.entries(found.type.fields))
      if (sealed)
        await this.attempt(`open ${found.type.name}.${field}`, () =>
          run(this.world, person.identity, (current) =>
            openSealed(current, { type: found.type.name, id, field, reason: "To try" }),
          ),
        );
  }

  private async filter(name: string, field: Field): Promise<Condition | undefined> {
    const kind = filterOf(field);
    if (!kind || isSensitive(field)) return undefined;
    const own = { field: name };
    if (this.random.happens(0.3)) return { empty: own };
    const value = (await this.input(field)) as Literal | Literal[];
    if (Array.isArray(value) || kind === "list") return { includes: [own, [value].flat()[0] ?? "x"] };
    if (typeof value === "object") return undefined;
    if (kind === "text" && this.random.happens(0.5)) return { contains: [own, "said"] };
    if (["number", "date", "dateTime"].includes(kind))
      return { [this.random.oneOf(["lt", "ge", "eq"])]: [own, value] } as Condition;
    return this.random.happens(0.5) ? { eq: [own, value] } : { in: [own, [value]] };
  }

  async importSheet(): Promise<void> {
    const name = this.random.oneOf(this.names);
    const type = this.typeOf(name);
    const keys = ["reference", ...Object.keys(type.fields)].filter((field) => isKey(type, field));
    if (!keys.length) return;
    const key = this.random.oneOf(keys);
    const values = await this.answers(type.fields, 0.7);
    const row = Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) =>
        ["string", "number", "boolean"].includes(typeof value) ? [[field, value as Literal]] : [],
      ),
    );
    const person = this.creator(type) ?? this.random.oneOf(this.stage.people);
    const rows = [{ ...row, [key]: row[key] ?? "Key 1" }];
    const verdicts = await this.attempt(`sheet ${name}`, () =>
      importRows(this.world, person.identity, {
        type: name,
        rows,
        key: [key],
        existing: "UPDATE",
        dryRun: this.random.happens(0.3),
      }),
    );
    for (const { verdict, problems } of verdicts ?? [])
      if (verdict === "FAILED") this.find(`sheet ${name}`, new Error(problems.map(({ message }) => message).join(" ")));
  }

  /** Somebody leaves, so that a role is held by nobody; or the school closes for some days. */
  async outside(): Promise<void> {
    if (this.random.happens(0.5)) {
      const role = this.random.oneOf(this.random.oneOf(this.stage.people).roles);
      await this.attempt(`nobody is ${role}`, () => this.stage.empty(role));
    } else {
      const on = (days: number): string => new Date(this.stage.now + days * day).toISOString().slice(0, 10);
      await this.attempt("calendar", () => this.stage.close(on(1), on(this.random.within(1, 9))));
    }
    await this.pages();
  }

  /** Records that the engine makes by itself, and a page for somebody who signs in nowhere. */
  async itself(): Promise<void> {
    const { world, system } = this;
    const organisation = this.stage.school.organisation;
    const types = this.names.map((name) => this.typeOf(name));
    if (types.some(({ faults }) => faults)) {
      const fault = { organisation, kind: "email" as const, subject: "01TRIED0000000000000000000", cause: "Tried" };
      await this.attempt("faults", async () => {
        await recordFault(world.db, { ...fault, at: new Date(this.stage.now).toISOString() });
        await tellOfFaults(world);
        await settleFaults(world.db, "email", [fault.subject], {
          how: "done",
          by: null,
          at: new Date(this.stage.now).toISOString(),
        });
        await tellOfFaults(world);
      });
      await world.db.execute("DELETE FROM fault WHERE subject = ?", [fault.subject]);
    }
    if (types.some(({ bounces }) => bounces)) {
      const person = this.random.oneOf(this.stage.people);
      const bounce = {
        organisation,
        person: person.id,
        address: person.identity.person.email ?? "",
        why: "No such mailbox ".repeat(20),
      };
      await this.attempt("bounces", () => run(world, system, (current) => reportBounce(current, bounce)));
      await this.attempt("bounces", () => run(world, system, (current) => addressChanged(current, person.id)));
    }
    for (const type of types.filter(({ guests }) => guests)) await this.guest(type);
  }

  private async guest(type: RecordType): Promise<void> {
    const { world } = this;
    const [id] = await this.idsOf(type.name);
    const [record] = id ? await loadRecords(world.db, world.registry, [{ type: type.name, id }]) : [];
    const [person] = record ? (type.guests?.to ?? []).flatMap((name) => personsIn(record, name)) : [];
    if (!record || person === undefined) return;
    const link = await this.attempt(`link ${type.name}`, () =>
      run(world, this.system, (current) => guestLinkFor(current, { type: type.name, record: record.id, person })),
    );
    if (!link) return;
    const secret = secretOf(world.key, "guest", link);
    const page = await this.attempt(`guest ${type.name}`, () => guestPage(world, secret));
    const action = page?.actions.length ? this.random.oneOf(page.actions) : undefined;
    if (!page || !action) return;
    const input = await this.answers(Object.fromEntries(action.form.map(({ name, field }) => [name, field])), 1);
    await this.attempt(`answer ${type.name}.${action.name}`, () =>
      answerAsGuest(world, secret, { action: action.name, input, textHash: page.text?.hash ?? null, copy: true }),
    );
  }

  /** What the record tells of its past, what hangs together with it, and a report of the edited types. */
  async tell(): Promise<void> {
    const person = this.random.oneOf(this.stage.people);
    const reader = await this.stage.reader(person);
    const found = await this.some();
    if (!found) return;
    await this.attempt(`history ${found.type.name}`, () =>
      readHistory(this.world.db, found.id, { limit: 50, detail: "shortened" }),
    );
    await this.attempt(`chain ${found.type.name}`, () => chainOf(reader, found.type.name, found.id, 3));
    const reports = reportsFor(reader).filter((report) =>
      this.names.some((name) => JSON.stringify(report).includes(`"${name}`)),
    );
    if (!reports.length) return;
    const report = this.random.oneOf(reports);
    const ask = {
      name: report.name,
      hideNames: this.random.happens(0.5),
      ...("record" in report.subject
        ? { record: (await this.idsOf(report.subject.record))[0] ?? null }
        : { period: { from: "2026-09-01", to: "2027-08-31" } }),
    };
    await this.attempt(`report ${report.name}`, () =>
      withReport(reader, ask, 20, async ({ sections }) => {
        for await (const section of sections) void section;
      }),
    );
  }

  private async pages(): Promise<void> {
    await this.attempt("rederive", async () => {
      for (let pages = 0; pages < 20 && (await rederiveSome(this.world)); pages++);
    });
  }

  /** Moves on to what falls due next, at most so far ahead, and fires it; email leaves. False where nothing is due. */
  async fire(mostMs: number): Promise<boolean> {
    const { db } = this.world;
    const next = await db.query(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(due_at) AS at FROM timer WHERE state = 'waiting' AND retry_at IS NULL
         UNION ALL SELECT MIN(send_at) FROM notice WHERE outcome = 'planned') AS due`,
    );
    const at = next[0]?.["at"];
    const due = typeof at === "string" ? Date.parse(`${at.replace(" ", "T")}Z`) : Infinity;
    this.stage.now = Math.max(this.stage.now, Math.min(due, this.stage.now + mostMs));
    await this.round();
    return due < Infinity;
  }

  async round(): Promise<void> {
    const { world } = this;
    const iso = (): string => new Date(this.stage.now).toISOString();
    // A row that was derived again instead of fired is due still.
    let fired: number | undefined = 1;
    for (let again = 0; again < 20 && fired; again++) fired = await this.attempt("fire", () => fireDue(world));
    // One that repeats each minute since a day long ago has much to catch up with.
    this.late = fired !== 0;
    await this.attempt("rederive", async () => {
      for (let pages = 0; pages < 20 && (await rederiveSome(world)); pages++);
    });
    await this.attempt("compose", () => composeMails(world, iso()));
    await this.attempt("deliver", () => deliverMails(world, iso(), this.transport));
  }

  /** Nothing is left that should have happened, and nothing was put aside. */
  async look(): Promise<void> {
    const { db } = this.world;
    const now = new Date(this.stage.now).toISOString().slice(0, 23).replace("T", " ");
    const say = (what: string, rows: Record<string, unknown>[]): void => {
      for (const row of rows.slice(0, 3))
        this.findings.push({ kind: `${what}: ${String(row["what"])}`, detail: JSON.stringify(row) });
    };
    if (!this.broken)
      say(
        "dead clock",
        await db.query(
          "SELECT CONCAT(type, '.', rule, ' ', outcome) AS what, step, due_at FROM timer WHERE state = 'dead'",
        ),
      );
    say(
      "retried clock",
      await db.query(
        "SELECT CONCAT(type, '.', rule, ' ', outcome) AS what, step, due_at FROM timer WHERE state = 'waiting' AND retry_at IS NOT NULL",
      ),
    );
    if (!this.late)
      say(
        "stuck clock",
        await db.query(
          "SELECT CONCAT(type, '.', rule) AS what, step, due_at, stamp FROM timer WHERE state = 'waiting' AND retry_at IS NULL AND due_at <= ?",
          [now],
        ),
      );
    say(
      "failed notice",
      await db.query("SELECT CONCAT(type, ' ', template) AS what, outcome_why FROM notice WHERE outcome = 'failed'"),
    );
    say("failed mail", await db.query("SELECT state AS what, answer FROM mail WHERE state = 'failed'"));
    if (!this.broken)
      say("fault", await db.query("SELECT CONCAT(kind, ' ', cause) AS what FROM fault WHERE kind <> 'rule'"));
    say(
      "unfinished change",
      await db.query("SELECT reason AS what FROM rederive WHERE done_at IS NULL AND created_at <= ?", [now]),
    );
  }
}

/** So many moves of one record type or a few, and then what falls due within two years. */
export async function drive(
  stage: Stage,
  random: Random,
  names: string[],
  before?: () => Promise<void>,
): Promise<Driven> {
  const drive = new Drive(stage, random, names);
  for (const name of names) {
    await drive.create(name);
    if (random.happens(0.5)) await drive.create(name);
  }
  if (before) {
    if (random.happens(0.5)) await drive.act();
    await before();
  }
  for (const name of names) await drive.imported(name);
  const moves: [() => Promise<unknown>, number][] = [
    [() => drive.act(), 9],
    [() => drive.tick(), 2],
    [() => drive.update(), 3],
    [() => drive.figure(), 1],
    [() => drive.rederive(), 1],
    [() => drive.read(), 2],
    [() => drive.importSheet(), 1],
    [() => drive.outside(), 1],
    [() => drive.itself(), 2],
    [() => drive.tell(), 1],
    [() => drive.fire(400 * day), 4],
    [() => drive.fire(random.within(1, 30) * day), 1],
    [() => drive.create(random.oneOf(names)), 1],
  ];
  const bag = moves.flatMap(([move, times]) => Array.from({ length: times }, () => move));
  for (let n = 0; n < 16; n++) {
    await random.oneOf(bag)();
    if (drive.findings.length) break;
  }
  await drive.read();
  for (let n = 0; n < 8 && !drive.findings.length && (await drive.fire(300 * day)); n++);
  await drive.look();
  return drive.result();
}
