/**
 * Who is not in a list that should hold everybody, with what would stay open if they left. Nothing is done to them: who
 * has left is said by a person, through the action that the definition names for it.
 */
import type { Condition } from "../../../schema/definition";
import { invalid } from "../../../schema/failure";
import { linksAround } from "../../store/linkQuery";
import { mostRows, type ReadRow } from "../../store/recordQuery";
import { idsByType } from "./idsByType";
import { listRecords } from "./listRecords";
import { publishedType, type Reader } from "./reader";
import { readRecords } from "./readRecord";
import { nodeOf, type RecordNode } from "./recordNode";

interface Missing {
  records: { id: string; version: number; reference: string; recordTitle: string; state: string; open: RecordNode[] }[];
  among: number;
  more: boolean;
}

const MOST_PRESENT = 10_000;
const MOST_MISSING = 500;
const MOST_LINKS = 2_000;

/** In the acting organisation alone, as the import is. @throws NOT_FOUND (type), INVALID_INPUT where it has no roll. */
export async function missingFromRoll(everywhere: Reader, type: string, present: string[]): Promise<Missing> {
  const { roll, actions, pluralLabel } = publishedType(everywhere, type).type;
  const leave = roll && actions[roll.leave];
  if (!leave)
    throw invalid([{ path: "type", message: `${pluralLabel} are in no list of which one could be missing.` }]);
  if (present.length > MOST_PRESENT)
    throw invalid([{ path: "present", message: `Send ${MOST_PRESENT} records at most.` }]);
  const { access } = everywhere;
  const here = access.organisations.filter(({ id }) => id === access.acting);
  const reader = { ...everywhere, access: { ...access, organisations: here } };
  const there = new Set(present);
  const missing: ReadRow[] = [];
  let among = 0;
  for await (const row of everyRecord(reader, type, { in: [{ field: "state" }, leave.from] })) {
    among += 1;
    if (!there.has(row.id)) missing.push(row);
  }
  const shown = missing.slice(0, MOST_MISSING);
  const open = await openAround(everywhere, shown);
  return {
    records: shown.map(({ id, version = 0, reference, recordTitle, state }) => ({
      ...{ id, version, reference, recordTitle, state },
      open: open.get(id) ?? [],
    })),
    among,
    more: shown.length < missing.length,
  };
}

async function* everyRecord(reader: Reader, type: string, where: Condition): AsyncGenerator<ReadRow> {
  for (let after: string | undefined; ;) {
    const asked = { fields: ["version"], people: [], where, first: mostRows, ...(after !== undefined && { after }) };
    const { rows, hasNextPage, endCursor } = await listRecords(reader, type, asked);
    yield* rows;
    if (!hasNextPage || endCursor === null) return;
    after = endCursor;
  }
}

/** By the record they name, whatever is not over and may be seen. */
async function openAround(reader: Reader, missing: ReadRow[]): Promise<Map<string, RecordNode[]>> {
  const organisations = reader.access.organisations.map(({ id }) => id);
  const links = await linksAround(
    reader.db,
    organisations,
    [],
    missing.map(({ id }) => id),
    MOST_LINKS,
  );
  const plain = links.filter(({ fromType, field }) => isPlainLink(reader, fromType, field));
  const rows = new Map<string, RecordNode>();
  for (const [type, ids] of idsByType(plain.map(({ fromType: type, from: record }) => ({ type, record })))) {
    const definition = publishedType(reader, type).type;
    for (const row of await readRecords(reader, type, { fields: [], people: [] }, ids))
      if (!definition.states[row.state]?.end) rows.set(row.id, nodeOf(reader, row));
  }
  const open = new Map<string, RecordNode[]>();
  for (const { from, to } of links) {
    const matter = rows.get(from);
    const held = open.get(to) ?? [];
    if (matter && !held.includes(matter)) open.set(to, [...held, matter]);
  }
  return open;
}

/** A link that only some may see tells nobody here of whom it speaks. */
const isPlainLink = (reader: Reader, type: string, field: string): boolean =>
  reader.registry.types.get(type)?.active.type.fields[field]?.see === undefined && reader.registry.types.has(type);
