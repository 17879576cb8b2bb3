/** Reports of the pack, over HTTP: who makes them, what is in them and what is not, and what an inspector can check. */
import { createHash } from "node:crypto";
import { pdfText } from "../pdfText";
import { unzip } from "../unzip";
import { grantedNeed } from "./exceptions";
import { incident, reportIncident, toDebrief } from "./incidents";
import { refused, type Story, story, type Values } from "./world";

interface Table {
  name: string;
  columns: string[];
  rows: string[][];
  total: number;
  figures: { columns: string[]; rows: string[][] } | null;
  notes: string[];
}
interface Content {
  about: string;
  head: { label: string; value: string }[];
  sections: Table[];
}

let s: Story;
let policy: string;
let child: string;

const term = { from: "2026-11-02", to: "2027-01-03" };
const QUERY = `query ($input: ReportInput!) { report(input: $input) {
  about head { label value } sections { name columns rows total notes figures { columns rows } } } }`;

const contentFor = async (name: string, input: Record<string, unknown>): Promise<Content> =>
  (await s.as(name).ask<{ report: Content }>(QUERY, { input: { hideNames: false, ...input } })).report;
const sectionOf = ({ sections }: Content, name: string): Table => {
  const found = sections.find((section) => section.name === name);
  if (!found) throw new Error(`There is no section ${name}.`);
  return found;
};

async function get(
  path: string,
  name?: string,
): Promise<{ status: number; type: string | null; name: string; bytes: Buffer }> {
  const headers: Record<string, string> = name ? { cookie: await s.api.signIn(name) } : {};
  const response = await fetch(`http://127.0.0.1:${s.api.api.port}${path}`, { headers });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    name: decodeURIComponent(response.headers.get("content-disposition") ?? ""),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}
const periodPath = (report: string, format: string, more = "") =>
  `/reports/${report}.${format}?from=${term.from}&to=${term.to}${more}`;

beforeAll(async () => {
  s = await story();
  const [mobile] = await s.as("Zoe King").records<{ id: string }>("policy", "id", { title: { contains: "mobile" } });
  policy = mobile?.id ?? "";
  child = "Ŵyn Ŷsbyty-Jones";
  await grantedNeed(s, child, ["Petra Swingfield"], { until: "2027-01-29" });
  const today = { foundOn: "2026-11-02" };
  await toDebrief(s, { ...today, summary: "Owen Pluckley saw a phone in the hall", place: "playground" });
  await incident(s, { foundOn: "2026-11-01", summary: "The day before" });
  // The headteacher never learns of this one.
  await reportIncident(s, {
    about: "headteacher",
    subject: s.person("Zoe King"),
    summary: "About the head",
    foundOn: "2026-11-03",
  });
  await s.as("Bea Wickhurst").update("policy", policy, { versionLabel: "=2+2 £5 – ’ŵŷ" });
  const action = { what: "Ring Leon Denton", owner: s.person("Owen Pluckley"), dueOn: "2026-12-01" };
  await s.as("Callum Birchwood").create("actionItem", action);
}, 180_000);

test("a report is for the roles that its definition names, and for nobody else", async () => {
  const own = (name: string) => s.as(name).ask<{ reports: { name: string }[] }>("{ reports { name } }");
  expect((await own("Piers Hollowell")).reports.map(({ name }) => name)).toEqual(["termlyReport"]);
  expect((await own("Tomas Elmstead")).reports).toEqual([]);
  const input = { name: "termlyReport", ...term, hideNames: false };
  expect(await refused(s.as("Tomas Elmstead").ask(QUERY, { input }))).toMatchObject({ code: "FORBIDDEN" });
  expect((await get(periodPath("termlyReport", "pdf"), "Tomas Elmstead")).status).toBe(403);
  expect((await get(periodPath("periodEvidence", "zip"), "Piers Hollowell")).status).toBe(403);
  expect((await get(periodPath("termlyReport", "pdf"))).status).toBe(401);
});

