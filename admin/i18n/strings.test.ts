import { languages } from "./languages";
import { readStrings, type Said } from "./readStrings";
import { inOrder, wrongIn } from "./strings";
import { english } from "./t";

const said = (source: string) => readStrings(source).said;
const wrong = (source: string) => readStrings(source).wrong;

test("sentences are found by what they say, with a blank for each value", () => {
  expect(said("const f = () => t`Due ${when}, ${near}`;")).toEqual([{ key: "Due {0}, {1}" }]);
  expect(said("const f = () => <p title={t`Back`}>{t`Read ${<a>{t`the text`}</a>}`}</p>;")).toEqual([
    { key: "Back" },
    { key: "Read {0}" },
    { key: "the text" },
  ]);
  expect(said('plural(n, "# row", "# rows of {0}", file)')).toEqual([{ key: "# rows of {0}", one: "# row" }]);
});

test.each([
  ["text of a page", "const f = () => <p>Nothing to do</p>;"],
  ["an attribute that is read out", 'const f = () => <input aria-label="search" />;'],
  ["an attribute of a component", "const f = () => <Page title={`Import ${many}`} />;"],
  ["a choice between two words", 'const f = () => <p>{late ? t`Late` : "in time"}</p>;'],
  ["a fragment in a sentence", 'const f = () => t`It is ${late ? "late" : t`in time`}`;'],
  ["a sentence anywhere else", 'function f() { throw new Error("Choose the last day."); }'],
  ["a sentence that begins with a value", "const f = () => fail(`${name} is needed.`);"],
])("%s that does not go through t is refused", (_, source) => {
  expect(wrong(`\n${source}`)).toEqual([expect.stringMatching(/^2: “.+” does not go through `t`$/)]);
});

test("what is said at the top of a module would be said before the language is known", () => {
  expect(wrong("const TITLE = t`My work`;")).toEqual([expect.stringContaining("say it in a function")]);
});

test("names, classes, operations and what is compared are no sentences", () => {
  const source = `
    import x from "./Some file";
    const QUERY = "query People { people { id } }";
    const PAGE = \`\${PERSON} school zone text { title }\`;
    const f = () => <Chip className={on ? "chip chip-on" : "chip"} aria-hidden="true">{kind === "Other thing" ? 1 : "–"} Duly</Chip>;
  `;
  expect(wrong(source)).toEqual([]);
});

const welsh = languages["cy"] ?? english;
const known = new Map<string, Said>([
  ["Due {0}", { key: "Due {0}" }],
  ["# rows of {0}", { key: "# rows of {0}", one: "# row of {0}" }],
]);

test.each([
  ["is said nowhere", { Gone: "Wedi mynd" }],
  ["has other blanks", { "Due {0}": "I’w wneud erbyn {1}" }],
  ["has other blanks", { "# rows of {0}": { two: "dwy res", other: "# rhes o {0}" } }],
  ["lacks its number", { "# rows of {0}": { other: "rhesi o {0}" } }],
  ["lacks its form “other”", { "# rows of {0}": { two: "# res o {0}" } }],
  ["counts: give its forms", { "# rows of {0}": "# rhes o {0}" }],
  ["does not count", { "Due {0}": { other: "Erbyn {0}" } }],
])("a catalogue is refused where a sentence %s", (why, catalogue) => {
  expect(wrongIn(catalogue, welsh, known)).toEqual([expect.stringContaining(why)]);
});

test("a form that the language does not have is refused", () => {
  const catalogue = { "# rows of {0}": { two: "# res o {0}", other: "# rhes o {0}" } };
  expect(wrongIn(catalogue, english, known)).toEqual([expect.stringContaining("has no form “two”")]);
  expect(wrongIn(catalogue, welsh, known)).toEqual([]);
});

test("what nothing says any more is taken out, and the rest is put in order", () => {
  const catalogue = { "Due {0}": "Erbyn {0}", Gone: "Wedi mynd", "# rows of {0}": { other: "# rhes o {0}" } };
  expect(Object.keys(inOrder(catalogue, known))).toEqual(["# rows of {0}", "Due {0}"]);
});
