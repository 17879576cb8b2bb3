/** Figures that a school changes are held to what the definition's own are held to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition, publishTypes } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import type { Literal, RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

const phantom = JSON.parse(
  readFileSync(join(__dirname, "../inputs/definitions/f-phantom-setting.json"), "utf8"),
) as RecordType;
const { timers: { a: clock } = {}, ...rest } = phantom;

const type: RecordType = {
  ...rest,
  settings: {
    one: { label: "One", kind: "offset", value: "P3D" },
    other: { label: "Other", kind: "offset", value: "P5D" },
    before: { label: "Before", kind: "offset", value: "-P90D" },
    again: { label: "Again", kind: "offset", value: "P1M" },
    list: { label: "List", kind: "offsets", value: ["P1D", "P2D"] },
  },
  timers: {
    a: { ...clock!, steps: [{ setting: "one" }, { setting: "other" }] },
    b: { ...clock!, steps: { setting: "list" }, repeat: { setting: "again" } },
  },
  duties: { monthly: { label: "Each month", every: { setting: "again" }, from: "2026-12-01" } },
};

const set = (name: string, value: Literal | Literal[]) =>
  school.as("Harriet Stowting", (run) => setSetting(run, { type: type.name, name, value }));

test("a figure that the definition itself could not have is refused, with what to do", async () => {
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: type });
  const refused = { code: "INVALID_INPUT", problems: [expect.objectContaining({ path: "value" })] };
  await expect(set("other", "P3D")).rejects.toMatchObject({
    ...refused,
    message: expect.stringMatching(/^Other: “P3D” stands here twice.*Change one/) as string,
  });
  await expect(set("list", ["P7D", "P1W"])).rejects.toMatchObject(refused);
  for (const still of ["P0D", "-P7D"])
    await expect(set("again", still)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/must go forward|cannot lie before/) as string,
    });
  await expect(set("again", "PT2H")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  // What is done before a date cannot come to lie after it, nor the other way round.
  await expect(set("before", "P3W")).rejects.toMatchObject({
    message: expect.stringMatching(/cannot lie after/) as string,
  });
  await expect(set("other", "-P3D")).rejects.toMatchObject({
    message: expect.stringMatching(/cannot lie before/) as string,
  });
  await set("before", "-P3W");
  await set("before", "P0D");
  // Beside the other as it is by now.
  await set("one", "P4D");
  await set("other", "P3D");
  await expect(set("one", "P3D")).rejects.toMatchObject(refused);
}, 60_000);

test("a cadence that stands still, from before that, makes one record and not one after another", async () => {
  await publishTypes(school.world, systemIdentity(school.organisation), [{ ...type, reference: "PHX-{n}" }]);
  await school.world.db.execute(
    "INSERT INTO setting_value (organisation, type, name, from_on, value, changed_at) VALUES (?, ?, 'again', '2026-11-01', '\"P0D\"', '2026-11-01')",
    [school.organisation, type.name],
  );
  await school.world.db.execute("UPDATE organisation SET settings_edition = settings_edition + 1");
  await school.clock.to("2026-12-05T09:00:00.000Z");
  expect(await fireDue(school.world)).toBe(0);
  const [row] = await school.query("SELECT COUNT(*) AS n FROM r_phantom");
  expect(Number(row?.["n"])).toBe(1);
}, 60_000);
