/** What a publish opens by what it writes: by whichever part and way it comes about who sees something confidential. */
import type {
  Action,
  Condition,
  Effect,
  Effects,
  Field,
  RecordType,
  Role,
  TaskRule,
  TimerRule,
  Value,
  Who,
  Whos,
} from "./definition";
import { schoolPolicy } from "./packs/school-policy/pack";
import { guardingSettings, opened } from "./power";

const roles: Role[] = ["head", "clerk", "porter"].map((name) => ({ name, label: name }));
const head: Who[] = [{ role: "head" }];
const system: Who[] = [{ system: true }];
const anyone: Who[] = [{ anyone: true }];
const person = (label: string, more: Partial<Field> = {}): Field =>
  ({ kind: "person", label, editable: false, ...more }) as Field;
const type = (name: string, label: string, more: Partial<RecordType>): RecordType => ({
  ...{ name, plural: `${name}s`, label, pluralLabel: `${label}s`, reference: "T-{n}", title: "{{ reference }}" },
  ...{ entries: { new: "open" }, fields: {}, states: { open: { label: "Open" }, shut: { label: "Shut", end: true } } },
  ...{ actions: {}, grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }] },
  ...more,
});

/** Seen by who leads it, who is to decide it, the head, and the porter while it is small; never by whom it is about. */
const matter = type("matter", "Matter", {
  confidential: true,
  fields: {
    topic: { kind: "link", label: "Topic", to: "topic" },
    account: { kind: "longText", label: "Account" },
    lead: person("Led by"),
    helper: person("Helper"),
    team: { kind: "roles", label: "Team", editable: false },
    about: person("About", { required: true }),
    size: {
      kind: "choice",
      label: "Size",
      editable: false,
      options: ["small", "large"].map((value) => ({ value, label: value })),
    },
    closedOn: { kind: "date", label: "Closed on" },
  },
  bars: ["about"],
  states: { open: { label: "Open" }, toDecide: { label: "To decide" }, shut: { label: "Shut", end: true } },
  actions: {
    ask: { label: "Ask", from: ["open"], to: "toDecide", who: head, when: { not: { empty: { field: "account" } } } },
    hand: { label: "Hand over", from: ["open"], who: head, form: ["lead"], separate: ["about"] },
    size: { label: "Judge", from: ["open"], who: head, form: ["size"] },
    shut: { label: "Shut", from: ["open", "toDecide"], to: "shut", who: head },
    join: { label: "Join", from: ["open"], who: system, form: ["lead"], asks: { why: { kind: "text", label: "Why" } } },
  },
  tasks: {
    decide: {
      label: "Decide {{ reference }}",
      opens: "toDecide",
      when: { eq: [{ field: "size" }, "large"] },
      to: [{ role: "clerk" }],
    },
    hold: { label: "Hold", opens: "open", to: [{ role: "clerk" }] },
  },
  rules: { own: { must: { ne: [{ field: "lead" }, { field: "about" }] }, refusal: "Nobody leads their own." } },
  grants: [
    { to: [{ anyone: true }], may: ["create"] },
    { to: [{ field: "lead" }, { task: "decide" }], may: ["see"] },
    { to: [{ field: "lead" }], may: ["edit"], when: { empty: { field: "closedOn" } } },
    { to: [{ role: "head" }], may: ["see", "edit"], when: { all: [] } },
    {
      to: [{ role: "porter" }],
      may: ["see"],
      when: { all: [{ eq: [{ field: "size" }, "small"] }, { ne: [{ field: "state" }, "shut"] }] },
    },
  ],
});
const topic = type("topic", "Topic", {
  fields: { owner: person("Owner"), name: { kind: "text", label: "Name" } },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: anyone } },
});
/** Seen by whoever sees its matter. */
const note = type("note", "Note", {
  confidential: { from: "matter" },
  fields: {
    matter: { kind: "link", label: "Matter", to: "matter", required: true, editable: false },
    text: { kind: "text", label: "Text" },
  },
  grants: [],
});
/** Open, but for one field. */
const slip = type("slip", "Slip", {
  fields: {
    owner: person("Owner"),
    medical: { kind: "text", label: "Medical", see: [{ field: "owner" }] },
  },
});

