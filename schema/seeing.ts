/**
 * By what it comes about who sees the records of a type: the fields, tasks and states that its grants, its bars and `see` ask,
 * and all that can write, open or enter those, in whichever definition it stands. Followed from there to whose hands that is
 * in, and to the fields whose values are taken; not to what narrows it, which is compared as it stands.
 */
import { covers, isAlways, opensByRole, seeingChain } from "./access";
import type { Condition, Field, Grant, RecordType, Value, Who } from "./definition";
import { inheritedBy, namesPersons } from "./fields";
import { type ByWho, forWho } from "./language/who";
import { conjuncts, guardsIn, type Outcome, outcomesOf, said, type Types } from "./outcomes";
import { isRestricted, sourcesIn } from "./readings";
import { taskStates } from "./refusals";
import { fieldsNamed } from "./rules";
import { canonicalJson } from "./text";
import { visitCondition } from "./walk";

/** One way in which it comes about. */
export interface Way {
  /** The type whose definition says so. */
  by: string;
  said: string;
  key: string;
  /** By whose doing; undefined where nobody's. */
  who?: Who;
  /** What must hold besides: the more, the narrower. */
  guards: string[];
  part?: unknown;
}

/** Something by which it is decided: a field, a task, being in a state, an action. */
interface Point {
  id: string;
  found: () => Found;
}
interface Found {
  ways: Way[];
  next: Point[];
}

export const reads = (grant: Grant): boolean => covers(grant, "see") || covers(grant, "edit");

/** Do its grants say who reads something confidential or sealed? */
export const guards = (type: RecordType): boolean =>
  !!type.confidential || Object.values(type.fields).some(({ sealed }) => sealed);

/** Its fields, and the questions that the history keeps. */
export const fieldsOf = (type: RecordType): [string, Field][] => [
  ...Object.entries(type.fields),
  ...Object.entries(type.actions).flatMap(([action, { asks }]) =>
    Object.entries(asks ?? {}).map(([name, field]): [string, Field] => [`${action}.${name}`, field]),
  ),
];

/** Has it something that only some may see? */
export const holdsBack = (type: RecordType): boolean =>
  guards(type) || fieldsOf(type).some(([, field]) => isRestricted(field));

/** The definitions of one edition, followed back from who sees. */
export class Seeing {
  private readonly outcomes: Outcome[];
  private readonly looked = new Map<string, Found>();
  private readonly typeNamed = (name: string): RecordType | undefined => this.types.get(name);

  /** `before`: the edition that this one comes after. No record is in a state, or comes from one, that it does not have. */
  constructor(
    private readonly types: Types,
    private readonly before: Types = types,
  ) {
    this.outcomes = outcomesOf(types);
  }

  /** The ways by which it comes about who sees records of this type, by the points at which they are met. */
  of(type: RecordType): Map<string, Way[]> {
    const ways = new Map<string, Way[]>();
    const open = [this.root(type)];
    for (let point = open.pop(); point; point = open.pop()) {
      if (ways.has(point.id)) continue;
      let found = this.looked.get(point.id);
      if (!found) this.looked.set(point.id, (found = point.found()));
      ways.set(point.id, found.ways);
      open.push(...found.next);
    }
    return ways;
  }

  private root(type: RecordType): Point {
    return {
      id: `sees ${type.name}`,
      found: () => {
        const restricted = fieldsOf(type).flatMap(([, field]) => (isRestricted(field) ? (field.see ?? []) : []));
        const next = restricted.flatMap((who) => this.named(who, type));
        if (!guards(type)) return { ways: [], next };
        const above = inheritedBy(type) === undefined ? [] : seeingChain(type, this.typeNamed).slice(1);
        // What a guarded type above says is its own to tell.
        const open = above.slice(0, above.findIndex(guards) < 0 ? above.length : above.findIndex(guards));
        return {
          ways: [...this.guestWays(type), ...open.flatMap((one) => grantWays(one))],
          next: [
            ...next,
            ...[type, ...open].flatMap((one) => this.accessTo(one)),
            ...(type.guests?.to ?? []).map((name) => this.field(type, name)),
          ],
        };
      },
    };
  }

