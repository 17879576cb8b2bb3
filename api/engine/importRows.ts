/**
 * Rows of a sheet become records through the verbs that people use, one transaction each: a row that is refused says
 * why and takes no other down. A row whose key is found again is left or updated, so the same file twice doubles
 * nothing. A dry run does the very same and rolls each row back: its verdict is the real one.
 */
import type { Condition, Literal, RecordType } from "../../schema/definition";
import { Failure, failures, invalid, type Problem } from "../../schema/failure";
import type { DocumentValue, Fields, FieldValue } from "../../schema/record";
import {
  isBlankCell,
  isImportable,
  isKey,
  readCell,
  REFERENCE,
  type SheetCell,
  type SheetRow,
} from "../../schema/sheetRows";
import { canonicalJson, shortenedTexts } from "../../schema/text";
import type { PublishedType } from "../store/definitions";
import type { Looks } from "../store/looks";
import { peopleNamed } from "../store/people";
import { readList, recordsNamed } from "../store/recordQuery";
import { isDatabaseTrouble } from "../store/trouble";
import type { Viewer } from "../store/visibility";
import { act } from "./act";
import { createRecord } from "./createRecord";
import { type Input, readInput } from "./input";
import { lockRecord } from "./lock";
import { isImportName, onceInImport } from "./onceInImport";
import { activeType } from "./pinned";
import { problemsOfItem } from "./problemsOfItem";
import { circleOf } from "./read/circle";
import { scopeIn } from "../store/scopeIn";
import { seesEverywhere } from "../store/sight";
import { type Identity, rehearse, run, type Run } from "./run";
import { mustSeeWritten } from "./unseenFields";
import { updateRecord } from "./updateRecord";
import type { World } from "./world";

export const MOST_ROWS = 100;
const REASON = "Imported from a sheet";

export interface ImportInput {
  type: string;
  rows: SheetRow[];
  /** Fields (or `reference`) that say which record a row is. */
  key: string[];
  /** What happens to a record that is there already. */
  existing: "UPDATE" | "LEAVE";
  dryRun: boolean;
  /** Names the import and the line of each row in it: what was done under it before is answered, and not done again. */
  once?: { import: string; lines: number[] };
}

/** `name` is a field, or `state` where whoever had left is back. Long texts are shortened. */
export interface RowChange {
  name: string;
  before: FieldValue;
  after: FieldValue;
}

export interface RowVerdict {
  /** FAILED: by a fault of the server, as the problem says; under `once` the row may be sent again and is done once. */
  verdict: "CREATED" | "UPDATED" | "UNCHANGED" | "LEFT" | "REFUSED" | "FAILED";
  /** Of the record; null for one that a dry run would create, or that was not found. A refused row may have found its. */
  id: string | null;
  /** What is, or would be, other in a record that was there. */
  changes: RowChange[];
  /** By field where they belong to one. */
  problems: Problem[];
}

/** @throws NOT_FOUND (type), INVALID_INPUT for a key that cannot be one or too many rows. */
export async function importRows(
  world: World,
  identity: Identity,
  input: ImportInput,
  looks?: Looks,
): Promise<RowVerdict[]> {
  const { type } = activeType(world.registry, input.type).active;
  if (input.rows.length > MOST_ROWS)
    throw invalid([{ path: "rows", message: `Send ${MOST_ROWS} rows at a time, at most.` }]);
  const odd = input.key.find((name) => !isKey(type, name));
  if (!input.key.length || odd !== undefined)
    throw invalid([{ path: "key", message: odd ? `Records cannot be told apart by “${odd}”.` : "Name a key." }]);
  const hidden = input.key.find((name) => !seesEverywhere(type, name, identity.access));
  if (hidden !== undefined)
    throw new Failure("FORBIDDEN", `You may not look records up by ${type.fields[hidden]?.label ?? hidden}.`);
  const { once } = input;
  if (once && !isImportName(once.import))
    throw invalid([{ path: "import", message: "Name the import by 8 to 64 letters, digits and hyphens." }]);
  if (once?.lines.length !== input.rows.length && once)
    throw invalid([{ path: "lines", message: "Give the line of each row." }]);
  const verdicts: RowVerdict[] = [];
  let failing = 0;
  for (const [at, row] of input.rows.entries()) {
    const context = { line: once?.lines[at], looks };
    const verdict = failing < MAX_FAILING ? await importRow(world, identity, input, row, context) : notTried;
    failing = verdict.verdict === "FAILED" ? failing + 1 : 0;
    verdicts.push(verdict);
  }
  return verdicts;
}

