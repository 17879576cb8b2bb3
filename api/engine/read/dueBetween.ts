/**
 * Everything due between two dates that a reader may see: open tasks, the deadlines among the dates of records
 * (a review date), and the clocks themselves, which go off without anybody.
 */
import { dueOn } from "../../../schema/dates";
import { deadlinesOf } from "../../../schema/deadlines";
import type { Condition, RecordType } from "../../../schema/definition";
import { dayOf } from "../../../schema/epochDay";
import { describeOffset } from "../../../schema/offset";
import { zone } from "../../../schema/zone";
import { isoOf } from "../../store/database";
import type { ReadRow } from "../../store/recordQuery";
import {
  holdersOfTasks,
  readTasks,
  readTimers,
  recordsNaming,
  type TaskView,
  type TimerView,
} from "../../store/workQuery";
import type { Page } from "../../store/visibleRecords";
import { dateIn } from "../access";
import { pinnedType } from "../pinned";
import { clockHolds } from "./clockHolds";
import { factsOf } from "./factsOf";
import { idsByType } from "./idsByType";
import { listRecords } from "./listRecords";
import { publishedType, type Reader } from "./reader";
import { readRecords, seesEverywhere } from "./readRecord";
import { shownTimers } from "./shown";

export interface Due {
  kind: "task" | "date" | "clock";
  /** The same for as long as it is due, however often its date moves. */
  id: string;
  type: string;
  record: string;
  recordTitle: string;
  label: string;
  /** The day, in the school. */
  on: string;
  /** Of a clock: the instant, ISO. */
  at: string | null;
  /** A task that the reader holds, or a record that names the reader. */
  mine: boolean;
  /** Counted beyond the known terms. */
  provisional: boolean;
  /** The date field of the record that says the day, where it is one that people change. */
  field: string | null;
}

export interface DueArgs {
  /** Dates, both included. */
  from: string;
  to: string;
  clocks?: boolean;
  /** Only of this record type. */
  type?: string | null;
}

/** Of each kind: more than this is no calendar that anybody reads. */
const MOST = 1_000;