  private accessTo(type: RecordType): Point[] {
    const barred = (type.bars ?? []).flatMap((name) => [this.field(type, name), required(type, name)]);
    const link = inheritedBy(type);
    if (link !== undefined) return [...barred, this.field(type, link)];
    const grants = type.grants.filter(reads);
    const keyOf = (to: Grant["to"][number], { reach = "here" }: Grant) => canonicalJson([to, reach]);
    const always = new Set(
      grants.flatMap((grant) =>
        grant.when === undefined || isAlways(grant.when) ? grant.to.map((to) => keyOf(to, grant)) : [],
      ),
    );
    return [
      ...barred,
      ...grants.flatMap((grant) =>
        grant.to.flatMap((to) => {
          const person = "field" in to || "task" in to;
          if (!person && !opensByRole(type, grant, "see")) return [];
          // Whoever sees all of them by another grant sees no more by this one.
          const asked = always.has(keyOf(to, grant)) ? [] : conjuncts(grant.when);
          return [...(person ? this.named(to, type) : []), ...asked.flatMap((one) => this.asked(one, type))];
        }),
      ),
    ];
  }

  private guestWays(type: RecordType): Way[] {
    const { guests } = type;
    if (!guests || !type.confidential) return [];
    const { to, by, shows = [], text = [], actions } = guests;
    return Object.entries({ to, by, shows, text: [text].flat(), actions }).flatMap(([part, each]) =>
      each.map((one) => ({
        ...{ by: type.name, said: "the page for guests", key: `${part} ${canonicalJson(one)}`, guards: [] },
      })),
    );
  }

  /** Whom a rule names, by what of the record. */
  private named(who: Who, type: RecordType): Point[] {
    const path = (field: string) => this.sourcesOf({ field }, type);
    const table: ByWho<[], Point[]> = {
      role: () => [],
      group: () => [],
      anyone: () => [],
      system: () => [],
      field: ({ field }) => path(field),
      relation: ({ of }) => path(of),
      rolesIn: ({ rolesIn }) => path(rolesIn),
      task: ({ task }) => [this.task(type, task)],
    };
    return forWho(table, who);
  }

  /** What a condition asks. */
  private asked(condition: Condition, type: RecordType): Point[] {
    const points = this.sourcesOf(condition, type, condition);
    visitCondition(condition, { who: (who) => void points.push(...this.named(who, type)) });
    return points;
  }

  /** The fields that a part names, here or at the end of links, and the states that it tells apart. */
  private sourcesOf(part: unknown, type: RecordType, condition?: Condition): Point[] {
    return sourcesIn(part, type, this.typeNamed).flatMap(({ type: name, field }) => {
      const of = this.types.get(name);
      if (!of) return [];
      if (field === undefined) return [this.making(of)];
      if (field === "state") return [this.moving(of, of === type ? condition : undefined)];
      return [this.field(of, field)];
    });
  }

  /** Comes to be: for what asks how many there are. */
  private making(type: RecordType): Point {
    return {
      id: `making ${type.name}`,
      found: () => {
        const found: Found = { ways: [], next: [] };
        for (const one of this.outcomes)
          if (one.to === type.name && one.makes && one.field === undefined) this.add(found, one);
        return found;
      },
    };
  }

  private field(type: RecordType, name: string): Point {
    return {
      id: `field ${type.name} ${name}`,
      found: () => {
        // Or an answer of a form, which an event gives as it gives a field.
        const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
        const found = field ? this.byHand(type, name, field) : { ways: [], next: [] };
        for (const one of this.outcomes) {
          if (one.to !== type.name || one.field !== name) continue;
          if (one.event !== undefined && !type.actions[one.event]?.form?.includes(name)) continue;
          // It is seen by exactly those who see the one that makes it.
          if (one.makes && name === inheritedBy(type) && isHere(one)) continue;
          this.add(found, one);
          found.next.push(...this.sourcesOf(one.part, one.by));
        }
        return found;
      },
    };
  }

