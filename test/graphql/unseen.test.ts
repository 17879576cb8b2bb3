/**
 * What somebody may not see is told them by nothing: no filter, sort, count, change, import, error or clock; and nobody
 * writes it. Asked of every field of the pack that only some may see, as every person of the demo school, and of a type
 * with fields of the kinds that can be filtered.
 */
import { checkDefinition } from "../../schema/check";
import type { Field, RecordType, Who } from "../../schema/definition";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import { inputsIn, type Step } from "./unseenInputs";
import { type Answer, type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const head = [{ role: "headteacher" }];
const notice = { to: head, template: "chase" };
const loan: RecordType = {
  name: "loan",
  plural: "loans",
  label: "Loan",
  pluralLabel: "Loans",
  reference: "LOA-{n}",
  title: "{{ item }}",
  entries: { new: "out" },
  fields: {
    item: { kind: "text", label: "Item", required: true },
    ward: { kind: "text", label: "Ward", see: head, index: true, maxLength: 80 },
    sum: { kind: "money", label: "Sum", see: head },
    day: { kind: "date", label: "Day", see: head },
    taker: { kind: "person", label: "Taker", see: head },
    plea: { kind: "longText", label: "Plea", see: head },
  },
  states: { out: { label: "Out" }, back: { label: "Back", end: true } },
  actions: {
    settle: { label: "Settle", from: ["out"], form: ["ward", "sum"], who: [{ anyone: true }] },
    takeBack: { label: "Take back", from: ["out"], to: "back", who: [{ field: "taker" }] },
  },
  timers: {
    chase: {
      label: "Chase",
      anchor: { field: "day" },
      steps: ["-P2D"],
      notice,
    },
  },
  notices: { chase: { subject: "Chase", body: "Chase." } },
  grants: [{ to: [{ role: "staff" }, { role: "headteacher" }], may: ["see", "create", "edit"] }],
};
/** Seen by whoever sees its loan, whose day its clocks count from. */
const receipt: RecordType = {
  name: "receipt",
  plural: "receipts",
  label: "Receipt",
  pluralLabel: "Receipts",
  reference: "REC-{n}",
  title: "{{ reference }}",
  entries: { new: "open" },
  fields: { loan: { kind: "link", label: "Loan", to: "loan" }, later: { kind: "date", label: "Later" } },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: head } },
  timers: {
    chase: { label: "Chase", anchor: { link: "loan", field: "day" }, steps: ["-P2D"], notice },
    sooner: {
      label: "Sooner",
      anchor: { earliestOf: [{ field: "later" }, { link: "loan", field: "day" }] },
      steps: ["-P2D"],
      notice,
    },
  },
  notices: { chase: { subject: "Chase", body: "Chase." } },
  grants: [{ to: [{ role: "staff" }, { role: "headteacher" }], may: ["see", "create", "edit"] }],
};
/** Each sees their own alone; a tag belongs to one. */
const locker: RecordType = {
  name: "locker",
  plural: "lockers",
  label: "Locker",
  pluralLabel: "Lockers",
  reference: "LOC-{n}",
  title: "{{ tag }}",
  entries: { new: "used" },
  fields: { tag: { kind: "text", label: "Tag", required: true, unique: true, maxLength: 40 } },
  states: { used: { label: "Used", resting: true } },
  actions: {},
  grants: [
    { to: [{ role: "staff" }], may: ["create"] },
    { to: [{ field: "createdBy" }], may: ["see", "edit"] },
    { to: head, may: ["see", "create", "edit"] },
  ],
};
const SECRET = { ward: "Quinquereme", sum: 4321, day: "2027-03-17", plea: "It was Ophiuchus." };

let api: SchoolApi;
let zoe: Asker;
let tomas: Asker;
let id: string;

beforeAll(async () => {
  api = await newSchoolApi();
  for (const json of [loan, receipt, locker])
    await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json });
  await fireDue(api.school.world);
  [zoe, tomas] = [await api.as("Zoe King"), await api.as("Tomas Elmstead")];
  const made = await zoe("mutation C($input: CreateLoanInput!) { createLoan(input: $input) { id } }", {
    input: { item: "A tablet", ...SECRET, taker: api.school.personId("Owen Pluckley") },
  });
  if (made.errors.length) throw new Error(made.text);
  id = (made.data["createLoan"] as { id: string }).id;
}, 60_000);
afterAll(() => api.close());

