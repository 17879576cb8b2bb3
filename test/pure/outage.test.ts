/** What a clock does that fires late, that fires again soon, and that opens a task; what follows from triggers in one step. */
import fc from "fast-check";
import type { LatePolicy, OffsetText, RecordType, TimerRule, Trigger } from "../../schema/definition";
import { calendarData } from "../../schema/packs/school-policy/demo/calendar";
import type { Actor, Change, RecordData } from "../../schema/record";
import { durationMs } from "../../schema/timers";
import { type Member, MemorySchool } from "./memorySchool";

const begins = Date.parse("2026-11-23T09:00:00Z");
const day = 86_400_000;
const member = (name: string): Member => ({ id: name.padEnd(26, "X"), name, roles: ["keeper"] });
const [ada, bob] = [member("Ada"), member("Bob")] as const;
const actor = ({ id, name }: Member): Actor => ({ kind: "person", id, name });
const system = [{ system: true as const }];
const keepers = [{ role: "keeper" }];
const notice = { to: keepers, template: "n" };

const lamp: RecordType = {
  name: "lamp",
  plural: "lamps",
  label: "Lamp",
  pluralLabel: "Lamps",
  reference: "LMP-{n}",
  title: "{{ reference }}",
  entries: { new: "lit" },
  fields: {},
  states: { lit: { label: "Lit" }, dim: { label: "Dim" }, out: { label: "Out", end: true } },
  actions: {
    dim: { label: "Dim it", from: ["lit"], to: "dim", who: keepers },
    light: { label: "Light it", from: ["dim"], to: "lit", who: keepers },
  },
  notices: { n: { subject: "N", body: "N." } },
  grants: [{ to: keepers, may: ["see", "create", "edit"] }],
};

class Lighthouse extends MemorySchool {
  readonly told: Change["notices"] = [];

  constructor(...types: RecordType[]) {
    super({ name: "light", label: "Light", roles: [], types }, [ada, bob], calendarData, begins);
  }

  protected override keep(change: Change): void {
    super.keep(change);
    this.told.push(...change.notices);
  }

  make(type: string, values: RecordData["fields"] = {}): string {
    return this.create(type, values, actor(ada)).id;
  }

  record(id: string): RecordData {
    const found = this.records.get(id);
    if (!found) throw new Error("There is no such record.");
    return found;
  }

  act(id: string, name: string): void {
    const record = this.record(id);
    this.apply(this.typeOf(record), record, { kind: "action", name, answers: {}, texts: {} }, actor(ada));
  }

  openTasks(id: string): string[] {
    return (this.tasks.get(id) ?? []).flatMap(({ rule, state }) => (state === "open" ? [rule] : []));
  }
}

/** When what fired fell due, by a month after the beginning; nothing fires between the two days of the outage. */
function firedBy(rule: TimerRule, outage?: [number, number]): number[] {
  const school = new Lighthouse({ ...lamp, timers: { t: rule } });
  const id = school.make("lamp");
  if (outage) {
    const [from, to] = outage.map((days) => begins + days * day) as [number, number];
    school.advance(from);
    school.now = to;
  }
  school.advance(begins + 30 * day);
  return (school.timers.get(id) ?? []).flatMap(({ state, dueAt }) => (state === "fired" ? [Date.parse(dueAt)] : []));
}

const lates: LatePolicy[] = ["fire", "collapse", ...["P0D", "P1D", "P4D"].map((skipAfter) => ({ skipAfter }))];

test("after an outage what was missed is told of as the rule says, and whatever else falls due as if there had been none", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      fc.constantFrom<NonNullable<TimerRule["roll"]>>("none", "nextOpenDay"),
      fc.constantFrom(...lates),
      fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 14 })),
      (steps, every, roll, late, [from, length]) => {
        const rule: TimerRule = {
          ...{ label: "T", anchor: { state: "lit" }, late, roll, notice },
          steps: steps.map((n): OffsetText => `P${n}D`),
          ...(every !== undefined && { repeat: `P${every}D` as OffsetText }),
        };
        const outage: [number, number] = [from, from + length];
        const [began, ended] = outage.map((days) => begins + days * day) as [number, number];
        const due = firedBy(rule);
        const missed = due.filter((at) => at > began && at <= ended);
        const told = missed.filter((at) => {
          if (late === "fire") return true;
          if (late === "collapse") return at === Math.max(...missed);
          return typeof late === "object" && ended - at <= durationMs(late.skipAfter);
        });
        const expected = due.filter((at) => !missed.includes(at) || told.includes(at));
        expect(firedBy(rule, outage).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
      },
    ),
    { numRuns: 150 },
  );
});

const outcomes: Record<string, [rule: Pick<TimerRule, "event" | "task" | "notice">, again: boolean]> = {
  event: [{ event: "ring" }, true],
  task: [{ task: "trim" }, true],
  "task and notice": [{ task: "trim", notice }, true],
  "event and notice": [{ event: "ring", notice }, true],
  notice: [{ notice }, false],
};

test.each(Object.entries(outcomes))(
  "a second visit within a fortnight sets going again all but what only tells: %s",
  (_name, [rule, again]) => {
    const school = new Lighthouse({
      ...lamp,
      actions: { ...lamp.actions, ring: { label: "Ring", from: ["lit"], who: system } },
      tasks: { trim: { label: "Trim it", to: keepers, while: ["lit"] } },
      timers: { t: { label: "T", anchor: { state: "lit" }, steps: ["P1D"], while: ["lit"], ...rule } },
    });
    const id = school.make("lamp");
    school.advance(begins + 2 * day);
    school.act(id, "dim");
    school.act(id, "light");
    school.advance(begins + 6 * day);
    expect((school.timers.get(id) ?? []).filter(({ state }) => state === "fired")).toHaveLength(again ? 2 : 1);
  },
);

