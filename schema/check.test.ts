import fc from "fast-check";
import { sampleType } from "../test/arbitraries";
import { checkDefinition, checkPack, checkType } from "./check";
import type { Action, Condition, Field, RecordType, Role } from "./definition";
import { describeCondition } from "./describeCondition";
import { countedByNeeds, factsRead } from "./factsRead";
import { schoolPolicy } from "./packs/school-policy/pack";

const roles: Role[] = [
  { name: "head", label: "Headteacher" },
  { name: "clerk", label: "Clerk" },
];
const head = [{ role: "head" }];
const event: Action = { label: "Falls due", from: ["open"], to: "late", who: [{ system: true }] };

const check: RecordType = {
  name: "deviceCheck",
  plural: "deviceChecks",
  label: "Device check",
  pluralLabel: "Device checks",
  reference: "CHK-{year}-{n}",
  title: "{{ device }}",
  entries: { new: "open" },
  fields: {
    device: { kind: "text", label: "Device", required: true, index: true },
    dueBy: { kind: "date", label: "Due by", precision: true },
    checkedOn: { kind: "date", label: "Checked on" },
    heldAt: { kind: "dateTime", label: "Held at" },
    owner: { kind: "person", label: "Owner" },
    level: { kind: "choice", label: "Level", options: [{ value: "low", label: "Low" }] },
    cost: { kind: "money", label: "Cost" },
    secret: { kind: "text", label: "Secret", sensitive: true },
    policy: { kind: "link", label: "Policy", to: "policy" },
    team: { kind: "people", label: "Team" },
    report: { kind: "document", label: "Report" },
    risk: { kind: "riskGrid", label: "Risk" },
  },
  states: { open: { label: "Open" }, late: { label: "Late" }, done: { label: "Done", end: true } },
  actions: {
    finish: { label: "Finish", from: ["open", "late"], to: "done", who: head, form: ["checkedOn"] },
    fallDue: event,
  },
  tasks: {
    look: { label: "Check {{ device }}", opens: "open", to: head, due: { field: "dueBy" }, actions: ["finish"] },
  },
  timers: { due: { label: "Due", anchor: { field: "dueBy" }, steps: ["P0D"], event: "fallDue", while: ["open"] } },
  settings: {
    lead: { label: "Lead", kind: "offset", value: "P7D" },
    most: { label: "Most", kind: "number", value: 3 },
  },
  notices: { soon: { subject: "{{ device }}", body: "{{ device }} by {{ dueBy | date }}" } },
  grants: [{ to: head, may: ["see", "create", "edit"] }],
  views: { all: { label: "All", columns: ["device", "dueBy"], sort: "-dueBy" } },
};

const policy = schoolPolicy.types.find((type) => type.name === "policy")!;
const context = { roles, types: [policy] };
const problems = (change: Partial<RecordType>) => checkDefinition({ ...check, ...change }, context).problems;
const said = (change: Partial<RecordType>) => problems(change).map(({ path, message }) => `${path}: ${message}`);

test("a good definition has no problem, and comes back typed", () => {
  expect(checkDefinition(JSON.parse(JSON.stringify(check)), context)).toEqual({ type: check, problems: [] });
  expect(checkType(sampleType, { roles: [], types: [] })).toEqual([]);
});

test("the school's pack has no problem", () => {
  expect(checkPack(schoolPolicy)).toEqual([]);
});

