/** @jest-environment ./admin/test/browserLike.cjs */
import { draftKey, dropDraft, hasDrafts, keepDraft, keepDraftsOf, readDraft } from "./drafts";

const of = (person: string, confidential = false) => ({ key: draftKey(person, "policy text"), confidential });

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("whoever signs out leaves nothing that they wrote, not even by the page that closes after it", () => {
  keepDraftsOf("ada");
  localStorage.setItem("duly.language", "cy");
  for (const confidential of [true, false]) expect(keepDraft(of("ada", confidential), "Of a child")).toBe(true);
  // As older versions kept it.
  sessionStorage.setItem("duly.quick.ada.incident", "Of a child");
  keepDraftsOf(null);
  expect(keepDraft(of("ada"), "Of a child, and more")).toBe(false);
  expect([Object.keys(localStorage), Object.keys(sessionStorage)]).toEqual([["duly.language"], []]);
});

test("of a session that ran out the drafts wait for their person, and go when another signs in", () => {
  keepDraftsOf("ada");
  keepDraft(of("ada"), "A sentence");
  keepDraftsOf("ada");
  expect(readDraft(of("ada"))).toBe("A sentence");
  keepDraftsOf("ben");
  expect([Object.keys(localStorage), hasDrafts()]).toEqual([[], false]);
  expect(keepDraft(of("ada"), "A sentence")).toBe(false);
  expect(keepDraft(of("ben"), "Another")).toBe(true);
  dropDraft(of("ben"));
  expect(Object.keys(localStorage)).toEqual([]);
});
