/**
 * The records that hang together with one: what it links to, and what links to it, and so on. From a record that was
 * reached along its own link only its own links are followed: all that is ever linked to a policy is no part of one case.
 */
import type { RecordType } from "../../../schema/definition";
import { type LinkRow, linksAround } from "../../store/linkQuery";
import type { Asked, ReadRow } from "../../store/recordQuery";
import { idsByType } from "./idsByType";
import { readRecord, readRecords } from "./readRecord";
import { publishedType, type Reader } from "./reader";

export interface ChainEdge {
  from: string;
  to: string;
  field: string;
  label: string;
}

export interface Chain {
  /** Those that may be seen, nearest first. */
  nodes: ReadRow[];
  edges: ChainEdge[];
  /** There are more than these. */
  more: boolean;
}

const MOST_NODES = 60;
const MOST_LINKS = 200;

/** Null where the record may not be seen. Nothing is followed through a record that may not be. */
export async function chainOf(reader: Reader, type: string, id: string, depth: number): Promise<Chain | null> {
  const start = await readRecord(reader, type, askedOf(publishedType(reader, type).type), id);
  if (!start) return null;
  const nodes = new Map([[id, start]]);
  const edges = new Map<string, ChainEdge>();
  let [away, to] = [[id], [id]];
  let more = false;
  for (let level = 0; level < depth && away.length > 0; level += 1) {
    const organisations = reader.access.organisations.map((organisation) => organisation.id);
    const links = await linksAround(reader.db, organisations, away, to, MOST_LINKS);
    more ||= links.length >= MOST_LINKS;
    const found = await newNodes(reader, links, nodes);
    const room = found.slice(0, MOST_NODES - nodes.size);
    more ||= room.length < found.length;
    for (const row of room) nodes.set(row.id, row);
    const shown = links.filter((link) => isShown(reader, link, nodes));
    for (const { from, field, to: target, fromType } of shown) {
      const label = publishedType(reader, fromType).type.fields[field]?.label ?? field;
      edges.set(`${from} ${field} ${target}`, { from, to: target, field, label });
    }
    const fresh = new Set(room.map((row) => row.id));
    away = [...fresh];
    to = [...new Set(shown.map(({ from }) => from))].filter((from) => fresh.has(from));
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], more };
}

/** The ends of these links that are not there yet and may be seen, in the order of the links. */
async function newNodes(reader: Reader, links: LinkRow[], known: Map<string, ReadRow>): Promise<ReadRow[]> {
  const ends = links.flatMap(({ from, fromType, to, toType }) => [
    { type: fromType, record: from },
    { type: toType, record: to },
  ]);
  const wanted = ends.filter(({ type, record }) => !known.has(record) && reader.registry.types.has(type));
  const read = await Promise.all(
    idsByType(wanted).map(([type, ids]) => readRecords(reader, type, askedOf(publishedType(reader, type).type), ids)),
  );
  const rows = new Map(read.flat().map((row) => [row.id, row]));
  const order = new Set(ends.map(({ record }) => record));
  return [...order].flatMap((id) => rows.get(id) ?? []);
}

const restricted = new WeakMap<RecordType, Asked>();

/** The name of a record needs none of its fields, but a link that not everybody may see is judged by its value. */
function askedOf(type: RecordType): Asked {
  let asked = restricted.get(type);
  if (!asked) {
    const fields = Object.keys(type.fields).filter((name) => isLink(type, name) && type.fields[name]?.see);
    restricted.set(type, (asked = { fields: fields.sort(), people: [] }));
  }
  return asked;
}

const isLink = (type: RecordType, name: string): boolean => ["link", "links"].includes(type.fields[name]?.kind ?? "");

/** Both ends are there, the definition still has the field, and it may be seen. */
function isShown(reader: Reader, { from, fromType, field, to }: LinkRow, nodes: Map<string, ReadRow>): boolean {
  const row = nodes.get(from);
  if (!row || !nodes.has(to)) return false;
  const { type } = publishedType(reader, fromType);
  if (!isLink(type, field)) return false;
  const value = row.fields[field];
  return !type.fields[field]?.see || value === to || (Array.isArray(value) && value.some((each) => each === to));
}