describe("a condition", () => {
  const when = (condition: Condition, place: "guard" | "row" | "form" = "guard") => {
    const found =
      place === "guard"
        ? said({ actions: { ...check.actions, finish: { ...check.actions["finish"]!, when: condition } } })
        : place === "row"
          ? said({ grants: [{ ...check.grants[0]!, when: condition }] })
          : said({ fields: { ...check.fields, device: { ...check.fields["device"]!, required: condition } } });
    return found.map((problem) =>
      problem.replace(/^(actions\.finish\.when|grants\[0\]\.when|fields\.device\.required)\.?/, ""),
    );
  };

  const bad: [string, Condition, "guard" | "row" | "form", string][] = [
    [
      "names a field that is nearly one",
      { eq: [{ field: "dueBye" }, "2027"] },
      "row",
      "eq[0].field: There is no field “dueBye”. Did you mean “dueBy”?",
    ],
    [
      "names a question that is not asked",
      { empty: { form: "why" } },
      "guard",
      "empty.form: There is no answer “why”.",
    ],
    [
      "names answers where no form is",
      { empty: { form: "checkedOn" } },
      "row",
      "empty.form: No form is filled in here.",
    ],
    [
      "orders text",
      { lt: [{ field: "device" }, "a"] },
      "row",
      "lt: A text has no order: only numbers, dates and times come before or after another.",
    ],
    [
      "compares a date with a time",
      { lt: [{ field: "heldAt" }, { today: true }] },
      "row",
      "lt: A date and time cannot be compared with a date.",
    ],
    [
      "compares a date with no date",
      { eq: [{ field: "dueBy" }, "2027-02-30"] },
      "row",
      "eq: 30 February 2027 is not a date: February 2027 has 28 days.",
    ],
    [
      "compares with nothing",
      { eq: [{ field: "device" }, null] },
      "row",
      "eq: A comparison with nothing is always false: ask with “empty”.",
    ],
    ["compares money with text", { eq: [{ field: "cost" }, "12"] }, "row", "eq: “12” is not a number."],
    [
      "names an option that is none",
      { in: [{ field: "level" }, ["low", "lwo"]] },
      "row",
      "in[1][1]: There is no choice “lwo”. Did you mean “low”?",
    ],
    [
      "names a state that is none",
      { eq: [{ field: "state" }, "opened"] },
      "row",
      "eq: There is no state “opened”. Did you mean “open”?",
    ],
    [
      "compares a list",
      { eq: [{ field: "team" }, { actor: true }] },
      "row",
      "eq: A list cannot be compared: ask with “includes” or “empty”.",
    ],
    [
      "looks into what is no list",
      { includes: [{ field: "owner" }, { actor: true }] },
      "row",
      "includes[0]: “includes” looks into choices, people or links, and this is a person.",
    ],
    [
      "finds rows by a sensitive field",
      { eq: [{ field: "secret" }, "a"] },
      "row",
      "eq[0].field: secret is sensitive and held encrypted: rows cannot be found by it.",
    ],
    [
      "follows a link in rows",
      { eq: [{ field: "policy.state" }, "draft"] },
      "row",
      "eq[0].field: “state” lies beyond the record's own fields, and a condition on rows, which the database works out, sees no further.",
    ],
    [
      "adds time to a field in rows",
      { lt: [{ plus: [{ field: "dueBy" }, "P1D"] }, { today: true }] },
      "row",
      "lt[0].plus[0]: In a condition on rows, which the database works out, time is added to today or a fixed date, not to a field: turn the sum round.",
    ],
    [
      "counts links in rows",
      { exists: { via: "policy" } },
      "row",
      "exists: “exists” cannot stand in a condition on rows, which the database works out, only in a guard.",
    ],
    [
      "counts holders in a form",
      { eq: [{ field: "cost" }, { holders: { role: "head" } }] },
      "form",
      "eq[1].holders: “holders” cannot stand in a form, which the browser works out, only in a guard.",
    ],
    [
      "adds school days in a form",
      { lt: [{ plus: [{ today: true }, "2 school days"] }, { field: "dueBy" }] },
      "form",
      "lt[0].plus[1]: The school's calendar is not known in a form, which the browser works out, so count in days, weeks, months or years.",
    ],
    [
      "adds what is no time",
      { lt: [{ plus: [{ today: true }, "soon"] }, { field: "dueBy" }] },
      "row",
      "lt[0].plus[1]: “soon” is not a length of time: write -P30D, P1Y, PT2H or “2 school days”.",
    ],
    [
      "names a linked record's field that is none",
      { empty: { field: "policy.reviewedBy" } },
      "guard",
      "empty.field: There is no field “reviewedBy”. Did you mean “reviewBy”?",
    ],
    ["follows what is no link", { exists: { via: "owner" } }, "guard", "exists.via: owner is no link but person."],
    [
      "follows links that lead elsewhere",
      { none: { via: "policy.related" } },
      "guard",
      "none.via: policy.related does not link to deviceCheck.",
    ],
    [
      "asks a linked record for what it has not",
      { every: { via: "policy", satisfies: { empty: { field: "dueBy" } } } },
      "guard",
      "every.satisfies.empty.field: There is no field “dueBy”.",
    ],
    [
      "asks for no number of records",
      { count: { via: "policy" } },
      "guard",
      ": Say how many: atLeast, atMost or both.",
    ],
    [
      "asks for fewer than none",
      { count: { via: "policy" }, atMost: -1 },
      "guard",
      "atMost: -1 is no number of records.",
    ],
    [
      "asks for more than it allows, by a figure",
      { count: { via: "policy" }, atLeast: { setting: "most" }, atMost: 1 },
      "guard",
      ": At least 3 and at most 1: it never holds.",
    ],
    [
      "asks for more than all",
      { ge: [1, { holders: { role: "head" }, percent: 101 }] },
      "guard",
      "ge[1].percent: 101 is not a percentage: from 0 to 100.",
    ],
    [
      "seeks a phrase in a date",
      { phrase: { in: "dueBy", of: ["x"] } },
      "guard",
      "phrase.in: dueBy is no text but date.",
    ],
    [
      "uses a setting of another kind",
      { phrase: { in: "report", of: { setting: "most" } } },
      "guard",
      "phrase.of.setting: The setting most holds number; here it must hold texts.",
    ],
    [
      "says nothing of a record",
      { eq: [1, 1] },
      "row",
      "eq: Both sides are fixed values: this says nothing of a record.",
    ],
  ];
  test.each(bad)("that %s is refused", (_name, condition, place, problem) => {
    expect(when(condition, place)).toEqual([problem]);
  });

  const good: [string, Condition, "guard" | "row" | "form"][] = [
    [
      "on a linked record and a risk",
      { all: [{ eq: [{ field: "policy.state" }, "ratified"] }, { eq: [{ field: "risk.level" }, "low"] }] },
      "guard",
    ],
    ["on answers", { le: [{ form: "checkedOn" }, { today: true }] }, "guard"],
    [
      "on rows",
      {
        any: [
          { contains: [{ field: "device" }, "pad"] },
          { lt: [{ field: "dueBy" }, { plus: [{ today: true }, { setting: "lead" }] }] },
        ],
      },
      "row",
    ],
    [
      "on people",
      { any: [{ includes: [{ field: "team" }, { actor: true }] }, { eq: [{ field: "createdBy" }, { actor: true }] }] },
      "row",
    ],
    ["in a form", { not: { empty: { field: "risk.level" } } }, "form"],
  ];
  test.each(good)("%s may stand there", (_name, condition, place) => {
    expect(when(condition, place)).toEqual([]);
  });
});