type Edit = (types: Record<"matter" | "topic" | "note" | "slip", RecordType>) => void;
const standing = [matter, topic, note, slip];
const edited = (before: RecordType[], edit: Edit): RecordType[] => {
  const copies = JSON.parse(JSON.stringify(before)) as RecordType[];
  edit(Object.fromEntries(copies.map((each) => [each.name, each])) as unknown as Parameters<Edit>[0]);
  return copies;
};
const named = (types: readonly RecordType[]) => new Map(types.map((each) => [each.name, each]));
const openedBy = (edit: Edit, before = standing): string[] => {
  const after = edited(before, edit);
  const editions = { before: named(before), after: named(after) };
  return after.flatMap(({ name }) => opened(name, editions, roles)?.sentence ?? []);
};

const MATTER = "Changes who may see Matter, which is confidential, by ";
const act = (label: string, more: Partial<Action>): Action => ({ label, from: ["open"], who: head, ...more });
const part = <T>(of: Record<string, T> | undefined, name: string): T => {
  const found = of?.[name];
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
};
const clock = (more: Partial<TimerRule>): TimerRule => ({
  label: "In time",
  anchor: { field: "createdAt" },
  steps: ["P1D"],
  ...more,
});

test.each<[string, Edit, string]>([
  [
    "an action writes whom a grant names",
    ({ matter }) => (matter.actions["me"] = act("Take it", { effects: [{ set: { lead: { actor: true } } }] })),
    `${MATTER}“Take it”`,
  ],
  ["an action asks for it", ({ matter }) => part(matter.actions, "size").form?.push("lead"), `${MATTER}“Judge”`],
  [
    "more may do that",
    ({ matter }) => part(matter.actions, "hand").who?.push({ role: "clerk" }),
    `${MATTER}“Hand over”`,
  ],
  [
    "it is done in another state",
    ({ matter }) => part(matter.actions, "hand").from.push("toDecide"),
    `${MATTER}“Hand over”`,
  ],
  ["it needs less", ({ matter }) => delete part(matter.actions, "hand").separate, `${MATTER}“Hand over”`],
  [
    "a rule about it goes",
    ({ matter }) => delete matter.rules,
    `${MATTER}the rules for “Led by” and the rules for “About”`,
  ],
  [
    "it begins as who makes the record",
    ({ matter }) => (part(matter.fields, "lead").default = { actor: true }),
    `${MATTER}the first value of “Led by”`,
  ],
  [
    "an action takes it to be somebody",
    ({ matter }) => (part(matter.actions, "hand").defaults = { lead: { actor: true } }),
    `${MATTER}“Hand over”`,
  ],
  ["it may be edited", ({ matter }) => delete part(matter.fields, "lead").editable, `${MATTER}editing “Led by”`],
  [
    "another type's action has it written",
    ({ topic }) =>
      (topic.actions["look"] = act("Look", {
        effects: [{ send: { link: "matter.topic", event: "join", with: { lead: { actor: true } } } }],
      })),
    "Lets “Look” of Topic change who may see what only some may see of Matter",
  ],
  [
    "a clock has it written",
    ({ matter }) => (matter.timers = { late: clock({ event: "join" }) }),
    `${MATTER}“In time”`,
  ],
  [
    "a change has it written",
    ({ matter }) =>
      (matter.triggers = { go: { when: { empty: { field: "account" } }, event: "join", while: ["open"] } }),
    `${MATTER}“Join”`,
  ],
  [
    "one is made for somebody",
    ({ topic }) =>
      (topic.actions["report"] = act("Report", {
        effects: [{ create: { type: "matter", fields: { lead: { field: "owner" } } } }],
      })),
    "Lets “Report” of Topic change who may see what only some may see of Matter",
  ],
  [
    "a duty makes one for somebody",
    ({ matter }) =>
      (matter.duties = { yearly: { label: "Each year", every: "P1Y", from: "2026-09-07", fields: { size: "small" } } }),
    `${MATTER}“Each year”`,
  ],
  [
    "a roster makes one for each",
    ({ topic }) =>
      (topic.rosters = {
        all: { label: "Everybody", of: head, type: "matter", link: "topic", person: "lead", while: ["open"] },
      }),
    "Lets “Everybody” of Topic change who may see what only some may see of Matter",
  ],
  [
    "a returned email makes one",
    ({ matter }) => (matter.bounces = { person: "lead", address: "account", reason: "account", changed: "join" }),
    `${MATTER}“Matter”`,
  ],
  [
    "whom a bar names is emptied",
    ({ matter }) => (matter.actions["clear"] = act("Clear", { effects: [{ set: { about: null } }] })),
    `${MATTER}“Clear”`,
  ],
  [
    "it is emptied by a clock",
    ({ matter }) =>
      Object.assign(matter, {
        actions: { ...matter.actions, clear: act("Clear", { who: system, effects: [{ set: { about: null } }] }) },
        timers: { late: clock({ event: "clear" }) },
      }),
    `${MATTER}“Clear”`,
  ],
  [
    "it need not be said",
    ({ matter }) => delete part(matter.fields, "about").required,
    `${MATTER}the rules for “About”`,
  ],
  [
    "what a grant's condition asks is written",
    ({ matter }) => (matter.actions["shrink"] = act("Shrink", { effects: [{ set: { size: "small" } }] })),
    `${MATTER}“Shrink”`,
  ],
  [
    "a state comes again in which it holds",
    ({ matter }) => (matter.actions["reopen"] = act("Reopen", { from: ["shut"], to: "open" })),
    `${MATTER}“Reopen”`,
  ],
  [
    "a task that is granted opens otherwise",
    ({ matter }) => (part(matter.tasks, "decide").opens = "open"),
    `${MATTER}the task “Decide …”`,
  ],
  ["it is always owed", ({ matter }) => delete part(matter.tasks, "decide").when, `${MATTER}the task “Decide …”`],
  [
    "it lives longer",
    ({ matter }) => (part(matter.tasks, "decide").while = ["toDecide", "shut"]),
    `${MATTER}the task “Decide …”`,
  ],
  [
    "an action opens it",
    ({ matter }) => (part(matter.actions, "size").effects = [{ task: "decide" }]),
    `${MATTER}“Judge”`,
  ],
  ["a clock opens it", ({ matter }) => (matter.timers = { late: clock({ task: "decide" }) }), `${MATTER}“In time”`],
  [
    "an action leads to where it opens",
    ({ matter }) => (matter.actions["jump"] = act("Jump", { to: "toDecide" })),
    `${MATTER}“Jump”`,
  ],
  ["what leads there needs less", ({ matter }) => delete part(matter.actions, "ask").when, `${MATTER}“Ask”`],
  ["records begin where it opens", ({ matter }) => (matter.entries.new = "toDecide"), `${MATTER}the first state`],
  [
    "guests are shown it",
    ({ matter }) => (matter.guests = { to: ["helper"], by: head, shows: ["account"], actions: [], within: "P7D" }),
    `${MATTER}the page for guests`,
  ],
  [
    "the record by which it is seen is another",
    ({ note }) => (note.actions["move"] = act("Move", { form: ["matter"] })),
    "Changes who may see Note, which is confidential, by “Move”",
  ],
  [
    "whom a field's own readers are",
    ({ slip }) => (slip.actions["take"] = act("Take", { who: anyone, effects: [{ set: { owner: { actor: true } } }] })),
    "Changes who may see what only some may see of Slip, by “Take”",
  ],
])("it is an opening where %s", (_, edit, sentence) => {
  expect(openedBy(edit)).toEqual([sentence]);
});

