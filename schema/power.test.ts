import type { Condition, Effect, Field, RecordType, Role, Value, Who } from "./definition";
import { guardingSettings, opened, opensByRelation, powerfulRoles } from "./power";

const roles: Role[] = ["head", "clerk", "porter"].map((name) => ({ name, label: name }));
const talk = (to: Who[], more: Partial<RecordType> = {}): RecordType => ({
  ...{ name: "talk", plural: "talks", label: "Talk", pluralLabel: "Talks", reference: "TALK-{n}" },
  ...{ title: "{{ reference }}", confidential: true, entries: { new: "open" } },
  fields: { about: { kind: "person", label: "About" }, audience: { kind: "roles", label: "Audience" } },
  states: { open: { label: "Open" } },
  actions: {},
  tasks: { hold: { label: "Hold it", opens: "open", to } },
  grants: [{ to: [{ task: "hold" }], may: ["see"] }],
  ...more,
});
const powerful = (type: RecordType) => [...powerfulRoles([type], roles).keys()];

test("a role is powerful that comes to confidential records by a task, here or above, by another task or by a hand-over", () => {
  expect(powerful(talk([{ role: "clerk" }]))).toEqual(["clerk"]);
  expect(powerful(talk([{ role: "clerk", at: "parent" }]))).toEqual(["clerk"]);
  const tasks = {
    hold: { label: "Hold it", opens: "open", to: [{ task: "check" }] },
    check: {
      label: "Check it",
      opens: "open",
      to: [{ task: "hold" }, { role: "porter" }],
      handOverTo: [{ role: "head" }],
    },
  };
  expect(powerful(talk([], { tasks }))).toEqual(["porter", "head"]);
  expect(powerful(talk([{ role: "clerk" }], { confidential: false }))).toEqual([]);
  expect(powerful(talk([{ role: "clerk" }], { grants: [{ to: [{ task: "hold" }], may: ["create"] }] }))).toEqual([]);
});

test("where a record itself says which roles hold its task, any of them is powerful", () => {
  expect(powerful(talk([{ rolesIn: "audience" }]))).toEqual(["head", "clerk", "porter"]);
});

test("what is sealed is opened by a task or a relation as by a role", () => {
  const sealed = (...see: Who[]) =>
    talk([{ role: "clerk" }], {
      confidential: false,
      fields: { about: { kind: "person", label: "About" }, word: { kind: "text", label: "Word", sealed: true, see } },
    });
  expect(powerful(sealed({ task: "hold" }))).toEqual(["clerk"]);
  expect(opensByRelation([sealed({ relation: "lineManager", of: "about" })], "lineManager")).toBe(true);
  expect(opensByRelation([sealed({ role: "clerk" })], "lineManager")).toBe(false);
});

/** Confidential, with a field that fewer see. */
const held = talk([{ role: "head" }], {
  fields: {
    about: { kind: "person", label: "About" },
    secret: { kind: "text", label: "Secret" },
    medical: { kind: "text", label: "Medical", see: [{ role: "head" }] },
  },
  actions: { told: { label: "Told", from: ["open"], who: [{ system: true }] } },
});
/** Seen by everybody, but for one field; a part of it goes with a talk. */
const memo = talk([{ role: "head" }], {
  ...{ name: "memo", plural: "memos", label: "Memo", pluralLabel: "Memos", confidential: false },
  fields: {
    talk: { kind: "link", label: "Talk", to: "talk" },
    about: { kind: "person", label: "About" },
    text: { kind: "text", label: "Text" },
    medical: { kind: "text", label: "Medical", see: [{ role: "head" }, { role: "clerk" }] },
    diagnosis: { kind: "text", label: "Diagnosis", see: [{ role: "head" }] },
    phone: { kind: "text", label: "Phone", sensitive: true },
  },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
});
const child = talk([], {
  ...{ name: "child", plural: "children", label: "Child", pluralLabel: "Children", confidential: { from: "talk" } },
  fields: { talk: { kind: "link", label: "Talk", to: "talk", required: true }, text: { kind: "text", label: "Text" } },
  grants: [],
  tasks: {},
});
const named = (...types: RecordType[]) => new Map(types.map((type) => [type.name, type]));
/** What publishing these together in place of what stands would open, by type. */
function openedBy(...set: RecordType[]): string[] {
  const before = new Map([held, memo, child].map((type) => [type.name, type]));
  const after = new Map([...before, ...set.map((type): [string, RecordType] => [type.name, type])]);
  return set.flatMap(({ name }) => opened(name, { before, after }, roles)?.sentence ?? []);
}
const asks = (when: Condition): RecordType => ({ ...memo, warnings: { known: { when, message: "It is so." } } });
const effect = (type: RecordType, ...effects: Effect[]): RecordType => ({
  ...type,
  actions: { ...type.actions, go: { label: "Go", from: ["open"], who: [{ anyone: true }], effects } },
});
const TALK = ["Lets whoever sees Memo, or what it makes, learn what only some may see of Talk"];
const MEMO = ["Lets whoever sees Memo, or what it makes, learn what only some may see of Memo"];

