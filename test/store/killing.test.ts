/** A statement is ended by a KILL that names its connection by a number: on another server it is somebody else's. */
import { createServer, connect, type AddressInfo } from "node:net";
import mysql2, { type Connection } from "mysql2";
import { forCommands, openDatabase } from "../../api/store/database";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool();
}, 60_000);
afterAll(() => school.close());

/** A server that says of itself what `about` is, and hears what it is sent. */
async function anotherServer(about: Record<string, unknown>) {
  const heard: string[] = [];
  const server = (mysql2.createServer as unknown as () => ReturnType<typeof mysql2.createServer>)();
  server.on("connection", (connection: Connection) => {
    const wire = connection as unknown as {
      serverHandshake(options: object): void;
      writeOk(): void;
      writeTextResult(rows: object[], columns: object[]): void;
      on(event: string, listener: (sql: string) => void): void;
    };
    wire.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: "11.8.0-MariaDB", connectionId: 7, statusFlags: 2, characterSet: 8 },
      capabilityFlags: 0xffffff,
    });
    wire.on("error", () => undefined);
    wire.on("query", (sql) => {
      heard.push(sql);
      const columns = Object.keys(about).map((name) => ({
        ...{ catalog: "def", schema: "", table: "", orgTable: "", name, orgName: name },
        ...{ characterSet: 33, columnLength: 384, columnType: 253, flags: 0, decimals: 0 },
      }));
      if (/^SELECT/.test(sql)) wire.writeTextResult([about], columns);
      else wire.writeOk();
    });
  });
  await new Promise<void>((resolve) =>
    (server as unknown as { listen(port: number, then: () => void): void }).listen(0, resolve),
  );
  const { port } = (server as unknown as { _server: { address(): AddressInfo } })._server.address();
  return { heard, port, close: () => server.close(() => undefined) };
}

test.each([
  ["of another server is not ended", "elsewhere", false],
  ["is ended on its own", "", true],
])(
  "behind a proxy that spreads connections, a statement %s",
  async (_, host, ends) => {
    const [own] = await school.query("SELECT @@hostname AS host, @@port AS port, @@server_id AS server");
    const other = await anotherServer({ ...own, ...(host && { host }) });
    const at = new URL(school.databaseUrl);
    let to = Number(at.port);
    const proxy = createServer((client) => {
      const server = connect(to, at.hostname);
      for (const socket of [client, server]) socket.on("error", () => undefined);
      client.pipe(server).pipe(client);
    });
    await new Promise<void>((resolve) => proxy.listen(0, resolve));
    at.port = String((proxy.address() as AddressInfo).port);
    const db = openDatabase(at.href, 1, undefined, forCommands);
    const { asker, db: mine } = db.readsFor();
    const reading = mine.query("SELECT SLEEP(2) AS slept");
    await new Promise((resolve) => setTimeout(resolve, 300));
    to = other.port;
    asker.leave();
    await reading.catch(() => undefined);
    expect(other.heard.length).toBeGreaterThan(0);
    expect(other.heard.some((sql) => sql.startsWith("KILL"))).toBe(ends);
    await db.close();
    proxy.close();
    other.close();
  },
  30_000,
);
