import { calendarProblems } from "../../calendarData";
import { checkPack } from "../../check";
import { calendarData } from "./demo/calendar";
import { people } from "./demo/people";
import type { Action, RecordType } from "../../definition";
import { runsIn } from "../../timers";
import { schoolPolicy as pack } from "./pack";

const names = new Set(pack.roles.map((role) => role.name));

test("every definition of the pack comes back the same through JSON", () => {
  expect(JSON.parse(JSON.stringify(pack))).toEqual(pack);
});

test("the checker finds nothing wrong in it", () => expect(checkPack(pack)).toEqual([]));

test("every role is shown round, and a step that leads nowhere is named", () => {
  expect(pack.roles.filter(({ tour }) => !tour?.length).map(({ name }) => name)).toEqual(["authorisedSearcher"]);
  const [first, ...others] = pack.roles;
  const astray = {
    ...pack,
    roles: [{ ...first, tour: [{ title: "Look", text: "Here.", page: "polices" }] }, ...others],
  };
  expect(checkPack(astray as typeof pack)).toEqual([
    {
      path: "roles.headteacher.tour[0].page",
      message: expect.stringContaining("There is no page “polices”") as string,
    },
  ]);
});

test("every role, setting and template that is named exists", () => {
  for (const type of pack.types) {
    const found = { role: new Set<string>(), setting: new Set<string>(), template: new Set<string>() };
    JSON.stringify(type, (key, value: unknown) => {
      if ((key === "role" || key === "setting" || key === "template") && typeof value === "string")
        found[key].add(value);
      return value;
    });
    expect([...found.role].filter((name) => !names.has(name))).toEqual([]);
    expect([...found.setting].sort()).toEqual(Object.keys(type.settings ?? {}).sort());
    expect([...found.template].sort()).toEqual(Object.keys(type.notices ?? {}).sort());
  }
});

test("every figure has its unit and its source, and everything says where it comes from", () => {
  for (const type of pack.types) {
    for (const [name, setting] of Object.entries(type.settings ?? {}))
      expect([name, setting.unit, setting.source]).toEqual([name, expect.any(String), expect.any(String)]);
    const rules = [type.fields, type.actions, type.tasks, type.timers, type.settings, type.notices].flatMap((rule) =>
      Object.entries(rule ?? {}),
    );
    expect(rules.filter(([, rule]) => !rule.because?.length).map(([name]) => name)).toEqual([]);
  }
});

test("every field stands in the form once", () => {
  for (const type of pack.types)
    expect((type.form ?? []).flatMap((section) => section.fields).sort()).toEqual(Object.keys(type.fields).sort());
});

test("the demo school's people hold roles of the pack, answer to each other, and can receive no mail", () => {
  for (const person of people) {
    expect(person.roles.filter((role) => !names.has(role))).toEqual([]);
    expect(person.email).toMatch(/^[a-z.]+@canterburyroad\.invalid$/);
  }
  const known = people.map(({ name }) => name);
  expect(people.flatMap(({ lineManager }) => lineManager ?? []).filter((name) => !known.includes(name))).toEqual([]);
  const chairs = people.filter(({ roles }) => roles.includes("chair") || roles.includes("viceChair"));
  expect(chairs.map(({ roles }) => roles.includes("governor"))).toEqual([true, true]);
  expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
});

test("the demo school's calendar is one that a school could enter", () => {
  expect(calendarProblems(calendarData)).toEqual([]);
  const within = (day: string): boolean => calendarData.terms.some((term) => term.from <= day && day <= term.to);
  expect(calendarData.closures.filter((closure) => !within(closure.from))).toEqual([]);
});

/** States that are only ever reached by an action for which `given` holds, or from another such state. */
function alwaysAfter(type: RecordType, given: (action: Action, state: string) => boolean): Set<string> {
  const sure = new Set(Object.keys(type.states).filter((state) => !Object.values(type.entries).includes(state)));
  for (let before = -1; before !== sure.size;) {
    before = sure.size;
    for (const state of sure) {
      const ways = Object.values(type.actions).filter(
        ({ to, from }) => to === state && from.some((one) => one !== state),
      );
      const all = ways.every(
        (action) => given(action, state) || action.from.every((from) => from === state || sure.has(from)),
      );
      if (!ways.length || !all) sure.delete(state);
    }
  }
  return sure;
}

test("nothing waits without a task or a clock, outside the states where nothing is owed", () => {
  const idle = pack.types.flatMap((type) => {
    const tasks = Object.values(type.tasks ?? {}).filter((task) => !task.when && task.opens !== undefined);
    // A task stands where it opens, and where one comes from there while it lives.
    const standing = tasks.map(({ opens, while: lives }) => [opens, ...(lives ?? [])]);
    const clocks = Object.values(type.timers ?? {}).map((timer) => {
      const { anchor } = timer;
      const runs = runsIn(type, timer);
      if ("state" in anchor) return runs;
      if (!("field" in anchor)) return [];
      // An import that gives no date leaves a finding for a person.
      if (type.fields[anchor.field]?.required === true) return runs;
      // A default stands in for what was left empty.
      const dated = alwaysAfter(
        type,
        (action) => action.required?.includes(anchor.field) === true || action.defaults?.[anchor.field] !== undefined,
      );
      if (type.entries.imported && type.entries.imported !== type.entries.new) dated.add(type.entries.imported);
      return runs.filter((state) => dated.has(state));
    });
    const covered = new Set([...standing, ...clocks].flat());
    return Object.entries(type.states)
      .filter(([name, state]) => !state.end && !state.resting && !covered.has(name))
      .map(([name]) => `${type.name}.${name}`);
  });
  expect(idle).toEqual([]);
});
