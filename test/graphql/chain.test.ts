/** Records that hang together, as far as each person may see: on definitions of its own. */
import type { Field, RecordType } from "../../schema/definition";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let head: Asker;
let teacher: Asker;
const ids: Record<string, string> = {};

const simple = (name: string, seers: string[], links: Record<string, Field> = {}): RecordType => ({
  name,
  plural: `${name}s`,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  pluralLabel: `${name}s`,
  reference: `${name.slice(0, 3).toUpperCase()}-{year}-{n}`,
  title: "{{ title }}",
  entries: { new: "open" },
  fields: { title: { kind: "text", label: "Title", required: true }, ...links },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] } },
  grants: [{ to: seers.map((role) => ({ role })), may: ["see", "create", "edit"] }],
});
const link = (to: string, label: string, more: Partial<Field> = {}) => ({ kind: "link", to, label, ...more }) as Field;

const everybody = ["staff", "headteacher"];
const types = [
  simple("manual", everybody),
  simple("spill", everybody),
  simple("probe", ["headteacher"], { spill: link("spill", "Looks into") }),
  simple("insight", everybody, {
    probe: link("probe", "Learnt from"),
    changes: link("manual", "Changes"),
    hint: link("manual", "Meant for", { see: [{ role: "headteacher" }] }),
  }),
];

async function made(name: string, type: string, input: Record<string, string> = {}): Promise<void> {
  const pascal = type.charAt(0).toUpperCase() + type.slice(1);
  const mutation = `mutation C($input: Create${pascal}Input!) { record: create${pascal}(input: $input) { id } }`;
  const { data } = await head(mutation, { input: { title: name, ...input } });
  ids[name] = (data["record"] as { id: string }).id;
}

interface Seen {
  chain: { nodes: { title: string }[]; edges: { from: string; to: string; label: string }[]; more: boolean } | null;
}

async function chain(ask: Asker, type: string, name: string, depth = 4) {
  const query = `query C($id: ID!) { chain(type: "${type}", id: $id, depth: ${depth}) {
    nodes { title type label state reference } edges { from to field label } more } }`;
  const { data, errors } = await ask(query, { id: ids[name] });
  expect(errors).toEqual([]);
  const seen = (data as unknown as Seen).chain;
  const named = (id: string) => Object.keys(ids).find((each) => ids[each] === id);
  return (
    seen && {
      nodes: seen.nodes.map(({ title }) => title),
      edges: seen.edges.map(({ from, label, to }) => `${named(from)}: ${label} ${named(to)}`).sort(),
      more: seen.more,
    }
  );
}

beforeAll(async () => {
  school = await newSchoolApi();
  const admin = await school.as("Harriet Stowting");
  for (const json of types)
    await admin("mutation P($json: JSON!) { publishDefinition(json: $json) { version } }", { json });
  [head, teacher] = [await school.as("Zoe King"), await school.as("Tomas Elmstead")];
  await made("Manual", "manual");
  for (const n of ["1", "2"]) {
    await made(`Spill ${n}`, "spill");
    await made(`Probe ${n}`, "probe", { spill: ids[`Spill ${n}`] ?? "" });
    const changes = ids["Manual"] ?? "";
    await made(`Insight ${n}`, "insight", { probe: ids[`Probe ${n}`] ?? "", changes, hint: changes });
  }
}, 60_000);
afterAll(() => school.close());

test("from a case its chain is found whichever way its links point, and no other case beside it", async () => {
  expect(await chain(head, "spill", "Spill 1")).toEqual({
    nodes: ["Spill 1", "Probe 1", "Insight 1", "Manual"],
    edges: [
      "Insight 1: Changes Manual",
      "Insight 1: Learnt from Probe 1",
      "Insight 1: Meant for Manual",
      "Probe 1: Looks into Spill 1",
    ],
    more: false,
  });
});

test("from what many lead to, all of them are found, as deep as is asked", async () => {
  expect((await chain(head, "manual", "Manual", 1))?.nodes.sort()).toEqual(["Insight 1", "Insight 2", "Manual"]);
  expect((await chain(head, "manual", "Manual"))?.nodes).toHaveLength(7);
});

test("nothing is followed through a record that may not be seen, and no link that may not be seen is told", async () => {
  expect(await chain(teacher, "spill", "Spill 1")).toEqual({ nodes: ["Spill 1"], edges: [], more: false });
  expect(await chain(teacher, "insight", "Insight 1")).toEqual({
    nodes: ["Insight 1", "Manual"],
    edges: ["Insight 1: Changes Manual"],
    more: false,
  });
  expect(await chain(teacher, "probe", "Probe 1")).toBeNull();
});
