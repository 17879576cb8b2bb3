/** Names: camelCase, legal in GraphQL and in SQL, and clashing with nothing that every record or the API has already. */
import { Checking } from "./checking";
import { isPseudoField } from "./condition";
import { columnName, columns } from "./fields";
import { indexNames } from "./indexes";
import { at } from "./shape";
import { nameTooLong, tableName } from "./tableLimits";
import { pascal } from "./text";

const CAMEL = /^[a-z][A-Za-z0-9]*$/;
/** Leaves room for a prefix and a suffix within SQL's 64. */
const LONGEST = 48;

const reserved = new Set([
  ...["id", "state", "version", "reference", "createdAt", "updatedAt", "createdBy", "tasks", "timers", "history"],
  ...["availableActions", "organisation", "recordTitle", "notices", "findings", "warnings", "views"],
]);
/** What every JavaScript object answers to: a missing field of this name would look present. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));
/** Verbs of the API for every type, as "createPolicy". */
const verbs = new Set(["create", "update", "delete"]);

export function checkNames(checking: Checking): void {
  const { type } = checking;
  checkTypeNames(checking);
  const parts = {
    fields: type.fields,
    states: type.states,
    actions: type.actions,
    tasks: type.tasks,
    timers: type.timers,
  };
  const { duties, settings, notices, views, charts, rules, warnings, triggers, rosters } = type;
  const more = { duties, settings, notices, views, charts, rules, warnings, triggers, rosters };
  for (const [part, named] of Object.entries({ ...parts, ...more }))
    for (const name of Object.keys(named ?? {})) checkName(checking, name, at(part, name));
  for (const name of Object.keys(type.fields)) checkFieldName(checking, name, at("fields", name));
  for (const [name, action] of Object.entries(type.actions)) {
    if (verbs.has(name)) checking.say(at("actions", name), `“${name}” is a word of the API for every record type.`);
    for (const need of Object.keys(action.needs ?? {}))
      checkName(checking, need, at(at(at("actions", name), "needs"), need));
    for (const ask of Object.keys(action.asks ?? {}))
      checkName(checking, ask, at(at(at("actions", name), "asks"), ask));
  }
  checkColumns(checking);
  checkLengths(checking);
}

/** False where the name cannot be used. */
export function checkName(checking: Checking, name: string, path: string): boolean {
  const problem = nameProblem(name);
  if (problem) checking.say(path, problem);
  return problem === undefined;
}

export function nameProblem(name: string): string | undefined {
  if (!CAMEL.test(name))
    return `“${name}” is not a name: begin with a small letter, then letters and digits, as in reviewBy.`;
  if (name.length > LONGEST) return `“${name.slice(0, LONGEST)}…” is too long a name: ${LONGEST} letters at most.`;
  return inherited.has(name) ? `“${name}” is a word of the language it is written in: choose another.` : undefined;
}

function checkFieldName(checking: Checking, name: string, path: string): void {
  if (reserved.has(name) || isPseudoField(name))
    checking.say(path, `Every record has “${name}” already: choose another name.`);
}

function checkTypeNames(checking: Checking): void {
  const { type, context } = checking;
  checkName(checking, type.name, "name");
  checkName(checking, type.plural, "plural");
  if (type.name === type.plural) checking.say("plural", "One record and the list of them need two names.");
  for (const other of context.types) {
    if (other.name === type.name) continue;
    for (const path of ["name", "plural"] as const)
      if ([other.name, other.plural].includes(type[path]))
        checking.say(path, `The record type ${other.name} goes by “${type[path]}” already.`);
  }
  const taken = new Set(context.taken);
  const made: [string, string][] = [
    ["name", type.name],
    ["name", pascal(type.name)],
    ["plural", type.plural],
    ...Object.keys(type.actions).map((name): [string, string] => [at("actions", name), `${name}${pascal(type.name)}`]),
  ];
  for (const [path, name] of made)
    if (taken.has(name)) checking.say(path, `The API has “${name}” already: choose another name.`);
}

function checkLengths(checking: Checking): void {
  const { name, fields } = checking.type;
  const say = (path: string, names: string[]) => {
    const problem = nameTooLong(names);
    if (problem) checking.say(path, problem);
  };
  say("name", [tableName(name)]);
  for (const [own, field] of Object.entries(fields))
    say(at("fields", own), [...columns(field).map(({ suffix }) => columnName(own, suffix)), ...indexNames(own)]);
}

/** "due" with its precision and "duePrecision" would meet in one column. */
function checkColumns(checking: Checking): void {
  const owner = new Map<string, string>();
  for (const [name, field] of Object.entries(checking.type.fields))
    for (const { suffix } of columns(field)) {
      const column = columnName(name, suffix);
      const other = owner.get(column);
      if (other !== undefined)
        checking.say(at("fields", name), `${name} and ${other} would share a column: rename one.`);
      owner.set(column, name);
    }
}
