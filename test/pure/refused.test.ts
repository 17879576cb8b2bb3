/** Minimal definitions that could not run: each is refused at check, with its place and what to do. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDefinition } from "../../schema/check";
import type { RecordType } from "../../schema/definition";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";

const folder = join(__dirname, "../inputs/definitions");
const read = (name: string): RecordType => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as RecordType;
const context = { roles: schoolPolicy.roles, types: schoolPolicy.types };
const said = (json: unknown, types: RecordType[] = []): string[] =>
  checkDefinition(json, { ...context, types: [...context.types, ...types] }).problems.map(
    ({ path, message }) => `${path}: ${message}`,
  );

/** What is said of each, in part: the place, and the remedy where there is one. */
const refused: Record<string, RegExp[]> = {
  "f-dead-timer": [
    /^timers\.a\.while: .*name one/,
    /^timers\.b\.anchor: It never comes: .*Name another anchor/,
    /^timers\.c\.when\.all: These contradict each other/,
    /^rules\.r\.in: No state stands here/,
  ],
  "f-default-order": [/^fields\.a\.default: b is filled in after a: put it before/],
  "f-duty-required": [/^duties\.weekly\.fields: A badDuty needs Owner \(owner\): set it here/],
  "f-empty-steps-setting": [/^timers\.a\.steps: There is no step: say at least one/],
  "f-hours-on-date": [/^timers\.h\.steps\[0\]: “PT2H” counts hours.*count in days/, /^timers\.h\.steps\[1\]: “PT30H”/],
  "f-long-field-name": [/^fields\.aB+: In the database this is \d+ letters of 64.*choose a shorter name/],
  "f-quorum-with-actions": [/^tasks\.v\.quorum: .*leave “actions” out.*or leave the quorum out/],
  "f-required-uneditable": [/^fields\.by: By is required.*give it a default/],
  "f-same-reference": [/^reference: Policies have references like these.*begin with other letters/],
  "f-task-only-event": [/^tasks\.t\.actions: Only events would complete this.*name an action/],
  "f-unknown-group": [
    /^actions\.walk\.who\[0\]\.group: There is no group “noSuchGroup”/,
    /^actions\.walk\.who\[1\]\.relation: There is no relation “lineManger”. Did you mean “lineManager”/,
    /^tasks\.w\.to\[0\]\.group: /,
  ],
  "f-wide-text-250": [/^fields: A row would take .*split the type in two/],
};

/** These do no harm, or work: what happens with each is told elsewhere. */
const works = [
  ...["f-createdAt-anchor", "f-ne-of-empty", "f-ghost-timer-v1", "f-ghost-timer-v2", "f-phantom-setting"],
  ...["f-skip-is-final", "f-self-reproducing"],
];

test.each(Object.entries(refused))("%s is refused, with its places and remedies", (name, problems) => {
  const found = said(read(name));
  for (const problem of problems) expect(found).toContainEqual(expect.stringMatching(problem));
});

test.each(works)("%s passes", (name) => {
  expect(said(read(name))).toEqual([]);
});

test("every definition here that begins with f is one of these", () => {
  const names = readdirSync(folder).flatMap((file) => (/^f-.*\.json$/.test(file) ? [file.slice(0, -5)] : []));
  expect(names.sort()).toEqual([...Object.keys(refused), ...works].sort());
});

test("families far from policies pass", () => {
  const families = [["lostItem"], ["room", "letting"], ["equipment", "inspection", "defect"], ["accessRequest"]];
  for (const names of [...families, ["sendReview", "sendSign"]]) {
    const types = names.map(read);
    for (const type of types) expect(said(type, types)).toEqual([]);
  }
});