describe("a definition is refused", () => {
  const bad: [string, Partial<RecordType>, string][] = [
    [
      "with a state that nothing leads to",
      { states: { ...check.states, lost: { label: "Lost", end: true } } },
      "states.lost: The state “lost” is never reached: no action leads to it from the start.",
    ],
    [
      "with a state that nothing leads out of",
      { states: { ...check.states, done: { label: "Done" } } },
      "states.done: The state “done” is never left: give it an action, or mark it as the end or as resting.",
    ],
    [
      "with a timer whose event no state accepts while it runs",
      { timers: { due: { ...check.timers!["due"]!, while: ["late"] } } },
      "timers.due.event: No state accepts fallDue while this timer runs: it runs in late, and fallDue goes from open.",
    ],
    [
      "with a timer that sends what people do",
      { timers: { due: { ...check.timers!["due"]!, event: "finish" } } },
      'timers.due.event: finish is done by people: an event has “who”: [{ "system": true }].',
    ],
    [
      "with a timer that does nothing",
      { timers: { due: { label: "Due", anchor: { field: "dueBy" }, steps: ["P0D"] } } },
      "timers.due: This timer does nothing: give it an event, a notice or a task.",
    ],
    [
      "with a timer before no date",
      { timers: { due: { ...check.timers!["due"]!, anchor: { field: "device" } } } },
      "timers.due.anchor.field: device is no date but text.",
    ],
    [
      "with a timer before a linked record's no date",
      { timers: { due: { ...check.timers!["due"]!, anchor: { link: "policy", field: "title" } } } },
      "timers.due.anchor.field: title is no date but text.",
    ],
    [
      "with a step that is no time",
      { timers: { due: { ...check.timers!["due"]!, steps: ["P30"] } } },
      "timers.due.steps[0]: “P30” is not a length of time: write -P30D, P1Y, PT2H or “2 school days”.",
    ],
    [
      "with a repeat that stands still",
      { timers: { due: { ...check.timers!["due"]!, repeat: "P0D" } } },
      "timers.due.repeat: “P0D” goes back or stands still: it must go forward.",
    ],
    [
      "with a time of day that is none",
      { timers: { due: { ...check.timers!["due"]!, at: "8:00" } } },
      "timers.due.at: “8:00” is not a time of day: write 08:00.",
    ],
    [
      "with an unknown role",
      { grants: [{ to: [{ role: "haed" }], may: ["see"] }] },
      "grants[0].to[0].role: There is no role “haed”. Did you mean “head”?",
    ],
    [
      "that nobody may see",
      { grants: [{ to: head, may: ["edit"] }] },
      "grants: Nobody may see these records: grant “see” to a role or a person field.",
    ],
    [
      "with a notice that has no template",
      { timers: { due: { ...check.timers!["due"]!, notice: { to: head, template: "son" } } } },
      "timers.due.notice.template: There is no notice template “son”. Did you mean “soon”?",
    ],
    [
      "with a template of an unknown value",
      { notices: { soon: { subject: "{{ devise }}", body: "x" } } },
      "notices.soon.subject: There is no value “devise”. Did you mean “device”?",
    ],
    [
      "with a sensitive title",
      { title: "{{ secret }}" },
      "title: “secret” is sensitive: it cannot stand in the title.",
    ],
    [
      "with a list sorted by what is sensitive",
      { views: { all: { label: "All", columns: ["device"], sort: "secret" } } },
      "views.all.sort: secret is sensitive and held encrypted: lists cannot be sorted by it.",
    ],
    [
      "with a sensitive field that is unique",
      { fields: { ...check.fields, secret: { kind: "text", label: "S", sensitive: true, unique: true } } },
      "fields.secret.unique: A sensitive field is held encrypted: it cannot be unique or indexed.",
    ],
    [
      "with an indexed text too long to index",
      { fields: { ...check.fields, device: { kind: "text", label: "D", index: true, maxLength: 192 } } },
      "fields.device.maxLength: 192 is no length: from 1 to 191 for a text that is unique or indexed.",
    ],
    [
      "with a field that every record has",
      { fields: { ...check.fields, state: { kind: "text", label: "S" } } },
      "fields.state: Every record has “state” already: choose another name.",
    ],
    [
      "with a name for two columns",
      { fields: { ...check.fields, dueByPrecision: { kind: "text", label: "P" } } },
      "fields.dueByPrecision: dueByPrecision and dueBy would share a column: rename one.",
    ],
    [
      "with a name that JavaScript has",
      { fields: Object.assign({ ...check.fields }, { constructor: { kind: "text", label: "C" } }) },
      "fields.constructor: “constructor” is a word of the language it is written in: choose another.",
    ],
    [
      "with a name that is none",
      { fields: { ...check.fields, "due-by": { kind: "text", label: "C" } } },
      "fields.due-by: “due-by” is not a name: begin with a small letter, then letters and digits, as in reviewBy.",
    ],
    [
      "with a task that nothing opens",
      { tasks: { look: { label: "Look", to: head } } },
      "tasks.look: Nothing opens this task: name a state, or open it by a timer or an effect.",
    ],
    [
      "with a task whose action cannot be done then",
      { tasks: { look: { label: "Look", to: head, opens: "late", actions: ["fallDue"] } } },
      "tasks.look.actions[0]: fallDue cannot be done in any state in which this task is open.",
    ],
    [
      "with an effect on a field that is none",
      { actions: { ...check.actions, fallDue: { ...event, effects: [{ set: { dueOn: null } }] } } },
      "actions.fallDue.effects[0].set.dueOn: There is no field “dueOn”.",
    ],
    [
      "with an effect of another kind of value",
      { actions: { ...check.actions, fallDue: { ...event, effects: [{ set: { cost: { today: true } } }] } } },
      "actions.fallDue.effects[0].set.cost: A date cannot be set on Cost, which holds a number.",
    ],
    [
      "with a month set on a day",
      { actions: { ...check.actions, fallDue: { ...event, effects: [{ set: { checkedOn: { field: "dueBy" } } }] } } },
      "actions.fallDue.effects[0].set.checkedOn: Checked on needs a day, and this date may be only a month: give the field precision.",
    ],
    [
      "with a record made without what it needs",
      {
        actions: {
          ...check.actions,
          fallDue: { ...event, effects: [{ create: { type: "policy", fields: { title: "Devices" } } }] },
        },
      },
      "actions.fallDue.effects[0].create.fields: A Policy needs Owner (owner): set it here.",
    ],
    [
      "with an event that another record does not take",
      {
        actions: { ...check.actions, fallDue: { ...event, effects: [{ send: { link: "policy", event: "ratify" } }] } },
      },
      "actions.fallDue.effects[0].send.event: ratify of policy is done by people, not sent.",
    ],
    [
      "with a form item that is no field",
      { actions: { ...check.actions, finish: { ...check.actions["finish"]!, form: ["checkedOm"] } } },
      "actions.finish.form[0]: There is no field or question “checkedOm”. Did you mean “checkedOn”?",
    ],
    [
      "with a setting of the wrong kind",
      { settings: { lead: { label: "Lead", kind: "offset", value: "soon" } } },
      "settings.lead.value: “soon” is not a length of time: write -P30D, P1Y, PT2H or “2 school days”.",
    ],
    [
      "with a reference that would not tell records apart",
      { reference: "CHK-{year}" },
      "reference: A reference needs {n} once, as in POL-{year}-{n}: it tells records apart.",
    ],
  ];
  test.each(bad)("%s", (_name, change, problem) => {
    expect(said(change)).toEqual([problem]);
  });

  test("with more indexed texts than a row holds", () => {
    const many = Array.from({ length: 60 }, (_, i) => [`text${i}`, { kind: "text", label: "T", index: true }] as const);
    expect(
      problems({ fields: { ...check.fields, ...Object.fromEntries(many) } }).map(({ message }) => message),
    ).toEqual([
      expect.stringContaining("A row would take"),
      expect.stringContaining("Fields and views need 134 indexes of 64"),
    ]);
  });
  test("with a template that cannot be read", () => {
    expect(said({ title: "{{ device " })).toEqual([expect.stringContaining("title: The template cannot be read")]);
  });
  test("with a name that the API has already", () => {
    const found = checkType(check, { ...context, taken: ["finishDeviceCheck", "DeviceCheck"] });
    expect(found.map(({ path }) => path)).toEqual(["name", "actions.finish"]);
  });
});

