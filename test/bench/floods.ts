/** What somebody sends who wants a server to stop, by kinds. */
import { createConnection, type Socket } from "node:net";
import { docxOf, hostileDocuments, paragraph } from "../hostileFiles";
import { send, SIGN_IN } from "../graphql/schoolApi";

/** Milliseconds after which a connection that is begun and left is given up. */
export const FLOOD_MS = 8_000;

export interface Ground {
  port: number;
  /** The session of whoever floods. */
  cookie: string;
}

export interface Flood {
  name: string;
  /** Sends one. @returns the status of its answer. */
  one(ground: Ground, n: number): Promise<number>;
  before?(ground: Ground): Promise<void>;
}

export const json = { "content-type": "application/json", "x-duly": "1" };
const graphql = async (
  { port }: Ground,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<number> =>
  (await send(port, { headers: { ...json, ...headers }, body: JSON.stringify({ query, variables }) })).status;
const signed = (ground: Ground, query: string, variables: Record<string, unknown> = {}): Promise<number> =>
  graphql(ground, query, variables, { cookie: ground.cookie });
const upload = async (
  { port, cookie }: Ground,
  name: string,
  body: Buffer,
): Promise<{ status: number; text: string }> =>
  send(port, { path: `/files?name=${name}`, headers: { "x-duly": "1", cookie }, body });

/** Nearly as large as a document may be, and no other before it was the same. */
const distinct = (n: number, root: number, below: number): string => {
  const names = Array.from({ length: below }, (_, i) => `b${i}: name`).join(" ");
  return `{ ${Array.from({ length: root }, (_, i) => `a${n}_${i}: letterhead { ${names} }`).join(" ")} }`;
};
const deep = `{"query":"{ me { roles } }","variables":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
const find =
  "query Q($f: PolicyFilter, $s: String) { policies(filter: $f, search: $s, first: 200) { totalCount nodes { id } } }";
const long = Buffer.alloc(19_000_000, "a");
let bomb: Buffer = Buffer.alloc(0);
let letter: Buffer = Buffer.alloc(0);

export const floods: Flood[] = [
  { name: "strangers' documents, each another", one: (g, n) => graphql(g, distinct(n, 10, 20), {}) },
  {
    name: "strangers' guesses at passwords",
    one: (g, n) => graphql(g, SIGN_IN, { email: `nobody${n}@nowhere.invalid`, password: "a guess" }),
  },
  {
    name: "strangers' bodies of a megabyte",
    one: async ({ port }) => (await send(port, { headers: json, body: Buffer.alloc(1_000_000, " ") })).status,
  },
  { name: "strangers' bodies that never end", one: ({ port }) => unfinished(port) },
  {
    name: "links that are none",
    one: (g, n) =>
      graphql(g, "query Q($s: String!) { guestPage(secret: $s) { __typename } }", { s: `01ARZ3NDEKTSV4RRFFQ69G${n}` }),
  },
  { name: "one person's documents, each another", one: (g, n) => signed(g, distinct(n, 55, 10)) },
  {
    name: "one person's longest lists",
    one: (g) =>
      signed(g, "{ policies(first: 100) { nodes { id history(first: 10) { id summary } tasks { id label } } } }"),
  },
  {
    name: "one person's widest filters",
    one: (g) =>
      signed(g, find, { f: { or: Array.from({ length: 90 }, (_, i) => ({ title: { contains: `word ${i}` } })) } }),
  },
  {
    name: "one person's searches",
    one: (g, n) =>
      signed(g, find, { s: Array.from({ length: 15 }, (_, i) => `${n % 10}${i}`.padEnd(64, "z")).join(" ") }),
  },
  {
    name: "one person's deep JSON",
    one: async ({ port, cookie }) => (await send(port, { headers: { ...json, cookie }, body: deep })).status,
  },
  {
    name: "one person's files of 19 MB",
    one: async (g) => (await upload(g, "long.txt", long)).status,
  },
  {
    name: "one person's document of a hundred thousand paragraphs",
    before: async () => void (bomb = (await hostileDocuments["a hundred thousand paragraphs"]?.()) ?? bomb),
    one: (g) => importing(g, bomb),
  },
  {
    name: "one person's ordinary documents",
    before: async () => void (letter = await docxOf(paragraph("Phones stay in bags. ".repeat(40)).repeat(200))),
    one: (g) => importing(g, letter),
  },
];

async function importing(ground: Ground, bytes: Buffer): Promise<number> {
  const { status, text } = await upload(ground, "policy.docx", bytes);
  if (status !== 201) return status;
  const { id } = JSON.parse(text) as { id: string };
  return signed(ground, "mutation M($f: ID!) { importPolicies(file: $f, dryRun: true) { __typename } }", { f: id });
}

/** Opened, begun and left, until the server lets go of it. */
function unfinished(port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket: Socket = createConnection(port, "127.0.0.1", () =>
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: x\r\nx-duly: 1\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n{"query":"',
      ),
    );
    let first = "";
    socket.on("data", (chunk) => (first ||= chunk.toString("latin1")));
    socket.on("close", () => resolve(Number(first.slice(9, 12)) || 0));
    socket.on("error", () => socket.destroy());
    setTimeout(() => socket.destroy(), FLOOD_MS).unref();
  });
}
