/** Files as people meet them: sent, attached to a record, seen by whoever may, and cleared away where no record wants them. */
import { createHash, randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { recordType } from "../../schema/definition";
import { MAX_FILE_BYTES } from "../../schema/fileKinds";
import { startWorkers } from "../../workers/startWorkers";
import { newSchoolBeside } from "../besideSchool";
import { type Answer, asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const find = recordType({
  name: "find",
  plural: "finds",
  label: "Lost item",
  pluralLabel: "Lost items",
  reference: "LOST-{n}",
  title: "{{ what }}",
  entries: { new: "found" },
  fields: {
    what: { kind: "text", label: "What it is", required: true },
    suspect: { kind: "person", label: "Who may have taken it" },
    photo: { kind: "file", label: "Photo" },
    papers: { kind: "files", label: "Papers" },
    valuation: { kind: "file", label: "Valuation", see: [{ role: "headteacher" }] },
  },
  states: { found: { label: "Found" }, returned: { label: "Returned", end: true } },
  actions: {
    handBack: {
      label: "Hand back",
      from: ["found"],
      to: "returned",
      who: [{ role: "clerk" }, { role: "headteacher" }],
      form: ["papers", "proof", "receipt"],
      asks: {
        proof: { kind: "file", label: "Proof that it is theirs", required: true },
        receipt: { kind: "files", label: "Receipts", see: [{ role: "headteacher" }] },
      },
    },
  },
  bars: ["suspect"],
  grants: [{ to: [{ role: "headteacher" }, { role: "clerk" }], may: ["see", "create", "edit"] }],
});

let school: SchoolApi;
let head: Who;
let clerk: Who;
let teacher: Who;
let stranger: Who;

interface Stored {
  id: string;
  name: string;
  size: number;
  mediaType: string;
  url: string;
}

interface Who {
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  send(name: string, bytes: Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>;
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Stored>;
  open(url: string): Promise<Response>;
}

beforeAll(async () => {
  school = await newSchoolApi();
  await newSchoolBeside(school.school.databaseUrl);
  const admin = await school.as("Harriet Stowting");
  const published = await admin("mutation ($json: JSON!) { publishDefinition(json: $json) { version } }", {
    json: find,
  });
  if (published.errors.length) throw new Error(published.text);
  head = who({ cookie: await school.signIn("Zoe King"), "x-duly": "1" });
  clerk = who({ cookie: await school.signIn("Edith Marlowe"), "x-duly": "1" });
  teacher = who({ cookie: await school.signIn("Tomas Elmstead"), "x-duly": "1" });
  stranger = who({ cookie: await school.signIn("Stella Otherschool"), "x-duly": "1" });
}, 120_000);
afterAll(() => school.close());

const address = (path: string): string => `http://127.0.0.1:${school.api.port}${path}`;

function who(headers: Record<string, string>): Who {
  const self: Who = {
    ask: asker(school.api.port, headers),
    send: (name, body, more = {}) =>
      fetch(address(`/files?name=${encodeURIComponent(name)}`), {
        method: "POST",
        headers: { ...headers, ...more },
        body,
      }),
    async upload(name, bytes) {
      const response = await self.send(name, bytes);
      expect(response.status).toBe(201);
      return (await response.json()) as Stored;
    },
    open: (url) => fetch(address(url), { headers }),
  };
  return self;
}

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pdf = (size = 40): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size);
  bytes.set(randomBytes(size));
  bytes.set(Buffer.from("%PDF-1.7\n"));
  return bytes;
};
const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());

const CREATE = `mutation ($input: CreateFindInput!) { createFind(input: $input) { id version ${"photo { id }"} } }`;
const UPDATE = `mutation ($id: ID!, $version: Int!, $input: UpdateFindInput!) {
  updateFind(id: $id, expectedVersion: $version, input: $input) { version } }`;
const READ = `query ($id: ID!) { find(id: $id) { version photo { id name } papers { id name mediaType size uploadedAt uploadedBy { name } url }
  valuation { id } history { summary detail } } }`;

