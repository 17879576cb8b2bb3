/** Reads what people send for a record's fields: parsed, normalised, and every problem named by its path. */
import { createHash } from "node:crypto";
import type { Field, RecordType } from "../../schema/definition";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { parse, namesPersons } from "../../schema/fields";
import type { DocumentValue, Fields, FieldValue, FileBrief, NewText, RecordData } from "../../schema/record";
import { isPlainObject, shown } from "../../schema/parseValue";
import { lower, normal } from "../../schema/text";
import { personsIn } from "../../schema/language/who";
import { typesInForce } from "../store/definitions";
import { loadRecords } from "../store/records";
import { tableName } from "../store/recordTable";
import { wholeOrganisations } from "../store/visibility";
import { claimFiles } from "./claimFiles";
import { maySee } from "./may";
import { seesEverywhere } from "../store/sight";
import type { Run } from "./run";
import { strangersTo } from "./tenancy";

export type Input = Record<string, unknown>;

/** Answers that came as JSON. @throws INVALID_INPUT. */
export function answersOf(input: unknown): Input {
  if (!isPlainObject(input)) throw new Failure("INVALID_INPUT", "The answers are an object, by field.");
  return { ...input };
}

export const textHash = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Values by field, with new document texts apart, hashed. People and linked records must exist, and be visible; files
 * must be the actor's to attach to this `record`, undefined for one that is being made.
 * @throws INVALID_INPUT with a problem per field, at `input.<field>`.
 */
export async function readInput(
  run: Run,
  fields: Record<string, Field>,
  input: Input,
  record?: RecordData,
): Promise<{ values: Fields; texts: Record<string, NewText>; files: FileBrief[] }> {
  const values: Fields = {};
  const texts: Record<string, NewText> = {};
  const problems: Problem[] = [];
  for (const [name, raw] of Object.entries(input)) {
    const path = `input.${name}`;
    // A name may be that of what every object has: "constructor".
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) {
      problems.push({ path, message: `There is no field ${shown(name)}.` });
      continue;
    }
    const parsed = parse(field, raw);
    if ("problem" in parsed && isStored(raw, record?.fields[name])) {
      if (field.kind !== "document") values[name] = record?.fields[name] ?? null;
    } else if ("problem" in parsed) problems.push({ path, message: `${field.label}: ${parsed.problem}` });
    else if (field.kind !== "document") values[name] = parsed.value;
    else if (typeof parsed.value === "string")
      texts[name] = { id: run.newId(), hash: textHash(parsed.value), text: parsed.value };
    else if (record?.fields[name])
      problems.push({ path, message: `${field.label}: a text cannot be removed, only replaced by another version.` });
  }
  problems.push(...(await missingReferences(run, fields, values, record)));
  const claimed = await claimFiles(run, fields, values, record);
  problems.push(...claimed.problems);
  if (problems.length) throw invalid(problems);
  return { values, texts, files: claimed.files };
}

/** A text that is kept although it would not be taken today, such as a longer one, is saved as it is with the rest. */
function isStored(raw: unknown, stored: FieldValue | undefined): boolean {
  if (typeof raw !== "string") return false;
  if (typeof stored === "string") return stored === normal(raw);
  return isDocument(stored) && stored.latest.hash === textHash(normal(raw));
}

const isDocument = (value: FieldValue | undefined): value is DocumentValue =>
  typeof value === "object" && value !== null && "latest" in value;

/** People who stand in the record already may go on standing there. */
async function missingReferences(
  run: Run,
  fields: Record<string, Field>,
  values: Fields,
  record: RecordData | undefined,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const idsOf = (name: string): string[] => {
    const value = values[name];
    return typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];
  };
  for (const name of Object.keys(values)) {
    const field = fields[name];
    const ids = idsOf(name);
    if (!field || !ids.length) continue;
    let known = new Set(ids);
    if (namesPersons(field)) {
      const kept = new Set(record ? personsIn(record, name) : []);
      const named = ids.filter((id) => !kept.has(id));
      if (named.length)
        for (const id of await strangersTo(run, named, record?.organisation ?? run.organisation.id)) known.delete(id);
    } else if (field.kind === "link" || field.kind === "links") {
      const records = await loadRecords(
        run.tx,
        run.registry,
        ids.map((id) => ({ type: field.to, id })),
      );
      known = new Set();
      for (const record of records) if (await maySee(run, record)) known.add(record.id);
    } else continue;
    if (ids.some((id) => !known.has(id)))
      problems.push({
        path: `input.${name}`,
        message: `${field.label}: no such ${field.kind.startsWith("p") ? "person" : "record"}.`,
      });
  }
  return problems;
}

/**
 * A value that must be unique and stands in another record. Whoever may read every record of the type is told that it
 * is taken. To anybody else that would tell of a record they may not see: they read that it cannot be used, in the same
 * words whether they see the other record or not, and only so often.
 */
export function uniqueFailure(run: Run, acted: RecordType, error: unknown): unknown {
  const { errno, message, sql } = error as { errno?: number; message?: string; sql?: string };
  if (errno !== 1062) return error;
  // It may stand in a record of another type, which the change makes.
  const table = /^\s*(?:INSERT INTO|UPDATE) (\w+)/.exec(sql ?? "")?.[1];
  const type = typesInForce(run.registry).find(({ name }) => tableName(name) === table) ?? acted;
  const key = /for key '(?:[^'.]*\.)?u_([a-z0-9_]+)'/.exec(message ?? "")?.[1];
  const name = Object.keys(type.fields).find(
    (field) => key === field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  if (!name) return error;
  const { label = name, see } = type.fields[name] ?? {};
  const { access } = run.identity;
  const readsAll =
    access.system === true ||
    (!type.bars?.length && wholeOrganisations({ registry: run.registry, access }, type).includes(access.acting));
  if (readsAll && (!see || seesEverywhere(type, name, access)))
    return new Failure("INVALID_INPUT", `${label} is taken.`, [
      { path: `input.${name}`, message: `${label} is taken: choose another.` },
    ]);
  const person = access.person ?? "";
  run.world.log.warn(
    { type: type.name, field: name, person },
    "A value that must be unique was refused to somebody who may not read all",
  );
  if (!run.world.guesses.allows(person, run.machineNow))
    return new Failure(
      "TOO_MANY_ATTEMPTS",
      "Too many values were tried here. Try again in an hour, or ask the office.",
    );
  return new Failure("INVALID_INPUT", `${label} cannot be used as it is.`, [
    {
      path: `input.${name}`,
      message: `${label} cannot be used as it is. Check it, or ask whoever keeps ${lower(type.pluralLabel)}.`,
    },
  ]);
}
