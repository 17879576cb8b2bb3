/** A read whose asker is gone keeps no core: it is ended in the database, and nobody else's is. */
import { request as httpRequest } from "node:http";
import mysql from "mysql2/promise";
import { newSchoolApi, type SchoolApi } from "./schoolApi";

let api: SchoolApi;
let beside: mysql.Connection;
beforeAll(async () => {
  api = await newSchoolApi();
  beside = await mysql.createConnection(api.school.databaseUrl);
}, 60_000);
afterAll(async () => {
  await beside?.end();
  await api.close();
});

/** How many statements of the school's processes read this table just now. */
async function reading(table: string): Promise<number> {
  const [rows] = await beside.query<mysql.RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command <> 'Sleep' AND info LIKE '%FROM ${table} %'`,
  );
  return Number(rows[0]?.["n"]);
}
async function until(holds: () => Promise<boolean>, most = 600): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > most) throw new Error("It did not come about.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
function ask(cookie: string, query: string) {
  const headers = { "content-type": "application/json", "x-duly": "1", cookie };
  const sent = httpRequest({ host: "127.0.0.1", port: api.api.port, method: "POST", path: "/graphql", headers });
  sent.on("error", () => undefined);
  sent.end(JSON.stringify({ query }));
  return sent;
}

test("what is read for somebody who leaves is ended, what others read goes on, and both are served after", async () => {
  const cookie = await api.signIn("Zoe King");
  const other = await api.as("Bea Wickhurst");
  // Nobody reads a table that is locked: their statements wait in the server, as a long one would run.
  await beside.query("LOCK TABLES task WRITE");
  const leaving = ask(cookie, "{ tasks(state: open) { nodes { id } } }");
  await until(async () => (await reading("task")) === 1);
  const waiting = other("{ tasks(state: open) { nodes { id } } }");
  await until(async () => (await reading("task")) === 2);
  leaving.destroy();
  await until(async () => (await reading("task")) === 1);
  // Not the other's, for longer than it took.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await reading("task")).toBe(1);
  await beside.query("UNLOCK TABLES");
  expect((await waiting).errors).toEqual([]);
  const mine = await api.as("Zoe King");
  for (let time = 0; time < 25; time++)
    expect((await mine("{ tasks(state: open) { nodes { id } } }")).errors).toEqual([]);
}, 60_000);

test.each(["availableActions { name }", "permissions { edit }", "warnings { message }"])(
  "so is what is worked out for them about a record: %s",
  async (field) => {
    const cookie = await api.signIn("Zoe King");
    await beside.query("LOCK TABLES task WRITE");
    const leaving = ask(cookie, `{ policies(first: 1) { nodes { ${field} } } }`);
    await until(async () => (await reading("task")) === 1);
    leaving.destroy();
    // Sooner than the server ends what takes long.
    await until(async () => (await reading("task")) === 0, 160);
    await beside.query("UNLOCK TABLES");
  },
  60_000,
);

test("what somebody changes is carried through, whether they wait for it or not", async () => {
  const cookie = await api.signIn("Zoe King");
  await beside.query("LOCK TABLES r_action_item WRITE");
  const leaving = ask(
    cookie,
    'mutation { createActionItem(input: { what: "Mend the clock", dueOn: "2026-12-01" }) { id } }',
  );
  const writes = () =>
    beside
      .query<mysql.RowDataPacket[]>(
        "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%r_action_item%' AND id <> CONNECTION_ID()",
      )
      .then(([rows]) => rows.length > 0);
  await until(writes);
  leaving.destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await beside.query("UNLOCK TABLES");
  await until(
    async () => (await api.school.query("SELECT id FROM r_action_item WHERE f_what = 'Mend the clock'")).length === 1,
  );
}, 60_000);

test("nor is what a change answers with ended: the changes of a request that follow it are made", async () => {
  const cookie = await api.signIn("Zoe King");
  await beside.query("LOCK TABLES finding WRITE");
  const leaving = ask(
    cookie,
    `mutation { a: createActionItem(input: { what: "First", dueOn: "2026-12-01" }) { id findings { id } }
      b: createActionItem(input: { what: "Second", dueOn: "2026-12-01" }) { id } }`,
  );
  await until(async () => (await reading("finding")) === 1);
  leaving.destroy();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await reading("finding")).toBe(1);
  await beside.query("UNLOCK TABLES");
  await until(
    async () => (await api.school.query("SELECT id FROM r_action_item WHERE f_what = 'Second'")).length === 1,
  );
}, 60_000);

test("a hundred who leave at once cost others nothing for longer than they read, and no connection for good", async () => {
  const cookie = await api.signIn("Zoe King");
  const connections = async () =>
    Number(
      (
        await beside.query<mysql.RowDataPacket[]>(
          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE()",
        )
      )[0][0]?.["n"],
    );
  const mine = await api.as("Bea Wickhurst");
  const before = await connections();
  for (let round = 0; round < 3; round++) {
    await beside.query("LOCK TABLES task WRITE");
    const leaving = Array.from({ length: 100 }, () => ask(cookie, "{ tasks(state: open) { nodes { id } } }"));
    await until(async () => (await reading("task")) > 3);
    for (const each of leaving) each.destroy();
    await until(async () => (await reading("task")) === 0);
    await beside.query("UNLOCK TABLES");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => mine("{ tasks(state: open) { nodes { id } } }")),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  }
  // Those whose statements were ended are closed, and others opened in their place.
  await until(async () => (await connections()) <= before + 10);
}, 60_000);
