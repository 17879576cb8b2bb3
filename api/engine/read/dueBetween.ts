/**
 * Everything due between two dates that a reader may see: open tasks, the deadlines among the dates of records
 * (a review date), and the clocks themselves, which go off without anybody.
 */
import { deadlinesOf } from "../../../schema/deadlines";
import type { RecordType } from "../../../schema/definition";
import { dayOf, textOfDay } from "../../../schema/epochDay";
import { describeOffset } from "../../../schema/offset";
import { zone } from "../../../schema/zone";
import { isoOf } from "../../store/database";
import { readDueDates } from "../../store/dueDates";
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
import { publishedType, type Reader } from "./reader";
import { seesEverywhere } from "../../store/sight";
import { readRecords } from "./readRecord";

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
  /** Of each day, at most; as it stands, `PER_DAY`. */
  perDay?: number;
  /** Also the dates that clocks are counted from, and the clocks themselves. */
  dates?: boolean;
  clocks?: boolean;
  /** Only what is the reader's: tasks they hold, records that name them. */
  mine?: boolean;
  /** Only of this record type. */
  type?: string | null;
}

export interface DueList {
  entries: Due[];
  /** Days of which there is more than is given. */
  fullDays: string[];
  /** There was too much: what follows the last day is not given. */
  more: boolean;
}

/** More than this of one day is nothing that anybody reads beside other days. */
export const PER_DAY = 20;
/** Of each kind, in all. */
export const MOST = 1_000;

