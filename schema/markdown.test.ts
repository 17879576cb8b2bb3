import { lexer } from "marked";
import { escapeMarkdown, isSimple, markdown, Markdown, tokensOf } from "./markdown";
import { blocksOf, blocksOfTokens, plainText } from "./prose";

const hostile: [string, string][] = [
  ["three thousand quotations", ">".repeat(3_000)],
  ["quotations with blanks", "> ".repeat(3_000)],
  ["lists in one line", "- ".repeat(3_000)],
  ["numbered lists in one line", "1. ".repeat(3_000)],
  ["quotations and lists by turns", "> - ".repeat(1_500)],
  ["lists by indentation", Array.from({ length: 500 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n")],
  ["emphasis in emphasis", "*a ".repeat(5_000) + "b* ".repeat(5_000)],
  ["both kinds of it", "**a _b ".repeat(2_000) + "c_ d** ".repeat(2_000)],
  ["struck in struck", "~~a ~b ".repeat(2_000) + "c~ d~~ ".repeat(2_000)],
  ["links in links", "[".repeat(5_000) + "x" + "](y)".repeat(5_000)],
  ["links that do not end", "[](".repeat(20_000)],
  ["pictures that do not end", "![".repeat(20_000)],
  ["an address that does not end", `${"a.".repeat(100_000)}@`],
  ["ticks", Array.from({ length: 200 }, (_, i) => "`".repeat(i + 1)).join(" ")],
  ["tags that do not end", "<a ".repeat(50_000)],
];

test.each(hostile)("%s are read in no time, and nothing is lost", (_name, text) => {
  const before = process.cpuUsage();
  const blocks = blocksOf(text);
  const { user } = process.cpuUsage(before);
  expect(blocks.length).toBeGreaterThan(0);
  expect(user / 1e6).toBeLessThan(5);
});

test.each(hostile)("%s as somebody's words stay just those words", (_name, text) => {
  const [block, ...more] = blocksOf(escapeMarkdown(text));
  expect(more).toEqual([]);
  expect(block?.kind).toBe("paragraph");
  const shown = plainText(block?.cells ?? []);
  expect(shown.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
});

test("an ordinary policy is Markdown as before", () => {
  const text = [
    "# Phones",
    "",
    "Pupils *may not* use **phones** in [school](https://elm.example).",
    "",
    "1. One",
    "   - a",
    "     - b",
    "",
    "> Quoted _once_ > not twice",
    "",
    "| a | b |",
    "|---|---|",
    "| 1 | 2 |",
    "",
    "----------------------------------------",
    "Name: ______________ Date: ____________",
  ].join("\n");
  expect(isSimple(text)).toBe(true);
  expect(blocksOf(text)).toEqual(blocksOfTokens(lexer(text)));
  expect(isSimple("*one* and *two* and **three** ".repeat(200))).toBe(true);
});

test.each([
  "# a heading",
  "- item\n- item",
  "1. one\n2) two",
  "a\n===",
  "a\n---",
  "[click](https://evil.example)",
  "<https://evil.example>",
  "https://evil.example www.evil.example a@evil.example",
  "**bold** _em_ ~~struck~~ `code`",
  "a | b\n--|--\n1 | 2",
  "    code",
  "&amp; &#60;",
  "\\*",
  "[a]: https://evil.example\n\n[a]",
  "```\ncode\n```",
  "> quote\n\n\n> again",
])("%j in a template is plain words, line by line", (text) => {
  const blocks = blocksOf(markdown`Said: ${text}`.source);
  expect(blocks).toHaveLength(1);
  const [cell = []] = blocks[0]?.cells ?? [];
  expect(cell.every(({ strong, em, code, struck, href }) => !(strong ?? em ?? code ?? struck ?? href))).toBe(true);
  const lines = text.split("\n").map((line) => line.trim());
  expect(cell.map((run) => run.text).join("")).toBe(`Said: ${lines.join("\n")}`);
});

test("Markdown in Markdown stays what it is", () => {
  expect(markdown`[${"a]b"}](${new Markdown("https://elm.example/#/x")})`.source).toBe(
    "[a\\]b](https://elm.example/#/x)",
  );
  expect(tokensOf("*a*")[0]).toMatchObject({ type: "paragraph" });
});