test.each<[string, Edit]>([
  [
    "words change",
    ({ matter }) => (
      (part(matter.actions, "hand").label = "Give"),
      (part(matter.fields, "lead").label = "Leader"),
      (part(matter.tasks, "decide").label = "Judge")
    ),
  ],
  ["a field comes", ({ matter }) => (matter.fields["more"] = person("More", { default: { actor: true } }))],
  [
    "an action writes what decides nothing",
    ({ matter }) =>
      (matter.actions["help"] = act("Help", {
        form: ["helper", "account"],
        effects: [{ set: { closedOn: { today: true } } }],
      })),
  ],
  [
    "it is closed off for a while",
    ({ matter }) =>
      Object.assign(matter, {
        states: { ...matter.states, rest: { label: "Rest" } },
        actions: {
          ...matter.actions,
          rest: act("Rest", { to: "rest" }),
          wake: act("Wake", { from: ["rest"], to: "open" }),
          hand: { ...matter.actions["hand"], from: ["open", "rest"] },
        },
      }),
  ],
  [
    "somebody is reminded",
    ({ matter }) =>
      Object.assign(matter, {
        notices: { n: { subject: "N", body: "N." } },
        timers: { late: clock({ notice: { to: head, template: "n" } }) },
      }),
  ],
  ["a task comes that nobody sees it by", ({ matter }) => part(matter.tasks, "hold").to.push({ role: "porter" })],
  ["an action that writes it goes", ({ matter }) => delete matter.actions["hand"]],
  [
    "fewer may do it, who are named",
    ({ matter }) => (part(matter.actions, "hand").when = { not: { empty: { field: "account" } } }),
  ],
  [
    "a bar and a rule come",
    ({ matter }) => (
      (matter.bars = ["about", "helper"]),
      (matter.rules = {
        ...matter.rules,
        big: { must: { ne: [{ field: "lead" }, { field: "helper" }] }, refusal: "No." },
      })
    ),
  ],
  [
    "what is made is seen by whoever sees what makes it",
    ({ matter }) =>
      (part(matter.actions, "size").effects = [{ create: { type: "note", fields: { matter: { self: true } } } }]),
  ],
  [
    "guests are shown what anybody sees",
    ({ topic }) => (topic.guests = { to: ["owner"], by: head, shows: ["name"], actions: [], within: "P7D" }),
  ],
])("it is none where %s", (_, edit) => {
  expect(openedBy(edit)).toEqual([]);
});

