/** What the lists of the back office ask for beside the records themselves: saved views, preferences, one search. */
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let administrator: Asker;
let head: Asker;
let teacher: Asker;
const code = (answer: Awaited<ReturnType<Asker>>): string | undefined => answer.errors[0]?.extensions.code;

beforeAll(async () => {
  school = await newSchoolApi();
  administrator = await school.as("Harriet Stowting");
  head = await school.as("Zoe King");
  teacher = await school.as("Tomas Elmstead");
}, 60_000);
afterAll(() => school.close());

const SAVE = "mutation Save($input: SaveViewInput!) { saveView(input: $input) { id view shared mayChange } }";
const VIEWS = '{ savedViews(type: "policy") { id view shared mayChange } }';
const mine = {
  label: "Mine, soonest first",
  columns: ["state", "reviewBy"],
  where: { eq: [{ field: "owner" }, { actor: true }] },
  sort: "reviewBy",
};
interface Saved {
  id: string;
  view: { label: string };
  shared: boolean;
  mayChange: boolean;
}
const viewsOf = async (ask: Asker): Promise<Saved[]> => (await ask(VIEWS)).data["savedViews"] as Saved[];
const save = async (ask: Asker, input: object): Promise<Saved> =>
  (await ask(SAVE, { input: { type: "policy", ...input } })).data["saveView"] as Saved;

test("a view that somebody saves is theirs alone, until an administrator shares one with everybody", async () => {
  await save(head, { view: mine });
  expect((await viewsOf(head)).map(({ view }) => view)).toEqual([mine]);
  expect(await viewsOf(teacher)).toEqual([]);

  const refused = await head(SAVE, { input: { type: "policy", view: mine, shared: true } });
  expect(code(refused)).toBe("FORBIDDEN");

  const everybody = await save(administrator, { view: { ...mine, label: "For everybody" }, shared: true });
  expect(everybody).toMatchObject({ shared: true, mayChange: true });
  expect(await viewsOf(teacher)).toMatchObject([{ id: everybody.id, shared: true, mayChange: false }]);
  expect((await viewsOf(head)).map(({ view }) => view.label)).toEqual(["Mine, soonest first", "For everybody"]);
  const taken = await teacher(`mutation { deleteView(id: "${everybody.id}") }`);
  expect(code(taken)).toBe("FORBIDDEN");
});

test("another's view does not exist, whoever asks", async () => {
  const { id } = await save(teacher, { view: mine });
  expect(code(await administrator(`mutation { deleteView(id: "${id}") }`))).toBe("NOT_FOUND");
  const overwritten = await administrator(SAVE, { input: { id, type: "policy", view: { ...mine, label: "Taken" } } });
  expect(code(overwritten)).toBe("NOT_FOUND");
  const changed = await save(teacher, { id, view: { ...mine, label: "Renamed" } });
  expect(changed.id).toBe(id);
  expect((await viewsOf(teacher)).map(({ view }) => view.label)).toContain("Renamed");
  await teacher(`mutation { deleteView(id: "${id}") }`);
  expect((await viewsOf(teacher)).map((view) => view.id)).not.toContain(id);
});

test("a saved view is held to what a definition's view is", async () => {
  const refusal = async (view: unknown) => {
    const answer = await head(SAVE, { input: { type: "policy", view } });
    return answer.errors[0]?.extensions.problems?.map((problem) => problem.path);
  };
  expect(await refusal({ ...mine, columns: ["colour"] })).toEqual(["view.columns[0]"]);
  expect(await refusal({ ...mine, sort: "text" })).toEqual(["view.sort"]);
  expect(await refusal({ ...mine, where: { eq: [{ field: "owner" }] } })).toEqual(["view.where.eq"]);
  expect(await refusal("all of them")).toEqual(["view"]);
  const unknown = await head(SAVE, { input: { type: "spaceship", view: mine } });
  expect(code(unknown)).toBe("NOT_FOUND");
});

test("a preference is kept per person, and none is null", async () => {
  const set = 'mutation Keep($value: JSON) { setPreference(name: "list.policy", value: $value) }';
  await head(set, { value: { compact: true, columns: { all: ["state"] } } });
  const read = '{ preference(name: "list.policy") }';
  expect((await head(read)).data["preference"]).toEqual({ compact: true, columns: { all: ["state"] } });
  expect((await teacher(read)).data["preference"]).toBeNull();
  expect(code(await head(set, { value: "x".repeat(20_000) }))).toBe("INVALID_INPUT");
});

test("one search finds records of every type that may be seen, by title or reference", async () => {
  const search = async (ask: Asker, text: string) =>
    (
      await ask(
        "query S($text: String!) { search(text: $text, first: 5) { type hits { recordTitle reference } more } }",
        { text },
      )
    ).data["search"];
  const create =
    "mutation C($title: String!, $owner: ID!) { createPolicy(input: { title: $title, owner: $owner }) { id } }";
  for (const title of ["Zebra crossing", "Zèbra parking", "Zebra riding"])
    await head(create, { title, owner: school.school.personId("Zoe King") });
  const found = await search(head, "zebra");
  expect(found).toMatchObject([
    {
      type: "policy",
      hits: [{ recordTitle: "Zebra crossing" }, { recordTitle: "Zèbra parking" }, { recordTitle: "Zebra riding" }],
      more: false,
    },
  ]);
  const { reference } = (found as { hits: { reference: string }[] }[])[0]?.hits[2] ?? { reference: "" };
  expect(await search(head, `riding ${reference.toLowerCase()}`)).toMatchObject([{ hits: [{ reference }] }]);
  // Drafts: they do not exist for a teacher.
  expect(await search(teacher, "zebra")).toEqual([]);
  expect(await search(head, "  ")).toEqual([]);
});