describe("of each kind there are others", () => {
  const base: RecordType = {
    ...{ name: "hare", plural: "hares", label: "Hare", pluralLabel: "Hares", reference: "HARE-{n}" },
    title: "{{ what }}",
    entries: { new: "open" },
    fields: {
      what: { kind: "text", label: "What", required: true },
      on: { kind: "date", label: "On" },
      heldAt: { kind: "dateTime", label: "Held at" },
      paid: { kind: "yesNo", label: "Paid" },
      level: { kind: "choice", label: "Level", options: [{ value: "a", label: "A" }] },
      owner: { kind: "person", label: "Owner", required: true },
      other: { kind: "person", label: "Other" },
      post: { kind: "role", label: "Post" },
      posts: { kind: "roles", label: "Posts" },
    },
    states: { open: { label: "Open" }, held: { label: "Held" }, done: { label: "Done", end: true } },
    actions: {
      hold: { label: "Hold", from: ["open"], to: "held", who: [{ role: "staff" }] },
      close: { label: "Close", from: ["held", "open"], to: "done", who: [{ role: "staff" }] },
    },
    settings: {
      every: { label: "Every", kind: "offset", value: "PT4H" },
      steps: { label: "Steps", kind: "offsets", value: ["P1W", "P7D"] },
      lead: { label: "Lead", kind: "offset", value: "P7D" },
    },
    notices: { n: { subject: "S", body: "B" } },
    grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
  };
  const notice = { to: [{ role: "staff" }], template: "n" };
  const timer = { label: "T", anchor: { field: "on" }, steps: ["P1D"], notice };
  const task = { label: "Do it", opens: "open", to: [{ role: "staff" }] };
  const duty = { label: "Again", every: "P1M", from: "2027-01-01", fields: {} };
  const optional = { ...base.fields, what: { kind: "text", label: "What" }, owner: { kind: "person", label: "Owner" } };
  const close = base.actions["close"]!;
  const event = { label: "By itself", from: ["open"], who: [{ system: true }] };

  const cases: [string, object, RegExp][] = [
    [
      "a step that stands twice, in other words",
      { timers: { t: { ...timer, steps: ["P1W", "P7D"] } } },
      /steps\[1\].*twice, as “P1W”/,
    ],
    [
      "a step and a figure that are one",
      { timers: { t: { ...timer, steps: ["P7D", { setting: "lead" }] } } },
      /steps\[1\].*twice/,
    ],
    [
      "a list of figures with one twice",
      { timers: { t: { ...timer, steps: { setting: "steps" } } } },
      /steps: .*twice/,
    ],
    [
      "a clock that stands still in all its states",
      { timers: { t: { ...timer, while: ["open"], pausedWhile: ["open"] } } },
      /t\.while: It runs in no state/,
    ],
    [
      "a clock from a task that is never open then",
      { tasks: { k: { ...task, opens: "held" } }, timers: { t: { ...timer, anchor: { task: "k" }, while: ["open"] } } },
      /t\.anchor: It never comes/,
    ],
    [
      "hours repeated after days",
      { timers: { t: { ...timer, repeat: { setting: "every" } } } },
      /repeat: “PT4H” counts hours/,
    ],
    [
      "hours from the day a task is due",
      {
        tasks: { k: { ...task, due: { after: "P1D" } } },
        timers: { t: { ...timer, anchor: { task: "k", due: true }, steps: ["PT1H"] } },
      },
      /steps\[0\]: “PT1H” counts hours/,
    ],
    [
      "hours from the first of a time and a day",
      { timers: { t: { ...timer, anchor: { earliestOf: [{ field: "heldAt" }, { field: "on" }] }, steps: ["PT1H"] } } },
      /counts hours/,
    ],
    ["a task due in hours", { tasks: { k: { ...task, due: { after: "PT4H" } } } }, /due\.after: .*counts hours/],
    ["a duty of hours", { fields: optional, duties: { d: { ...duty, every: "PT4H" } } }, /every: .*counts hours/],
    [
      "a duty of the last century",
      { fields: optional, duties: { d: { ...duty, from: "1900-01-01" } } },
      /from: .*between 2000 and 2100/,
    ],
    [
      "a duty that reads a record",
      { fields: optional, duties: { d: { ...duty, fields: { other: { field: "owner" } } } } },
      /no record here yet/,
    ],
    ["a step of centuries", { timers: { t: { ...timer, steps: ["P9999Y"] } } }, /longer than a hundred years/],
    [
      "a default of itself",
      { fields: { ...base.fields, on: { kind: "date", label: "On", default: { plus: [{ field: "on" }, "P1D"] } } } },
      /on is filled in after on/,
    ],
    [
      "a task for whoever holds it",
      { tasks: { k: { ...task, to: [{ task: "k" }] } } },
      /to: It is held by whoever holds it/,
    ],
    [
      "a task of two that is one person's",
      { tasks: { k: { ...task, to: [{ field: "owner" }], quorum: 2 } } },
      /quorum: 2 persons are asked for, and it has 1/,
    ],
    [
      "a decision of a party alone",
      { actions: { ...base.actions, close: { ...close, who: undefined, decides: [{ field: "owner" }] } } },
      /decides: Each of these is a party/,
    ],
    [
      "an action of those it is separate from",
      { actions: { ...base.actions, close: { ...close, who: [{ field: "owner" }], separate: ["owner"] } } },
      /who: Each of these is a party/,
    ],
    [
      "a task of those who are barred",
      { bars: ["owner"], tasks: { k: { ...task, to: [{ field: "owner" }] } } },
      /to: Each of these is a party/,
    ],
    [
      "a fixed role that nobody holds",
      { views: { v: { label: "V", columns: ["what"], where: { eq: [{ field: "post" }, "dean"] } } } },
      /There is no role “dean”/,
    ],
    [
      "a fixed role among others",
      { views: { v: { label: "V", columns: ["what"], where: { in: [{ field: "post" }, ["dean"]] } } } },
      /There is no role “dean”/,
    ],
    [
      "a fixed role in a list",
      { views: { v: { label: "V", columns: ["what"], where: { includes: [{ field: "posts" }, "dean"] } } } },
      /There is no role “dean”/,
    ],
    [
      "a role as a default",
      { fields: { ...base.fields, post: { kind: "role", label: "Post", default: "dean" } } },
      /There is no role “dean”/,
    ],
    [
      "a person by their id",
      {
        views: {
          v: { label: "V", columns: ["what"], where: { eq: [{ field: "owner" }, "01ARZ3NDEKTSV4RRFFQ69G5FAV"] } },
        },
      },
      /not written into a definition/,
    ],
    ["an icon that there is not", { icon: "rabbit" }, /There is no icon “rabbit”/],
    [
      "a part of a document that there is not",
      { fields: { ...base.fields, on: { kind: "date", label: "On", imports: "reviewedBy" } } },
      /There is no part of a document “reviewedBy”/,
    ],
    [
      "two links on",
      { tasks: { k: { ...task, to: [{ field: "owner.line.manager" }] } } },
      /Only one link can be followed/,
    ],
    [
      "a difference from what may be empty",
      { views: { v: { label: "V", columns: ["what"], where: { ne: [{ field: "level" }, "a"] } } } },
      /may be empty, and then “ne” does not hold. Write “not”/,
    ],
    [
      "what says two things of one value",
      {
        views: {
          v: {
            label: "V",
            columns: ["what"],
            where: { all: [{ eq: [{ field: "level" }, "a"] }, { not: { eq: [{ field: "level" }, "a"] } }] },
          },
        },
      },
      /contradict/,
    ],
    [
      "less than what it is more than",
      {
        views: {
          v: {
            label: "V",
            columns: ["what"],
            where: { all: [{ lt: [{ field: "on" }, { today: true }] }, { lt: [{ today: true }, { field: "on" }] }] },
          },
        },
      },
      /contradict/,
    ],
    [
      "a duty that gives a unique field the same each time",
      {
        fields: { ...optional, what: { kind: "text", label: "What", unique: true } },
        duties: { d: { ...duty, fields: { what: "Same" } } },
      },
      /duties\.d\.fields\.what: What is unique, and every record would be given the same/,
    ],
    [
      "an event that gives a unique field what may be the same twice",
      {
        fields: { ...base.fields, key: { kind: "text", label: "Key", unique: true } },
        actions: { ...base.actions, copy: { ...event, effects: [{ set: { key: { field: "what" } } }] } },
      },
      /set\.key: Key is unique, and this may be the same twice/,
    ],
    [
      "people who give a unique field one fixed value",
      {
        fields: { ...base.fields, key: { kind: "text", label: "Key", unique: true } },
        actions: { ...base.actions, close: { ...close, effects: [{ set: { key: "Same" } }] } },
      },
      /set\.key: Key is unique, and every record/,
    ],
    [
      "a record made without what its own condition asks for",
      {
        fields: { ...optional, on: { kind: "date", label: "On", required: { empty: { field: "level" } } } },
        duties: { d: duty },
      },
      /duties\.d\.fields: A Hare needs On \(on\): set it here/,
    ],
    [
      "a record made that breaks its own rule",
      {
        fields: optional,
        rules: { r: { must: { not: { empty: { field: "on" } } }, refusal: "Say when." } },
        duties: { d: duty },
      },
      /duties\.d\.fields: A Hare made so breaks its own rule \(Say when\.\)/,
    ],
    [
      "a required field that an effect may leave empty",
      { actions: { ...base.actions, close: { ...close, effects: [{ set: { what: { field: "post" } } }] } } },
      /set\.what: What is required, and this may be empty/,
    ],
    [
      "a record whose making makes another",
      {
        actions: {
          ...base.actions,
          breed: {
            ...event,
            to: "held",
            effects: [{ create: { type: "hare", fields: { what: "Young", owner: { field: "owner" } } } }],
          },
        },
        triggers: { t: { when: { eq: [{ field: "paid" }, false] }, event: "breed", while: ["open"] } },
      },
      /triggers\.t\.event: breed makes a record that at once makes another Hare/,
    ],
    [
      "a roster of records that are linked to several",
      {
        fields: { ...optional, of: { kind: "links", label: "Of", to: "hare" } },
        rosters: {
          r: { label: "R", of: [{ role: "staff" }], type: "hare", link: "of", person: "other", while: ["held"] },
        },
      },
      /rosters\.r\.link: of holds several records/,
    ],
    ["any of nothing", { views: { v: { label: "V", columns: ["what"], where: { any: [] } } } }, /never holds/],
  ];
  test.each(cases)("%s", (_name, change, problem) => {
    expect(said(JSON.parse(JSON.stringify({ ...base, ...change })))).toContainEqual(expect.stringMatching(problem));
  });

  const fine: [string, object][] = [
    ["nothing of it", {}],
    [
      "a difference of what is asked about first",
      {
        views: {
          v: {
            label: "V",
            columns: ["what"],
            where: { all: [{ not: { empty: { field: "level" } } }, { ne: [{ field: "level" }, "a"] }] },
          },
        },
      },
    ],
    [
      "a difference, or empty",
      {
        views: {
          v: {
            label: "V",
            columns: ["what"],
            where: { any: [{ empty: { field: "level" } }, { ne: [{ field: "level" }, "a"] }] },
          },
        },
      },
    ],
    [
      "a difference of a yes",
      { views: { v: { label: "V", columns: ["what"], where: { ne: [{ field: "paid" }, true] } } } },
    ],
    [
      "a difference of the state",
      { views: { v: { label: "V", columns: ["what"], where: { ne: [{ field: "state" }, "done"] } } } },
    ],
    [
      "hours from an instant",
      { timers: { t: { ...timer, anchor: { field: "heldAt" }, steps: ["-PT2H"], repeat: "PT1H" } } },
    ],
    [
      "hours from the making of the record",
      { timers: { t: { ...timer, anchor: { field: "createdAt" }, steps: ["PT2H"] } } },
    ],
    [
      "a unique field given what is unique too",
      {
        fields: { ...base.fields, key: { kind: "text", label: "Key", unique: true } },
        actions: { ...base.actions, copy: { ...event, effects: [{ set: { key: { field: "reference" } } }] } },
      },
    ],
    [
      "a record made that its own rule cannot tell of yet",
      {
        fields: optional,
        rules: {
          r: {
            must: { any: [{ not: { empty: { field: "on" } } }, { lt: [{ field: "createdAt" }, { field: "heldAt" }] }] },
            refusal: "Say when.",
          },
        },
        duties: { d: { ...duty, fields: { on: { today: true } } } },
      },
    ],
    ["a task of several that is ticked off", { tasks: { k: { ...task, quorum: 2 } } }],
  ];
  test.each(fine)("but not %s", (_name, change) => {
    expect(said(JSON.parse(JSON.stringify({ ...base, ...change })))).toEqual([]);
  });
});
