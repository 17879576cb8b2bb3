import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesFor, storyFiles } from "./stories";

const folder = mkdtempSync(join(tmpdir(), "duly-stories-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("stories are found by the numbers that their names begin with, those with most of them first", () => {
  writeFileSync(join(folder, "a.test.ts"), 'test("O2: one", one); test("O7 is not a story of it", two);');
  writeFileSync(join(folder, "b.test.ts"), "test.each(rows)(`O2 O13: %s`, one); test('O2, O7: two', two);");
  writeFileSync(join(folder, "kit.ts"), 'test("O2: in no test file", one);');
  const files = storyFiles(folder);
  const found = (...numbers: number[]) => filesFor(files, numbers).map(({ file }) => file.slice(-9));
  expect(found(2)).toEqual(["b.test.ts", "a.test.ts"]);
  expect(found(7, 13)).toEqual(["b.test.ts"]);
  expect(found(1, 3)).toEqual([]);
});