const codesOf = (answer: Answer): string[] => answer.errors.map(({ extensions }) => extensions.code);
const tells = ({ text }: Answer): boolean =>
  /Quinquereme|4321|2027-03-1[57]|Ophiuchus|Owen Pluckley/.test(text) ||
  text.includes(api.school.personId("Owen Pluckley"));

test("no filter, sort or count goes by a field that is hidden from whoever asks, however it is nested", async () => {
  const filters = [
    'ward: { contains: "Quin" }',
    "sum: { gt: 1 }",
    'day: { ge: "2027-01-01" }',
    `taker: { eq: "${api.school.personId("Owen Pluckley")}" }`,
    "taker: { empty: false }",
    'or: [{ item: { contains: "tab" } }, { not: { ward: { empty: true } } }]',
    "and: [{ or: [{ and: [{ sum: { in: [4321] } }] }] }]",
  ];
  for (const filter of filters)
    for (const asked of [
      `loans(filter: { ${filter} }) { nodes { id } }`,
      `loans(filter: { ${filter} }) { totalCount }`,
      `loanCounts(by: STATE, filter: { ${filter} }) { count }`,
    ])
      expect([asked, codesOf(await tomas(`{ ${asked} }`))]).toEqual([asked, ["FORBIDDEN"]]);
  for (const by of ["WARD", "SUM", "DAY", "TAKER"])
    for (const asked of [
      `loans(sort: [${by}_ASC]) { nodes { id } }`,
      `loans(sort: [STATE_ASC, ${by}_DESC]) { nodes { id } }`,
    ])
      expect([asked, [["FORBIDDEN"], ["INVALID_INPUT"]]]).toEqual([
        asked,
        expect.arrayContaining([codesOf(await tomas(`{ ${asked} }`))]) as unknown,
      ]);
  expect(codesOf(await tomas("{ loanCounts(by: TAKER) { label count } }"))).toEqual(["FORBIDDEN"]);
  expect(codesOf(await zoe('{ loans(filter: { ward: { contains: "Quin" } }) { totalCount } }'))).toEqual([]);
});

test("nobody writes a hidden field: by an edit, an action, a preview, an import or a new record", async () => {
  const guesses = { ward: '"Quinquereme"', sum: "4321", day: '"2027-03-17"', plea: '"Mine"', taker: "null" };
  for (const [name, value] of Object.entries(guesses))
    for (const asked of [
      `mutation { updateLoan(id: "${id}", expectedVersion: 1, input: { ${name}: ${value} }) { id } }`,
      `mutation { updateLoan(id: "${id}", expectedVersion: 0, input: { ${name}: ${value} }) { id } }`,
      `{ previewUpdate(type: "loan", id: "${id}", expectedVersion: 1, input: { ${name}: ${value} }) { label } }`,
      ...(["ward", "sum"].includes(name)
        ? [`mutation { settleLoan(id: "${id}", input: { ${name}: ${value} }) { id } }`]
        : []),
      ...(value === "null" ? [] : [`mutation { createLoan(input: { item: "Another", ${name}: ${value} }) { id } }`]),
    ]) {
      const answer = await tomas(asked);
      expect([asked, codesOf(answer), tells(answer)]).toEqual([asked, ["FORBIDDEN"], false]);
    }
  const held = await zoe(`{ loan(id: "${id}") { ward sum day plea version taker { name } } loans { totalCount } }`);
  expect(held.data).toEqual({
    loan: { ...SECRET, version: 1, taker: { name: "Owen Pluckley" } },
    loans: { totalCount: 1 },
  });
});

test("an import says the same of a right guess and a wrong one", async () => {
  const verdicts = async (ward: string) => {
    const { data } = await tomas(
      `mutation I($rows: [JSON!]!) { importRows(input: { type: "loan", rows: $rows, key: ["item"], existing: UPDATE, dryRun: true }) { verdict problems { message } changes { before after } } }`,
      { rows: [{ item: "A tablet", ward }] },
    );
    return data["importRows"];
  };
  const [right, wrong] = [await verdicts("Quinquereme"), await verdicts("Trireme")];
  expect(right).toEqual(wrong);
  expect(right).toMatchObject([{ verdict: "REFUSED", changes: [] }]);
  const keyed = await tomas(
    `mutation { importRows(input: { type: "loan", rows: [{ ward: "Quinquereme" }], key: ["ward"], existing: LEAVE, dryRun: true }) { verdict } }`,
  );
  expect(codesOf(keyed)).toEqual(["FORBIDDEN"]);
});