test("each form of effect that can bring it about is followed, by whichever action and event it comes", () => {
  const lead = { actor: true as const };
  const forms: { [K in keyof Effects]: [Effects[K], opens: boolean] } = {
    set: [{ set: { lead } }, true],
    task: [{ task: "decide" }, true],
    notice: [{ notice: { to: head, template: "n" } }, false],
    create: [{ create: { type: "matter", fields: { lead } } }, true],
    send: [{ send: { link: "matter.topic", event: "join", with: { lead } } }, true],
  };
  for (const [form, [effect, opens]] of Object.entries(forms) as [keyof Effects, [Effect, boolean]][]) {
    const by = form === "send" ? "topic" : "matter";
    const told = (edit: Edit, before = standing) => openedBy(edit, before).length > 0;
    const bring: Edit = (types) => (types[by].actions["bring"] = act("Bring", { who: system, effects: [effect] }));
    expect([form, told(bring)]).toEqual([form, opens]);
    // It stands already, and nothing sends it but what comes now.
    const standing2 = edited(standing, bring);
    const ring: Edit = (types) => (types[by].timers = { ring: clock({ event: "bring" }) });
    // Whoever or whatever makes a record says who sees it.
    expect([form, told(ring, standing2)]).toEqual([form, opens && form !== "create"]);
  }
});

test("whoever a part of a rule names is followed to what can make them another", () => {
  const writes =
    (of: "matter" | "topic", field: string): Edit =>
    (types) =>
      (types[of].actions["write"] = act("Write", { form: [field] }));
  const forms: { [K in keyof Whos]: [Whos[K], writes: Edit | null] } = {
    role: [{ role: "porter" }, null],
    field: [{ field: "topic.owner" }, writes("topic", "owner")],
    relation: [{ relation: "lineManager", of: "helper" }, writes("matter", "helper")],
    group: [{ group: "away" }, null],
    rolesIn: [{ rolesIn: "team" }, writes("matter", "team")],
    task: [{ task: "hold" }, ({ matter }) => part(matter.tasks, "hold").to.push({ role: "porter" })],
    anyone: [{ anyone: true }, null],
    system: [{ system: true }, null],
  };
  for (const [form, [who, write]] of Object.entries(forms) as [string, [Who, Edit | null]][]) {
    const ways: Edit[] = [
      ({ matter }) => Object.assign(part<TaskRule>(matter.tasks, "decide"), { to: [who] }),
      ({ matter }) => Object.assign(part(matter.actions, "hand"), { who: [who] }),
      ({ matter }) => Object.assign(part(matter.actions, "hand"), { who: undefined, decides: [who] }),
      ({ matter }) => Object.assign(matter.fields["lead"] ?? {}, { editable: true, edit: [who] }),
      ({ matter }) => Object.assign(matter.fields["account"] ?? {}, { see: [who] }),
    ];
    for (const [i, way] of ways.entries()) {
      const before = edited(standing, way);
      expect([form, i, write ? openedBy(write, before).length : 1]).toEqual([form, i, 1]);
    }
  }
});

