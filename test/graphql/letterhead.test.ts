import { newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
beforeAll(async () => {
  school = await newSchoolApi();
}, 60_000);
afterAll(() => school.close());

/** A single dark pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const SET = "mutation ($input: LetterheadInput!) { setLetterhead(input: $input) { name colour crest } }";
const READ = "{ letterhead { name colour crest } }";
const given = { name: "Elm Road Primary", colour: "#5b2a86" };

const sent = (picture: Buffer, name = "crest.png") => school.upload("Harriet Stowting", name, picture);
const crestAt = (path: string) => fetch(`http://127.0.0.1:${school.api.port}${path}`);

test("an administrator gives the school its name, colour and crest, and whoever comes sees them before signing in", async () => {
  const harriet = await school.as("Harriet Stowting");
  const set = await harriet(SET, { input: { ...given, crest: await sent(png) } });
  expect(set.errors).toEqual([]);
  const { letterhead } = (await school.anybody(READ)).data as { letterhead: { crest: string } };
  expect(letterhead).toMatchObject(given);
  const crest = await crestAt(letterhead.crest);
  expect(Buffer.from(await crest.arrayBuffer())).toEqual(png);
  expect(crest.headers.get("content-type")).toBe("image/png");
  expect(crest.headers.get("cache-control")).toContain("immutable");
  expect((await harriet("{ me { organisation { name } } }")).data).toEqual({
    me: { organisation: { name: "Elm Road Primary" } },
  });

  await harriet(SET, { input: { ...given, name: "Elm Road School" } });
  expect((await school.anybody(READ)).data["letterhead"]).toEqual({ ...letterhead, name: "Elm Road School" });
  await harriet(SET, { input: { ...given, crest: null } });
  expect((await school.anybody(READ)).data["letterhead"]).toMatchObject({ crest: null });
  expect((await crestAt(letterhead.crest)).status).toBe(404);
});

test("what cannot stand on a page is refused with the field's name, and nothing is changed", async () => {
  const harriet = await school.as("Harriet Stowting");
  await harriet(SET, { input: given });
  const refusal = async (input: object) => {
    const { errors } = await harriet(SET, { input: { ...given, ...input } });
    return errors[0]?.extensions.problems?.map(({ path, message }) => `${path}: ${message}`);
  };
  expect(await refusal({ name: " " })).toEqual([expect.stringMatching(/^name: /)]);
  expect(await refusal({ colour: "#ffd54a" })).toEqual([expect.stringMatching(/^colour: White words/)]);
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await expect(sent(svg, "crest.svg")).rejects.toThrow("415");
  const notes = await sent(Buffer.from("%PDF-1.7 no picture"), "crest.pdf");
  expect(await refusal({ crest: notes })).toEqual([expect.stringMatching(/^crest: .*PNG/)]);
  const large = await sent(Buffer.concat([png, Buffer.alloc(200_000)]));
  expect(await refusal({ crest: large })).toEqual([expect.stringMatching(/^crest: .*200 kB/)]);
  // A part of it claims to be longer than the file.
  const damaged = Buffer.from(png);
  damaged.writeUInt32BE(1 << 30, png.indexOf("IDAT") - 4);
  expect(await refusal({ crest: await sent(damaged) })).toEqual([expect.stringMatching(/^crest: .*save it again/)]);
  expect(await refusal({ crest: "0".repeat(26) })).toEqual([expect.stringMatching(/^crest: There is no such file/)]);
  expect((await school.anybody(READ)).data["letterhead"]).toMatchObject({ ...given, crest: null });
});

test("it is for administrators", async () => {
  const zoe = await school.as("Zoe King");
  expect((await zoe(SET, { input: given })).errors[0]?.extensions.code).toBe("FORBIDDEN");
});

test("a text on paper has the crest, with words for who does not see it, and the colour; a broken crest spoils none", async () => {
  const harriet = await school.as("Harriet Stowting");
  const zoe = await school.as("Zoe King");
  const cookie = await school.signIn("Zoe King");
  const { data } = await zoe('{ policies(search: "mobile") { nodes { textInForce { pdf } } } }');
  const [policy] = (data["policies"] as { nodes: { textInForce: { pdf: string } }[] }).nodes;
  const wear = async (crest: string | null): Promise<void> => {
    expect((await harriet(SET, { input: { ...given, crest } })).errors).toEqual([]);
  };
  const print = async (): Promise<string> => {
    const url = `http://127.0.0.1:${school.api.port}${policy?.textInForce.pdf}`;
    const response = await fetch(url, { headers: { cookie } });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer()).toString("latin1");
  };
  await wear(await sent(png));
  const whole = await print();
  expect(whole).toMatch(/\/S \/Figure[\s\S]{0,80}\/Alt \(Crest of Elm Road Primary\)/);
  expect(whole).toContain("/Subtype /Image");
  // Taken by an earlier version, which did not look through it.
  const half = png.subarray(0, 50);
  await school.school.world.db.execute("UPDATE crest SET bytes = ?, hash = ?", [half, "0".repeat(64)]);
  const plain = [await print()];
  await wear(null);
  plain.push(await print());
  for (const text of plain) {
    expect(text).not.toContain("/Figure");
    expect(text.slice(-8)).toContain("%%EOF");
  }
});
