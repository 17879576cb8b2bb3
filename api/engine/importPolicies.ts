/** Imports a policy document: each policy in it becomes a record, and every doubtful reading a finding to answer. */
import type { RecordType } from "../../schema/definition";
import { Failure, invalid, type Problem } from "../../schema/failure";
import type { Finding, ImportedPolicy } from "../../schema/policyDocument";
import { fold } from "../../schema/text";
import { mayAtAll } from "../../schema/access";
import { datetime } from "../store/database";
import { heavily } from "./heavy/pool";
import { type Input, readInput } from "./input";
import { activeNamed } from "./pinned";
import { onceInImport } from "./onceInImport";
import { create } from "./pipeline";
import { problemsOfItem } from "./problemsOfItem";
import { type Identity, run, type Run } from "./run";
import { strangersTo } from "./tenancy";
import type { World } from "./world";

export interface ImportInput {
  fileName: string;
  bytes: Buffer;
  /** Reads and reports, and stores nothing. */
  dryRun?: boolean;
  /** The import's name: what was brought in under it before is answered, and not brought in again. */
  name?: string;
}

export interface ImportedRecord {
  type: string;
  /** Null in a dry run. */
  id: string | null;
  title: string;
  findings: Finding[];
}

/** A policy that could not be brought in; the others of its document were. */
export interface RefusedPolicy {
  title: string;
  problems: Problem[];
}

/** The type that takes policies in. @throws NOT_FOUND where none does, FORBIDDEN for who may not fill it. */
export function policyRegister(run: Run): RecordType {
  const type = [...run.registry.types.values()]
    .map(({ active }) => active.type)
    .find((one) => one.imports === "policyDocument");
  if (!type) throw new Failure("NOT_FOUND", "No record type takes policy documents.");
  const { access } = run.identity;
  const here = access.organisations.filter(({ id }) => id === access.acting);
  // A school that is getting ready has nobody else yet: whoever configures it may fill its register.
  if (!run.identity.administers && !mayAtAll(type, "create", here, activeNamed(run.registry)))
    throw new Failure("FORBIDDEN", `You may not create a ${type.label.toLowerCase()}.`);
  return type;
}

/**
 * Each policy of the document is brought in by itself, in its own transaction.
 * @throws INVALID_INPUT (path `file`) for a document that cannot be read, UNAVAILABLE, and as `policyRegister`.
 */
export async function importPolicies(
  world: World,
  identity: Identity,
  input: ImportInput,
): Promise<{ created: ImportedRecord[]; refused: RefusedPolicy[] }> {
  const { bytes, fileName } = input;
  const today = await run(world, identity, async (current) => {
    policyRegister(current);
    return current.today;
  });
  // Outside of any transaction: reading a document takes seconds at worst.
  const policies = await heavily("policyDocument", { bytes, fileName, today }, identity.access.person ?? "");
  if (!policies.length) throw invalid([{ path: "file", message: "No policy was found in this document." }]);
  const created: ImportedRecord[] = [];
  const refused: RefusedPolicy[] = [];
  for (const [at, policy] of policies.entries())
    try {
      created.push(await run(world, identity, (current) => importNumbered(current, policy, at, input)));
    } catch (error) {
      refused.push({ title: policy.title, problems: problemsOfItem(world, error, `Policy ${at + 1} of a document`) });
    }
  return { created, refused };
}

async function importNumbered(
  run: Run,
  policy: ImportedPolicy,
  line: number,
  input: ImportInput,
): Promise<ImportedRecord> {
  const work = () => importOne(run, policyRegister(run), policy, input);
  const { name, dryRun } = input;
  return name === undefined || dryRun ? work() : onceInImport(run, { name, line, said: policy }, work);
}

async function importOne(
  run: Run,
  type: RecordType,
  policy: ImportedPolicy,
  input: ImportInput,
): Promise<ImportedRecord> {
  const findings = [...policy.findings];
  const raw: Input = {};
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.imports === undefined) continue;
    const value = (policy.values as unknown as Record<string, unknown>)[field.imports] ?? null;
    if (field.kind === "person" || field.kind === "people") {
      const names = (Array.isArray(value) ? value : value === null ? [] : [value]).map(String);
      const ids: string[] = [];
      for (const personName of names) {
        const id = await personNamed(run, personName);
        if (id) ids.push(id);
        else
          findings.push({
            code: "personUnknown",
            message: `${field.label}: nobody here is called “${personName}”. Enter them, then name them here.`,
            path: field.imports,
            line: 0,
          });
      }
      raw[name] = field.kind === "person" ? (ids[0] ?? null) : ids;
    } else raw[name] = value;
  }
  if (input.dryRun) return { type: type.name, id: null, title: policy.title, findings };
  const { values, texts } = await readInput(run, type.fields, raw);
  const change = await create(run, type.name, run.identity.access.acting, values, {
    entry: "imported",
    texts,
    origin: `Imported from ${input.fileName}, with ${findings.length} reading(s) to confirm`,
  });
  for (const { path, message } of change.doubts)
    findings.push({ code: "ruleBroken", message, path: path.replace(/^input\.?/, ""), line: 0 });
  for (const finding of findings)
    await run.tx.execute(
      `INSERT INTO finding (id, organisation, type, record, code, message, path, state, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
      [
        run.newId(),
        change.after.organisation,
        type.name,
        change.after.id,
        finding.code,
        finding.message.slice(0, 1000),
        finding.path.slice(0, 191),
        datetime(run.nowIso),
      ],
    );
  return { type: type.name, id: change.after.id, title: change.after.title, findings };
}

async function personNamed(run: Run, name: string): Promise<string | undefined> {
  const rows = await run.tx.query("SELECT id FROM person WHERE name_folded = ? AND active = 1", [fold(name)]);
  const named = rows.map((row) => String(row["id"]));
  const strangers = named.length ? await strangersTo(run, named, run.organisation.id) : new Set();
  const ours = named.filter((id) => !strangers.has(id));
  // Two of one name are a doubt, and doubts are not settled in silence.
  return ours.length === 1 ? ours[0] : undefined;
}