interface Find {
  version: number;
  photo: { id: string; name: string } | null;
  papers: (Stored & { uploadedAt: string; uploadedBy: { name: string } })[];
  valuation: { id: string } | null;
  history: { summary: string; detail: { values?: Record<string, unknown>; answers?: Record<string, unknown> } }[];
}

async function create(by: Who, input: Record<string, unknown> = {}): Promise<string> {
  const { data, errors } = await by.ask(CREATE, { input: { what: "A tablet", ...input } });
  expect(errors).toEqual([]);
  return (data["createFind"] as { id: string }).id;
}
const read = async (by: Who, id: string): Promise<Find> => {
  const { data, errors } = await by.ask(READ, { id });
  expect(errors).toEqual([]);
  return data["find"] as Find;
};
const update = async (by: Who, id: string, input: Record<string, unknown>): Promise<Answer> =>
  by.ask(UPDATE, { id, version: (await read(by, id)).version, input });
const rows = async (): Promise<number[]> => {
  const [row] = await school.school.query(
    "SELECT (SELECT COUNT(*) FROM file) AS files, (SELECT COUNT(DISTINCT file) FROM file_chunk) AS chunked",
  );
  return [Number(row?.["files"]), Number(row?.["chunked"])];
};
const problems = (answer: Answer): unknown[] =>
  answer.errors.map(({ extensions: { code, problems: found } }) => [code, found?.map(({ path }) => path)]);

test("a picture is sent, attached, listed and given back as a download that can run nothing", async () => {
  const sent = await clerk.upload("Röntgen (1).png", PNG);
  expect(sent).toMatchObject({ name: "Röntgen (1).png", size: PNG.length, mediaType: "image/png" });
  const minutes = pdf();
  const paper = await clerk.upload("minutes", minutes);
  const id = await create(clerk, { photo: sent.id, papers: [paper.id] });

  const record = await read(head, id);
  expect(record.photo).toEqual({ id: sent.id, name: "Röntgen (1).png" });
  expect(record.papers).toEqual([
    expect.objectContaining({
      name: "minutes.pdf",
      mediaType: "application/pdf",
      size: minutes.length,
      uploadedBy: { name: "Edith Marlowe" },
    }),
  ]);
  const response = await head.open(record.papers[0]?.url ?? "");
  expect(response.status).toBe(200);
  expect(sha(await bytesOf(response))).toBe(sha(minutes));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-disposition": "attachment; filename*=UTF-8''minutes.pdf",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  });
  expect((await head.open(sent.url)).headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''R%C3%B6ntgen%20%281%29.png",
  );
  // The history tells names and hashes, and holds no content.
  expect(record.history[0]?.detail.values).toMatchObject({
    photo: [null, { id: sent.id, name: "Röntgen (1).png", hash: sha(PNG) }],
    papers: [null, [{ id: paper.id, name: "minutes.pdf", hash: sha(minutes) }]],
  });
});

test("until a record holds it a file is its uploader's alone; then it is seen with the record", async () => {
  const { id, url } = await clerk.upload("case.pdf", pdf());
  expect((await clerk.open(url)).status).toBe(200);
  expect((await head.open(url)).status).toBe(404);
  const record = await create(clerk, { papers: [id] });
  expect((await head.open(url)).status).toBe(200);
  for (const other of [teacher, stranger]) expect((await other.open(`/files/${id}`)).status).toBe(404);
  // Whoever names this school without holding anything in it, and whoever has not signed in.
  expect((await stranger.open(url)).status).toBe(403);
  expect((await who({}).open(url)).status).toBe(401);
  expect((await clerk.open(`/files/${"0".repeat(26)}`)).status).toBe(404);
  // Whoever the record is about may not see it, whatever their role.
  expect((await update(clerk, record, { suspect: school.school.personId("Zoe King") })).errors).toEqual([]);
  expect((await head.open(url)).status).toBe(404);
  expect((await clerk.open("/files/../graphql")).status).not.toBe(200);
});