describe("a sealed field", () => {
  const pointer: Field = {
    kind: "text",
    label: "Pointer",
    sealed: true,
    see: [{ role: "head" }],
    tells: { to: head, template: "opened" },
  };
  const sealing = (change: object = {}, more: Partial<RecordType> = {}): Partial<RecordType> => ({
    fields: { ...check.fields, pointer: { ...pointer, ...change } as Field },
    notices: { ...check.notices, opened: { subject: "{{ device }}", body: "{{ by }}: {{ reason }}" } },
    ...more,
  });
  const finish = check.actions["finish"]!;
  const finishing = (change: Partial<Action>): Partial<RecordType> => ({
    actions: { ...check.actions, finish: { ...finish, form: ["checkedOn", "pointer"], ...change } },
  });
  const never = "pointer is sealed: “empty” asks whether it is held, and nothing asks what it says.";

  test("is opened by those it names, and a guard may ask whether it is held", () => {
    expect(said(sealing({}, finishing({ when: { not: { empty: { field: "pointer" } } } })))).toEqual([]);
  });
  const bad: [string, Partial<RecordType>, string][] = [
    [
      "is a text",
      sealing({ kind: "number" }),
      "fields.pointer.sealed: A field of kind number cannot be sealed: only a text can.",
    ],
    ["names who opens it", sealing({ see: [] }), "fields.pointer.see: Say who may open this sealed field."],
    [
      "is not unique",
      sealing({ unique: true }),
      "fields.pointer.unique: A sensitive field is held encrypted: it cannot be unique or indexed.",
    ],
    [
      "alone tells of being opened",
      sealing({ sealed: false }),
      "fields.pointer.tells: Only opening a sealed field tells anybody: say “sealed” too.",
    ],
    [
      "stands in no title",
      sealing({}, { title: "{{ pointer }}" }),
      "title: “pointer” is sealed: nothing shows it but opening it.",
    ],
    [
      "is compared with nothing",
      sealing({}, finishing({ when: { eq: [{ field: "pointer" }, "x"] } })),
      `actions.finish.when.eq[0].field: ${never}`,
    ],
    [
      "is copied nowhere",
      sealing({}, finishing({ effects: [{ set: { device: { form: "pointer" } } }] })),
      `actions.finish.effects[0].set.device.form: ${never}`,
    ],
    [
      "is not searched",
      sealing({}, finishing({ when: { phrase: { in: "pointer", of: ["x"] } } })),
      `actions.finish.when.phrase.in: ${never}`,
    ],
    [
      "is no question",
      finishing({
        form: ["checkedOn", "where"],
        asks: { where: { kind: "text", label: "Where", sealed: true, see: head } },
      }),
      "actions.finish.asks.where.sealed: An answer is kept in the history: make it a field to seal it.",
    ],
  ];
  test.each(bad)("%s", (_name, change, problem) => expect(said(change)).toEqual([problem]));
  test("was sensitive before, if it was anything, and is never unsealed", () => {
    const plain = (more: Partial<Field> = {}) => ({
      ...check,
      fields: { ...check.fields, pointer: { kind: "text", label: "Pointer", ...more } as Field },
    });
    const [sealed, sensitive] = [{ ...check, ...sealing() }, plain({ sensitive: true })];
    const paths = (previous: RecordType, now: RecordType) =>
      checkType(now, { ...context, previous }).map(({ path }) => path);
    expect(paths(sensitive, sealed)).toEqual([]);
    expect(paths(plain(), sealed)).toContain("fields.pointer.sensitive");
    expect(paths(sealed, sensitive)).toEqual(["fields.pointer.sealed"]);
  });
});