  /** Whoever may edit the field, and the rules that hold whoever writes it. */
  private byHand(type: RecordType, name: string, field: Field): Found {
    const found: Found = { ways: [], next: [] };
    const rules = Object.values(type.rules ?? {}).filter(({ must, fields = fieldsNamed(must) }) =>
      fields.includes(name),
    );
    found.ways.push({
      ...{ by: type.name, said: `the rules for ${said(field.label)}`, key: "ruled" },
      guards: rules.map(({ must, in: states }) => canonicalJson([must, states])),
      part: rules,
    });
    if (field.editable === false) return found;
    const editors: Who[] = field.edit ?? [{ anyone: true }];
    for (const grant of type.grants)
      for (const to of covers(grant, "edit") ? grant.to : []) {
        if (!("field" in to || "task" in to) && !opensByRole(type, grant, "edit")) continue;
        for (const who of editors)
          found.ways.push({
            by: type.name,
            said: `editing ${said(field.label)}`,
            key: `edit ${canonicalJson([to, grant.reach ?? "here"])}`,
            who,
            guards: [...guardsIn(field.editable), ...(isAlways(grant.when) ? [] : guardsIn(grant.when))],
            part: [field.editable, grant.when],
          });
        found.next.push(...this.named(to, type), ...editors.flatMap((who) => this.named(who, type)));
      }
    return found;
  }

  private task(type: RecordType, name: string): Point {
    return {
      id: `task ${type.name} ${name}`,
      found: () => {
        const rule = Object.hasOwn(type.tasks ?? {}, name) ? type.tasks?.[name] : undefined;
        const found: Found = { ways: [], next: [] };
        if (!rule) return found;
        const of = { by: type.name, said: `the task ${said(rule.label)}`, guards: [] };
        found.ways.push({ ...of, key: "owed", guards: guardsIn(rule.when), part: rule.when });
        for (const state of this.originsOf(type, taskStates(rule))) found.ways.push({ ...of, key: `while ${state}` });
        if (rule.opens !== undefined) {
          found.ways.push({ ...of, key: `opens ${rule.opens}` });
          found.next.push(this.entering(type, rule.opens));
        }
        rule.to.forEach((who, i) => {
          found.ways.push({ ...of, key: "to", who, guards: rule.decides ? deciding(type, rule.to, i) : [] });
          found.next.push(...this.named(who, type));
        });
        found.next.push(...conjuncts(rule.when).flatMap((one) => this.asked(one, type)));
        for (const one of this.outcomes) if (one.to === type.name && one.task === name) this.add(found, one);
        return found;
      },
    };
  }

  /** Comes into this state. */
  private entering(type: RecordType, state: string): Point {
    return {
      id: `entering ${type.name} ${state}`,
      found: () => this.moves(type, (from, to) => to === state && from !== state),
    };
  }

  /** Comes into a state in which a condition may hold that did not before; into any, without one. */
  private moving(type: RecordType, condition: Condition | undefined): Point {
    const inState = (state: string) => canonicalJson(condition === undefined ? state : whereIn(condition, state));
    return {
      id: `moving ${type.name} ${canonicalJson(condition ?? null)}`,
      found: () => this.moves(type, (from, to) => inState(to) !== "false" && inState(from) !== inState(to)),
    };
  }

  private moves(type: RecordType, counts: (from: string, to: string) => boolean): Found {
    const found: Found = { ways: [], next: [] };
    const by = type.name;
    for (const [entry, state] of Object.entries(type.entries))
      if (counts("", state)) found.ways.push({ by, said: "the first state", key: `${entry} ${state}`, guards: [] });
    for (const [name, { label, from: states, to }] of Object.entries(type.actions)) {
      const origins = to === undefined ? [] : this.originsOf(type, states).filter((from) => counts(from, to));
      for (const from of origins) found.ways.push({ by, said: said(label), key: `${name} ${from} ${to}`, guards: [] });
      if (origins.length) found.next.push(this.doing(type, name));
    }
    return found;
  }

  /** These states; of those that are new, the ones from which records come into them. */
  private originsOf(type: RecordType, states: string[]): string[] {
    const held = this.before.get(type.name)?.states ?? {};
    const origins = new Set(states);
    for (const state of origins)
      if (!Object.hasOwn(held, state))
        for (const { from, to } of Object.values(type.actions))
          if (to === state) for (const each of from) origins.add(each);
    return [...origins].filter((state) => Object.hasOwn(held, state));
  }

