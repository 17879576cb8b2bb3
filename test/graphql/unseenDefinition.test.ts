/** A definition the code has never seen: published, and driven through its typed API to a fired timer, by two API processes. */
import type { RecordType } from "../../schema/definition";
import { type Product, startProduct, until } from "../product";

let product: Product;
beforeAll(async () => {
  product = await startProduct({ apis: 2 });
}, 120_000);
afterAll(() => product.close());

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const kiln: RecordType = {
  name: "kiln",
  plural: "kilns",
  label: "Kiln",
  pluralLabel: "Kilns",
  reference: "KLN-{year}-{n}",
  title: "{{ name }}",
  entries: { new: "cold" },
  fields: {
    name: { kind: "text", label: "Name", required: true },
    serviceOn: { kind: "date", label: "Service due", index: true },
    keeper: { kind: "person", label: "Keeper" },
    heat: { kind: "number", label: "Heat", unit: "°C" },
  },
  states: {
    cold: { label: "Cold", rag: "grey" },
    hot: { label: "Hot", rag: "red" },
    serviceDue: { label: "Service due", rag: "amber" },
    retired: { label: "Retired", end: true },
  },
  actions: {
    fire: {
      label: "Fire the kiln",
      from: ["cold"],
      to: "hot",
      who: [{ anyone: true }],
      form: ["heat"],
      required: ["heat"],
    },
    cool: { label: "Let it cool", from: ["hot", "serviceDue"], to: "cold", who: [{ anyone: true }] },
    serviceDue: { label: "Service due", from: ["cold", "hot"], to: "serviceDue", who: [{ system: true }] },
    retire: { label: "Retire", from: ["cold", "serviceDue"], to: "retired", who: [{ role: "headteacher" }] },
  },
  timers: {
    service: {
      label: "Service falls due",
      anchor: { field: "serviceOn" },
      steps: ["-P3D"],
      at: "09:00",
      event: "serviceDue",
    },
  },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

test("a new record type answers on both processes at once, and its timer fires", async () => {
  const admin = await product.signIn("Harriet Stowting", 0);
  const elsewhere = await product.signIn("Zoe King", 1);
  const { publishDefinition } = await admin.ask<{ publishDefinition: { schemaVersion: number } }>(
    "mutation ($json: JSON!) { publishDefinition(json: $json) { type version schemaVersion } }",
    { json: kiln },
  );
  const { data, errors } = await elsewhere.tell<{ createKiln: { id: string; state: string; reference: string } }>(
    `mutation ($on: Date!) { createKiln(input: { name: "Top kiln", serviceOn: $on }) { id state reference } }`,
    { on: inDays(40) },
    { "x-schema-version": String(publishDefinition.schemaVersion) },
  );
  expect(errors).toBeUndefined();
  expect(data?.createKiln.state).toBe("cold");
  const id = data?.createKiln.id;
  const fired = await admin.ask<{ fireKiln: { state: string; heat: number } }>(
    "mutation ($id: ID!) { fireKiln(id: $id, input: { heat: 1100 }) { state heat } }",
    { id },
  );
  expect(fired.fireKiln).toEqual({ state: "hot", heat: 1100 });
  await product.advanceClock(`${inDays(37)}T10:00:00.000Z`);
  const state = async (): Promise<string> =>
    (await elsewhere.ask<{ kiln: { state: string } }>("query ($id: ID!) { kiln(id: $id) { state } }", { id })).kiln
      .state;
  await until(async () => (await state()) === "serviceDue", "the kiln's service to fall due");
  const { kilns, kilnCounts } = await elsewhere.ask<{
    kilns: { nodes: unknown[] };
    kilnCounts: { value: string; count: number }[];
  }>(
    "{ kilns(filter: { state: { eq: serviceDue } }, sort: [SERVICE_ON_ASC]) { nodes { name } } kilnCounts(by: STATE) { value count } }",
  );
  expect(kilns.nodes).toEqual([{ name: "Top kiln" }]);
  expect(kilnCounts).toEqual([{ value: "serviceDue", count: 1 }]);
});
