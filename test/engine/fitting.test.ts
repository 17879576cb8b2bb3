/** What a rule gives a field fits into it, whatever people wrote where it comes from. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinitions } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

const note: RecordType = {
  ...{ name: "note", plural: "notes", label: "Note", pluralLabel: "Notes", reference: "NOTE-{n}" },
  title: "{{ short }}",
  entries: { new: "open" },
  fields: {
    short: { kind: "text", label: "Short", index: true },
    key: { kind: "text", label: "Key", maxLength: 20 },
    long: { kind: "longText", label: "Long" },
    size: { kind: "number", label: "Size", default: { setting: "share" } },
    of: { kind: "link", label: "Of", to: "essay" },
  },
  states: { open: { label: "Open" }, done: { label: "Done", end: true } },
  settings: { share: { label: "Share", kind: "number", value: 2.5 } },
  actions: {
    end: { label: "End", from: ["open"], to: "done", who: [{ role: "staff" }] },
    told: { label: "Told", from: ["open"], who: [{ system: true }], form: ["short", "key", "long"] },
  },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};
const essay: RecordType = {
  ...{ name: "essay", plural: "essays", label: "Essay", pluralLabel: "Essays", reference: "ESSAY-{n}" },
  title: "{{ summary }}",
  entries: { new: "open" },
  fields: {
    text: { kind: "longText", label: "Text", required: true },
    summary: { kind: "text", label: "Summary", index: true, default: { field: "text" } },
  },
  states: { open: { label: "Open" }, done: { label: "Done", end: true } },
  actions: {
    sum: {
      label: "Sum up",
      ...{ from: ["open"], who: [{ role: "staff" }] },
      effects: [{ set: { summary: { field: "text" } } }],
    },
    note: {
      label: "Note it",
      ...{ from: ["open"], who: [{ role: "staff" }] },
      effects: [
        { create: { type: "note", fields: { short: { field: "text" }, key: { field: "text" }, of: { self: true } } } },
      ],
    },
    tell: {
      label: "Tell",
      ...{ from: ["open"], who: [{ role: "staff" }] },
      effects: [
        {
          send: {
            ...{ link: "note.of", event: "told" },
            with: { short: { field: "text" }, key: { field: "text" }, long: { field: "text" } },
          },
        },
      ],
    },
    end: { label: "End", from: ["open"], to: "done", who: [{ role: "staff" }] },
  },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

test("a text that is too long for where a rule puts it is cut there, and stays whole where it was written", async () => {
  await publishDefinitions(school.world, systemIdentity(school.organisation), [{ json: essay }, { json: note }]);
  const text = "漢字 and words ".repeat(12_000).trim();
  const zoe = <T>(verb: Parameters<typeof school.as<T>>[1]) => school.as("Zoe King", verb);
  const { id } = await zoe((run) => createRecord(run, { type: "essay", input: { text } }));
  for (const action of ["sum", "note", "tell"]) await zoe((run) => act(run, { type: "essay", id, action }));
  await fireDue(school.world);
  const [whole] = await school.query("SELECT f_text AS whole, f_summary AS summary FROM r_essay");
  expect(whole).toEqual({ whole: text, summary: `${text.slice(0, 190)}…` });
  const [made] = await school.query(
    "SELECT f_short AS short, f_key AS `key`, f_long AS whole, f_size AS size FROM r_note",
  );
  expect(made).toMatchObject({ short: `${text.slice(0, 190)}…`, key: `${text.slice(0, 19)}…`, whole: text });
  // Half of a half is rounded as anywhere else.
  expect(Number(made?.["size"])).toBe(3);
}, 60_000);