test("what a field hides it hides in files too, also what it held before", async () => {
  const first = await head.upload("worth.pdf", pdf());
  const id = await create(head, { valuation: first.id });
  expect((await read(clerk, id)).valuation).toBeNull();
  expect((await clerk.open(first.url)).status).toBe(404);
  expect((await head.open(first.url)).status).toBe(200);
  const second = await head.upload("worth more.pdf", pdf());
  expect((await update(head, id, { valuation: second.id })).errors).toEqual([]);
  expect((await clerk.open(first.url)).status).toBe(404);
  expect((await head.open(first.url)).status).toBe(200);
  expect(JSON.stringify(await read(clerk, id))).not.toContain("worth");
  // Nor can it be carried to a field that more people see by whoever does not see it where it is.
  expect(problems(await update(clerk, id, { photo: first.id }))).toEqual([["INVALID_INPUT", ["input.photo"]]]);
  expect((await update(head, id, { photo: first.id })).errors).toEqual([]);
  expect((await clerk.open(first.url)).status).toBe(200);
});

test("a file that is somebody else's, of another record, or none at all is refused by its path", async () => {
  const theirs = await head.upload("theirs.pdf", pdf());
  const used = await clerk.upload("used.pdf", pdf());
  await create(clerk, { papers: [used.id] });
  const id = await create(clerk);
  for (const file of [theirs.id, used.id, "0".repeat(26)]) {
    expect(problems(await clerk.ask(CREATE, { input: { what: "x", photo: file } }))).toEqual([
      ["INVALID_INPUT", ["input.photo"]],
    ]);
    expect(problems(await update(clerk, id, { papers: [file] }))).toEqual([["INVALID_INPUT", ["input.papers"]]]);
  }
  expect((await read(clerk, id)).papers).toEqual([]);
  expect((await head.open(theirs.url)).status).toBe(200);
  expect((await clerk.open(theirs.url)).status).toBe(404);
});

test("of two records that name one file at the same moment, one gets it", async () => {
  const { id } = await clerk.upload("one.pdf", pdf());
  const answers = await Promise.all(
    ["A", "B", "C"].map((what) => clerk.ask(CREATE, { input: { what, papers: [id] } })),
  );
  const got = answers.filter(({ errors }) => errors.length === 0);
  expect(got).toHaveLength(1);
  for (const answer of answers.filter(({ errors }) => errors.length))
    expect(problems(answer)).toEqual([["INVALID_INPUT", ["input.papers"]]]);
});

test("what is no document and no picture is refused in plain words, and nothing of it stays", async () => {
  const before = await rows();
  const refusal = async (name: string, content: string | Uint8Array<ArrayBuffer>): Promise<[number, string]> => {
    const response = await clerk.send(
      name,
      typeof content === "string" ? new Uint8Array(Buffer.from(content)) : content,
    );
    return [response.status, await response.text()];
  };
  expect(await refusal("holiday.png", "MZ\x90\0\x03")).toEqual([
    415,
    expect.stringMatching(/^“holiday.png” is a program/),
  ]);
  expect(await refusal("logo.svg", "<svg/>")).toEqual([415, expect.stringMatching(/web page, XML or an SVG picture/)]);
  expect(await refusal("page.txt", "<!doctype html><script>")).toEqual([415, expect.stringMatching(/PDF or PNG/)]);
  expect(await refusal("bundle.docx", "PK\x03\x04 no directory")).toEqual([
    415,
    expect.stringMatching(/damaged or did not arrive whole/),
  ]);
  expect(await refusal("list.xlsx", "name,role")).toEqual([
    415,
    expect.stringMatching(/is called Excel and holds plain text/),
  ]);
  expect(await refusal("empty.pdf", "")).toEqual([415, "“empty.pdf” is empty.\n"]);
  // A text that turns out not to be one when most of it has been stored.
  const late = new Uint8Array(600_000).fill(0x61);
  late[599_999] = 0;
  expect(await refusal("late.txt", late)).toEqual([415, expect.stringMatching(/not text all through/)]);
  expect(await rows()).toEqual(before);
  const unnamed = await fetch(address("/files"), {
    method: "POST",
    headers: { cookie: await school.signIn("Zoe King"), "x-duly": "1" },
    body: PNG,
  });
  expect([unnamed.status, await unnamed.text()]).toEqual([400, "Name the file, as in POST /files?name=minutes.pdf.\n"]);
});