test("asking of confidential records, whichever way, is an opening to whoever sees what comes of it", () => {
  expect(openedBy(asks({ exists: { type: "talk", match: { secret: { field: "text" } } } }))).toEqual(TALK);
  expect(openedBy(asks({ eq: [{ field: "talk.secret" }, "yes"] }))).toEqual(TALK);
  expect(openedBy(asks({ any: [{ none: { via: "talk", where: { eq: [{ field: "state" }, "open"] } } }] }))).toEqual(
    TALK,
  );
  expect(
    openedBy({ ...memo, tasks: { hold: { label: "Hold it", opens: "open", to: [{ field: "talk.about" }] } } }),
  ).toEqual(TALK);
  const text = { ...memo.fields["text"], kind: "text" as const, label: "Text", default: { field: "talk.secret" } };
  expect(openedBy({ ...memo, fields: { ...memo.fields, text } })).toEqual(TALK);
  const guests = { to: ["about"], by: [{ role: "clerk" }], text: "talk.secret", actions: [], within: "P7D" };
  expect(openedBy({ ...memo, guests })).toEqual(TALK);
  // A type that is new asks of what others hold.
  expect(openedBy({ ...asks({ exists: { type: "talk", match: {} } }), name: "pry", label: "Pry" })).toHaveLength(1);
  expect(openedBy(asks({ exists: { type: "memo", match: { text: { field: "text" } } } }))).toEqual([]);
});

test("what only some see of an open record is asked and copied by two, but between those who see both", () => {
  expect(openedBy(asks({ eq: [{ field: "medical" }, "asthma"] }))).toEqual(MEMO);
  expect(openedBy(asks({ exists: { type: "memo", match: { medical: { field: "text" } } } }))).toEqual(MEMO);
  expect(openedBy(effect(memo, { set: { text: { field: "medical" } } }))).toEqual(MEMO);
  expect(openedBy(effect(memo, { set: { medical: { field: "diagnosis" } } }))).toEqual(MEMO);
  expect(openedBy(effect(memo, { set: { diagnosis: { field: "medical" } } }))).toEqual([]);
  expect(openedBy(effect(memo, { set: { text: { field: "phone" } } }))).toEqual(MEMO);
  expect(openedBy(asks({ empty: { field: "phone" } }))).toEqual([]);
});

test("an answer that the history keeps for some is not copied to others, nor opened to more, without a second person", () => {
  const told: Field = { kind: "text", label: "Told", see: [{ role: "head" }] };
  const ask = (field: Field, ...effects: Effect[]): RecordType => ({
    ...memo,
    actions: { say: { label: "Say", from: ["open"], who: [{ anyone: true }], asks: { told: field }, effects } },
  });
  const editions = (after: RecordType) => ({ before: named(ask(told)), after: named(after) });
  const sentence = (after: RecordType) => opened("memo", editions(after), roles)?.sentence;
  expect(sentence(ask(told, { set: { text: { form: "told" } } }))).toEqual(MEMO[0]);
  expect(sentence(ask(told, { set: { diagnosis: { form: "told" } } }))).toBeUndefined();
  expect(sentence(ask({ ...told, see: [{ role: "porter" }] }))).toEqual("Opens Memo to porter");
});

test("a copy out of a confidential record takes two, one that its own readers alone see does not", () => {
  const create = (type: string, fields: Record<string, Value>): Effect => ({ create: { type, fields } });
  expect(openedBy(effect(held, create("memo", { text: { field: "secret" } })))).toHaveLength(1);
  expect(openedBy(effect(held, create("memo", { text: { form: "secret" } })))).toHaveLength(1);
  expect(openedBy(effect(held, create("child", { talk: { self: true }, text: { field: "secret" } })))).toEqual([]);
  expect(openedBy(effect(held, create("child", { talk: { self: true }, text: { field: "medical" } })))).toHaveLength(1);
  expect(openedBy(effect(held, { set: { secret: { field: "about" } } }))).toEqual([]);
  // That there is one tells of the record that made it, and of what it was made for.
  expect(openedBy(effect(held, create("memo", { text: "It is so." })))).toHaveLength(1);
  const noting: RecordType = { ...memo, actions: { note: { label: "Note", from: ["open"], who: [{ system: true }] } } };
  expect(openedBy(noting, effect(held, { send: { link: "memo.talk", event: "note" } }))).toHaveLength(1);
  expect(openedBy(effect(memo, create("memo", { text: "It is so." })))).toEqual([]);
  expect(
    openedBy({ ...child, warnings: { is: { when: { empty: { field: "talk.secret" } }, message: "Empty." } } }),
  ).toEqual([]);
});