test("whom a decision falls to is wider where the order or the conflicts are others", () => {
  const decided: Edit = ({ matter }) => {
    const to: Who[] = [{ role: "clerk" }, { role: "porter" }];
    Object.assign(part(matter.tasks, "decide"), { to, decides: true });
    Object.assign(part(matter.actions, "hand"), { who: undefined, decides: to });
  };
  const before = edited(standing, decided);
  const by = (edit: Edit) => openedBy(edit, before);
  expect(by(({ matter }) => part(matter.tasks, "decide").to.reverse())).toEqual([`${MATTER}the task “Decide …”`]);
  expect(by(({ matter }) => part(matter.actions, "hand").decides?.reverse())).toEqual([`${MATTER}“Hand over”`]);
  expect(by(({ matter }) => (matter.conflicts = ["about"]))).toEqual([`${MATTER}“Hand over” and the task “Decide …”`]);
  expect(by(({ matter }) => part(matter.tasks, "decide").to.pop())).toEqual([]);
});

test("an answer that comes with an event is followed into what it is written to, and others are not", () => {
  const sent =
    (answers: Record<string, Value>): Edit =>
    ({ matter, topic }) => {
      const asks: Record<string, Field> = {
        who: { kind: "person", label: "Who" },
        why: { kind: "text", label: "Why" },
      };
      const effects: Effect[] = [{ set: { lead: { form: "who" } } }];
      matter.actions["told"] = act("Told", { who: system, form: ["who", "why"], asks, effects });
      const send: Effect = { send: { link: "matter.topic", event: "told", with: answers } };
      topic.actions["tell"] = act("Tell", { effects: [send] });
    };
  const before = edited(standing, sent({ who: { field: "owner" }, why: "So." }));
  expect(openedBy(sent({ who: { field: "owner" }, why: "Because." }), before)).toEqual([]);
  expect(openedBy(sent({ who: { actor: true }, why: "So." }), before)).toEqual([
    "Lets “Tell” of Topic change who may see what only some may see of Matter",
  ]);
});

test("what a granted task counts is followed to what makes more of it, or moves it on", () => {
  const when: Condition = { exists: { via: "note.matter", where: { eq: [{ field: "state" }, "shut"] } } };
  const before = edited(standing, ({ matter, note }) => {
    part(matter.tasks, "decide").when = when;
    note.actions["shut"] = act("Shut", { to: "shut" });
  });
  const create: Effect = { create: { type: "note", fields: { matter: { self: true } } } };
  const by = (edit: Edit) => openedBy(edit, before);
  expect(by(({ matter }) => (part(matter.actions, "size").effects = [create]))).toEqual([`${MATTER}“Judge”`]);
  const REOPEN = "Lets “Again” of Note change who may see what only some may see of Matter";
  expect(by(({ note }) => (note.actions["again"] = act("Again", { from: ["shut"], to: "open" })))).toEqual([REOPEN]);
  expect(by(({ note }) => (note.actions["stay"] = act("Stay", { form: ["text"] })))).toEqual([]);
});

test("a type that is seen through one with open rights is opened by those, and by what leads there", () => {
  const open = edited(standing, ({ matter }) => {
    matter.confidential = false;
    matter.grants = [{ to: [{ field: "lead" }], may: ["see"] }];
    delete matter.bars;
  });
  expect(openedBy(({ matter }) => matter.grants.push({ to: [{ role: "porter" }], may: ["see"] }), open)).toEqual([
    "Lets the rights to see it of Matter change who may see what only some may see of Note",
  ]);
  expect(openedBy(({ matter }) => part(matter.actions, "size").form?.push("lead"), open)).toEqual([
    "Lets “Judge” of Matter change who may see what only some may see of Note",
  ]);
});

test("a figure by which a task is owed that is granted is changed by two", () => {
  const when: Condition = { gt: [{ field: "closedOn" }, { plus: [{ today: true }, { setting: "soon" }] }] };
  const before = edited(standing, ({ matter }) => (part(matter.tasks, "decide").when = when));
  expect([...guardingSettings(part(Object.fromEntries(named(before)), "matter"), named(before))]).toEqual(["soon"]);
});