test("forms, refusals, clocks, history and what is due tell nothing of hidden fields", async () => {
  const answer = await tomas(`{
    loan(id: "${id}") {
      ward sum day plea taker { name } availableActions { name allowed reason form } permissions { fields } warnings { message }
      history { summary detail } timers { anchorValue dueAt label } tasks { label dueOn } notices { subject body }
    }
    timers(record: "${id}") { nodes { anchorValue dueAt } }
    due(from: "2027-03-01", to: "2027-03-31", clocks: true) { entries { recordTitle on } }
    search(text: "Quinquereme") { hits { recordTitle } }
    chain(type: "loan", id: "${id}") { nodes { id } }
  }`);
  expect([answer.errors, tells(answer)]).toEqual([[], false]);
  const shown = answer.data["loan"] as {
    availableActions: { name: string; form: { name: string }[] }[];
    permissions: { fields: string[] };
  };
  expect(shown.availableActions.find(({ name }) => name === "settle")?.form).toEqual([]);
  expect(shown.permissions.fields).toEqual(["item"]);
  const made = await zoe("mutation ($input: CreateReceiptInput!) { createReceipt(input: $input) { id } }", {
    input: { loan: id, later: "2027-12-01" },
  });
  const receipt = (made.data["createReceipt"] as { id: string }).id;
  const clocks = `{
    receipt(id: "${receipt}") { timers { anchorValue dueAt } }
    timers(record: "${receipt}") { nodes { anchorValue dueAt } }
    sooner: timers(record: "${receipt}", from: "2027-03-15T00:00:00Z", to: "2027-03-16T00:00:00Z") { totalCount }
    any: timers(type: "receipt", from: "2027-03-15T00:00:00Z", to: "2027-03-16T00:00:00Z") { totalCount pageInfo { endCursor } }
    due(from: "2027-03-01", to: "2027-03-31", clocks: true) { entries { recordTitle on } }
  }`;
  const [theirs, ours] = [await tomas(clocks), await zoe(clocks)];
  expect([theirs.errors, tells(theirs), ours.text.match(/2027-03-15/g)?.length]).toEqual([[], false, 7]);
  const counted = { sooner: { totalCount: 0 }, any: { totalCount: 0, pageInfo: { endCursor: null } } };
  expect(theirs.data).toMatchObject(counted);
  expect(ours.data).toMatchObject({ sooner: { totalCount: 2 } });
  const preview = await tomas(
    'query ($id: ID!, $input: JSON!) { previewUpdate(type: "receipt", id: $id, expectedVersion: 1, input: $input) { from to } }',
    { id: receipt, input: { later: "2027-03-01" } },
  );
  expect([preview.errors, tells(preview)]).toEqual([[], false]);
  // What moved is in the history, and when to is not.
  await zoe(
    "mutation ($id: ID!, $input: UpdateLoanInput!) { updateLoan(id: $id, expectedVersion: 1, input: $input) { id } }",
    {
      id,
      input: { day: "2027-03-15" },
    },
  );
  while (await rederiveSome(api.school.world));
  const past = `{ loan(id: "${id}") { history { detail } } receipt(id: "${receipt}") { history { summary detail } } }`;
  const [told, whole] = [await tomas(past), await zoe(past)];
  expect([told.errors, tells(told), tells(whole), /"kind":"moved"|clocks? moved/.test(told.text)]).toEqual([
    [],
    false,
    true,
    true,
  ]);
  await zoe(
    "mutation ($id: ID!, $input: UpdateLoanInput!) { updateLoan(id: $id, expectedVersion: 2, input: $input) { id } }",
    {
      id,
      input: { day: "2027-03-17" },
    },
  );
  const own = await zoe(`{ loan(id: "${id}") { timers { anchorValue } availableActions { name reason form } } }`);
  expect([
    own.text.includes("2027-03-17"),
    own.text.includes("Quinquereme"),
    own.text.includes("Owen Pluckley"),
  ]).toEqual([true, true, true]);
  expect(tells(await tomas(`mutation { takeBackLoan(id: "${id}") { id } }`))).toBe(false);
});

test("a value that is taken is said to be so only to whoever may read all; others are told the same of what they see and do not", async () => {
  const make = (ask: Asker, tag: string) => ask(`mutation { createLocker(input: { tag: "${tag}" }) { id } }`);
  const idris = await api.as("Idris Lympne");
  await make(zoe, "A1");
  await make(tomas, "B2");
  expect((await make(zoe, "B2")).errors[0]?.message).toBe("Tag is taken.");
  const [unseen, own] = [await make(tomas, "A1"), await make(tomas, "B2")];
  expect(unseen.errors[0]?.message).toBe("Tag cannot be used as it is.");
  expect(own.errors[0]?.message).toBe("Tag cannot be used as it is.");
  for (let n = 0; n < 8; n++) await make(tomas, "A1");
  expect(codesOf(await make(tomas, "A1"))).toEqual(["TOO_MANY_ATTEMPTS"]);
  expect(codesOf(await make(tomas, "C3"))).toEqual([]);
  expect(codesOf(await make(idris, "A1"))).toEqual(["INVALID_INPUT"]);
});