/** Soonest first. `more`: there were more of a kind than are given. */
export async function dueBetween(reader: Reader, args: DueArgs): Promise<{ entries: Due[]; more: boolean }> {
  const [tasks, dates, clocks] = await Promise.all([
    dueTasks(reader, args),
    dueDates(reader, args),
    args.clocks ? dueClocks(reader, args) : { nodes: [], more: false },
  ]);
  // What is to be done about a date stands for it.
  const asked = new Set(tasks.nodes.map(({ record, on }) => `${record} ${on}`));
  const entries = [
    ...tasks.nodes,
    ...dates.nodes.filter(({ record, on }) => !asked.has(`${record} ${on}`)),
    ...clocks.nodes,
  ];
  return {
    entries: entries.sort((a, b) => compare(a.on, b.on) || compare(a.recordTitle, b.recordTitle)),
    more: tasks.more || dates.more || clocks.more,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Found<T> {
  nodes: T[];
  more: boolean;
}

async function whole<T>(read: (page: { first: number; after: string | null }) => Promise<Page<T>>): Promise<Found<T>> {
  const nodes: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await read({ first: 200, after });
    nodes.push(...page.nodes);
    after = page.hasNextPage ? page.endCursor : null;
  } while (after !== null && nodes.length < MOST);
  return { nodes, more: after !== null };
}

const changeable = (type: RecordType, name: string): string | null =>
  type.fields[name]?.kind === "date" && type.fields[name].editable !== false ? name : null;

async function dueTasks(reader: Reader, { from, to, type }: DueArgs): Promise<Found<Due>> {
  const asked = { state: "open" as const, due: { from, to }, type: type ?? null };
  const { nodes, more } = await whole((page) => readTasks(reader.db, reader, { ...asked, ...page }));
  const [titles, held] = await Promise.all([
    titlesOf(reader, nodes),
    nodes.length
      ? holdersOfTasks(
          reader.db,
          nodes.map(({ id }) => id),
        )
      : [],
  ]);
  const fieldOf = (task: TaskView): string | null => {
    const row = titles.get(task.record);
    const type = row && pinnedType(reader.registry, row);
    const due = type?.tasks?.[task.rule]?.due;
    return type && due && "field" in due ? changeable(type, due.field) : null;
  };
  const mine = new Set(held.filter(({ person }) => person === reader.access.person).map(({ task }) => task));
  return {
    more,
    nodes: nodes.map((task) => ({
      ...{ kind: "task", id: task.id, type: task.type, record: task.record, label: task.label },
      ...{ recordTitle: titles.get(task.record)?.recordTitle ?? "", on: task.dueOn ?? from, at: null },
      ...{ mine: mine.has(task.id), provisional: false, field: fieldOf(task) },
    })),
  };
}

async function dueClocks(reader: Reader, { from, to, type }: DueArgs): Promise<Found<Due>> {
  const { zone: name } = reader.identity.acting;
  const local = zone(name);
  const asked = {
    ...{ state: "waiting" as const, type: type ?? null },
    ...{ from: isoOf(local.at(dayOf(from), 0)), to: isoOf(local.at(dayOf(to) + 1, 0)) },
  };
  const { nodes: all, more } = await whole((page) => readTimers(reader.db, reader, { ...asked, ...page }));
  const waiting = shownTimers(reader, all);
  const rows = await titlesOf(reader, waiting);
  const nodes = await thoseThatHold(reader, waiting, rows);
  const named = await naming(reader, nodes);
  const label = (timer: TimerView): string => {
    const row = rows.get(timer.record);
    const rule = row && pinnedType(reader.registry, row).timers?.[timer.rule];
    return `${rule?.label ?? timer.rule}, ${describeOffset(timer.step)}`;
  };
  return {
    more,
    nodes: nodes.map((timer) => ({
      ...{ kind: "clock", id: timer.id, type: timer.type, record: timer.record, label: label(timer) },
      ...{ recordTitle: rows.get(timer.record)?.recordTitle ?? "", on: dateIn(name, Date.parse(timer.dueAt)) },
      ...{ at: timer.dueAt, mine: named.has(timer.record), provisional: timer.provisional, field: null },
    })),
  };
}

/** Without the clocks that would do nothing as their records stand. */
async function thoseThatHold(reader: Reader, timers: TimerView[], rows: Map<string, ReadRow>): Promise<TimerView[]> {
  const asks = ({ record, rule }: TimerView): boolean => {
    const row = rows.get(record);
    return row !== undefined && pinnedType(reader.registry, row).timers?.[rule]?.when !== undefined;
  };
  const found = await Promise.all(idsByType(timers.filter(asks)).map(([type, ids]) => factsOf(reader, type, ids)));
  const met = new Map(found.flatMap((each) => [...each]));
  const holding = await Promise.all(
    timers.map(async (timer) => {
      const own = met.get(timer.record);
      return !own || !asks(timer) || clockHolds(reader, own, timer);
    }),
  );
  return timers.filter((_, n) => holding[n]);
}

async function dueDates(reader: Reader, { type, ...span }: DueArgs): Promise<Found<Due>> {
  const types = type ? [publishedType(reader, type)] : [...reader.registry.types.values()].map(({ active }) => active);
  const found = await Promise.all(
    types.flatMap(({ type: definition }) =>
      [...deadlinesOf(definition)]
        .filter(([field]) => seesEverywhere(definition, field, reader.access))
        .map(([field, states]) => datesOf(reader, definition, field, [...states], span)),
    ),
  );
  const nodes = found.flatMap(({ nodes: own }) => own);
  const named = await naming(reader, nodes);
  return {
    nodes: nodes.map((due) => ({ ...due, mine: named.has(due.record) })),
    more: found.some(({ more }) => more),
  };
}

async function datesOf(
  reader: Reader,
  type: RecordType,
  name: string,
  states: string[],
  { from, to }: Pick<DueArgs, "from" | "to">,
): Promise<Found<Omit<Due, "mine">>> {
  const field = { field: name };
  const partial = type.fields[name]?.kind === "date" && type.fields[name].precision;
  // A month is due on its last day, whichever of its days the span begins or ends on.
  const within: Condition[] = partial
    ? [{ not: { lt: [field, from] } }, { not: { gt: [field, to] } }, { not: { empty: field } }]
    : [{ ge: [field, from] }, { le: [field, to] }];
  const where: Condition = { all: [...within, { in: [{ field: "state" }, states] }] };
  const { nodes, more } = await whole(async ({ first, after }) => {
    const asked = { fields: [name], people: [], where, sort: [{ field: name, desc: false }], first };
    const { rows, ...page } = await listRecords(reader, type.name, { ...asked, ...(after && { after }) });
    return { nodes: rows, ...page };
  });
  const label = type.fields[name]?.label ?? name;
  return {
    more,
    nodes: nodes.flatMap((row): Omit<Due, "mine">[] => {
      const on = dueOn(String(row.fields[name]));
      if (on > to) return [];
      return [
        {
          ...{ kind: "date", id: `${row.id}.${name}`, type: type.name, record: row.id, recordTitle: row.recordTitle },
          ...{ label, on, at: null, provisional: false, field: changeable(type, name) },
        },
      ];
    }),
  };
}

/** What the records are called, by id. */
async function titlesOf(reader: Reader, found: { type: string; record: string }[]) {
  const rows = await Promise.all(
    idsByType(found).map(([type, ids]) => readRecords(reader, type, { fields: [], people: [] }, ids)),
  );
  return new Map(rows.flat().map((row) => [row.id, row]));
}

const naming = async (reader: Reader, found: { record: string }[]): Promise<Set<string>> =>
  reader.access.person === null || found.length === 0
    ? new Set()
    : recordsNaming(reader.db, reader.access.person, [...new Set(found.map(({ record }) => record))]);
