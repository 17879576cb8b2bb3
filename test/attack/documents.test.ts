/** Documents: how large one may be, and what is kept of many. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { acceptDocument } from "../../api/graphql/document";
import { SizedCache } from "../../api/sizedCache";
import { Failure } from "../../schema/failure";

test("distinct documents, asked twice each, do not fill a process", () => {
  const child = spawnSync(
    process.execPath,
    ["--max-old-space-size=250", "--import", "tsx", join(__dirname, "documentsChild.ts"), "25"],
    { cwd: join(__dirname, "../.."), encoding: "utf8" },
  );
  expect([child.status, child.signal, child.stderr.split("\n")[0]]).toEqual([0, null, ""]);
}, 120_000);

test("what is kept is counted by its bytes, and the least lately used goes", () => {
  const cache = new SizedCache<number>(100);
  for (let i = 0; i < 10; i++) cache.set(`k${i}`, i, 10);
  expect(cache.get("k0")).toBe(0);
  cache.set("new", 1, 20);
  expect(["k0", "k1", "k2", "k3", "new"].map((key) => cache.get(key))).toEqual([0, undefined, undefined, 3, 1]);
  cache.set("too large", 1, 26);
  expect(cache.get("too large")).toBeUndefined();
  expect(cache.size).toBeLessThanOrEqual(100);
});

const refusal = (query: string, signed = true): string => {
  try {
    acceptDocument({ query }, signed);
    return "";
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
};
const many = (n: number, part: (i: number) => string): string => Array.from({ length: n }, (_, i) => part(i)).join(" ");

test.each<[string, string, string]>([
  ["a long document", `{ me { roles } } #${"x".repeat(50_000)}`, "INVALID_INPUT"],
  ["many fields of one name", `{ me { ${many(202, () => "roles")} } }`, "TOO_COMPLEX"],
  ["many fields of one name in fragments", `{ me { ${many(202, () => "... on Me { roles }")} } }`, "TOO_COMPLEX"],
  ["many fragments", `{ me { roles } } ${many(51, (i) => `fragment F${i} on Me { roles }`)}`, "TOO_COMPLEX"],
  ["many spreads", `{ me { ${many(501, () => "...F")} } } fragment F on Me { roles }`, "TOO_COMPLEX"],
  ["many operations", many(21, (i) => `query Q${i} { me { roles } }`), "TOO_COMPLEX"],
  ["deep selections", `${"{ a ".repeat(31)}${"}".repeat(31)}`, "TOO_COMPLEX"],
])("%s is refused before it is validated", (_what, query, code) => {
  expect(refusal(query)).toBe(code);
});

test("a stranger's document is short", () => {
  const query = `{ me { roles } } #${"x".repeat(10_000)}`;
  expect([refusal(query), refusal(query, false)]).toEqual(["", "INVALID_INPUT"]);
});