test("a figure by which others are told of what only some may see is changed by two, another is not", () => {
  const type = asks({
    all: [{ phrase: { in: "medical", of: { setting: "words" } } }, { lt: [1, { setting: "most" }] }],
  });
  expect([...guardingSettings(type, named(type))]).toEqual(["words", "most"]);
  const open = asks({ phrase: { in: "text", of: { setting: "words" } } });
  expect([...guardingSettings(open, named(open))]).toEqual([]);
});

test("what stands already, other words, and closing open nothing; fields opened to more do", () => {
  const before = effect(asks({ eq: [{ field: "medical" }, "asthma"] }), { set: { text: { field: "medical" } } });
  const worded: RecordType = {
    ...before,
    warnings: { known: { when: { eq: [{ field: "medical" }, "asthma"] }, message: "Careful." } },
  };
  const editions = (after: RecordType) => ({ before: named(before), after: named(after) });
  expect(opened("memo", editions(worded), roles)).toBeUndefined();
  const medical = (see: Who[] | undefined): RecordType => {
    const { see: _, ...field } = memo.fields["medical"] as Field;
    return { ...memo, fields: { ...memo.fields, medical: { ...field, ...(see && { see }) } as Field } };
  };
  expect(openedBy(medical([{ role: "head" }]))).toEqual([]);
  expect(openedBy(medical([{ role: "head" }, { role: "porter" }]))).toEqual(["Opens Memo to porter"]);
  expect(openedBy(medical(undefined))).toEqual(["Changes who may see what only some may see of Memo"]);
  const text = { kind: "text" as const, label: "Text", see: [{ role: "head" }] };
  expect(openedBy({ ...memo, fields: { ...memo.fields, text } })).toEqual([]);
  expect(openedBy({ ...held, fields: { ...held.fields, secret: { ...text, label: "Secret" } } })).toEqual([]);
});

/** Confidential, and counted by those who see none of it. */
const tallied = (more: Partial<RecordType> = {}): RecordType => ({
  ...held,
  grants: [...held.grants, { to: [{ role: "porter" }], may: ["count"] }],
  charts: { stages: { label: "How far?", by: "state" } },
  ...more,
});

test("who counts confidential records, and what their charts ask, is widened by two; less, or other words, by one", () => {
  const by = (before: RecordType, after: RecordType) =>
    opened(after.name, { before: named(before), after: named(after) }, roles);
  const grants = [...tallied().grants, { to: [{ role: "clerk" }], may: ["count" as const] }];
  const stages = { label: "How far?", by: "state" };
  const counts = "Changes what is counted of Talk, which is confidential, for whoever may not see it";
  expect(by(tallied(), tallied({ grants }))).toEqual({
    roles: ["clerk"],
    sentence: `${counts}, and lets clerk count it`,
  });
  const wider: Partial<RecordType>[] = [
    { charts: { stages, who: { label: "Who?", by: "about" } } },
    { charts: { stages: { ...stages, by: "about" } } },
    { charts: { stages: { ...stages, where: { contains: [{ field: "secret" }, "owen"] } } } },
    { charts: { stages: { label: "When?", over: "createdAt" } } },
    { charts: { stages: { ...stages, for: ["porter"] } } },
  ];
  for (const more of wider) expect([more, by(tallied(), tallied(more))?.sentence]).toEqual([more, counts]);
  const below = tallied().grants.map((grant) => ({ ...grant, reach: "below" as const }));
  expect(by(tallied(), tallied({ grants: below }))?.sentence).toContain(counts);
  // A type that is seen through another has its own grants to count.
  const inherits = (more: Partial<RecordType> = {}) => ({ ...child, ...more });
  expect(by(inherits(), inherits({ grants: [{ to: [{ anyone: true }], may: ["count"] }] }))?.roles).toEqual([]);

  const narrower: RecordType[] = [
    tallied({ charts: {} }),
    tallied({ grants: held.grants }),
    tallied({ charts: { steps: { label: "How far have they come?", by: "state", because: ["O1"] } } }),
  ];
  for (const after of narrower) expect([after, by(tallied(), after)]).toEqual([after, undefined]);
  // Without anybody who only counts, a chart shows each reader what that reader sees.
  expect(by(held, tallied({ grants: held.grants, charts: { who: { label: "Who?", by: "about" } } }))).toBeUndefined();
  const open = (more: Partial<RecordType>) => ({ ...memo, ...more });
  expect(by(memo, open({ charts: { who: { label: "Who?", by: "about" } } }))).toBeUndefined();
});

test("a figure in a chart of confidential records that others count is changed by two", () => {
  const charts = {
    old: { label: "Old?", by: "state", where: { eq: [{ field: "secret" }, { setting: "word" }] } satisfies Condition },
  };
  expect([...guardingSettings(tallied({ charts }), named(held))]).toEqual(["word"]);
  expect([...guardingSettings({ ...held, charts }, named(held))]).toEqual([]);
});