/** Seven triggers in a random order, of which each adds its letter once the one before has: the last is reached in one step. */
test("a chain of triggers goes to its end in the step that sets it going, in whatever order they stand", () => {
  const letters = ["a", "b", "c", "d", "e", "f"];
  const fields = Object.fromEntries(
    letters.map((name): [string, RecordType["fields"][string]] => [name, { kind: "yesNo", label: name }]),
  );
  const links = letters
    .slice(1)
    .map((name, n): [string, Trigger] => [
      name,
      { when: { eq: [{ field: letters[n] ?? "" }, true] }, event: name, while: ["lit"] },
    ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(links, { minLength: links.length }), (triggers) => {
      const school = new Lighthouse({
        ...lamp,
        fields,
        actions: Object.fromEntries(
          letters.map((name) => [
            name,
            {
              ...{ label: name, from: ["lit"], who: name === "a" ? keepers : system },
              effects: [{ set: { [name]: true } }],
            },
          ]),
        ),
        triggers: Object.fromEntries(triggers),
      });
      const id = school.make("lamp");
      school.act(id, "a");
      expect(school.record(id).fields).toEqual(Object.fromEntries(letters.map((name) => [name, true])));
    }),
    { numRuns: 20 },
  );
});

test("triggers that set each other going come to an end", () => {
  const flip = (to: boolean) => ({ label: "Flip", from: ["lit"], who: system, effects: [{ set: { on: to } }] });
  const when = (on: boolean, event: string): Trigger => ({
    when: { eq: [{ field: "on" }, on] },
    event,
    while: ["lit"],
  });
  const school = new Lighthouse({
    ...lamp,
    fields: { on: { kind: "yesNo", label: "On" } },
    actions: { off: flip(false), on: flip(true) },
    triggers: { off: when(true, "off"), on: when(false, "on") },
  });
  expect(school.record(school.make("lamp", { on: true })).state).toBe("lit");
});

test("a clock counted from a linked record ends with the link, also where an effect clears it", () => {
  const of = { kind: "link" as const, label: "Of", to: "tower" };
  const school = new Lighthouse(
    { ...lamp, name: "tower", fields: { day: { kind: "date", label: "Day" } } },
    {
      ...lamp,
      fields: { of },
      actions: { leave: { label: "Leave", from: ["lit"], who: keepers, effects: [{ set: { of: null } }] } },
      timers: {
        one: { label: "One", anchor: { link: "of", field: "day" }, steps: ["-P1D"], notice },
        first: {
          label: "First",
          anchor: {
            earliestOf: [
              { link: "of", field: "day" },
              { link: "of", field: "createdAt" },
            ],
          },
          steps: ["P9D"],
          notice,
        },
      },
    },
  );
  const id = school.make("lamp", { of: school.make("tower", { day: "2027-01-10" }) });
  const waiting = () =>
    (school.timers.get(id) ?? []).filter(({ state }) => state === "waiting").map(({ rule }) => rule);
  expect(waiting().sort()).toEqual(["first", "one"]);
  school.act(id, "leave");
  expect(waiting()).toEqual([]);
});

test("no task opens into a state in which it does not live, whatever opens it", () => {
  const school = new Lighthouse({
    ...lamp,
    actions: {
      ...lamp.actions,
      dim: {
        label: "Dim it",
        from: ["lit"],
        to: "dim",
        who: keepers,
        effects: [{ task: "lit" }, { task: "dim" }, { task: "any" }],
      },
      fade: { label: "Fade", from: ["lit"], to: "dim", who: system },
    },
    tasks: {
      lit: { label: "Lit", to: keepers, while: ["lit"] },
      dim: { label: "Dim", to: keepers, while: ["dim"] },
      any: { label: "Any", to: keepers },
    },
    timers: {
      late: { label: "Late", anchor: { state: "lit" }, steps: ["P1D"], while: ["lit"], event: "fade", task: "lit" },
    },
  });
  const [acted, faded] = [school.make("lamp"), school.make("lamp")];
  school.act(acted, "dim");
  expect(school.openTasks(acted).sort()).toEqual(["any", "dim"]);
  school.advance(begins + 2 * day);
  expect(school.record(faded).state).toBe("dim");
  expect(school.openTasks(faded)).toEqual([]);
});

test("who has done their part of a task is reminded of it no more; the others are", () => {
  const school = new Lighthouse({
    ...lamp,
    tasks: { watch: { label: "Watch", opens: "lit", to: keepers, quorum: "all" } },
    timers: {
      remind: {
        label: "Remind",
        anchor: { task: "watch" },
        steps: ["P2D"],
        notice: { to: [{ task: "watch" }], template: "n" },
      },
    },
  });
  const id = school.make("lamp");
  const [task] = school.tasks.get(id) ?? [];
  school.apply(school.typeOf(school.record(id)), school.record(id), { kind: "task", task: task?.id ?? "" }, actor(ada));
  school.advance(begins + 3 * day);
  expect(school.told.map(({ person }) => person)).toEqual([bob.id]);
});