test("twenty megabytes pass, and one byte more is a plain 413, said before it is sent or while it is", async () => {
  const before = await rows();
  const most = pdf(MAX_FILE_BYTES);
  const { url, size } = await clerk.upload("all of it.pdf", most);
  expect(size).toBe(MAX_FILE_BYTES);
  expect(sha(await bytesOf(await clerk.open(url)))).toBe(sha(most));
  const more = pdf(MAX_FILE_BYTES + 1);
  const known = await clerk.send("too large.pdf", more);
  expect([known.status, await known.text()]).toEqual([413, "The file is larger than 20 MB. Send a smaller one.\n"]);
  // In pieces, without a length.
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < more.length; at += 1_000_000) controller.enqueue(more.subarray(at, at + 1_000_000));
      controller.close();
    },
  });
  const unknown = await fetch(address("/files?name=x.pdf"), {
    method: "POST",
    headers: { cookie: await school.signIn("Edith Marlowe"), "x-duly": "1" },
    body: stream,
    duplex: "half",
  } as RequestInit);
  expect(unknown.status).toBe(413);
  expect(await rows()).toEqual(before.map((n) => n + 1));
});

test("two uploads at once, and one that breaks off", async () => {
  const [one, two] = [pdf(3_000_001), pdf(2_999_999)];
  const before = await rows();
  const broken = request({
    host: "127.0.0.1",
    port: school.api.port,
    method: "POST",
    path: "/files?name=broken.pdf",
    headers: { cookie: await school.signIn("Edith Marlowe"), "x-duly": "1" },
    agent: false,
  }).on("error", () => undefined);
  broken.write(pdf(600_000));
  const sent = await Promise.all([clerk.upload("one.pdf", one), head.upload("two.pdf", two)]);
  while ((await rows()).join() !== before.map((n) => n + 3).join()) await sleep(20);
  broken.destroy();
  const got = await Promise.all(
    [clerk.open(sent[0].url), head.open(sent[1].url)].map(async (each) => sha(await bytesOf(await each))),
  );
  expect(got).toEqual([sha(one), sha(two)]);
  // The server notices in its own time.
  while ((await rows()).join() !== before.map((n) => n + 2).join()) await sleep(20);
});

test("the cookie needs the header that another site cannot send; a token needs none", async () => {
  const cookie = await school.signIn("Zoe King");
  expect((await who({ cookie }).send("x.png", PNG)).status).toBe(403);
  expect((await who({ cookie, "x-duly": "1", origin: "https://evil.example" }).send("x.png", PNG)).status).toBe(403);
  expect((await who({ "x-duly": "1" }).send("x.png", PNG)).status).toBe(401);
  const { data } = await head.ask('mutation { createApiToken(label: "scanner") { secret } }');
  const authorization = `Bearer ${(data["createApiToken"] as { secret: string }).secret}`;
  const stored = await who({ authorization }).upload("x.png", PNG);
  expect((await head.open(stored.url)).status).toBe(200);
  expect((await who({ authorization: "Bearer nonsense" }).send("x.png", PNG)).status).toBe(401);
});

test("taken out of its field it is no longer listed, and the history still has it", async () => {
  const [a, b] = [await clerk.upload("a.pdf", pdf()), await clerk.upload("b.pdf", pdf())];
  const id = await create(clerk, { papers: [a.id, b.id] });
  expect((await update(clerk, id, { papers: [b.id] })).errors).toEqual([]);
  const record = await read(head, id);
  expect(record.papers.map(({ name }) => name)).toEqual(["b.pdf"]);
  expect(record.history[0]?.detail.values).toEqual({
    papers: [
      [expect.objectContaining({ name: "a.pdf" }), expect.objectContaining({ name: "b.pdf" })],
      [expect.objectContaining({ name: "b.pdf" })],
    ],
  });
  expect((await head.open(a.url)).status).toBe(200);
  expect((await teacher.open(`/files/${a.id}`)).status).toBe(404);
  // And it may be put back.
  expect((await update(head, id, { papers: [b.id, a.id] })).errors).toEqual([]);
  expect((await read(clerk, id)).papers.map(({ name }) => name)).toEqual(["b.pdf", "a.pdf"]);
});

