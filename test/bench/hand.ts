/**
 * The limit by hand: Apollo Server as it ships, resolvers written for this one table, DataLoader, prepared SQL. No
 * session, no rights, no generated schema.
 */
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import DataLoader from "dataloader";
import type { ExecuteValues, RowDataPacket } from "mysql2/promise";
import { audited, countsSql, listSql, oneSql, openPool } from "./statements";

const pool = openPool();
const organisation = process.env["BENCH_ORGANISATION"] ?? "";
const actor = process.env["BENCH_PERSON"] ?? "";

async function rowsOf(sql: string, params: ExecuteValues): Promise<RowDataPacket[]> {
  const [rows] = await pool.execute<RowDataPacket[]>(sql, params);
  return rows;
}

interface Context {
  people: DataLoader<string, RowDataPacket | null>;
}

const peopleLoader = () =>
  new DataLoader<string, RowDataPacket | null>(async (ids) => {
    const rows = await rowsOf(`SELECT id, name FROM person WHERE id IN (${ids.map(() => "?").join(",")})`, [...ids]);
    const found = new Map(rows.map((row) => [String(row["id"]), row]));
    return ids.map((id) => found.get(id) ?? null);
  });

const typeDefs = `
  type Person { id: ID! name: String! }
  type BenchPolicy {
    id: ID! reference: String! title: String! state: String! reviewBy: String text: String note: String
    version: Int! owner: Person
  }
  type BenchPolicyConnection { nodes: [BenchPolicy!]! }
  type Count { value: String! count: Int! }
  input UpdateBenchPolicyInput { note: String }
  type Query {
    benchPolicy(id: ID!): BenchPolicy
    benchPolicies(state: String!): BenchPolicyConnection!
    benchPolicyCounts: [Count!]!
  }
  type Mutation { updateBenchPolicy(id: ID!, input: UpdateBenchPolicyInput!): BenchPolicy }
`;

const resolvers = {
  Query: {
    benchPolicy: async (_: unknown, { id }: { id: string }) => (await rowsOf(oneSql, [id, organisation]))[0] ?? null,
    benchPolicies: async (_: unknown, { state }: { state: string }) => ({
      nodes: await rowsOf(listSql, [organisation, state]),
    }),
    benchPolicyCounts: () => rowsOf(countsSql, [organisation]),
  },
  Mutation: {
    updateBenchPolicy: async (_: unknown, { id, input }: { id: string; input: { note: string } }) => {
      const version = await audited(pool, { id, note: input.note, organisation, actor });
      return version === undefined ? null : { id, note: input.note, version };
    },
  },
  BenchPolicy: {
    owner: (row: { owner: string }, _: unknown, { people }: Context) => people.load(row.owner),
  },
};

async function main(): Promise<void> {
  const server = new ApolloServer<Context>({ typeDefs, resolvers });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: "127.0.0.1" },
    context: () => Promise.resolve({ people: peopleLoader() }),
  });
  process.send?.({ port: Number(new URL(url).port) });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
