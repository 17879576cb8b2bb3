/** The floor: node:http and prepared SQL, no GraphQL, no session, no rights. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExecuteValues, RowDataPacket } from "mysql2/promise";
import { audited, countsSql, listJoinedSql, oneJoinedSql, openPool } from "./statements";

const pool = openPool();
const organisation = process.env["BENCH_ORGANISATION"] ?? "";
const actor = process.env["BENCH_PERSON"] ?? "";

async function rowsOf(sql: string, params: ExecuteValues): Promise<RowDataPacket[]> {
  const [rows] = await pool.execute<RowDataPacket[]>(sql, params);
  return rows;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const shape = ({ ownerId, ownerName, ...row }: RowDataPacket) => ({ ...row, owner: { id: ownerId, name: ownerName } });

async function answer(request: IncomingMessage): Promise<unknown> {
  const [, noun = "", key = ""] = (request.url ?? "").split("/");
  if (request.method === "POST") {
    const { note } = JSON.parse(await bodyOf(request)) as { note: string };
    return { id: key, note, version: await audited(pool, { id: key, note, organisation, actor }) };
  }
  if (noun === "policy") return (await rowsOf(oneJoinedSql, [key, organisation])).map(shape)[0];
  if (noun === "policies") return (await rowsOf(listJoinedSql, [organisation, key])).map(shape);
  return rowsOf(countsSql, [organisation]);
}

const server = createServer((request, response) => {
  answer(request).then(
    (value) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(value)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
