/** No regular expression of ours takes longer than its text is long: found by analysis, not by the clock. */
import { type AST, RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import { parseFileSync } from "@swc/core";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import { blocksOf } from "../../schema/prose";
import { beginningOf } from "../../schema/fileKinds";

const root = join(__dirname, "../..");
const sources = ["schema", "api", "workers", "admin"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => join(folder, file)),
);

interface Literal {
  source: string;
  flags: string;
}

function literalsIn(node: unknown): Literal[] {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (typeof node !== "object" || node === null) return [];
  const { type, pattern, flags } = node as Record<string, unknown>;
  if (type === "RegExpLiteral") return [{ source: String(pattern), flags: String(flags) }];
  return Object.values(node).flatMap(literalsIn);
}

const isUnbounded = ({ max }: AST.Quantifier): boolean => max === Infinity;
const matchesAnything = ({ element }: AST.Quantifier): boolean =>
  (element.type === "CharacterClass" && element.negate && element.elements.length === 0) ||
  (element.type === "CharacterSet" && element.kind === "any") ||
  (element.type === "CharacterClass" && /^\[(\\s\\S|\\S\\s|\\d\\D|\\w\\W)\]$/.test(element.raw));

/** `(<!--[^]*?-->)*`: a repetition of what may itself go on over the next. The analysis below does not see it. */
function repeatsAnything({ source, flags }: Literal): boolean {
  let found = false;
  const within: AST.Quantifier[] = [];
  visitRegExpAST(new RegExpParser().parseLiteral(`/${source}/${flags}`), {
    onQuantifierEnter(node) {
      if (!isUnbounded(node)) return;
      if (within.length > 0 && matchesAnything(node)) found = true;
      within.push(node);
    },
    onQuantifierLeave(node) {
      if (isUnbounded(node)) within.pop();
    },
  });
  return found;
}

function slow(literal: Literal): boolean {
  return (
    analyse(literal, { reportTypes: { Move: true, Self: true, Trade: true } }).reports.length > 0 ||
    repeatsAnything(literal)
  );
}

test.each(["^(a+)+$", "^(<!--[^]*?-->)*<", "\\s+$", "\\[([^\\]]*)\\]", "^a*a*$"])(
  "the check sees through /%s/",
  (source) => {
    expect(slow({ source, flags: "" })).toBe(true);
  },
);

test("every regular expression is linear", () => {
  const found = sources.flatMap((file) => {
    const parsed = parseFileSync(join(root, file), {
      syntax: "typescript",
      tsx: file.endsWith(".tsx"),
      decorators: true,
    });
    return literalsIn(parsed).map((literal) => ({ file, ...literal }));
  });
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(slow).map(({ file, source, flags }) => `${file}: /${source}/${flags}`)).toEqual([]);
});

test("a text of comments is judged at once", () => {
  const text = Buffer.from(`${"<!---->".repeat(140)}x`);
  expect(beginningOf("notes.txt", text)).toEqual({ mediaType: "text/plain", text: true });
  expect(beginningOf("notes.txt", Buffer.from(`\ufeff <!-- a --> <!-- b -->\n<svg>`))).toHaveProperty("problem");
  expect(blocksOf("<!-- a -->")).toHaveLength(1);
});
