/** Published definitions. A version is immutable; which one is active is read by every write in its transaction. */
import { createHash } from "node:crypto";
import type { Pack, RecordType, Role } from "../../schema/definition";
import { canonicalJson } from "../../schema/text";
import { datetime, type Sql, type Tx } from "./database";

export interface PublishedType {
  type: RecordType;
  version: number;
  hash: string;
}

export interface TypeVersions {
  active: PublishedType;
  versions: Map<number, PublishedType>;
}

/** What a pack says beside its types and roles. */
export interface PackNotes extends Omit<Pack, "roles" | "types"> {
  /** Names of its types, in its order: what people see first stands first. */
  order?: string[];
  /** And of its roles. */
  roleOrder?: string[];
}

export interface Registry {
  edition: number;
  packs: PackNotes[];
  roles: Role[];
  /** In the order of the packs; what a school added itself comes after, by name. */
  types: Map<string, TypeVersions>;
}

export const typesInForce = ({ types }: Registry): RecordType[] => [...types.values()].map(({ active }) => active.type);

export const typesByName = ({ types }: Registry): Map<string, RecordType> =>
  new Map([...types].map(([name, { active }]) => [name, active.type]));

/**
 * Those in force, and each once more with the tasks of every earlier version: records in flight keep theirs, while grants are
 * always those in force.
 */
export const typesWithEarlierTasks = ({ types }: Registry): RecordType[] =>
  [...types.values()].flatMap(({ active, versions }) => [
    active.type,
    ...[...versions.values()].map(({ type: { tasks = {} } }) => ({ ...active.type, tasks })),
  ]);

/** Names of the roles of whoever does not belong to the staff. */
export const outsideRoles = ({ roles }: Pick<Registry, "roles">): string[] =>
  roles.filter(({ outside }) => outside).map(({ name }) => name);

/** SHA-256 of the canonical JSON, hex. */
export const definitionHash = (type: RecordType): string =>
  createHash("sha256").update(canonicalJson(type)).digest("hex");

/** Versions never change, so each is parsed once per process. */
const parsed = new Map<string, PublishedType>();

export async function loadRegistry(sql: Sql): Promise<Registry> {
  const [installation] = await sql.query("SELECT definition_edition FROM installation WHERE id = 1");
  const packs = await sql.query("SELECT json FROM pack ORDER BY name");
  const roles = new Map(
    (await sql.query("SELECT json FROM role ORDER BY name"))
      .map((row) => JSON.parse(String(row["json"])) as Role)
      .map((role) => [role.name, role]),
  );
  const rows = await sql.query(
    "SELECT type, version, hash, state FROM definition WHERE state <> 'preparing' ORDER BY type, version",
  );
  const types = new Map<string, TypeVersions>();
  for (const row of rows) {
    const [name, version, hash] = [String(row["type"]), Number(row["version"]), String(row["hash"])];
    const key = `${name}:${version}:${hash}`;
    let published = parsed.get(key);
    if (!published) {
      const [body] = await sql.query("SELECT json FROM definition WHERE type = ? AND version = ?", [name, version]);
      published = { type: JSON.parse(String(body?.["json"])) as RecordType, version, hash };
      parsed.set(key, published);
    }
    const known = types.get(name) ?? { active: published, versions: new Map<number, PublishedType>() };
    known.versions.set(version, published);
    if (row["state"] === "active") known.active = published;
    types.set(name, known);
  }
  const notes = packs.map((row) => JSON.parse(String(row["json"])) as PackNotes);
  return {
    edition: Number(installation?.["definition_edition"] ?? 0),
    packs: notes,
    roles: [
      ...inOrder(
        roles,
        notes.flatMap(({ roleOrder = [] }) => roleOrder),
      ).values(),
    ],
    types: inOrder(
      types,
      notes.flatMap(({ order = [] }) => order),
    ),
  };
}

function inOrder<T>(byName: Map<string, T>, order: string[]): Map<string, T> {
  const place = new Map(order.map((name, at) => [name, at]));
  const placeOf = ([name]: [string, T]) => place.get(name) ?? order.length;
  return new Map([...byName].sort((a, b) => placeOf(a) - placeOf(b)));
}

/** Characters of what is said of a publish. */
export const COMMENT_LENGTH = 500;

/** Takes the next version number of a type for a definition whose table is still being made. */
export async function insertPreparing(
  tx: Tx,
  type: RecordType,
  { by, at, comment }: { by: string | null; at: string; comment: string | null },
): Promise<PublishedType> {
  const [row] = await tx.query("SELECT COALESCE(MAX(version), 0) + 1 AS next FROM definition WHERE type = ?", [
    type.name,
  ]);
  const version = Number(row?.["next"] ?? 1);
  const hash = definitionHash(type);
  await tx.execute(
    `INSERT INTO definition (type, version, json, hash, state, published_at, published_by, comment)
     VALUES (?, ?, ?, ?, 'preparing', ?, ?, ?)`,
    [type.name, version, JSON.stringify(type), hash, datetime(at), by, comment],
  );
  return { type, version, hash };
}

/** Puts a prepared version in force; the definitions have a new edition. */
export async function activate(tx: Tx, type: string, version: number): Promise<void> {
  await tx.execute("UPDATE installation SET definition_edition = definition_edition + 1 WHERE id = 1");
  await tx.execute("UPDATE definition SET state = 'retired' WHERE type = ? AND state = 'active'", [type]);
  await tx.execute("UPDATE definition SET state = 'active' WHERE type = ? AND version = ?", [type, version]);
}

/** The roles of a pack, and what it says beside its types. */
export async function savePack(tx: Tx, { roles, types, ...rest }: Pack): Promise<void> {
  const names = (named: { name: string }[]) => named.map(({ name }) => name);
  const notes: PackNotes = { ...rest, order: names(types), roleOrder: names(roles) };
  await tx.execute("INSERT INTO pack (name, json) VALUES (?, ?) ON DUPLICATE KEY UPDATE json = VALUES(json)", [
    notes.name,
    JSON.stringify(notes),
  ]);
  for (const role of roles)
    await tx.execute("INSERT INTO role (name, json) VALUES (?, ?) ON DUPLICATE KEY UPDATE json = VALUES(json)", [
      role.name,
      JSON.stringify(role),
    ]);
}
