/** What a database that falls silent, goes away or keeps others waiting does to whoever asks it. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, forPeople, openDatabase, type Tx } from "../../api/store/database";
import { newDatabase, type TestDatabase } from "../database";
import { addressOf, isStatement, startTcpProxy, type TcpProxy, throughProxy } from "./tcpProxy";

const limits = { ...forPeople, statementMs: 2_500, connectionMs: 3_000, lockSeconds: 1, idleSeconds: 2 };
let made: TestDatabase;
let proxy: TcpProxy;
let db: Database;

beforeEach(async () => {
  made = await newDatabase();
  await made.db.execute("CREATE TABLE kept (id INT NOT NULL PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB");
  proxy = await startTcpProxy(addressOf(made.url, 3306));
  db = openDatabase(throughProxy(made.url, proxy), 3, undefined, limits);
});
afterEach(async () => {
  await db.close();
  await proxy.close();
  await made.drop();
});

const insert = (id: number) => async (tx: Tx) => void (await tx.execute("INSERT INTO kept VALUES (?, 0)", [id]));
const kept = async () => (await made.db.query("SELECT id FROM kept ORDER BY id")).map((row) => row["id"]);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
/** Fills both pools with connections that have answered. */
const warm = () =>
  Promise.all([
    ...[1, 2, 3].map(() => db.query("SELECT SLEEP(0.05)")),
    ...[1, 2, 3].map(() => db.transaction((tx) => tx.query("SELECT SLEEP(0.05)"))),
  ]);

test("a statement on a line that fell silent ends, and the next one has a line of its own", async () => {
  await warm();
  proxy.silenceOpen();
  expect(await Promise.all([1, 2, 3].map(() => failure(db.query("SELECT 1"))))).toEqual([
    "UNAVAILABLE",
    "UNAVAILABLE",
    "UNAVAILABLE",
  ]);
  expect(await db.query("SELECT 1 AS n")).toEqual([{ n: 1 }]);
  // Of the other pool none was asked yet: each finds its own silent.
  await Promise.all([1, 2, 3].map(() => failure(db.transaction((tx) => tx.query("SELECT 1")))));
  await db.transaction(insert(1));
  expect(await kept()).toEqual([1]);
});

test("once one line was found silent, those that waited beside it are not tried", async () => {
  await warm();
  proxy.silenceOpen();
  expect(await failure(db.query("SELECT 1"))).toBe("UNAVAILABLE");
  expect(await Promise.all([1, 2, 3].map(() => db.query("SELECT 1 AS n")))).toEqual([1, 2, 3].map(() => [{ n: 1 }]));
});

test("where every line is silent, whoever waits is told, however many they are", async () => {
  await warm();
  proxy.line = "swallow";
  const asked = await Promise.all(Array.from({ length: 30 }, () => failure(db.query("SELECT 1"))));
  expect(new Set(asked)).toEqual(new Set(["UNAVAILABLE"]));
  proxy.line = "pass";
  expect(await db.query("SELECT 1 AS n")).toEqual([{ n: 1 }]);
});

test("a read that many wait for has a limit of its own", async () => {
  await warm();
  proxy.silenceOpen();
  const began = process.hrtime.bigint();
  expect(await failure(db.within(50).query("SELECT 1"))).toBe("UNAVAILABLE");
  expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(limits.statementMs);
});

test.each(["lose", "lose answer", "cut", "cut answer"] as const)(
  "a COMMIT on a line that did “%s” is said to be unknown, never that nothing was changed",
  async (fate) => {
    let done = false;
    proxy.onSend = (data) => {
      if (done || !isStatement(data, "COMMIT")) return "pass";
      done = true;
      return fate;
    };
    const error = await db.transaction(insert(1)).catch((reason: Error & { code: string }) => reason);
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect((error as Error).message).not.toContain("Nothing was changed");
    await sleep(100);
    expect(await kept()).toEqual(fate.endsWith("answer") ? [1] : []);
  },
);

test("a transaction whose line breaks before its COMMIT begins again, and happens once", async () => {
  let attempts = 0;
  await db.transaction(async (tx) => {
    attempts++;
    await insert(1)(tx);
    if (attempts === 1) proxy.cut();
    await insert(2)(tx);
  });
  expect(attempts).toBe(2);
  expect(await kept()).toEqual([1, 2]);
});

test("one whose line breaks each time ends, and says that nothing was changed", async () => {
  let attempts = 0;
  const work = db.transaction(async (tx) => {
    attempts++;
    proxy.cut();
    await tx.query("SELECT 1");
  });
  await expect(work).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("Nothing was changed"),
  });
  expect(attempts).toBe(3);
});

test("a database that is away is said at once, and found again when it is back", async () => {
  await warm();
  proxy.line = "refuse";
  proxy.cut();
  expect(await failure(db.query("SELECT 1"))).toBe("UNAVAILABLE");
  expect(await failure(db.transaction(insert(1)))).toBe("UNAVAILABLE");
  proxy.line = "pass";
  await db.transaction(insert(1));
  expect(await kept()).toEqual([1]);
});

test("a read whose line was cut is asked once more, and a lone write is unknown", async () => {
  await warm();
  let cut = false;
  proxy.onSend = (data) => {
    // Statements that were prepared: COM_STMT_EXECUTE.
    if (cut || data[4] !== 0x17) return "pass";
    cut = true;
    return "cut answer";
  };
  await db.query("SELECT 1 AS n");
  cut = false;
  expect(await failure(db.execute("INSERT INTO kept VALUES (7, 0)"))).toBe("OUTCOME_UNKNOWN");
  expect(await kept()).toEqual([7]);
});

test("whoever meets rows that somebody holds waits once, and is told", async () => {
  await made.db.execute("INSERT INTO kept VALUES (1, 0)");
  let release: () => void = () => undefined;
  const holds = new Promise<void>((held) => {
    void made.db.transaction(async (tx) => {
      await tx.execute("UPDATE kept SET n = 1 WHERE id = 1");
      held();
      await new Promise<void>((resolve) => (release = resolve));
    });
  });
  await holds;
  let attempts = 0;
  const waits = db.transaction(async (tx) => {
    attempts++;
    await tx.execute("UPDATE kept SET n = 2 WHERE id = 1");
  });
  await expect(waits).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("Somebody else") });
  expect(attempts).toBe(1);
  release();
});

test("the server ends a statement that runs too long, and the connection goes on", async () => {
  expect(await failure(db.query("SELECT SLEEP(30)"))).toBe("UNAVAILABLE");
  expect(await db.query("SELECT 1 AS n")).toEqual([{ n: 1 }]);
  expect(
    await made.db.query("SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(30)%'"),
  ).toEqual([]);
});

test("the server is told to end a transaction that nobody goes on with", async () => {
  const [row] = await db.transaction((tx) =>
    tx.query("SELECT @@idle_transaction_timeout AS s, @@max_statement_time AS m"),
  );
  expect(Number(row?.["s"])).toBeGreaterThan(0);
  expect(Number(row?.["m"])).toBeGreaterThan(0);
});
