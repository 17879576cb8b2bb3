import { blocksOf, plainText, safeHref, withoutTitle } from "./prose";

const shape = (markdown: string) =>
  blocksOf(markdown).map(({ kind, depth, quoted, cells }) => [kind, depth, quoted, plainText(cells)]);

test("raw HTML is text", () => {
  expect(shape("Hello <script>alert(1)</script>\n\n<iframe src=x></iframe>")).toEqual([
    ["paragraph", 0, 0, "Hello <script>alert(1)</script>"],
    ["paragraph", 0, 0, "<iframe src=x></iframe>"],
  ]);
});

test("an image is its description, and no address of it is kept", () => {
  expect(blocksOf('![The crest](https://example.org/c.png "x")')[0]?.cells).toEqual([[{ text: "The crest" }]]);
});

test("links go to pages and mail, and to nothing that runs", () => {
  expect(safeHref("mailto:office@example.org")).toBe("mailto:office@example.org");
  for (const bad of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//x"])
    expect(safeHref(bad)).toBeUndefined();
  expect(blocksOf("[x](javascript:alert(1)) [y](https://example.org)")[0]?.cells).toEqual([
    [{ text: "x " }, { text: "y", href: "https://example.org" }],
  ]);
});

test("a school's own numbers stay as they were written", () => {
  expect(blocksOf("3. three\n5. five").map(({ number }) => number)).toEqual([3, 5]);
  expect(shape("## 4.2 Staff\n\n## 4.1 Pupils")).toEqual([
    ["heading", 0, 0, "4.2 Staff"],
    ["heading", 0, 0, "4.1 Pupils"],
  ]);
});

test("an item's further paragraphs and lists stand under it", () => {
  expect(shape("- one\n\n  more\n  - deeper\n- two\n\nafter\n\n> quoted\n> - item")).toEqual([
    ["item", 1, 0, "one"],
    ["paragraph", 1, 0, "more"],
    ["item", 2, 0, "deeper"],
    ["item", 1, 0, "two"],
    ["paragraph", 0, 0, "after"],
    ["paragraph", 0, 1, "quoted"],
    ["item", 1, 1, "item"],
  ]);
});

test("a table is its rows, an item to be ticked says so, and breaks and entities are characters", () => {
  expect(blocksOf("| a | b |\n|---|---|\n| 1 | 2 |").map(({ head, cells }) => [head, cells.length])).toEqual([
    [true, 2],
    [undefined, 2],
  ]);
  expect(blocksOf("- [x] done\n- [ ] not").map(({ ticked }) => ticked)).toEqual([true, false]);
  expect(shape("one  \ntwo &amp; three\nfour &#8211; &unknown;")).toEqual([
    ["paragraph", 0, 0, "one\ntwo & three four – &unknown;"],
  ]);
});

test("emphasis inside emphasis is both", () => {
  expect(blocksOf("**bold *and* it**")[0]?.cells[0]).toEqual([
    { text: "bold ", strong: true },
    { text: "and", strong: true, em: true },
    { text: " it", strong: true },
  ]);
});

test("a first heading that repeats the title is said once, any other stays", () => {
  const text = blocksOf("# Kite Rules\n\n# 1 Aims\n\n# Kite rules");
  expect(withoutTitle(text, "Kite rules").map(({ cells }) => plainText(cells))).toEqual(["1 Aims", "Kite rules"]);
});

test("what stood under the title comes up to its level", () => {
  const levels = (markdown: string) => withoutTitle(blocksOf(markdown), "Kites").map(({ level }) => level);
  expect(levels("# Kites\n\n## 1\n\n### 1.1")).toEqual([1, 2]);
  expect(levels("# Kites\n\n# 1\n\n## 1.1")).toEqual([1, 2]);
});