test("what is missing is asked for in a sentence, and a policy that may not be seen is not there", async () => {
  const none = await get("/reports/termlyReport.pdf?from=2026-11-02&to=2026-10-01", "Zoe King");
  expect([none.status, none.bytes.toString()]).toEqual([
    400,
    "The last day comes before the first: choose a later one.\n",
  ]);
  const unknown = await get(`/reports/policyEvidence.pdf?record=${"0".repeat(26)}`, "Zoe King");
  expect([unknown.status, unknown.bytes.toString()]).toEqual([
    404,
    "There is no such Policy, or you may not see it.\n",
  ]);
});

test("an evidence pack tells which words are in force and who ratified them", async () => {
  const head = s.as("Zoe King");
  await head.act("policy", policy, "openReview", { reviewTrigger: "concern", reviewReason: "A phone rang." });
  await head.act("policy", policy, "submitForRatification", { keepWording: "It is ours." });
  const present = ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"].map(s.person);
  const minute = {
    meeting: "Full governing body",
    minuteReference: "FGB 26/9",
    present,
    ratifiedOn: "2026-11-23",
    reviewBy: "2027-11-22",
  };
  await s.as("Rowan Ashdown").act("policy", policy, "ratify", minute);
  const { text } = await s.record<{ text: { hash: string; number: number } }>("policy", policy, "text { hash number }");
  const content = await contentFor("Zoe King", { name: "policyEvidence", record: policy });
  const facts = Object.fromEntries(sectionOf(content, "facts").rows);
  expect(facts).toMatchObject({
    Text: `Version ${text.number}, in force`,
    Minute: "FGB 26/9",
    Owner: expect.any(String),
  });
  const versions = sectionOf(content, "versions");
  expect(versions.rows[0]).toEqual([
    String(text.number),
    expect.any(String),
    expect.any(String),
    expect.stringMatching(/^2\d November 2026/),
    text.hash,
  ]);
  const ratified = sectionOf(content, "decisions").rows.find(([, what]) => what === "Ratify");
  expect(ratified?.[2]).toBe("Rowan Ashdown");
  expect(ratified?.[3]).toContain("Minute: FGB 26/9");
  expect(ratified?.[3]).toContain("Governors present: Rowan Ashdown; Imogen Tarrant; Piers Hollowell");
});

test("a period holds its first and its last day and none beside them", async () => {
  const found = async (from: string, to: string) =>
    sectionOf(await contentFor("Zoe King", { name: "periodEvidence", from, to }), "breaches").rows.map((row) => row[4]);
  expect(await found("2026-11-02", "2026-11-20")).toEqual(["2 November 2026"]);
  expect(await found("2026-10-20", "2026-11-01")).toEqual(["1 November 2026"]);
  expect(await found("2026-11-01", "2026-11-02")).toEqual(["1 November 2026", "2 November 2026"]);
  expect(await found("2026-10-01", "2026-10-31")).toEqual([]);
});

test("what its maker may not see is in no report, and a section says so", async () => {
  const heads = sectionOf(await contentFor("Zoe King", { name: "periodEvidence", ...term }), "breaches");
  expect(heads.rows).toHaveLength(1);
  const chairs = sectionOf(await contentFor("Rowan Ashdown", { name: "periodEvidence", ...term }), "breaches");
  expect(chairs.rows.map((row) => row[4])).toEqual(["3 November 2026"]);
  expect(chairs.notes.join()).toContain("Only those that whoever made this report may see.");
  const searches = sectionOf(await contentFor("Rowan Ashdown", { name: "periodEvidence", ...term }), "searches");
  expect(searches).toMatchObject({ rows: [], notes: [expect.stringContaining("may see")] });
});