test("an action takes files too, and answers kept in the history alone belong to the record", async () => {
  const id = await create(clerk);
  const act = (input: Record<string, unknown>) =>
    head.ask(
      "mutation ($id: ID!, $input: HandBackFindInput) { handBackFind(id: $id, input: $input) { state papers { name } } }",
      {
        id,
        input,
      },
    );
  expect(problems(await act({}))).toEqual([["INVALID_INPUT", ["input.proof"]]]);
  const [theirs, proof, receipt, paper] = await Promise.all([
    clerk.upload("not yours.pdf", pdf()),
    head.upload("proof.png", PNG),
    head.upload("receipt.pdf", pdf()),
    head.upload("letter.pdf", pdf()),
  ]);
  expect(problems(await act({ proof: theirs.id }))).toEqual([["INVALID_INPUT", ["input.proof"]]]);
  const { data, errors } = await act({ proof: proof.id, receipt: [receipt.id], papers: [paper.id] });
  expect(errors).toEqual([]);
  expect(data["handBackFind"]).toEqual({ state: "returned", papers: [{ name: "letter.pdf" }] });
  const [entry] = (await read(head, id)).history;
  expect(entry?.detail.answers).toEqual({
    proof: { id: proof.id, name: "proof.png", hash: sha(PNG) },
    receipt: [expect.objectContaining({ name: "receipt.pdf" })],
  });
  expect((await clerk.open(proof.url)).status).toBe(200);
  expect((await teacher.open(`/files/${proof.id}`)).status).toBe(404);
  // The question says who may see its answer.
  expect((await read(clerk, id)).history[0]?.detail.answers).toEqual({ proof: entry?.detail.answers?.["proof"] });
  expect((await clerk.open(receipt.url)).status).toBe(404);
  expect((await head.open(receipt.url)).status).toBe(200);
});

test("after a day the workers clear away what no record holds", async () => {
  const [kept, left] = [await clerk.upload("kept.pdf", pdf()), await clerk.upload("left.pdf", pdf(600_000))];
  const id = await create(clerk, { photo: kept.id });
  expect((await update(clerk, id, { photo: null })).errors).toEqual([]);
  const { world } = school.school;
  const now = world.machineNow.bind(world);
  const sweep = async (): Promise<void> => {
    const workers = await startWorkers(world, { sweepEvery: 60_000 });
    await workers.stop();
  };
  await sweep();
  expect((await clerk.open(left.url)).status).toBe(200);
  world.machineNow = () => now() + 25 * 3_600_000;
  await sweep();
  world.machineNow = now;
  expect((await clerk.open(left.url)).status).toBe(404);
  expect(await school.school.query("SELECT n FROM file_chunk WHERE file = ?", [left.id])).toEqual([]);
  expect((await clerk.open(kept.url)).status).toBe(200);
});

test("nobody fills the disk with what no record holds", async () => {
  const guest = who({ cookie: await school.signIn("Della Brabourne"), "x-duly": "1" });
  for (let sent = 0; sent < 50; sent++) await guest.upload("x.png", PNG);
  const refused = await guest.send("x.png", PNG);
  expect([refused.status, await refused.text()]).toEqual([429, expect.stringMatching(/^You have sent 50 files/)]);
});