describe("confidentiality that comes along a link", () => {
  const from = (name: string, to: string | null, more: Partial<RecordType> = {}): RecordType => ({
    ...check,
    name,
    plural: `${name}s`,
    fields: {
      ...check.fields,
      ...(to === null ? {} : { above: { kind: "link", label: "Above", to, required: true } }),
    },
    confidential: to === null ? true : { from: "above" },
    grants: to === null ? check.grants : [{ to: [{ anyone: true }], may: ["create", "edit"] }],
    ...more,
  });
  const found = (all: RecordType[], types = all.map((type) => ({ ...type, reference: `${type.name}-{n}` }))) =>
    checkPack({ name: "p", label: "P", roles, types }, { types: [policy] }).map(
      ({ path, message }) => `${path}: ${message}`,
    );

  test("is followed for three links to the type whose grants say who sees", () => {
    expect(found([from("a", null), from("b", "a"), from("c", "b"), from("d", "c")])).toEqual([]);
  });
  const grants: RecordType["grants"] = [{ to: head, may: ["see"] }];
  const loose = { above: { kind: "link", label: "Above", to: "a" } } as const;
  const many = { above: { kind: "links", label: "Above", to: "a", required: true } } as const;
  const bad: [string, RecordType[], string[]][] = [
    [
      "but not for four",
      [from("a", null), from("b", "a"), from("c", "b"), from("d", "c"), from("e", "d")],
      ["a", "b", "c", "d", "e"].map(
        (name) =>
          `${name}.confidential.from: Who sees a Device check would be said too far away: at most 3 links from it.`,
      ),
    ],
    [
      "and not in a circle",
      [from("a", "b"), from("b", "a")],
      [
        "a.confidential.from: Who sees these would be said in a circle: a → b → …",
        "b.confidential.from: Who sees these would be said in a circle: b → a → …",
      ],
    ],
    [
      "and own grants open nothing more",
      [from("a", null), from("b", "a", { grants })],
      ["b.grants[0].may: Who sees these is said by the record at above: grant create or edit here."],
    ],
    [
      "and all of them are counted, not some",
      [
        from("a", null),
        from("b", "a", { grants: [{ to: head, may: ["count"], when: { empty: { field: "above" } } }] }),
      ],
      ["b.grants[0].may: “count” is of all records of the type: no condition can stand beside it."],
    ],
    [
      "and it must be there",
      [from("a", null), from("b", "a", { fields: { ...check.fields, ...loose } })],
      ["b.confidential.from: Above must be required: nobody would see a record without it."],
    ],
    [
      "and lead to one record",
      [from("a", null), from("b", "a", { fields: { ...check.fields, ...many } })],
      ["b.confidential.from: above is no link to one record but links."],
    ],
    [
      "and no title is shown along another link",
      [
        from("a", null),
        from("b", "a", { title: "{{ above }}" }),
        { ...from("c", "a"), confidential: true, title: "{{ above }}", grants },
      ],
      ["c.title: “above” leads to a confidential Device check: its title cannot stand here."],
    ],
    [
      "and be a field",
      [from("b", "policy", { confidential: { from: "abov" } })],
      ["b.confidential.from: There is no field “abov”. Did you mean “above”?"],
    ],
  ];
  test.each(bad)("%s", (_name, types, problems) => expect(found(types)).toEqual(problems));
});