test("governors are told numbers of what they may not read, by whole terms, and never below five", async () => {
  const content = await contentFor("Piers Hollowell", { name: "termlyReport", ...term });
  expect(content.about).toBe("Term 2, 2026–27");
  const incidents = sectionOf(content, "incidents").figures;
  expect(incidents?.columns).toEqual(["", "Term 2, 2026–27", "Term 1, 2026–27"]);
  expect(incidents?.rows[0]).toEqual(["Found", "Fewer than 5", "Fewer than 5"]);
  const policies = sectionOf(content, "policies").figures;
  expect(policies?.rows.find(([label]) => label?.startsWith("In use"))).toEqual(["In use (today)", "2", ""]);
  const days = await contentFor("Piers Hollowell", { name: "termlyReport", from: "2026-11-02", to: "2026-11-03" });
  expect(sectionOf(days, "incidents")).toMatchObject({
    figures: null,
    notes: [expect.stringContaining("whole terms")],
  });
  expect(sectionOf(days, "policies").figures).not.toBeNull();
});

test("with names hidden nobody of the school stands in the PDF or any table, and the report says so", async () => {
  const more = "&names=hidden";
  const zip = unzip((await get(periodPath("periodEvidence", "zip", more), "Zoe King")).bytes);
  const files = [...zip].map(([name, bytes]) => `${name}\n${bytes.toString("utf8")}`);
  const pdf = pdfText((await get(periodPath("periodEvidence", "pdf", more), "Zoe King")).bytes);
  const evidence = await get(`/reports/policyEvidence.zip?record=${policy}${more}`, "Zoe King");
  const { text } = await s.record<{ text: { hash: string } }>("policy", policy, "text { hash }");
  expect(unzip(evidence.bytes).get("02-versions.csv")?.toString("utf8")).toContain(text.hash);
  const all = [
    pdf,
    ...files,
    ...[...unzip(evidence.bytes).values()].map((bytes) => bytes.toString("utf8")),
    evidence.name,
  ].join("\n");
  const people = await s.api.school.query("SELECT name FROM person");
  for (const name of [...people.map((row) => String(row["name"])), child]) {
    expect(all).not.toContain(name);
    for (const part of name.split(" ")) expect(pdf.split(/[\s,;()]+/)).not.toContain(part);
  }
  expect(all).toMatch(/Person \d+ \(Headteacher\)/);
  expect(pdf).toContain("Names are hidden");
  expect(all).toContain("Left out, since it may name somebody");
  // Nothing of it would be found if the text of the PDF were not.
  const open = pdfText((await get(periodPath("periodEvidence", "pdf"), "Zoe King")).bytes);
  expect(open).toContain("Zoe King");
});

test("an inspector can check a ZIP: every file by its hash, every record by the end of its history", async () => {
  const { bytes, type, name } = await get(`/reports/policyEvidence.zip?record=${policy}`, "Edith Marlowe");
  expect([type, name]).toEqual(["application/zip", expect.stringContaining("Evidence pack of a policy, Mobile")]);
  const files = unzip(bytes);
  const manifest = JSON.parse(files.get("manifest.json")?.toString("utf8") ?? "{}") as {
    files: { name: string; sha256: string }[];
  };
  expect([...files.keys()].sort()).toEqual([...manifest.files.map((file) => file.name), "manifest.json"].sort());
  for (const file of manifest.files)
    expect(
      createHash("sha256")
        .update(files.get(file.name) ?? "")
        .digest("hex"),
    ).toBe(file.sha256);
  const [row] = await s.api.school.query("SELECT reference, history_seq, history_hash FROM r_policy WHERE id = ?", [
    policy,
  ]);
  const line = `Policy,${String(row?.["reference"])},${String(row?.["history_seq"])},${String(row?.["history_hash"])}`;
  expect(files.get("histories.csv")?.toString("utf8")).toContain(line);
  const made = await s
    .as("Edith Marlowe")
    .ask<{ reportsMade: { hash: string; by: { name: string } }[] }>("{ reportsMade { hash by { name } } }");
  expect(made.reportsMade[0]).toEqual({
    hash: createHash("sha256").update(bytes).digest("hex"),
    by: { name: "Edith Marlowe" },
  });
});

