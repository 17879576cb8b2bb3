/** The school's own system brings its list again each year: who is new, who has moved up, and who stands in it no more. */
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
}, 120_000);

interface Became {
  verdict: string;
  id: string | null;
  changes: { label: string; before: string | null; after: string | null }[];
}
interface Missing {
  among: number;
  records: { id: string; recordTitle: string; open: { label: string; state: string }[] }[];
}
const office = () => s.as("Bea Wickhurst");
const row = (systemReference: string, name: string, className: string, more = {}) => ({
  ...{ systemReference, name, className },
  ...more,
});
async function brought(rows: object[], dryRun = false): Promise<Became[]> {
  const { importRows } = await office().ask<{ importRows: Became[] }>(
    `mutation ($input: ImportRowsInput!) { importRows(input: $input) { verdict id changes { label before after } } }`,
    { input: { type: "pupil", rows, key: ["systemReference"], existing: "UPDATE", dryRun } },
  );
  return importRows;
}
async function missing(became: Became[]): Promise<Missing> {
  const present = became.flatMap(({ id }) => id ?? []);
  const { missingFromRoll } = await office().ask<{ missingFromRoll: Missing }>(
    `query ($input: MissingFromRollInput!) { missingFromRoll(input: $input) {
       among records { id recordTitle open { label state } } } }`,
    { input: { type: "pupil", present } },
  );
  return missingFromRoll;
}
const said = (became: Became[]) => became.map(({ verdict }) => verdict);

test("O106 O133: a new list says who moves, joins and is missing, and nobody leaves unless it is said of them", async () => {
  const last = [row("M1", "Fern Bramley", "Willow"), row("M2", "Ash Denstead", "Oak"), row("M3", "Rowan Elham", "Oak")];
  const [, ash, rowan] = await brought(last);
  await office().create("handIn", { pupil: ash?.id, switchedOff: true });

  const next = [
    row("M1", "Fern Bramley", "Oak"),
    row("M3", "Rowan Elham", "Elm", { bornOn: "soon" }),
    row("M4", "Hazel Lyminge", "Willow"),
  ];
  const dry = await brought(next, true);
  expect(said(dry)).toEqual(["UPDATED", "REFUSED", "CREATED"]);
  expect(dry[0]?.changes).toEqual([{ label: "Class", before: "Willow", after: "Oak" }]);
  // A row that is refused is somebody's all the same: Rowan is not taken for one who has left.
  expect(dry[1]?.id).toBe(rowan?.id);
  const gone = await missing(dry);
  expect(gone).toMatchObject({
    records: [{ recordTitle: "Ash Denstead", open: [{ label: expect.any(String), state: "held" }] }],
  });

  await brought(next);
  expect(await s.record("pupil", ash?.id ?? "", "state className")).toEqual({ state: "onRoll", className: "Oak" });
  expect(said(await brought(next))).toEqual(["UNCHANGED", "REFUSED", "UNCHANGED"]);

  expect(await office().act("pupil", ash?.id ?? "", "leave", { leftOn: "2026-07-21" })).toBe("left");
  const { pupil } = await office().ask<{ pupil: { warnings: { message: string }[] } }>(
    "query ($id: ID!) { pupil(id: $id) { warnings { message } } }",
    { id: ash?.id },
  );
  expect(pupil.warnings.map(({ message }) => message).join()).toMatch(
    /Ash Denstead has left, and the school still holds/,
  );
  expect((await missing(await brought(next))).records).toEqual([]);

  const [back] = await brought([row("M2", "Ash Denstead", "Elm")]);
  expect(back?.changes).toEqual([
    { label: "State", before: "Left", after: "On roll" },
    { label: "Class", before: "Oak", after: "Elm" },
  ]);
  expect(await s.record("pupil", ash?.id ?? "", "state")).toEqual({ state: "onRoll" });
}, 120_000);

test("a type that is in no list has nobody missing from one, and who sees no pupils is told of none", async () => {
  const ask = (name: string, type: string) =>
    s
      .as(name)
      .ask<{ missingFromRoll: Missing }>(
        "query ($input: MissingFromRollInput!) { missingFromRoll(input: $input) { among records { id } } }",
        { input: { type, present: [] } },
      );
  const no = await refused(ask("Bea Wickhurst", "schoolDevice"));
  expect(no).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "type" }] });
  expect((await ask("Hugo Stelling", "pupil")).missingFromRoll).toEqual({ among: 0, records: [] });
});
