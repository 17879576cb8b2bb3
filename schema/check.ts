/** Says everything that is wrong in a definition, with the place of each: what checks, runs. */
import { checkAccess, checkView as checkViewOf } from "./checkAccess";
import { checkChange } from "./checkChange";
import { checkFields } from "./checkFields";
import { type CheckContext, Checking } from "./checking";
import { checkNames } from "./checkNames";
import { checkNotices } from "./checkNotices";
import { reportProblems } from "./checkReports";
import { checkRules } from "./checkRules";
import { checkTimers } from "./checkTimers";
import { checkWorkflow } from "./checkWorkflow";
import { elementsOf } from "./elements";
import { ENGINE_EDITION } from "./engineEdition";
import { backOfficePages, type Because, type Pack, type RecordType, type View } from "./definition";
import { recordTypeShape, view as viewShape } from "./definitionShape";
import type { Problem } from "./failure";
import { shown } from "./parseValue";
import { at, meant, shapeProblems } from "./shape";

export type { CheckContext } from "./checking";

/** Any letters, and `{n}` once: without it two records would share a reference. `{year}` is the year of creation. */
const REFERENCE = /^[A-Za-z0-9/._{}-]{1,24}$/;

/** All problems of a well-formed definition; their paths are like "timers.remind.when.eq[0].field". Empty: publish. */
export function checkType(type: RecordType, context: CheckContext): Problem[] {
  const checking = new Checking(type, context);
  checkNames(checking);
  // A hostile name ("constructor") would be found on any object: nothing is looked up before the names are right.
  if (checking.problems.length) return checking.problems;
  checkEngine(checking);
  checkReference(checking);
  checkFields(checking);
  checkWorkflow(checking);
  checkTimers(checking);
  checkNotices(checking);
  checkRules(checking);
  checkAccess(checking);
  if (context.previous) checkChange(checking, context.previous);
  return checking.problems;
}

/** As checkType, for JSON from anywhere. Never throws; `type` is given where nothing is wrong. */
export function checkDefinition(json: unknown, context: CheckContext): { type?: RecordType; problems: Problem[] } {
  const malformed = shapeProblems(recordTypeShape, json);
  if (malformed.length) return { problems: malformed };
  const type = json as RecordType;
  const problems = checkType(type, context);
  return problems.length ? { problems } : { type, problems };
}

/** The problems of one more view of a type, from anywhere: held to what the definition's own are. Paths begin with "view". */
export function checkView(json: unknown, type: RecordType, context: CheckContext): Problem[] {
  const malformed = shapeProblems(viewShape, json);
  if (malformed.length)
    return malformed.map(({ path, message }) => ({ path: path ? at("view", path) : "view", message }));
  const checking = new Checking(type, context);
  checkViewOf(checking, json as View, "view");
  return checking.problems;
}

/** The problems of all types of a pack, each against the others; paths begin with the type's name. */
export function checkPack(pack: Pack, context: Partial<CheckContext> = {}): Problem[] {
  const roles = [...(context.roles ?? []), ...pack.roles];
  const types = [...(context.types ?? []), ...pack.types];
  const problems = pack.types.flatMap((type) =>
    checkDefinition(type, { ...context, roles, types }).problems.map(({ path, message }) => ({
      path: at(type.name, path),
      message,
    })),
  );
  return problems.length
    ? problems
    : [
        ...tourProblems(pack, types),
        ...reportProblems(pack.reports, { ...context, roles, types }),
        ...citationProblems(pack),
      ];
}

/** A step leads to a page that there is. */
function tourProblems({ roles }: Pack, types: RecordType[]): Problem[] {
  const pages = [...backOfficePages, ...types.map(({ plural }) => plural)];
  return roles.flatMap(({ name, tour = [] }) =>
    tour.flatMap(({ page }, i) =>
      page === undefined || pages.includes(page)
        ? []
        : [{ path: `roles.${name}.tour[${i}].page`, message: `There is no page ${shown(page)}.${meant(page, pages)}` }],
    ),
  );
}

/** Where a pack has obligations, everything that an element cites is one of them or a section of its sources. */
function citationProblems(pack: Pack): Problem[] {
  if (!pack.obligations) return [];
  const numbers = pack.obligations.map(({ number }) => `O${number}`);
  const codes = (pack.sections ?? []).map(({ code }) => code);
  const known = new Set([...numbers, ...codes]);
  const twice = numbers.filter((number, i) => numbers.indexOf(number) !== i);
  // Parts of an element share its list; its own path comes first.
  const cited = new Map<Because, string>();
  for (const { because, path } of elementsOf(pack)) if (!cited.has(because)) cited.set(because, path);
  for (const { number, sections } of pack.obligations) cited.set(sections, `obligations.O${number}`);
  return [
    ...twice.map((number) => ({ path: `obligations.${number}`, message: `There are two obligations ${number}.` })),
    ...[...cited].flatMap(([because, path]) =>
      because
        .filter((code) => !known.has(code))
        .map((code) => ({ path, message: `There is no obligation or section ${shown(code)}.${meant(code, codes)}` })),
    ),
  ];
}

function checkEngine(checking: Checking): void {
  const { engine = 1 } = checking.type;
  if (!Number.isInteger(engine) || engine < 1)
    checking.say("engine", "The edition of the engine is a whole number from 1.");
  else if (engine > ENGINE_EDITION)
    checking.say(
      "engine",
      `This needs a newer Duly: engine ${engine}, and this one is ${ENGINE_EDITION}. Upgrade first.`,
    );
}

/** Two of one shape could give the same reference: every number may be any other. */
const referenceShape = (reference: string): string => reference.replace(/(\{n\}|\{year\}|\d)+/g, "#").toLowerCase();

function checkReference(checking: Checking): void {
  const { reference } = checking.type;
  const parts = reference.match(/\{[^}]*\}?/g) ?? [];
  const odd = parts.find((part) => part !== "{n}" && part !== "{year}");
  if (odd !== undefined)
    checking.say("reference", `A reference has no ${odd}: write {n} and {year}, as in POL-{year}-{n}.`);
  else if (parts.filter((part) => part === "{n}").length !== 1)
    checking.say("reference", "A reference needs {n} once, as in POL-{year}-{n}: it tells records apart.");
  else if (!REFERENCE.test(reference))
    checking.say("reference", "A reference can be up to 24 characters: letters, digits and - / . _");
  const same = checking.context.types.find(
    (other) => other.name !== checking.type.name && referenceShape(other.reference) === referenceShape(reference),
  );
  if (same)
    checking.say(
      "reference",
      `${same.pluralLabel} have references like these already (${same.reference}): begin with other letters, so that one reference is one record.`,
    );
}