test("tables open in Excel as they were written, and what looks like a formula stays text", async () => {
  const files = unzip((await get(`/reports/policyEvidence.zip?record=${policy}`, "Zoe King")).bytes);
  const facts = files.get("01-facts.csv")?.toString("utf8") ?? "";
  expect(facts.charCodeAt(0)).toBe(0xfeff);
  expect(facts).toContain(`Version,"'=2+2 £5 – ’ŵŷ"`);
});

test("a PDF keeps every letter, has its title and language, and says what each part is", async () => {
  const { bytes, name } = await get(`/reports/policyEvidence.pdf?record=${policy}`, "Zoe King");
  expect(name).toMatch(/Evidence pack of a policy, Mobile.*\.pdf/);
  const source = bytes.toString("latin1");
  for (const part of ["/Lang (en-GB)", "/Marked true", "/S /H1", "/S /H2", "/S /TH", "/S /TR"])
    expect(source).toContain(part);
  expect(source).not.toContain("Helvetica");
  const text = pdfText(bytes);
  expect(text).toContain("=2+2 £5 – ’ŵŷ");
  expect(text).toMatch(/Page 1 of \d/);
});

test("who made a file of confidential records is among those who looked at them", async () => {
  await get(periodPath("periodEvidence", "zip"), "Callum Birchwood");
  const views = await s.api.school.query(
    "SELECT v.id FROM view_log v JOIN r_exception r ON r.id = v.record WHERE v.person = ? AND r.f_decided_on IS NOT NULL",
    [s.person("Callum Birchwood")],
  );
  expect(views.length).toBeGreaterThan(0);
});

test("a section of many says how many are shown, and the ZIP has all of them", async () => {
  const lead = s.as("Callum Birchwood");
  for (let n = 1; n <= 20; n += 1)
    await lead.create("actionItem", { what: `Thing ${n}`, owner: s.person("Owen Pluckley"), dueOn: "2026-12-01" });
  const actions = sectionOf(await contentFor("Callum Birchwood", { name: "periodEvidence", ...term }), "actions");
  expect([actions.rows.length, actions.total]).toEqual([20, 21]);
  expect(actions.notes).toContain("These are the first 20 of 21.");
  const zip = unzip((await get(periodPath("periodEvidence", "zip"), "Callum Birchwood")).bytes);
  const lines = zip.get("14-actions.csv")?.toString("utf8").trimEnd().split("\r\n");
  expect(lines).toHaveLength(22);
});

test("whoever is no member of the staff has a stand-in in what governors are told", async () => {
  const late = { what: "Ring back", dueOn: "2026-11-20" };
  for (const name of ["Petra Swingfield", "Owen Pluckley"])
    await s.as("Callum Birchwood").create("actionItem", { ...late, owner: s.person(name) });
  const content = await contentFor("Lindsey Glanville", { name: "termlyReport", ...term });
  const owners = sectionOf(content, "late").rows.map((row) => row[2]);
  expect(owners.sort()).toEqual(["Owen Pluckley", "Person 1 (Parent or carer)"]);
});

test("a definition that would take from a report what it shows is not published", async () => {
  const asked = await s
    .as("Harriet Stowting")
    .ask<{ definition: { json: { views: Values } } }>('{ definition(type: "ruleConflict") { json } }');
  const { json } = asked.definition;
  delete json.views["notSettled"];
  const { checkDefinition } = await s
    .as("Harriet Stowting")
    .ask<{ checkDefinition: { problems: Values[] } }>(
      "query ($json: JSON!) { checkDefinition(json: $json) { problems { path message } } }",
      { json },
    );
  expect(checkDefinition.problems).toEqual(
    ["termlyReport", "periodEvidence"].map((report) => ({
      path: `reports.${report}.sections.conflicts.view`,
      message: "There is no view “notSettled”.",
    })),
  );
});
