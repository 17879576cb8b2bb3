/** Who sees what, asked of MariaDB and of memory: over random records, people and roles both give the same records. */
import { plainCalendar } from "../../schema/condition";
import fc from "fast-check";
import type { RecordType } from "../../schema/definition";
import type { Fields } from "../../schema/record";
import { fireDue } from "../../api/engine/fireDue";
import { type Asker, maySee } from "../../api/engine/may";
import { create } from "../../api/engine/pipeline";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { run, type Run, systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import { type RecordKey, loadRecords } from "../../api/store/records";
import { countNotices, readNotices } from "../../api/store/noticeQuery";
import { mostRows, readCount, readList } from "../../api/store/recordQuery";
import type { Access, Viewer } from "../../api/store/visibility";
import type { Page } from "../../api/store/visibleRecords";
import { countTasks, readTasks } from "../../api/store/workQuery";
import { newSchool, type School } from "../school";

const base = {
  states: { open: { label: "Open", resting: true } },
  entries: { new: "open" },
  actions: {},
  title: "{{ topic }}",
};
const topic = { kind: "text", label: "Topic" } as const;

/** Opened by party, by role where it is grave, by a figure of the school, and to whoever made it; its subject is barred. */
const matter: RecordType = {
  ...base,
  name: "matter",
  plural: "matters",
  label: "Matter",
  pluralLabel: "Matters",
  reference: "MAT-{n}",
  confidential: true,
  fields: {
    topic,
    weight: { kind: "number", label: "Weight" },
    lead: { kind: "person", label: "Lead" },
    team: { kind: "people", label: "Team" },
    subject: { kind: "person", label: "Subject" },
    reader: { kind: "person", label: "Reader" },
  },
  tasks: { read: { label: "Read {{ topic }}", opens: "open", to: [{ field: "reader" }] } },
  settings: { heavy: { label: "Heavy", kind: "number", value: 8 } },
  grants: [
    { to: [{ field: "lead" }], may: ["see", "edit"] },
    { to: [{ field: "team" }], may: ["see"], when: { lt: [{ field: "weight" }, 9] } },
    { to: [{ field: "createdBy" }], may: ["see"], when: { eq: [{ field: "weight" }, 1] } },
    { to: [{ task: "read" }], may: ["see"], when: { gt: [{ field: "weight" }, 1] } },
    { to: [{ role: "dsl" }], may: ["see"], when: { gt: [{ field: "weight" }, 4] }, reach: "below" },
    { to: [{ role: "governor" }], may: ["see"], when: { gt: [{ field: "weight" }, { setting: "heavy" }] } },
    { to: [{ role: "headteacher" }], may: ["see", "edit"], when: { all: [] } },
    { to: [{ role: "staff" }], may: ["see", "create"] },
  ],
  bars: ["subject"],
};
/** Two steps down: what one may do more is said by each, and may never open it further. */
const inquiry: RecordType = {
  ...base,
  name: "inquiry",
  plural: "inquiries",
  label: "Inquiry",
  pluralLabel: "Inquiries",
  reference: "INQ-{n}",
  confidential: { from: "matter" },
  fields: {
    topic,
    matter: { kind: "link", label: "Matter", to: "matter", required: true },
    witness: { kind: "person", label: "Witness" },
  },
  grants: [{ to: [{ role: "staff" }, { field: "witness" }], may: ["create", "edit"] }],
  bars: ["witness"],
};
const lesson: RecordType = {
  ...base,
  name: "moral",
  plural: "morals",
  label: "Lesson",
  pluralLabel: "Lessons",
  reference: "LES-{n}",
  confidential: { from: "inquiry" },
  fields: { topic, inquiry: { kind: "link", label: "Inquiry", to: "inquiry", required: true } },
  grants: [{ to: [{ anyone: true }], may: ["create", "edit"] }],
};
/** Open to anyone where they hold something, and below where it says so. */
const notice: RecordType = {
  ...base,
  name: "poster",
  plural: "posters",
  label: "Poster",
  pluralLabel: "Posters",
  reference: "POS-{n}",
  fields: { topic, author: { kind: "person", label: "Author" } },
  grants: [
    { to: [{ anyone: true }], may: ["see"], when: { not: { empty: { field: "author" } } }, reach: "below" },
    { to: [{ role: "clerk" }], may: ["edit"] },
  ],
  bars: ["author"],
};
const types = [matter, inquiry, lesson, notice];

let school: School;
let persons: string[];
let organisations: string[];
let keys: RecordKey[];
const today = "2026-11-23";

beforeAll(async () => {
  school = await newSchool();
  const { world, organisation } = school;
  for (const json of types) await publishDefinition(world, systemIdentity(organisation), { json });
  await run(world, systemIdentity(organisation), (current) =>
    setSetting(current, { type: "matter", name: "heavy", value: 6, from: today }),
  );
  await fireDue(world);
  await school.query(
    "INSERT INTO organisation (id, parent, name, kind) VALUES ('01BELOW0000000000000000000', ?, 'Infants', 'school')",
    [organisation],
  );
  organisations = [organisation, "01BELOW0000000000000000000"];
  persons = ["Zoe King", "Owen Pluckley", "Bea Wickhurst"].map(school.personId);
  keys = await run(world, systemIdentity(organisation), makeRecords);
  // Each has a task beside those that its definition opens, some without a day.
  for (const { type, id } of keys)
    await school.query(
      `INSERT INTO task (id, organisation, type, record, rule, label, state, opened_at, due_on, who)
       SELECT CONCAT('01T', SUBSTR(id, 4)), organisation, ?, id, 'extra', 'Look', 'open', created_at,
         IF(RIGHT(id, 1) < '8', '2027-01-01', NULL), '[]' FROM r_${type} WHERE id = ?`,
      [type, id],
    );
  for (const { type, id } of keys)
    await school.query(
      `INSERT INTO notice (id, organisation, type, record, cause, person, template, subject, body, created_at, send_at, outcome)
       SELECT CONCAT('01N', SUBSTR(id, 4)), organisation, ?, id, id, ?, 'x', 'x', '',
         IF(RIGHT(id, 1) < '8', '2026-10-01', created_at), created_at, 'sent' FROM r_${type} WHERE id = ?`,
      [type, persons[0] ?? "", id],
    );
}, 60_000);
afterAll(() => school.close());

/** Records of every type, their values, makers and places drawn. */
async function makeRecords(current: Run): Promise<RecordKey[]> {
  const drawn = fc.sample(fc.nat(1_000), { numRuns: 1_000, seed: 20261123 });
  const draw = (): number => drawn.pop() ?? 0;
  const one = <T>(list: T[]): T => list[draw() % list.length] as T;
  const person = (): string | null => one([...persons, null]);
  const made = Object.fromEntries(types.map(({ name }): [string, string[]] => [name, []]));
  const add = async (type: string, fields: Fields): Promise<void> => {
    const actor = { kind: "person" as const, id: one(persons), name: "" };
    const { after } = await create({ ...current, actor }, type, one(organisations), fields);
    made[type]?.push(after.id);
  };
  for (let n = 0; n < 30; n++)
    await add("matter", {
      topic: `Matter ${n}`,
      weight: draw() % 11,
      lead: person(),
      team: one([[], [one(persons)], persons.slice(0, 2)]),
      subject: one([person(), null, null]),
      reader: person(),
    });
  for (let n = 0; n < 30; n++)
    await add("inquiry", { topic: `Inquiry ${n}`, matter: one(made["matter"] ?? []), witness: one([person(), null]) });
  for (let n = 0; n < 20; n++) await add("moral", { topic: `Lesson ${n}`, inquiry: one(made["inquiry"] ?? []) });
  for (let n = 0; n < 10; n++) await add("poster", { topic: `Poster ${n}`, author: person() });
  return Object.entries(made).flatMap(([type, ids]) => ids.map((id) => ({ type, id })));
}

const roles = ["headteacher", "dsl", "governor", "staff", "clerk"];
const rolesArbitrary = fc.subarray(roles);
const accessArbitrary = fc
  .record({
    person: fc.option(fc.nat(2), { freq: 8 }),
    here: rolesArbitrary,
    above: rolesArbitrary,
    belowRoles: rolesArbitrary,
    reached: fc.constantFrom<number[]>([0], [1], [0, 1]),
  })
  .map(({ person, here, above, belowRoles, reached }): Omit<Access, "acting" | "organisations"> & { held: Held[] } => ({
    person: person === null ? null : (persons[person] ?? null),
    held: [
      { roles: here, below: above },
      { roles: belowRoles, below: here },
    ].flatMap((held, place) => (reached.includes(place) ? [{ ...held, place }] : [])),
  }));
type Held = { roles: string[]; below: string[]; place: number };

type Settings = Map<string, Record<string, number>>;
const viewerOf = (access: Access, settings: Settings): Viewer => ({
  registry: school.world.registry,
  access,
  scopeOf: (type: string) => ({
    today,
    actor: access.person,
    settings: settings.get(type) ?? {},
    calendar: plainCalendar,
  }),
});

/** The records of what is listed, read page by page; its count is held against it. */
async function listed(
  read: (after: string | null) => Promise<Page<{ record: string }>>,
  count: () => Promise<number>,
): Promise<string[]> {
  const found: string[] = [];
  let last: string | null = "";
  for (let after: string | null = null; last !== null; after = last) {
    const page = await read(after);
    found.push(...page.nodes.map(({ record }) => record));
    last = page.hasNextPage ? page.endCursor : null;
  }
  expect(await count()).toBe(found.length);
  // The school has tasks and notices of its own, of other types.
  return [...new Set(found)].filter((id) => keys.some((key) => key.id === id)).sort();
}

const ofTasks = (access: Access, settings: Settings): Promise<string[]> => {
  const [{ db }, viewer] = [school.world, viewerOf(access, settings)];
  const open = { state: "open" as const };
  return listed(
    (after) => readTasks(db, viewer, { ...open, first: 7, after }),
    () => countTasks(db, viewer, open),
  );
};

const ofNotices = (access: Access, settings: Settings): Promise<string[]> => {
  const [{ db }, viewer] = [school.world, viewerOf(access, settings)];
  return listed(
    (after) => readNotices(db, viewer, { first: 25, after }),
    () => countNotices(db, viewer, {}),
  );
};

async function inSql(access: Access, settings: Settings): Promise<string[]> {
  const { world } = school;
  const viewer = viewerOf(access, settings);
  const found: string[] = [];
  for (const { name } of types) {
    const published = world.registry.types.get(name)!.active;
    const { rows } = await readList(world.db, viewer, published, { fields: [], people: [], first: mostRows });
    expect(await readCount(world.db, viewer, published, {})).toBe(rows.length);
    found.push(...rows.map((row) => row.id));
  }
  return found.sort();
}

test("the same records are seen in SQL as in memory, by anybody, along every chain", async () => {
  const { world } = school;
  const seenBy = new Map<string, number>();
  await run(world, systemIdentity(school.organisation), async (current) => {
    const records = await loadRecords(current.tx, world.registry, keys);
    const tasked = new Set(
      (await school.query("SELECT record FROM task WHERE rule = 'extra'")).map((row) => String(row["record"])),
    );
    expect(tasked.size).toBe(keys.length);
    await fc.assert(
      fc.asyncProperty(accessArbitrary, async ({ person, held }) => {
        const access: Access = {
          person,
          organisations: held.map(({ place, ...roles }) => ({ id: organisations[place] ?? "", ...roles })),
          acting: organisations[held[0]?.place ?? 0] ?? "",
        };
        const actor = { kind: "person" as const, id: person ?? "", name: "" };
        const asker: Asker = { ...current, actor, identity: { actor, access, administers: false } };
        const inMemory: string[] = [];
        for (const record of records)
          if (await maySee(asker, record)) {
            inMemory.push(record.id);
            seenBy.set(record.type, (seenBy.get(record.type) ?? 0) + 1);
          }
        const settings = new Map([["matter", { heavy: 6 }]]);
        expect(await inSql(access, settings)).toEqual(inMemory.sort());
        expect(await ofNotices(access, settings)).toEqual(inMemory);
        expect(await ofTasks(access, settings)).toEqual(inMemory.filter((id) => tasked.has(id)));
      }),
      { numRuns: 60 },
    );
  });
  // It would also hold where nothing were ever seen.
  expect([...seenBy.keys()].sort()).toEqual(["inquiry", "matter", "moral", "poster"]);
}, 120_000);
