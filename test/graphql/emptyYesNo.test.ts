/** A yes/no that nobody has answered is *no*: for its timer, its action, in filters, counts and answers. */
import { readFileSync } from "node:fs";
import type { RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const trap = JSON.parse(readFileSync("test/inputs/definitions/f-ne-of-empty.json", "utf8")) as RecordType;
let api: SchoolApi;
let ask: Asker;

beforeAll(async () => {
  api = await newSchoolApi();
  await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json: trap });
  ask = await api.as("Harriet Stowting");
  for (const input of [`what: "open"`, `what: "no", paid: false`, `what: "yes", paid: true`])
    await answer(`mutation { createNeTrap(input: { ${input} }) { id } }`);
}, 120_000);
afterAll(() => api.close());

async function answer(query: string): Promise<Record<string, unknown>> {
  const { data, errors, text } = await ask(query);
  if (errors.length) throw new Error(text);
  return data;
}
interface Trap {
  id: string;
  what: string;
  paid: boolean | null;
}
const listed = async (filter: string): Promise<Trap[]> => {
  const { neTraps } = await answer(`{ neTraps(filter: ${filter}, first: 10) { nodes { id what paid } } }`);
  return (neTraps as { nodes: Trap[] }).nodes;
};
const names = async (filter: string) => (await listed(filter)).map(({ what }) => what).sort();

test("it is shown as no, found as no, and counted with the others that say no", async () => {
  const all = await listed("{}");
  expect(Object.fromEntries(all.map(({ what, paid }) => [what, paid]))).toEqual({ open: false, no: false, yes: true });
  expect(await names("{ paid: { eq: false } }")).toEqual(["no", "open"]);
  expect(await names("{ paid: { ne: true } }")).toEqual(["no", "open"]);
  expect(await names("{ paid: { ne: false } }")).toEqual(["yes"]);
  // Whether anybody has answered is another question.
  expect(await names("{ paid: { empty: true } }")).toEqual(["open"]);
  const { neTrapCounts } = await answer(`{ neTrapCounts(by: PAID) { value count } }`);
  expect(neTrapCounts).toEqual([
    { value: "0", count: 2 },
    { value: "1", count: 1 },
  ]);
});

test("the reminder comes, and it may be chased; for one that is paid neither", async () => {
  await api.school.clock.to("2026-12-10");
  const told = await api.school.query(
    `SELECT DISTINCT t.f_what AS what FROM notice n JOIN r_ne_trap t ON t.id = n.record ORDER BY 1`,
  );
  expect(told.map(({ what }) => what)).toEqual(["no", "open"]);
  for (const { id, what } of await listed("{}")) {
    const { errors } = await ask(`mutation { chaseNeTrap(id: "${id}", expectedVersion: 1) { id } }`);
    expect([what, errors.map(({ message }) => message)]).toEqual([what, what === "yes" ? ["It has been paid."] : []]);
  }
});
