/** What processes keep of figures, roles and calendars is what was committed: never what a rolled-back change held. */
import fc from "fast-check";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { run, systemIdentity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import { setSetting } from "../../api/engine/setSetting";
import { settingsOf } from "../../api/store/facts";
import { organisationFacts } from "../../api/store/organisations";
import type { RecordType } from "../../schema/definition";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newSchool, type School } from "../school";

const phantom = JSON.parse(
  readFileSync(join(__dirname, "../inputs/definitions/f-phantom-setting.json"), "utf8"),
) as RecordType;

let school: School;
beforeAll(async () => {
  school = await newSchool();
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: phantom });
}, 60_000);
afterAll(() => school.close());

class Undo extends Error {}

const system = () => systemIdentity(school.organisation);

/** Changes and reads in one transaction, which then ends as it may. */
async function change(kind: "figure" | "calendar", value: number, commits: boolean): Promise<unknown> {
  let seen: unknown;
  await run(school.world, system(), async (current) => {
    if (kind === "figure") await setSetting(current, { type: "phantom", name: "list", value: [`P${value}D`] });
    else
      await setCalendar(current, {
        terms: [{ name: `Term ${value}`, from: "2026-09-01", to: "2026-12-18" }],
        closures: [],
      });
    seen = await read(kind, current.tx, current.today);
    if (!commits) throw new Undo();
  }).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return seen;
}

type Sql = Parameters<typeof organisationFacts>[0];

async function read(kind: "figure" | "calendar", sql: Sql = school.world.db, today = "2026-11-23"): Promise<unknown> {
  const { organisation } = await organisationFacts(sql, school.organisation);
  const type = school.world.registry.types.get("phantom")!.active.type;
  if (kind === "calendar") return organisation!.calendar.terms[0]?.name;
  return (await settingsOf(sql, organisation!, type, today))["list"];
}

const shown = (kind: "figure" | "calendar", value: number) => (kind === "figure" ? [`P${value}D`] : `Term ${value}`);

test("changes, rollbacks and reads in any order answer as a model does that knows commits alone", async () => {
  const model: Record<"figure" | "calendar", unknown> = {
    figure: await read("figure"),
    calendar: await read("calendar"),
  };
  const kind = fc.constantFrom("figure" as const, "calendar" as const);
  const move = fc.oneof(
    fc.record({
      do: fc.constant("change" as const),
      kind,
      value: fc.integer({ min: 1, max: 60 }),
      commits: fc.boolean(),
    }),
    fc.record({ do: fc.constant("read" as const), kind, value: fc.constant(0), commits: fc.constant(true) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 2, maxLength: 8 }), async (moves) => {
      for (const one of moves) {
        if (one.do === "read") expect(await read(one.kind)).toEqual(model[one.kind]);
        else {
          // The transaction itself sees what it has done.
          expect(await change(one.kind, one.value, one.commits)).toEqual(shown(one.kind, one.value));
          if (one.commits) model[one.kind] = shown(one.kind, one.value);
        }
      }
      for (const each of ["figure", "calendar"] as const) expect(await read(each)).toEqual(model[each]);
    }),
    { numRuns: 25, seed: 20261130 },
  );
}, 120_000);

test("a definition published anew with another figure of its own is read with that figure at once", async () => {
  await school.world.db.execute("DELETE FROM setting_value");
  await school.world.db.execute("UPDATE organisation SET settings_edition = settings_edition + 1");
  expect(await read("figure")).toEqual(["P3D"]);
  await publishDefinition(school.world, system(), {
    json: { ...phantom, settings: { list: { ...phantom.settings!["list"]!, value: ["P9D"] } } },
  });
  expect(await read("figure")).toEqual(["P9D"]);
});
