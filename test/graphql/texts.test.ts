/** A text's versions over the API: who wrote each, when it was in force, and who may read it. */
import { inflateSync } from "node:zlib";
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

/** What the pages of a PDF show, word by word, from its content streams. */
function wordsOf(pdf: Buffer): string {
  const source = pdf.toString("latin1");
  const streams = [...source.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  const drawn = streams.map(([, bytes = ""]) => inflateSync(Buffer.from(bytes, "latin1")).toString("latin1"));
  return drawn
    .flatMap((page) => [...page.matchAll(/\[([^\]]*)\] TJ/g)])
    .map(([, parts = ""]) =>
      [...parts.matchAll(/<([0-9a-f]+)>/g)].map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1")).join(""),
    )
    .join(" ");
}

async function pdfOf(path: string, cookie?: string) {
  const response = await fetch(`http://127.0.0.1:${school.api.port}${path}`, { headers: cookie ? { cookie } : {} });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

const pathOf = async (id: string): Promise<string> => {
  const { data } = await head("query P($id: ID!) { policy(id: $id) { text { pdf } } }", { id });
  return (data["policy"] as { text: { pdf: string } }).text.pdf;
};

test("a text is given as a PDF with its title, version, standing and counted pages, readable aloud", async () => {
  const { response, bytes } = await pdfOf(await pathOf(draft.id), await school.signIn("Zoe King"));
  expect(response.headers.get("content-type")).toBe("application/pdf");
  expect(decodeURIComponent(response.headers.get("content-disposition") ?? "")).toContain("Bicycles, version 2.pdf");
  const source = bytes.toString("latin1");
  expect(source).toMatch(/^%PDF-1\.7/);
  expect(source).toContain("/Marked true");
  expect(source).toContain("/Lang (en-GB)");
  const words = wordsOf(bytes);
  for (const shown of ["Canterbury Road Primary School", "Bicycles", "Version 2, saved on", "Not ratified", "1 Aims"])
    expect(words).toContain(shown);
  expect(words).toContain("Helmets on, lights too.");
  expect(words).toContain("Page 1 of 1");
});

test("an imported policy's PDF says when it was ratified, as the register has it", async () => {
  const { data } = await head('{ policies(search: "mobile") { nodes { textInForce { pdf } } } }');
  const [policy] = (data["policies"] as { nodes: { textInForce: { pdf: string } }[] }).nodes;
  const { bytes } = await pdfOf(policy?.textInForce.pdf ?? "", await school.signIn("Zoe King"));
  const words = wordsOf(bytes);
  expect(words).toContain("Ratified December 2022");
  expect(words).toMatch(/Page 4 of \d/);
});

test("a PDF is for those who may see the record, and nobody learns that it is there", async () => {
  const path = await pathOf(draft.id);
  expect((await pdfOf(path)).response.status).toBe(401);
  expect((await pdfOf(path, await school.signIn("Tomas Elmstead"))).response.status).toBe(404);
});