/** After so many faults in a row it is not the rows. */
const MAX_FAILING = 3;
const notTried: RowVerdict = {
  ...{ verdict: "FAILED", id: null, changes: [] },
  problems: [{ path: "", message: "Not tried, since the server failed at the rows before it: send it again." }],
};

/** Never throws: whatever becomes of a row, the verdicts of those before it are kept. */
async function importRow(
  world: World,
  identity: Identity,
  input: ImportInput,
  row: SheetRow,
  { line, looks }: { line: number | undefined; looks: Looks | undefined },
): Promise<RowVerdict> {
  let id: string | null = null;
  try {
    const { once, type, key, existing } = input;
    const judged = (current: Run) => {
      const work = () => judge({ ...current, ...(looks && { looks }) }, input, row, (found) => (id = found));
      if (!once || line === undefined || input.dryRun) return work();
      return onceInImport(current, { name: once.import, line, said: { type, key, existing, row } }, work);
    };
    if (!input.dryRun) return await run(world, identity, judged);
    const verdict = await rehearse(world, identity, judged);
    return verdict.verdict === "CREATED" ? { ...verdict, id: null } : verdict;
  } catch (error) {
    // What its rules refuse is refused again; trouble of the machine passes.
    const refused = error instanceof Failure && failures[error.code].expected && !isDatabaseTrouble(error);
    const problems = problemsOfItem(world, error, "A row of an import");
    return {
      verdict: refused ? "REFUSED" : "FAILED",
      id,
      changes: [],
      problems: problems.map(({ path, message }) => ({ path: path.replace(/^input\./, ""), message })),
    };
  }
}

/** `finds` hears of the record before its row may be refused: it stands in the file all the same. */
async function judge(run: Run, input: ImportInput, row: SheetRow, finds: (id: string) => void): Promise<RowVerdict> {
  const published = activeType(run.registry, input.type).active;
  const { type } = published;
  const viewer = await viewerOf(run);
  const { given, problems } = await readRow(run, viewer, type, row);
  const keyUnread = problems.some(({ path }) => input.key.includes(path));
  const { values, texts } = await readInput(run, type.fields, given);
  const id = keyUnread ? undefined : await found(run, viewer, published, input.key, row, values);
  if (id !== undefined) finds(id);
  if (problems.length) throw invalid(problems);
  if (id === undefined) {
    const created = await createRecord(run, { type: type.name, input: given });
    return { verdict: "CREATED", id: created.id, changes: [], problems: [] };
  }
  if (input.existing === "LEAVE") return { verdict: "LEFT", id, changes: [], problems: [] };
  const record = await lockRecord(run, type.name, id);
  // Before anything is compared: what is alike or not would tell of it.
  await mustSeeWritten(run, record, type.name, Object.keys(given));
  const differing = Object.keys(given).filter((name) => {
    const held = record.fields[name] ?? null;
    const text = texts[name];
    return text
      ? (held as DocumentValue | null)?.latest.hash !== text.hash
      : canonicalJson(held) !== canonicalJson(values[name] ?? null);
  });
  const told = (value: FieldValue | undefined): FieldValue => shortenedTexts(value ?? null).value;
  const changes = differing.map((name): RowChange => ({
    name,
    before: told(record.fields[name]),
    after: told(values[name]),
  }));
  const back = type.roll?.back;
  if (back !== undefined && type.actions[back]?.from.includes(record.state)) {
    const { state } = await act(run, { type: type.name, id, action: back, comment: REASON });
    changes.unshift({ name: "state", before: record.state, after: state });
  }
  if (differing.length)
    await updateRecord(run, {
      type: type.name,
      id,
      expectedVersion: record.version,
      input: Object.fromEntries(differing.map((name) => [name, given[name]])),
      reason: REASON,
    });
  return { verdict: changes.length ? "UPDATED" : "UNCHANGED", id, changes, problems: [] };
}

