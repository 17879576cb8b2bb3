import { isTouched } from "./live";

test("a change reaches the record, the lists of its type and one's own work, and leaves what is typed or set alone", () => {
  const changed = [{ type: "kite", id: "r1" }];
  const touched = (...key: unknown[]) => isTouched(key, changed);
  expect(touched("record", "kite", "r1")).toBe(true);
  expect(touched("record", "kite", "r2")).toBe(false);
  expect(touched("records", "kite", {}, [])).toBe(true);
  expect(touched("records", "string", {}, [])).toBe(false);
  expect(touched("my-tasks")).toBe(true);
  for (const kind of ["due", "charts", "standings"]) expect(touched(kind)).toBe(true);
  for (const kind of ["session", "settings", "my-mail", "my-pin", "people", "calendar"])
    expect(touched(kind)).toBe(false);
  expect(touched("text", "v1")).toBe(false);
});

test("when everything may have changed, all that is shown of records is asked for again", () => {
  expect(isTouched(["records", "kite"], [])).toBe(true);
  expect(isTouched(["record", "kite", "r1"], [])).toBe(true);
  expect(isTouched(["session"], [])).toBe(false);
});

test("the demo's clock is asked for again when somebody else may have moved it, not at every change of a record", () => {
  expect(isTouched(["clock"], [])).toBe(true);
  expect(isTouched(["clock"], [{ type: "kite", id: "r1" }])).toBe(false);
});
