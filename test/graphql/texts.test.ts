/** A text's versions over the API: who wrote each, when it was in force, and who may read it. */
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let head: Asker;
let teacher: Asker;
let draft: { id: string };

interface Version {
  id: string;
  number: number;
  text: string;
  inForceAt: string | null;
  createdBy: { name: string };
}

const VERSIONS =
  "query V($id: ID!) { policy(id: $id) { textVersions { id number text inForceAt createdBy { name } } } }";
const versionsOf = async (id: string): Promise<Version[]> => {
  const { data, errors } = await head(VERSIONS, { id });
  expect(errors).toEqual([]);
  return (data["policy"] as { textVersions: Version[] }).textVersions;
};

beforeAll(async () => {
  school = await newSchoolApi();
  [head, teacher] = [await school.as("Zoe King"), await school.as("Tomas Elmstead")];
  const input = { title: "Bicycles", owner: school.school.personId("Zoe King"), text: "# 1 Aims\n\nHelmets on." };
  const made = await head("mutation C($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }", { input });
  draft = made.data["createPolicy"] as typeof draft;
  const update = `mutation U($id: ID!) {
    updatePolicy(id: $id, expectedVersion: 1, input: { text: "# 1 Aims\\n\\nHelmets on, lights too." }) { version } }`;
  await head(update, { id: draft.id });
}, 60_000);
afterAll(() => school.close());

test("every version keeps its text and its author, newest first, and none is in force before it was ratified", async () => {
  const versions = await versionsOf(draft.id);
  expect(versions.map(({ number, text, createdBy, inForceAt }) => [number, text, createdBy.name, inForceAt])).toEqual([
    [2, "# 1 Aims\n\nHelmets on, lights too.", "Zoe King", null],
    [1, "# 1 Aims\n\nHelmets on.", "Zoe King", null],
  ]);
});

test("a version is read by its id only by whoever sees the record", async () => {
  const [version] = await versionsOf(draft.id);
  const query = `{ documentVersion(id: "${version?.id}") { number text } }`;
  expect((await head(query)).data).toEqual({
    documentVersion: { number: 2, text: "# 1 Aims\n\nHelmets on, lights too." },
  });
  expect((await teacher(query)).data).toEqual({ documentVersion: null });
});