const pack = schoolPolicy.types;
const packOpened = (change: (types: Record<string, RecordType>) => void): string[] => {
  const after = JSON.parse(JSON.stringify(pack)) as RecordType[];
  change(Object.fromEntries(after.map((each) => [each.name, each])));
  const editions = { before: named(pack), after: named(after) };
  return after.flatMap(({ name }) => opened(name, editions, schoolPolicy.roles)?.sentence ?? []);
};

test.each<[string, (type: RecordType, first: string) => unknown]>([
  [
    "other words",
    (each) => {
      for (const one of [
        ...Object.values(each.fields),
        ...Object.values(each.actions),
        ...Object.values(each.tasks ?? {}),
      ])
        one.label += "!";
    },
  ],
  ["another field", (each) => (each.fields["extra"] = { kind: "person", label: "Extra", default: { actor: true } })],
  [
    "an action that asks for it",
    (each, first) => (
      (each.fields["extra"] = { kind: "text", label: "Extra" }),
      (each.actions["extra"] = act("Extra", { from: [first], who: anyone, form: ["extra"] }))
    ),
  ],
  [
    "another question in each action",
    (each) => {
      each.fields["extra"] = { kind: "text", label: "Extra" };
      for (const one of Object.values(each.actions)) one.form = [...(one.form ?? []), "extra"];
    },
  ],
  [
    "a state to rest in",
    (each, first) => (
      (each.states["rest"] = { label: "Rest", resting: true }),
      (each.actions["rest"] = act("Rest", { from: [first], to: "rest" })),
      (each.actions["wake"] = act("Wake", { from: ["rest"], to: first }))
    ),
  ],
  [
    "a reminder",
    (each) => (
      (each.notices = { ...each.notices, extra: { subject: "N", body: "N." } }),
      (each.timers = { ...each.timers, extra: clock({ notice: { to: [{ role: "dsl" }], template: "extra" } }) })
    ),
  ],
  [
    "a task",
    (each, first) => (each.tasks = { ...each.tasks, extra: { label: "Extra", opens: first, to: [{ role: "dsl" }] } }),
  ],
  [
    "a view and a section",
    (each) => (
      (each.views = { ...each.views, extra: { label: "Extra", columns: ["reference"] } }),
      (each.form = [...(each.form ?? []), { label: "Extra", fields: [] }])
    ),
  ],
  [
    "fewer who do things",
    (each) => {
      for (const one of Object.values(each.actions)) if (one.who && one.who.length > 1) one.who.pop();
    },
  ],
])("in every type of the pack, %s opens nothing", (_, change) => {
  expect(packOpened((types) => Object.values(types).forEach((each) => change(each, each.entries.new)))).toEqual([]);
});

const withoutWhen = (task: string) => (incident: RecordType) => {
  const rule = part(incident.tasks, task);
  delete rule.when;
  Object.assign(rule, { opens: "reported", while: undefined });
};
test.each<[string, string, (incident: RecordType, pupil: RecordType) => unknown]>([
  ["a decision that is always open", "the task “Decide on …”", withoutWhen("decide")],
  ["a telling that is always open", "the task “", withoutWhen("lado")],
  [
    "a leader from the start",
    "the first value of “Led by”",
    ({ fields }) => (part(fields, "lead").default = { actor: true }),
  ],
  [
    "a subject cleared",
    "“Clear”",
    ({ actions }) => (actions["clear"] = act("Clear", { who: system, effects: [{ set: { subject: null } }] })),
  ],
  [
    "a page for guests",
    "the page for guests",
    (incident) => (incident.guests = { to: ["reporter"], by: head, shows: ["summary"], actions: [], within: "P7D" }),
  ],
  [
    "an event that pupils send",
    "“Join”",
    ({ actions }, pupil) => {
      actions["join"] = act("Join", { who: system, form: ["lead"] });
      const join: Effect = { send: { link: "incident.pupils", event: "join", with: { lead: { actor: true } } } };
      pupil.actions["look"] = act("Look", { effects: [join] });
    },
  ],
])("nobody comes to the pack's incidents unseen by %s", (_, by, change) => {
  const said = packOpened((types) => change(part(types, "incident"), part(types, "pupil")));
  expect(said[0]).toMatch(/^Changes who may see Incident, which is confidential/);
  expect(said[0]).toContain(`by ${by}`);
});