/** In the acting organisation alone: a trust's officer imports into one school at a time. */
async function viewerOf(run: Run): Promise<Viewer> {
  const { access } = run.identity;
  const organisations = access.organisations.filter(({ id }) => id === access.acting);
  const scopeFor = await scopeIn(run.tx, run.registry, run.organisation, run.today);
  return {
    registry: run.registry,
    ...(run.looks && { looks: run.looks }),
    access: { ...access, organisations },
    scopeOf: scopeFor(access.person),
  };
}

/** What the cells mean, as people would send it, with a problem for each that means nothing; a blank one says nothing. */
async function readRow(
  run: Run,
  viewer: Viewer,
  type: RecordType,
  row: SheetRow,
): Promise<{ given: Input; problems: Problem[] }> {
  const problems: Problem[] = [];
  const given: Input = {};
  const words = { roles: run.registry.roles, zone: run.organisation.calendar.zone };
  for (const [name, cell] of Object.entries(row)) {
    if (name === REFERENCE && !Object.hasOwn(type.fields, name)) continue;
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (!field || !isImportable(field)) {
      problems.push({ path: name, message: `A sheet cannot fill “${name}” here.` });
      continue;
    }
    if (isBlankCell(cell)) continue;
    const say = (message: string) => void problems.push({ path: name, message: `${field.label}: ${message}` });
    const read = readCell(field, cell, words);
    if ("problem" in read) say(read.problem);
    else if ("value" in read) given[name] = read.value;
    else {
      const ids: string[] = [];
      for (const each of read.names) {
        const one =
          field.kind === "link" || field.kind === "links"
            ? await recordNamed(run, viewer, field.to, each)
            : await personNamed(run, viewer, each);
        if ("problem" in one) say(one.problem);
        else ids.push(one.id);
      }
      given[name] = field.kind === "person" || field.kind === "link" ? (ids[0] ?? null) : ids;
    }
  }
  return { given, problems };
}

type Named = { id: string } | { problem: string };

function only(ids: string[], none: string, several: string): Named {
  const [id] = ids;
  if (id === undefined) return { problem: none };
  return ids.length > 1 ? { problem: several } : { id };
}

/** Among those whom whoever brings the file may find by name. */
async function personNamed(run: Run, viewer: Viewer, text: string): Promise<Named> {
  return only(
    await peopleNamed(run.tx, run.organisation.id, circleOf(viewer), text),
    `nobody here is called “${text}”. Write the name or email address as it stands under People.`,
    `several people are called “${text}”. Write the email address.`,
  );
}

async function recordNamed(run: Run, viewer: Viewer, to: string, text: string): Promise<Named> {
  const published = run.registry.types.get(to)?.active;
  const what = published?.type.label.toLowerCase() ?? "record";
  return only(
    published ? await recordsNamed(run.tx, viewer, published, text) : [],
    `there is no ${what} with the reference or name “${text}”.`,
    `several have the name “${text}”. Write the reference.`,
  );
}

/** The one record with this key, undefined for none. @throws INVALID_INPUT where the key is blank or not its own. */
async function found(
  run: Run,
  viewer: Viewer,
  published: PublishedType,
  key: string[],
  row: SheetRow,
  values: Fields,
): Promise<string | undefined> {
  const { type } = published;
  const conditions = key.map((name): Condition => {
    const cell: SheetCell = row[name] ?? null;
    const value = name === REFERENCE && !type.fields[name] ? String(cell ?? "").trim() : (values[name] ?? null);
    return value === null || value === "" ? { empty: { field: name } } : { eq: [{ field: name }, value as Literal] };
  });
  if (conditions.every((condition) => "empty" in condition))
    throw invalid([{ path: key[0] ?? "", message: "This row has no key: it could not be found again." }]);
  const { rows } = await readList(run.tx, viewer, published, {
    fields: [],
    people: [],
    where: { all: conditions },
    sort: [{ field: "createdAt", desc: false }],
    first: 2,
  });
  if (rows.length > 1)
    throw invalid([
      { path: key[0] ?? "", message: "Several records have this key: choose another to tell them apart." },
    ]);
  if (!rows[0] && key.length === 1 && key[0] === REFERENCE && !isBlankCell(row[REFERENCE]))
    throw invalid([{ path: REFERENCE, message: `There is no record with the reference “${String(row[REFERENCE])}”.` }]);
  return rows[0]?.id;
}