/** Soonest first; of each day, tasks before dates before clocks where there is no room for all. */
export async function dueBetween(reader: Reader, args: DueArgs): Promise<DueList> {
  const most = Math.min(Math.max(1, args.perDay ?? PER_DAY), MOST);
  const [tasks, dates, clocks] = await Promise.all([
    dueTasks(reader, args, most),
    args.dates === false ? nothing : dueDates(reader, args, most),
    args.clocks ? dueClocks(reader, args, most) : nothing,
  ]);
  // What is to be done about a date stands for it.
  const asked = new Set(tasks.nodes.map(({ record, on }) => `${record} ${on}`));
  const found = [
    ...tasks.nodes,
    ...dates.nodes.filter(({ record, on }) => !asked.has(`${record} ${on}`)),
    ...clocks.nodes,
  ];
  const fullDays = new Set([...tasks.fullDays, ...dates.fullDays, ...clocks.fullDays]);
  const onDay = new Map<string, number>();
  const entries = found.filter(({ on }) => {
    const n = (onDay.get(on) ?? 0) + 1;
    onDay.set(on, n);
    if (n > most) fullDays.add(on);
    return n <= most;
  });
  return {
    entries: entries.sort((a, b) => compare(a.on, b.on) || compare(a.recordTitle, b.recordTitle)),
    fullDays: [...fullDays].sort(),
    more: tasks.more || dates.more || clocks.more,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Found<T> {
  nodes: T[];
  fullDays: string[];
  more: boolean;
}
const nothing: Found<never> = { nodes: [], fullDays: [], more: false };

interface Days {
  from: string;
  to: string;
}

/**
 * Of each day the first `most` of what `shown` leaves of the rows that are read: the rest of a day that is full is not
 * read, however much it is. `shown` keeps the order, and gives each its day.
 */
async function byDay<Raw, T extends { on: string }>(
  { from, to }: Days,
  most: number,
  read: (page: Days & { first: number; after: string | null }) => Promise<Page<Raw>>,
  dayOfRow: (row: Raw) => string,
  shown: (rows: Raw[]) => T[] | Promise<T[]>,
): Promise<Found<T>> {
  const nodes: T[] = [];
  const onDay = new Map<string, number>();
  const full = new Set<string>();
  for (let [begin, after]: [string, string | null] = [from, null]; ;) {
    const page: Page<Raw> = await read({ from: begin, to, first: Math.min(200, Math.max(100, most + 1)), after });
    for (const node of await shown(page.nodes)) {
      const n = (onDay.get(node.on) ?? 0) + 1;
      onDay.set(node.on, n);
      if (n <= most) nodes.push(node);
      else full.add(node.on);
    }
    const last = page.nodes.at(-1);
    const result = (more: boolean): Found<T> => ({ nodes: nodes.slice(0, MOST), fullDays: [...full], more });
    if (!page.hasNextPage || !last) return result(nodes.length > MOST);
    const day = dayOfRow(last);
    if (nodes.length >= MOST) return result(!full.has(day) || day < to);
    after = page.endCursor;
    if (!full.has(day)) continue;
    if (day >= to) return result(false);
    [begin, after] = [textOfDay(dayOf(day) + 1), null];
  }
}

const changeable = (type: RecordType, name: string): string | null =>
  type.fields[name]?.kind === "date" && type.fields[name].editable !== false ? name : null;

async function dueTasks(reader: Reader, args: DueArgs, most: number): Promise<Found<Due>> {
  const { person } = reader.access;
  if (args.mine && person === null) return nothing;
  const asked = { state: "open" as const, type: args.type ?? null, ...(args.mine && person && { holder: person }) };
  const read = ({ from, to, ...page }: Days & { first: number; after: string | null }) =>
    readTasks(reader.db, reader, { ...asked, due: { from, to }, ...page });
  const on = ({ dueOn }: TaskView): string => dueOn ?? args.from;
  const found = await byDay(args, most, read, on, (tasks) => tasks.map((task) => ({ task, on: on(task) })));
  const nodes = found.nodes.map(({ task }) => task);
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
    ...found,
    nodes: nodes.map((task) => ({
      ...{ kind: "task", id: task.id, type: task.type, record: task.record, label: task.label },
      ...{ recordTitle: titles.get(task.record)?.recordTitle ?? "", on: on(task), at: null },
      ...{ mine: mine.has(task.id), provisional: false, field: fieldOf(task) },
    })),
  };
}

async function dueClocks(reader: Reader, args: DueArgs, most: number): Promise<Found<Due>> {
  const { zone: name } = reader.identity.acting;
  const { person } = reader.access;
  if (args.mine && person === null) return nothing;
  const local = zone(name);
  const asked = {
    ...{ state: "waiting" as const, type: args.type ?? null },
    ...(args.mine && person && { naming: person }),
  };
  const read = ({ from, to, ...page }: Days & { first: number; after: string | null }) =>
    readTimers(reader.db, reader, {
      ...asked,
      ...{ from: isoOf(local.at(dayOf(from), 0)), to: isoOf(local.at(dayOf(to) + 1, 0)) },
      ...page,
    });
  const day = ({ dueAt }: TimerView): string => dateIn(name, Date.parse(dueAt));
  const shown = async (all: TimerView[]) => {
    const rows = await titlesOf(reader, all);
    const holding = await thoseThatHold(reader, all, rows);
    return holding.map((timer) => ({ timer, row: rows.get(timer.record), on: day(timer) }));
  };
  const found = await byDay(args, most, read, day, shown);
  const named = await naming(
    reader,
    found.nodes.map(({ timer }) => timer),
  );
  return {
    ...found,
    nodes: found.nodes.map(({ timer, row, on }) => {
      const rule = row && pinnedType(reader.registry, row).timers?.[timer.rule];
      return {
        ...{ kind: "clock", id: timer.id, type: timer.type, record: timer.record, on, at: timer.dueAt, field: null },
        ...{
          recordTitle: row?.recordTitle ?? "",
          label: `${rule?.label ?? timer.rule}, ${describeOffset(timer.step)}`,
        },
        ...{ mine: named.has(timer.record), provisional: timer.provisional },
      };
    }),
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

async function dueDates(reader: Reader, { type, mine, ...days }: DueArgs, most: number): Promise<Found<Due>> {
  const { person } = reader.access;
  if (mine && person === null) return nothing;
  const types = type ? [publishedType(reader, type)] : [...reader.registry.types.values()].map(({ active }) => active);
  const sources = types.flatMap(({ type: definition }) =>
    [...deadlinesOf(definition)]
      .filter(([field]) => seesEverywhere(definition, field, reader.access))
      .map(([field, states]) => ({ type: definition, field, states: [...states] })),
  );
  const read = (page: Days & { first: number; after: string | null }) =>
    readDueDates(reader.db, reader, sources, { ...page, ...(mine && person && { naming: person }) });
  // Dates for which a task stands are left out later: there may be as many as there is room for tasks.
  const found = await byDay(
    days,
    2 * most,
    read,
    ({ on }) => on,
    (dates) => dates,
  );
  const named = await naming(reader, found.nodes);
  return {
    ...found,
    nodes: found.nodes.map(({ type: name, record, recordTitle, field, on }) => {
      const definition = publishedType(reader, name).type;
      return {
        ...{
          kind: "date",
          id: `${record}.${field}`,
          type: name,
          record,
          recordTitle,
          on,
          at: null,
          provisional: false,
        },
        ...{ label: definition.fields[field]?.label ?? field, field: changeable(definition, field) },
        mine: named.has(record),
      };
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