test("a definition is refused whose unique field would be learnt by trial, or whose tasks and messages would tell a day or a person", () => {
  const context = { roles: api.school.world.registry.roles, types: [] };
  const problems = (type: RecordType) => checkDefinition(type, context).problems.map(({ path }) => path);
  const settle = { label: "Settle", opens: "out", to: head, due: { field: "day" }, actions: ["settle"] };
  expect(problems({ ...loan, tasks: { settle } })).toEqual(["tasks.settle.due.field"]);
  // Nor whom a hidden field names: by the holders of a task, or by whom a message goes to.
  const naming = (to: Who[]) => ({
    tasks: { settle: { ...settle, due: { after: "P2D" }, to } },
    timers: { chase: { ...chase, notice: { ...notice, to } } },
    actions: { ...loan.actions, settle: { ...loan.actions["settle"]!, effects: [{ notice: { ...notice, to } }] } },
  });
  const places = ["actions.settle.effects[0].notice.to[0]", "tasks.settle.to[0]", "timers.chase.notice.to[0]"];
  const chase = loan.timers!["chase"]!;
  expect(problems({ ...loan, ...naming([{ field: "taker" }]) })).toEqual(places);
  expect(problems({ ...loan, ...naming([{ relation: "lineManager", of: "taker" }]) })).toEqual(places);
  expect(problems({ ...loan, ...naming([{ field: "createdBy" }]) })).toEqual([]);
  const ofLoan = { ...receipt.timers!["chase"]!, notice: { ...notice, to: [{ field: "loan.taker" }] } };
  const said = checkDefinition({ ...receipt, timers: { chase: ofLoan } }, { ...context, types: [loan] }).problems;
  expect(said.map(({ path }) => path)).toEqual(["timers.chase.notice.to[0]"]);
  expect(problems(locker)).toEqual([]);
  expect(problems({ ...locker, confidential: true })).toContain("fields.tag.unique");
  const { tag } = locker.fields;
  expect(problems({ ...locker, fields: { tag: { ...tag, see: head } as never } })).toContain("fields.tag.unique");
  const whole = [{ to: head, may: ["see" as const, "create" as const], when: { all: [] } }];
  expect(problems({ ...locker, confidential: true, grants: whole })).toEqual([]);
});

/** Everybody of the demo school, against every field of the pack that only some may see. */
test("of every hidden field of the pack: not filtered, sorted or counted by, and not written, by whoever may not see it", async () => {
  const { registry } = api.school.world;
  const guarded = [...registry.types.values()].flatMap(({ active: { type } }) =>
    Object.entries(type.fields).flatMap(([name, field]) =>
      field.see && !field.sealed && type.name !== "loan" ? [{ type, name, field }] : [],
    ),
  );
  expect(guarded.length).toBeGreaterThan(4);
  let asked = 0;
  const rows = await api.school.query(
    "SELECT p.name FROM person p JOIN credential c ON c.person = p.id ORDER BY p.name",
  );
  const names = rows.map((row) => String(row["name"]));
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    const ask = await api.as(name);
    for (const { type, name: field, field: definition } of guarded) {
      const steps: Step[] = inputsIn(type, field, definition);
      for (const step of steps) {
        const answer = await ask(step.query);
        const allowed = seesIt(name, definition);
        asked++;
        if (!allowed) expect([name, step.query, codesOf(answer)]).toEqual([name, step.query, ["FORBIDDEN"]]);
      }
    }
  }
  expect(asked).toBeGreaterThan(20);

  function seesIt(name: string, { see = [] }: Field): boolean {
    const person = api.school.personId(name);
    return see.some((who) => "role" in who && heldBy.get(person)?.includes(who.role));
  }
}, 120_000);

const heldBy = new Map<string, string[]>();
beforeAll(async () => {
  for (const row of await api.school.query("SELECT person, role FROM appointment WHERE to_on IS NULL")) {
    const person = String(row["person"]);
    heldBy.set(person, [...(heldBy.get(person) ?? []), String(row["role"])]);
  }
});
