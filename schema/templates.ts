/**
 * Liquid templates of titles, task labels, notices and warnings. They show values and decide between words, and can do
 * nothing else: no files, no other templates, own properties only, and an end to how much they do. What a value reads as
 * is said in `templateValues.ts`. Checked in checkTemplate.ts; one in force that does not pass any more shows its fallback.
 */
import { Liquid, type Template } from "liquidjs";
import { formatDate, formatInstant, parsePartialDate } from "./dates";
import type { RecordType } from "./definition";
import { escapeMarkdown, Markdown } from "./markdown";
import { Missing } from "./missing";
import type { Facts, RecordData } from "./record";
import { shownField, Shown, wordsOf } from "./templateValues";
import { oneLine, shorten } from "./text";

const TAGS = ["if", "unless", "case", "for", "assign", "comment", "break", "continue", "#"];
const FILTERS = [
  ...["abs", "append", "at_least", "at_most", "capitalize", "ceil", "compact", "default", "divided_by", "downcase"],
  ...["first", "floor", "join", "last", "lstrip", "minus", "modulo", "plus", "prepend", "remove", "remove_first"],
  ...["replace", "replace_first", "reverse", "round", "rstrip", "size", "slice", "strip", "times", "truncate"],
  ...["truncatewords", "uniq", "upcase"],
];

/** A template's own characters; what one rendering may make (characters and entries), and do, in milliseconds. */
export const MAX_TEMPLATE = 20_000;
const MAX_MEMORY = 1_000_000;
const MAX_MS = 1_000;
/** Of one value in a text that is mailed: the rest is read in the record. */
const MAX_VALUE = 8_000;
/** What a notice's column holds, at three bytes a character. */
const MAX_RENDERED = 20_000;

const noFile = (): never => {
  throw new Error("A template reads no file.");
};

/** `escape`: how a value that is put into the template is written there. */
function engineWith(escape: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: false,
    jsTruthy: true,
    ownPropertyOnly: true,
    relativeReference: false,
    fs: {
      exists: () => Promise.resolve(false),
      existsSync: () => false,
      readFile: noFile,
      readFileSync: noFile,
      resolve: noFile,
    },
    parseLimit: MAX_TEMPLATE,
    memoryLimit: MAX_MEMORY,
    renderLimit: MAX_MS,
    outputEscape: escape,
  });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) delete engine.filters[filter];
  engine.registerFilter("date", (value: unknown) => {
    const date = value instanceof Shown ? value.valueOf() : value;
    return typeof date === "string" && parsePartialDate(date) ? formatDate(date) : wordsOf(value);
  });
  engine.registerFilter("datetime", (value: unknown, zone: unknown) => {
    if (value instanceof Shown && zone === undefined) return value.words;
    const instant = value instanceof Shown ? value.valueOf() : value;
    return typeof instant === "string" && !Number.isNaN(Date.parse(instant))
      ? formatInstant(instant, typeof zone === "string" ? zone : "Europe/London")
      : "";
  });
  return engine;
}

/** For a line of plain words. */
export const engine = engineWith(wordsOf);
/** For Markdown: values are plain words in it. */
const markdownEngine = engineWith((value) =>
  value instanceof Markdown ? value.source : escapeMarkdown(shorten(wordsOf(value), MAX_VALUE)),
);

const parsed = new Map<Liquid, Map<string, Template[] | null>>();

/** Null for one that does not parse. */
function parsedBy(by: Liquid, template: string): Template[] | null {
  const known = parsed.get(by) ?? new Map<string, Template[] | null>();
  parsed.set(by, known);
  let tokens = known.get(template);
  if (tokens === undefined) {
    try {
      tokens = by.parse(template);
    } catch {
      tokens = null;
    }
    if (known.size > 2_000) known.clear();
    known.set(template, tokens);
  }
  return tokens;
}

function renderBy(by: Liquid, template: string, scope: Record<string, unknown>, fallback: string): string {
  const tokens = parsedBy(by, template);
  if (!tokens) return fallback;
  try {
    return String(by.renderSync(tokens, scope)).trim();
  } catch (error) {
    const missing = missingIn(error);
    if (missing) throw missing;
    // Over its limits.
    return fallback;
  }
}

/** What a template's value threw, out of the errors that say where in the template it stood. */
function missingIn(error: unknown): Missing | undefined {
  for (let inner = error; inner instanceof Error; inner = (inner as { originalError?: unknown }).originalError)
    if (inner instanceof Missing) return inner;
  return undefined;
}

/** Renders a line of words. Empty values render as nothing; a template that cannot be rendered as `fallback`. */
export const render = (template: string, scope: Record<string, unknown>, fallback = ""): string =>
  oneLine(renderBy(engine, template, scope, fallback));

/** Renders Markdown in which values are plain words, at most as long as a notice's column. */
export function renderMarkdown(template: string, scope: Record<string, unknown>): string {
  const url = scope["url"];
  const fallback = url instanceof Markdown ? `[Open it](${url.source})` : "";
  return shorten(renderBy(markdownEngine, template, scope, fallback), MAX_RENDERED);
}

/**
 * What a record offers to its templates: its fields as people read them, a linked record by its title. In the place of a
 * field that only some may see stands the reference: what is rendered is read by others too.
 */
export function templateScope(type: RecordType, record: RecordData, facts?: Facts): Record<string, unknown> {
  const scope: Record<string, unknown> = {
    reference: record.reference,
    state: type.states[record.state]?.label ?? record.state,
    recordTitle: record.title,
  };
  for (const [name, field] of Object.entries(type.fields))
    scope[name] = field.see || field.sealed ? record.reference : shownField(field, record.fields[name] ?? null, facts);
  if (facts) {
    scope["school"] = { name: facts.school.name };
    scope["url"] = new Markdown(`${facts.publicUrl}/#/${type.name}/${record.id}`);
  }
  return scope;
}

/** What a record is called, at most 500 characters. */
export const titleOf = (type: RecordType, record: RecordData, facts?: Facts): string =>
  shorten(render(type.title, templateScope(type, record, facts)), 500) || record.reference;
