/** People who do whatever they may at random, with answers that fit the form: see tenYears.test.ts. */
import type { Field, RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { parse } from "../../schema/fields";
import type { Actor, DocumentValue, Fields, NewText, RecordData } from "../../schema/record";
import type { Random } from "../../schema/packs/school-policy/demo/year/random";
import { isEvent } from "../../schema/who";
import { type Member, type MemorySchool, textOf } from "./memorySchool";

/** Records of a type that are not over, at most: a small school. */
const mostOfType = 2;

export class Play {
  /** How often each "type.action" was done. */
  readonly done = new Map<string, number>();
  private words = 0;

  constructor(
    private readonly school: MemorySchool,
    private readonly random: Random,
  ) {}

  /** Somebody makes a new record, or tries to. */
  create(): void {
    const member = this.random.oneOf(this.school.members);
    const open = [...this.school.types.values()]
      .filter(
        (type) => this.school.ofType(type.name).filter(({ state }) => !type.states[state]?.end).length < mostOfType,
      )
      .filter(({ grants }) =>
        grants.some(
          ({ may, to }) =>
            may.includes("create") &&
            to.some((one) => "anyone" in one || ("role" in one && member.roles.includes(one.role))),
        ),
      );
    if (!open.length) return;
    const type = this.random.oneOf(open);
    const fields = Object.fromEntries(
      Object.entries(type.fields).filter(([, field]) => field.editable !== false && !field.sealed),
    );
    this.attempt(`${type.name}.create`, () => {
      const { values, texts } = this.answers(fields);
      this.school.create(type.name, values, actorOf(member), texts);
    });
  }

  /** Somebody does something to a record: more often than not one of those whose task it is. */
  act(record: RecordData): void {
    const type = this.school.typeOf(record);
    const tasks = (this.school.tasks.get(record.id) ?? []).filter(({ state }) => state === "open");
    const task = tasks.length && this.random.happens(0.85) ? this.random.oneOf(tasks) : undefined;
    const holder = task?.holders.length ? this.random.oneOf(task.holders) : undefined;
    const member = this.school.members.find(({ id }) => id === holder) ?? this.random.oneOf(this.school.members);
    const rule = task && type.tasks?.[task.rule];
    if (task && !rule?.actions?.length) {
      const event = { kind: "task" as const, task: task.id };
      return this.attempt(
        `${type.name}.${task.rule}`,
        () => void this.school.apply(type, record, event, actorOf(member)),
      );
    }
    const names = Object.entries(type.actions)
      .filter(
        ([name, action]) =>
          action.from.includes(record.state) && !isEvent(action) && (!rule || rule.actions?.includes(name)),
      )
      .map(([name]) => name);
    if (names.length) this.do(type, record, this.random.oneOf(names), member);
  }

  private do(type: RecordType, record: RecordData, name: string, member: Member): void {
    const action = type.actions[name];
    if (!action) return;
    const fields: Record<string, Field> = {};
    for (const asked of action.form ?? []) {
      const field = action.asks?.[asked] ?? type.fields[asked];
      // What is filled in beforehand is mostly left as it stands.
      if (field && !(action.defaults?.[asked] !== undefined && this.random.happens(0.8))) fields[asked] = field;
    }
    this.attempt(`${type.name}.${name}`, () => {
      const { values, texts } = this.answers(fields, action.required);
      const read = action.ratifies ? (record.fields[action.ratifies] as DocumentValue | null) : null;
      const event = {
        kind: "action" as const,
        name,
        answers: values,
        texts,
        ...(read ? { textHash: read.latest.hash } : {}),
      };
      this.school.apply(type, record, event, actorOf(member));
    });
  }

  /** Tried a few times with other answers: a refusal is no fault, and anything else is one. */
  private attempt(what: string, work: () => void): void {
    for (let tries = 0; tries < 4; tries++)
      try {
        work();
        this.done.set(what, (this.done.get(what) ?? 0) + 1);
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (error.code !== "INVALID_INPUT") return;
      }
  }

  private answers(fields: Record<string, Field>, required: string[] = []) {
    const values: Fields = {};
    const texts: Record<string, NewText> = {};
    for (const [name, field] of Object.entries(fields)) {
      if (field.required !== true && !required.includes(name) && this.random.happens(0.3)) continue;
      const input = this.input(field);
      if (field.kind === "document") texts[name] = textOf(String(input));
      else {
        const parsed = parse(field, input);
        if ("value" in parsed && parsed.value !== null) values[name] = parsed.value;
      }
    }
    return { values, texts };
  }

  private input(field: Field): unknown {
    const { random, school } = this;
    const people = (): string => random.oneOf(school.members).id;
    const recordsOf = (type: string): string[] => school.ofType(type).map(({ id }) => id);
    switch (field.kind) {
      case "text":
      case "longText":
      case "document":
        return `Said ${++this.words}: on misuse it stays at home`;
      case "number":
        return random.within(field.min ?? 1, Math.min(field.max ?? 2100, (field.min ?? 1) + 200));
      case "money":
        return 1_000;
      case "yesNo":
        return random.happens(0.6);
      case "date":
        return school.calendar.add(school.today, `P${random.within(0, 40)}D`, random.happens(0.3) ? -1 : 1).date;
      case "dateTime":
        return new Date(school.now - 3_600_000).toISOString();
      case "duration":
        return "P7D";
      case "choice":
        return random.oneOf(field.options).value;
      case "choices":
        return random.some(field.options, random.within(1, 3)).map(({ value }) => value);
      case "person":
        return people();
      case "people":
        return random.some(school.members, random.within(1, 5)).map(({ id }) => id);
      case "role":
      case "roles": {
        const roles = random.oneOf(school.members).roles;
        return field.kind === "role" ? roles[0] : roles;
      }
      case "link":
      case "links": {
        const found = random.some(recordsOf(field.to), field.kind === "link" ? 1 : 2);
        return field.kind === "link" ? (found[0] ?? null) : found;
      }
      case "riskGrid":
        return random.happens(0.7)
          ? { likelihood: 1, impact: 2 }
          : { likelihood: random.within(1, 5), impact: random.within(1, 5) };
      case "file":
      case "files": {
        const file = school.newId();
        return field.kind === "file" ? file : [file];
      }
      case "list":
        return Array.from({ length: random.within(0, 2) }, () =>
          Object.fromEntries(Object.entries(field.of).map(([name, own]) => [name, this.input(own)])),
        );
    }
  }
}

const actorOf = ({ id, name }: Member): Actor => ({ kind: "person", id, name });
