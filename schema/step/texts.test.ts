import { Choir } from "../../test/pure/choir";
import { textOf } from "../../test/pure/memorySchool";
import type { DocumentValue, RecordData } from "../record";

const programme = ({ fields }: RecordData) => fields["programme"] as DocumentValue;

test("a text is another version where it differs, and none where it does not", () => {
  const choir = new Choir();
  const made = choir.plans({}, { programme: textOf("Silent night") });
  expect(choir.last.documents.map(({ version }) => version.number)).toEqual([1]);
  choir.edits(made, {}, "Silent night");
  expect([choir.last.documents, choir.last.changed, choir.last.history]).toEqual([[], [], []]);
  const after = choir.edits(made, {}, "Noisy night");
  expect(programme(after).latest).toMatchObject({ number: 2, hash: textOf("Noisy night").hash });
  expect(after.version).toBe(2);
});

test("the text that was read is put in force, and no other", () => {
  const choir = new Choir();
  const made = choir.plans({}, { programme: textOf("Silent night") });
  expect(() => choir.does(made, "agree")).toThrow("must be named by its hash");
  expect(() => choir.does(made, "agree", undefined, { textHash: textOf("Noisy night").hash })).toThrow("has changed");
  const agreed = choir.does(made, "agree", undefined, { textHash: textOf("Silent night").hash });
  expect(programme(agreed).inForce).toEqual(programme(agreed).latest);
  const edited = choir.edits(agreed, {}, "Noisy night");
  expect([programme(edited).inForce?.number, programme(edited).latest.number]).toEqual([1, 2]);
});

test("an imported record that is past its ratifying holds its text in force", () => {
  const choir = new Choir();
  const [id, organisation, reference] = [choir.newId(), "school", "R-1"];
  const texts = { programme: textOf("Silent night") };
  const event = { kind: "create" as const, entry: "imported" as const, id, organisation, reference, values: {}, texts };
  const made = choir.apply(choir.type, undefined, event, { kind: "system", name: "Duly" });
  expect([made.state, programme(made).inForce]).toEqual(["agreed", programme(made).latest]);
});