test("a text may name the date of its ratification, and nothing else as one", () => {
  const report = (ratifiedOn: string) =>
    said({ fields: { ...check.fields, report: { kind: "document", label: "Report", ratifiedOn } } });
  expect(report("checkedOn")).toEqual([]);
  expect(report("device")).toEqual(["fields.report.ratifiedOn: device is no date field of this record type."]);
  expect(report("signedOn")).toEqual(["fields.report.ratifiedOn: signedOn is no date field of this record type."]);
});

test("files are given in forms, and looked at by nothing that finds, orders, keeps apart or tells records", () => {
  const fields = {
    ...check.fields,
    photo: { kind: "file", label: "Photo" } as const,
    papers: { kind: "files", label: "Papers" } as const,
  };
  const finish = { ...check.actions["finish"]!, form: ["photo", "scan"], required: ["photo"] };
  const asks = { scan: { kind: "file", label: "Scan", required: { empty: { field: "photo" } } } as const };
  const when: Condition = { ge: [{ size: { field: "papers" } }, 1] };
  const actions = { ...check.actions, finish: { ...finish, asks, when } };
  expect(said({ fields, actions })).toEqual([]);
  const list = { kind: "list", label: "L", of: { photo: fields.photo } } as const;
  expect(
    said({
      fields: {
        ...check.fields,
        photo: { ...fields.photo, unique: true, default: "01JAN00000000000000000000A" },
        papers: { ...fields.papers, sensitive: true },
        list,
      },
      grants: [{ ...check.grants[0]!, when: { empty: { field: "photo" } } }],
      views: { all: { label: "All", columns: ["papers"], sort: "photo" } },
      title: "{{ photo }}",
      actions: {
        ...check.actions,
        finish: {
          ...check.actions["finish"]!,
          when: { includes: [{ field: "papers" }, "x"] },
          effects: [{ set: { photo: null } }],
        },
      },
    }),
  ).toEqual([
    "fields.photo.unique: A field of kind file cannot be unique or indexed.",
    "fields.photo.default: A file is given in a form, never set by a rule.",
    "fields.papers.sensitive: A field of kind files cannot be sensitive: use “see”, or make the type confidential.",
    "fields.list.of.photo.kind: An entry of a list cannot hold file: make it a record type of its own.",
    "actions.finish.when.includes[0]: “includes” looks into choices, people or links, and this is a list of files.",
    "actions.finish.effects[0].set.photo: A file is given in a form, never set by a rule.",
    "title: “photo” holds files: they have no words for a template.",
    "grants[0].when.empty.field: photo holds a file: rows cannot be found by it.",
    "views.all.sort: Lists cannot be sorted by photo, which is file.",
  ]);
});

