import { ada, Choir } from "../../test/pure/choir";
import { textOf } from "../../test/pure/memorySchool";

test("an edit tells from what to what, but nothing that is confidential, and a text by its hash", () => {
  const choir = new Choir();
  const made = choir.plans({ fee: "£40" });
  choir.edits(made, { fee: "£90", what: "Hymns" }, "Silent night");
  const [entry] = choir.last.history;
  expect(entry).toMatchObject({ kind: "updated", summary: "Fee, What and Programme changed" });
  expect(entry?.detail["values"]).toMatchObject({
    fee: ["(kept confidential)", "(kept confidential)"],
    what: ["Carols", "Hymns"],
    programme: [null, { latest: { hash: textOf("Silent night").hash } }],
  });
  expect(JSON.stringify(entry)).not.toMatch(/£|Silent/);
});

test("a file is told by its name and hash, as it may be gone when that is read", () => {
  const choir = new Choir();
  const made = choir.plans();
  const poster = { id: "F".padEnd(26, "0"), name: "poster.png", hash: "abc" };
  const event = { kind: "update" as const, values: { poster: poster.id }, texts: {}, files: [poster] };
  choir.happens(made, event, ada);
  expect(choir.last.history[0]?.detail["values"]).toEqual({ poster: [null, poster] });
  expect(choir.last.attached).toEqual([{ field: "poster", file: poster.id }]);
});

test("every entry has the version that it left, which counts where fields or the state have changed", () => {
  const choir = new Choir();
  const made = choir.plans();
  const edited = choir.edits(made, { what: "Hymns" });
  expect([made.version, edited.version, choir.last.history[0]?.detail["version"]]).toEqual([1, 2, 2]);
  expect(choir.edits(edited, { what: "Hymns" }).version).toBe(2);
});