test("documents that were brought in make room for the next", async () => {
  const cookie = await school.signIn("Zoe King");
  const head = who({ cookie, "x-duly": "1" });
  const text = (n: number) =>
    new TextEncoder().encode(`# Policy ${n}\n\nPhones stay in bags.\n\nNext review: 1 September 2027\n`);
  const [first] = await school.school.query("SELECT COUNT(*) AS n FROM file WHERE uploader = ? AND record IS NULL", [
    school.school.personId("Zoe King"),
  ]);
  const ids: string[] = [];
  for (let n = Number(first?.["n"]); n < 50; n++)
    ids.push(((await (await head.send(`p${n}.md`, text(n))).json()) as { id: string }).id);
  expect((await head.send("x.md", text(50))).status).toBe(429);
  const ask = await school.as("Zoe King");
  const { errors } = await ask("mutation I($file: ID!) { importPolicies(file: $file) { created { title } } }", {
    file: ids[0],
  });
  expect(errors).toEqual([]);
  expect((await head.send("x.md", text(50))).status).toBe(201);
  expect((await head.send("x.md", text(51))).status).toBe(429);
});

test("nor does who sends everything at once", async () => {
  const guest = who({ cookie: await school.signIn("Tomas Elmstead"), "x-duly": "1" });
  const sent = await Promise.all(Array.from({ length: 80 }, () => guest.send("x.png", PNG)));
  const statuses = sent.map(({ status }) => status);
  const person = school.school.personId("Tomas Elmstead");
  const [row] = await school.school.query("SELECT COUNT(*) AS n FROM file WHERE uploader = ? AND record IS NULL", [
    person,
  ]);
  expect(Number(row?.["n"])).toBe(50);
  expect([201, 429].map((status) => statuses.filter((each) => each === status).length)).toEqual([50, 30]);
});

/** Sends requests one after another over one connection, as a browser does. */
async function overOne(...requests: { method: string; path: string; body?: Uint8Array }[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { cookie: await school.signIn("Edith Marlowe"), "x-duly": "1" };
  const statuses: number[] = [];
  for (const { method, path, body } of requests)
    statuses.push(
      await new Promise<number>((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port: school.api.port, method, path, headers, agent }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode ?? 0));
        });
        sent.on("error", reject).end(body);
      }),
    );
  agent.destroy();
  return statuses;
}

test("an upload that the database refuses leaves nothing behind, and its connection serves the next request", async () => {
  const before = await rows();
  await school.school.query(
    "CREATE TRIGGER full BEFORE INSERT ON file_chunk FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'The table is full'",
  );
  const upload = { method: "POST", path: "/files?name=x.pdf", body: pdf(19_000_000) };
  const next = { method: "GET", path: `/files/${"0".repeat(26)}` };
  try {
    expect(await overOne(upload, next, upload, next)).toEqual([500, 404, 500, 404]);
  } finally {
    await school.school.query("DROP TRIGGER full");
  }
  expect(await rows()).toEqual(before);
  expect(
    await overOne({ ...upload, path: "/files?name=x.svg", body: new Uint8Array(5_000_000).fill(0x61) }, next, upload),
  ).toEqual([415, 404, 201]);
  const open = await school.school.query(
    // Of this school alone: others' tests run on the same server.
    `SELECT t.trx_id FROM information_schema.innodb_trx t JOIN information_schema.processlist p
     ON p.id = t.trx_mysql_thread_id WHERE t.trx_rows_modified > 0 AND p.db = DATABASE()`,
  );
  expect(open).toEqual([]);
});

test("a chunk that the database's packets do not hold fails that upload alone", async () => {
  const [packet] = await school.school.query("SELECT @@global.max_allowed_packet AS n");
  await school.school.query("SET GLOBAL max_allowed_packet = 131072");
  const headers = { cookie: await school.signIn("Edith Marlowe"), "x-duly": "1" };
  const before = await rows();
  try {
    const narrow = await school.second();
    for (let tries = 0; tries < 12; tries++) {
      const response = await fetch(`http://127.0.0.1:${narrow.api.port}/files?name=x.pdf`, {
        method: "POST",
        headers,
        body: pdf(300_000),
      });
      expect(response.status).toBe(500);
      expect((await narrow.ask(headers.cookie)("{ me { roles } }")).errors).toEqual([]);
    }
  } finally {
    await school.school.query(`SET GLOBAL max_allowed_packet = ${Number(packet?.["n"])}`);
  }
  expect(await rows()).toEqual(before);
});
