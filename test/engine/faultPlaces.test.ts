/** A fault stands where its record does, so that whoever may act on it is told: also where another school set going what failed. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { putAside } from "../../api/engine/faults";
import { fireDue } from "../../api/engine/fireDue";
import { create } from "../../api/engine/pipeline";
import { publishTypes } from "../../api/engine/publishDefinition";
import { run, systemIdentity } from "../../api/engine/run";
import { newSchoolBeside } from "../besideSchool";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const anyone = [{ anyone: true as const }];
const visit = plainType("visit", "VIS", {
  fields: { host: { kind: "text", label: "Host" } },
  actions: { end: { label: "End", from: ["open"], to: "shut", who: [{ system: true }] } },
  rules: { hosted: { refusal: "Say who was host.", in: ["shut"], must: { not: { empty: { field: "host" } } } } },
});
const trip = plainType("trip", "TRI", {
  fields: { visit: { kind: "link", label: "Visit", to: "visit" } },
  actions: {
    home: {
      label: "Home",
      from: ["open"],
      to: "shut",
      who: anyone,
      effects: [{ send: { link: "visit", event: "end" } }],
    },
  },
});

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [visit, trip], { consent: "pack" });
}, 60_000);
afterAll(() => school.close());

test("what a rule there forbids an event from another school is a fault of the school whose record it is", async () => {
  const { organisation } = await newSchoolBeside(school.databaseUrl);
  const { after } = await run(school.world, systemIdentity(organisation), (current) =>
    create(current, "visit", organisation, {}),
  );
  const { id } = await school.as("Zoe King", (current) => createRecord(current, { type: "trip", input: {} }));
  await school.query("UPDATE r_trip SET f_visit = ? WHERE id = ?", [after.id, id]);
  await school.as("Zoe King", (current) => act(current, { type: "trip", id, action: "home" }));
  await fireDue(school.world);
  // What a process of the installation puts aside names no school.
  const about = { type: "visit", record: after.id };
  await putAside(school.world, { kind: "job", subject: after.id, about, cause: "It failed." });
  const faults = await school.query("SELECT kind, organisation FROM fault WHERE record = ? ORDER BY kind", [after.id]);
  expect(faults).toEqual(["job", "timer"].map((kind) => ({ kind, organisation })));
});