describe("JSON from anywhere", () => {
  const malformed: [unknown, string, string][] = [
    [null, "", "“null” stands where named parts are needed."],
    [[], "", "“[]” stands where named parts are needed."],
    [{ ...check, feilds: {} }, "feilds", "There is no “feilds” here. Did you mean “fields”?"],
    [{ ...check, name: undefined }, "name", "“name” is missing."],
    [{ ...check, states: {} }, "states", "There is no state: a record needs one to start in."],
    [
      { ...check, fields: { device: { kind: "txt", label: "D" } } },
      "fields.device.kind",
      "“txt” stands where one of text, longText,",
    ],
    [
      { ...check, fields: { device: { kind: "text", label: "D", size: 3 } } },
      "fields.device.size",
      "There is no “size” here.",
    ],
    [
      { ...check, grants: [{ to: [], may: ["se"] }] },
      "grants[0].may[0]",
      "“se” stands where one of see, create, edit, count is needed.",
    ],
    [
      { ...check, views: { all: { label: "A", columns: ["device"], where: { equals: [1, 2] } } } },
      "views.all.where",
      "This is not a condition: it needs one of all, any",
    ],
    [
      { ...check, views: { all: { label: "A", columns: ["device"], where: { eq: [1] } } } },
      "views.all.where.eq",
      "Two values are needed here, in a list.",
    ],
    [
      { ...check, views: { all: { label: "A", columns: ["device"], where: { all: [], any: [] } } } },
      "views.all.where.any",
      "There is no “any” here.",
    ],
    [
      {
        ...check,
        timers: { due: { ...check.timers!["due"]!, anchor: { earliestOf: [{ earliestOf: [] }, { field: "dueBy" }] } } },
      },
      "timers.due.anchor.earliestOf[0]",
      "This is not an anchor: it needs one of link, field, state, task.",
    ],
  ];
  test.each(malformed)("is told apart from a definition: %#", (json, path, message) => {
    const { type, problems: found } = checkDefinition(json, context);
    expect(type).toBeUndefined();
    expect(found[0]).toEqual({ path, message: expect.stringContaining(message) });
  });

  test("may be nested without end", () => {
    let where: unknown = { empty: { field: "device" } };
    for (let i = 0; i < 5_000; i++) where = { not: where };
    const found = checkDefinition(
      { ...check, views: { all: { label: "A", columns: ["device"], where } } },
      context,
    ).problems;
    expect(found.map(({ message }) => message)).toEqual(["This is nested too deeply."]);
  });

  test("may name what every JavaScript object has", () => {
    const finish = { ...check.actions["finish"]!, form: ["constructor"], when: { lt: [{ form: "constructor" }, 1] } };
    const found = checkDefinition({ ...check, actions: { ...check.actions, finish } }, context).problems;
    expect(found.map(({ path }) => path)).toEqual(["actions.finish.form[0]", "actions.finish.when.lt[0].form"]);
  });

  test("never makes the checker throw, whatever part of it is replaced", () => {
    const json = JSON.stringify(policy);
    const spots = [...json.matchAll(/"[^"]*"|\d+|true|false/g)];
    const replacements = fc.oneof(
      fc.constantFrom(
        "null",
        '"constructor"',
        '"__proto__"',
        "{}",
        "[]",
        '""',
        '"{{ x"',
        "-1",
        "true",
        '{"field":"state"}',
        '{"all":[]}',
      ),
      fc.json({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...spots), replacements, (spot, replacement) => {
        const text = json.slice(0, spot.index) + replacement + json.slice(spot.index + spot[0].length);
        const changed = parsed(text);
        if (changed === undefined) return;
        const { type, problems: found } = checkDefinition(changed, {
          roles: schoolPolicy.roles,
          types: [check],
          previous: policy,
        });
        expect(type === undefined).toBe(found.length > 0);
      }),
      { numRuns: 1_000 },
    );
  });
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

describe("a new version", () => {
  const next = (change: Partial<RecordType>) =>
    checkType({ ...check, ...change }, { ...context, previous: check }).map(({ path }) => path);
  const { device: _device, ...without } = check.fields;
  const finish = check.actions["finish"]!;

  test("may add optional fields, states, actions and questions", () => {
    expect(
      next({
        fields: { ...check.fields, note: { kind: "text", label: "Note" } },
        actions: { ...check.actions, finish: { ...finish, form: ["checkedOn", "note"] } },
      }),
    ).toEqual([]);
  });
  test("may not have the database say whether confidential records hold the same", () => {
    const device = { ...check.fields["device"]!, unique: true };
    const secret = {
      confidential: true as const,
      grants: [{ to: [{ role: "head" }], may: ["see" as const], when: { all: [] } }],
    };
    const change = { ...secret, fields: { ...check.fields, device } };
    const paths = (previous: RecordType) =>
      checkType({ ...check, ...change }, { ...context, previous }).map(({ path }) => path);
    expect(paths({ ...check, ...secret })).toEqual(["fields.device.unique"]);
    expect(paths({ ...check, ...change })).toEqual([]);
    expect(paths(check)).toEqual([]);
    // A field that is new is held by none.
    const { device: _, ...before } = check.fields;
    expect(paths({ ...check, ...secret, fields: before })).toEqual([]);
  });
  test("may neither remove a field nor change its kind, its column or its secrecy", () => {
    expect(
      next({
        fields: { ...without, device2: check.fields["device"]! },
        title: "{{ level }}",
        tasks: {},
        notices: {},
        views: {},
      }),
    ).toEqual(["fields.device"]);
    expect(next({ fields: { ...check.fields, cost: { kind: "number", label: "Cost" } } })).toEqual([
      "fields.cost.kind",
    ]);
    expect(next({ fields: { ...check.fields, device: { kind: "text", label: "Device" } } })).toEqual(["fields.device"]);
    expect(next({ fields: { ...check.fields, cost: { kind: "money", label: "Cost", sensitive: true } } })).toEqual([
      "fields.cost.sensitive",
    ]);
  });
  test("may not ask for more than before, nor take a question away", () => {
    const asking = (action: Partial<Action>) =>
      next({ actions: { ...check.actions, finish: { ...finish, ...action } } });
    expect(asking({ form: [] })).toEqual(["actions.finish.form"]);
    expect(asking({ required: ["checkedOn"] })).toEqual(["actions.finish.form"]);
    expect(asking({ form: ["checkedOn", "device"] })).toEqual(["actions.finish.form"]);
  });
});

test("what a definition reads is found, wherever it stands", () => {
  const when: Condition = {
    all: [
      { eq: [{ field: "policy.state" }, "ratified"] },
      { none: { via: "lesson.check", where: { lt: [{ field: "n" }, { setting: "most" }] } } },
      { not: { phrase: { in: "report", of: ["template"] } } },
      { ge: [1, { holders: { role: "clerk", at: "parent" } }] },
    ],
  };
  const finishing = { ...check.actions["finish"]!, when };
  const read = factsRead({ ...check, actions: { ...check.actions, finish: finishing } });
  expect(countedByNeeds(finishing)).toEqual([
    { via: "lesson.check", where: { lt: [{ field: "n" }, { setting: "most" }] } },
  ]);
  expect(read).toEqual({
    links: ["policy"],
    sentTo: [],
    titles: [],
    settings: ["most"],
    holders: [{ role: "clerk", at: "parent" }, { role: "head" }],
  });
  expect(factsRead(policy).settings.sort()).toEqual(Object.keys(policy.settings ?? {}).sort());
});

test("conditions are said in plain words", () => {
  const say = (condition: Condition) => describeCondition(condition, { type: check, settings: { lead: "P9D" } });
  expect(say({ all: [{ lt: [{ field: "dueBy" }, { today: true }] }, { not: { empty: { field: "owner" } } }] })).toBe(
    "Due by is before today and Owner is not empty",
  );
  expect(say({ in: [{ field: "state" }, ["open", "late"]] })).toBe("State is Open or Late");
  expect(say({ any: [{ eq: [{ field: "level" }, "low"] }, { le: [{ field: "dueBy" }, "2023-10"] }] })).toBe(
    "Level is Low or Due by is on or before October 2023",
  );
  expect(say({ lt: [{ field: "dueBy" }, { plus: [{ today: true }, { setting: "lead" }] }] })).toBe(
    "Due by is before 9 days after today",
  );
});

test("what stands above the form of an action exists, and is no text of its own", () => {
  const finish = { ...check.actions["finish"]!, shows: ["device", "nothing", "report"] };
  expect(problems({ actions: { ...check.actions, finish } }).map(({ path }) => path)).toEqual([
    "actions.finish.shows[1]",
    "actions.finish.shows[2]",
  ]);
});

test("what a guest is shown and asked exists, and can be answered without looking anything up", () => {
  const guests = {
    to: ["device"],
    by: [{ role: "nobody" }],
    text: "device",
    shows: ["secret"],
    actions: ["fly"],
    within: "-P1D",
  };
  expect(
    problems({ guests })
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    "guests.actions[0]",
    "guests.by[0].role",
    "guests.shows[0]",
    "guests.text",
    "guests.to[0]",
    "guests.within",
  ]);
});

test("a figure that counts records is a number of them", () => {
  const finish = { ...check.actions["finish"]!, when: { count: { via: "policy" }, atMost: { setting: "most" } } };
  for (const value of [-1, 2.5]) {
    const settings = { ...check.settings, most: { ...check.settings!["most"]!, value } };
    expect(said({ settings, actions: { ...check.actions, finish } })).toEqual([
      `actions.finish.when.atMost: ${value} is no number of records.`,
    ]);
  }
});

test("a group of people, which knows no school, is left out or asked about, and nobody is reached by it", () => {
  const away = [{ group: "away" }];
  const finish = check.actions["finish"]!;
  const places: Record<string, Partial<RecordType>> = {
    "actions.finish.who[0]": { actions: { ...check.actions, finish: { ...finish, who: away } } },
    "actions.finish.decides[0]": { actions: { ...check.actions, finish: { ...finish, decides: away } } },
    "tasks.look.to[0]": { tasks: { look: { ...check.tasks!["look"]!, to: away } } },
    "tasks.look.handOverTo[0]": { tasks: { look: { ...check.tasks!["look"]!, handOverTo: away } } },
    "actions.finish.effects[0].notice.to[0]": {
      actions: { ...check.actions, finish: { ...finish, effects: [{ notice: { to: away, template: "soon" } }] } },
    },
    "fields.device.see[0]": { fields: { ...check.fields, device: { ...check.fields["device"]!, see: away } } },
    "fields.device.edit[0]": { fields: { ...check.fields, device: { ...check.fields["device"]!, edit: away } } },
    "actions.finish.when.ge[1].holders": {
      actions: { ...check.actions, finish: { ...finish, when: { ge: [1, { holders: away[0]! }] } } },
    },
  };
  const refused = "A group holds people of all schools: it can only be left out, or asked whether somebody is in it.";
  for (const [path, change] of Object.entries(places)) expect(said(change)).toContain(`${path}: ${refused}`);
  const asked: Condition = { holds: [{ field: "owner" }, away] };
  expect(said({ actions: { ...check.actions, finish: { ...finish, when: asked } } })).toEqual([]);
});

test("two rosters of a record make one type by links of their own", () => {
  const visit: RecordType = {
    ...check,
    ...{ name: "visit", plural: "visits", reference: "VIS-{n}" },
    fields: {
      check: { kind: "link", label: "Check", to: "deviceCheck" },
      second: { kind: "link", label: "Second", to: "deviceCheck" },
      who: { kind: "person", label: "Who" },
    },
  };
  const roster = { label: "All", of: head, type: "visit", link: "check", person: "who", while: ["open"] };
  const found = (link: string) =>
    checkDefinition(
      { ...check, rosters: { all: roster, some: { ...roster, label: "Some", link } } },
      { roles, types: [policy, visit] },
    ).problems;
  expect(found("second")).toEqual([]);
  expect(found("check")).toEqual([
    {
      path: "rosters.some",
      message: expect.stringContaining(
        "name all the members in one “of”, or give this one a link of its own",
      ) as string,
    },
  ]);
});