  /** Whoever does this, and whatever has it happen. */
  private doing(type: RecordType, name: string): Point {
    return {
      id: `doing ${type.name} ${name}`,
      found: () => {
        const found: Found = { ways: [], next: [] };
        const action = Object.hasOwn(type.actions, name) ? type.actions[name] : undefined;
        if (!action) return found;
        const { when, needs = {}, separate = [], decides } = action;
        const conditions = [when, ...Object.values(needs).map(({ must }) => must)];
        const needed = [...conditions.flatMap(guardsIn), ...separate.map((field) => `apart ${field}`)];
        const people = decides ?? action.who ?? [{ anyone: true as const }];
        people.forEach((who, i) => {
          for (const from of this.originsOf(type, action.from))
            found.ways.push({
              ...{ by: type.name, said: said(action.label), key: from, who, part: conditions },
              guards: [...needed, ...(decides ? deciding(type, decides, i) : [])],
            });
          found.next.push(...this.named(who, type));
        });
        for (const one of this.outcomes)
          if (one.to === type.name && one.event === name && one.field === undefined) this.add(found, one);
        return found;
      },
    };
  }

  private add(found: Found, outcome: Outcome): void {
    const { by, said: label, place, part, guards: needed = [], action, makes, field } = outcome;
    found.ways.push({ by: by.name, said: label, key: `${place} ${canonicalJson(part)}`, guards: needed, part });
    // Whoever makes a record says who sees it; that it is there may open another.
    if (action !== undefined && !(makes && field !== undefined)) found.next.push(this.doing(by, action));
  }
}

/** A decision is for the first with a holder who is no party to it: for a later one only where the earlier have none. */
const deciding = (type: RecordType, decides: Who[], i: number): string[] => [
  ...decides.slice(0, i).map((who) => `after ${canonicalJson(who)}`),
  ...(type.conflicts ?? peopleIn(type)).map((field) => `apart ${field}`),
];
const peopleIn = ({ fields }: RecordType): string[] => Object.keys(fields).filter((name) => namesPersons(fields[name]));

/** Must it be filled in: where it is empty, it bars nobody. */
const required = (type: RecordType, name: string): Point => {
  const { label = name, required: must } = type.fields[name] ?? {};
  const needed = must === true ? ["always"] : guardsIn(must);
  const way = { by: type.name, said: `the rules for ${said(label)}`, key: "empty", guards: needed, part: must };
  return { id: `bar ${type.name} ${name}`, found: () => ({ ways: [way], next: [] }) };
};

/** What a type opens of one that is seen through it. */
const grantWays = (type: RecordType): Way[] =>
  type.grants.filter(reads).flatMap((grant) =>
    grant.to.map((to) => ({
      ...{ by: type.name, said: "the rights to see it", key: canonicalJson([to, grant.reach ?? "here"]) },
      ...{ guards: isAlways(grant.when) ? [] : guardsIn(grant.when), part: grant.when },
    })),
  );

/** Is the link that a record is made with the one that makes it, or the one that says who sees that? */
function isHere({ by, part }: Outcome): boolean {
  const value = isMap(part) && "value" in part ? part["value"] : part;
  return isMap(value) && ("self" in value || (value["field"] !== undefined && value["field"] === inheritedBy(by)));
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is left of a condition in this state. */
function whereIn(condition: Condition, state: string): Condition | boolean {
  if ("not" in condition) {
    const left = whereIn(condition.not, state);
    return typeof left === "boolean" ? !left : { not: left };
  }
  if ("all" in condition) {
    const left = condition.all.map((part) => whereIn(part, state)).filter((part) => part !== true);
    return left.includes(false) ? false : !left.length || { all: left as Condition[] };
  }
  if ("any" in condition) {
    const left = condition.any.map((part) => whereIn(part, state)).filter((part) => part !== false);
    return left.includes(true) || (left.length > 0 && { any: left as Condition[] });
  }
  if ("in" in condition && isState(condition.in[0])) return condition.in[1].includes(state);
  const sides = "eq" in condition ? condition.eq : "ne" in condition ? condition.ne : [];
  const other = sides.find((side) => typeof side === "string");
  return other !== undefined && sides.some(isState) ? (other === state) === "eq" in condition : condition;
}

const isState = (value: Value): boolean =>
  typeof value === "object" && value !== null && "field" in value && value.field === "state";
