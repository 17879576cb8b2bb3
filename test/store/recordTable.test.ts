/** The table of a record type: made once, extended in place, with its rows and its readers undisturbed. */
import type { RecordType } from "../../schema/definition";
import { createRecord } from "../../api/engine/createRecord";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { loadRecords } from "../../api/store/records";
import { applyTable, tableStatements } from "../../api/store/recordTable";
import { newSchool, type School } from "../school";

const tool: RecordType = {
  name: "tool",
  plural: "tools",
  label: "Tool",
  pluralLabel: "Tools",
  reference: "TOO-{n}",
  title: "{{ what }}",
  entries: { new: "kept" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    shelf: { kind: "text", label: "Shelf" },
    boughtOn: { kind: "date", label: "Bought on" },
  },
  states: { kept: { label: "Kept", resting: true } },
  actions: {},
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

const withField = (name: string, field: RecordType["fields"][string], from = tool): RecordType => ({
  ...from,
  fields: { ...from.fields, [name]: field },
});

let school: School;
beforeEach(async () => {
  school = await newSchool();
}, 60_000);
afterEach(() => school.close());

const publish = (type: RecordType) =>
  publishDefinition(school.world, systemIdentity(school.organisation), { json: type });
const make = (input: Record<string, unknown>) =>
  school.as("Bea Wickhurst", (run) => createRecord(run, { type: "tool", input }));
const shape = async (): Promise<unknown> => (await school.query("SHOW CREATE TABLE r_tool"))[0]?.["Create Table"];
const indexes = async (): Promise<string[]> =>
  (
    await school.query(
      "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'r_tool'",
    )
  ).map((row) => String(row["name"]));

async function existing() {
  const columns = await school.query(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'r_tool'",
  );
  return { columns: new Set(columns.map((row) => String(row["name"]))), indexes: new Set(await indexes()) };
}

test("a table that is there already is left as it stands, and needs no statement", async () => {
  await applyTable(school.world.db, tool);
  const first = await shape();
  await applyTable(school.world.db, tool);
  expect(await shape()).toBe(first);
  expect(tableStatements(tool, await existing())).toEqual([]);
});

test("two processes that make the same table at once both succeed", async () => {
  const made = [applyTable(school.world.db, tool), applyTable(school.world.db, tool)];
  await expect(Promise.all(made)).resolves.toHaveLength(2);
  const wider = withField("weight", { kind: "number", label: "Weight", index: true });
  await expect(
    Promise.all([applyTable(school.world.db, wider), applyTable(school.world.db, wider)]),
  ).resolves.toHaveLength(2);
  expect((await existing()).columns).toContain("f_weight");
});

test("a new field adds its column and keeps every row, empty there until it is filled", async () => {
  await publish(tool);
  const { id } = await make({ what: "Hammer", shelf: "A", boughtOn: "2026-05-01" });
  await publish(withField("lentTo", { kind: "person", label: "Lent to" }));
  await make({ what: "Saw", lentTo: school.personId("Owen Pluckley") });
  const [old] = await loadRecords(school.world.db, school.world.registry, [{ type: "tool", id }]);
  expect(old?.fields).toEqual({ what: "Hammer", shelf: "A", boughtOn: "2026-05-01", lentTo: null });
  const [row] = await school.query("SELECT COUNT(*) AS n FROM r_tool WHERE f_lent_to IS NOT NULL");
  expect(Number(row?.["n"])).toBe(1);
});

test("what a definition no longer names stays in the table, and publishing it without is refused", async () => {
  await publish(withField("colour", { kind: "text", label: "Colour", index: true }));
  await make({ what: "Hammer", colour: "Red" });
  await applyTable(school.world.db, tool);
  expect(await school.query("SELECT f_colour FROM r_tool")).toEqual([{ f_colour: "Red" }]);
  expect(await indexes()).toContain("i_colour");
  await expect(publish(tool)).rejects.toMatchObject({ code: "BAD_DEFINITION", problems: [{ path: "fields.colour" }] });
});

test("a date that stands already gains its index by a publish, and its rows stay", async () => {
  await publish(tool);
  await make({ what: "Hammer", boughtOn: "2026-05-01" });
  const before = await indexes();
  await publish(withField("boughtOn", { kind: "date", label: "Bought on", index: true }));
  expect((await indexes()).filter((name) => !before.includes(name)).sort()).toEqual(["i_bought_on", "s_bought_on"]);
  expect(await school.query("SELECT title FROM r_tool")).toEqual([{ title: "Hammer" }]);
});

test("a text made as a long one is indexed by its beginning, and what it holds stays whole", async () => {
  await publish(tool);
  const shelf = "Å".repeat(400);
  await make({ what: "Hammer", shelf });
  const indexed = withField("shelf", { kind: "text", label: "Shelf", index: true });
  await applyTable(school.world.db, indexed);
  expect(await indexes()).toEqual(expect.arrayContaining(["i_shelf", "s_shelf"]));
  expect(await school.query("SELECT f_shelf FROM r_tool")).toEqual([{ f_shelf: shelf }]);
  await publish(indexed);
  expect(await school.query("SELECT f_shelf FROM r_tool")).toEqual([{ f_shelf: shelf }]);
});

test("publishing waits for a reader that takes its time, who reads to the end, and others read meanwhile", async () => {
  await publish(tool);
  await make({ what: "Hammer" });
  const wider = withField("weight", { kind: "number", label: "Weight" });
  let published: Promise<unknown> = Promise.resolve();
  let through = false;
  const read = await school.world.db.transaction(async (tx) => {
    const before = await tx.query("SELECT COUNT(*) AS n FROM r_tool");
    published = publish(wider).then(() => (through = true));
    // The publish now waits for this transaction; it lets go of the table now and then, so that others get through.
    await expect(school.query("SELECT SLEEP(1) AS s, title FROM r_tool")).resolves.toMatchObject([{ title: "Hammer" }]);
    await expect(school.query("SELECT title FROM r_tool")).resolves.toHaveLength(1);
    const after = await tx.query("SELECT COUNT(*) AS n FROM r_tool");
    expect(through).toBe(false);
    return [before, after].map((rows) => Number(rows[0]?.["n"]));
  });
  expect(read).toEqual([1, 1]);
  await published;
  expect((await existing()).columns).toContain("f_weight");
  await expect(make({ what: "Saw", weight: 3 })).resolves.toMatchObject({ type: "tool" });
}, 60_000);
