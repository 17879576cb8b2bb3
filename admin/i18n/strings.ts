/**
 * npm run strings [-- --missing cy]: brings the catalogues into order, and says what they lack; `--check` only looks.
 * Every sentence that people see goes through `t` or `plural`, and a catalogue says the same with the same blanks.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import raEnglish from "ra-language-english";
import { languages } from "./languages";
import { readStrings, type Said } from "./readStrings";
import type { Catalogue, Language } from "./t";

const blanks = (text: string): string => [...new Set(text.match(/\{\d+\}/g))].sort().join(" ");

/** What is wrong with a catalogue: keys that nothing says, other blanks, forms that the language has not. */
export function wrongIn(catalogue: Catalogue, { formOf }: Language, said: Map<string, Said>): string[] {
  const taken = new Set<string>(Array.from({ length: 200 }, (_, n) => formOf(n)));
  return Object.entries(catalogue).flatMap(([key, words]) => {
    const known = said.get(key);
    if (!known) return [`“${key}” is said nowhere: npm run strings takes it out`];
    const counts = known.one !== undefined;
    if (counts !== (typeof words === "object"))
      return [`“${key}” ${counts ? "counts: give its forms" : "does not count: give one text"}`];
    const forms = typeof words === "string" ? { other: words } : words;
    return [
      ...(forms.other ? [] : [`“${key}” lacks its form “other”`]),
      ...Object.entries(forms).flatMap(([form, text]) => [
        ...(taken.has(form) ? [] : [`“${key}”: the language has no form “${form}”`]),
        ...(blanks(text) === blanks(key) ? [] : [`“${key}”: “${text}” has other blanks`]),
        ...(form === "other" && key.includes("#") && !text.includes("#")
          ? [`“${key}”: “${text}” lacks its number`]
          : []),
      ]),
    ];
  });
}

/** In the order of the alphabet, without what nothing says any more. */
export const inOrder = (catalogue: Catalogue, said: Map<string, Said>): Catalogue =>
  Object.fromEntries(
    Object.entries(catalogue)
      .filter(([key]) => said.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function phrasesIn(part: unknown): string[] {
  return typeof part === "string" ? [part] : Object.values(part as object).flatMap(phrasesIn);
}

/** Sheets stay English, since they may be read back; the rest speaks to no person. */
const SILENT = /^(sheet\/cells|queries|i18n\/\w+)\.ts$|^test\/|\.test\./;

function main(args: string[]): number {
  const admin = resolve(__dirname, "..");
  const sources = readdirSync(admin, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !SILENT.test(path))
    .sort();
  const said = new Map<string, Said>();
  const wrong: string[] = [];
  for (const path of sources) {
    const reading = readStrings(readFileSync(join(admin, path), "utf8"), path.endsWith("x"));
    wrong.push(...reading.wrong.map((each) => `admin/${path}:${each}`));
    for (const each of reading.said) {
      const before = said.get(each.key);
      if (before && before.one !== each.one)
        wrong.push(`admin/${path}: “${each.key}” has another sentence for one elsewhere`);
      said.set(each.key, each);
    }
  }
  const all = new Map([...said, ...phrasesIn(raEnglish).map((key): [string, Said] => [key, { key }])]);
  const missingOf = args[args.indexOf("--missing") + 1];
  for (const [code, language] of Object.entries(languages)) {
    if (code === "en") continue;
    const path = join(__dirname, `${code}.json`);
    const text = readFileSync(path, "utf8");
    const catalogue = JSON.parse(text) as Catalogue;
    const missing = [...said.keys()].filter((key) => !(key in catalogue)).sort();
    if (args.includes("--missing")) {
      if (missingOf === code) console.log(JSON.stringify(missing, null, 2));
    } else if (args.includes("--check")) {
      wrong.push(...wrongIn(catalogue, language, all).map((each) => `${relative(process.cwd(), path)}: ${each}`));
    } else {
      writeFileSync(path, `${JSON.stringify(inOrder(catalogue, all), null, 2)}\n`);
      console.log(`${language.name}: ${said.size - missing.length} of ${said.size} sentences.`);
    }
  }
  if (!args.includes("--missing")) for (const each of wrong) console.log(each);
  return args.includes("--check") && wrong.length > 0 ? 1 : 0;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
