/**
 * What the generated fields do. A row is decoded once by the store; here nothing is decided, and what is already there
 * is returned as it is, so that a list of records costs no promise per row.
 */
import type { GraphQLResolveInfo } from "graphql";
import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import type { DocumentValue, RecordData } from "../../schema/record";
import { act } from "../engine/act";
import { availableActions as actionsOf, permissionsOf, warnings as warningsFor } from "../engine/availableActions";
import { createRecord } from "../engine/createRecord";
import type { Input } from "../engine/input";
import { countBy } from "../engine/read/counts";
import { countRecords, listRecords } from "../engine/read/listRecords";
import { maySee } from "../engine/may";
import { openRecord } from "../engine/read/openRecord";
import { readWritten } from "../engine/read/readRecord";
import type { Run } from "../engine/run";
import { updateRecord } from "../engine/updateRecord";
import type { World } from "../engine/world";
import { noteQuestion } from "../store/looks";
import { COUNTED } from "../store/visibleRecords";
import { documentVersions as versionsOf } from "../store/noticeQuery";
import type { ListArgs, PersonBrief, ReadRow, SortKey } from "../store/recordQuery";
import { type Context, loadersOf, perform, readerOf, signedIn } from "./context";
import { labelOf } from "./countLabels";
import { documentView, inForceOf } from "./documents";
import { fileView } from "./files";
import { type FilterInput, readFilter } from "./filterInput";
import { findingView } from "./findings";
import { type HistoryArgs, historyOf } from "./history";
import { noticeView } from "./notices";
import { askedOf, asksFor, subfields } from "./selection";
import { taskView } from "./tasks";
import { viewsOf } from "./views";

type Resolver<A, R, S = unknown> = (source: S, args: A, context: Context, info: GraphQLResolveInfo) => R;
type OfRow<R, A = Record<string, never>> = Resolver<A, R, ReadRow>;

// ------------------------------------------------------------------------------------------------------------ queries

export const one =
  (type: RecordType): Resolver<{ id: string }, Promise<ReadRow | null>> =>
  (_, { id }, context, info) =>
    openRecord(readerOf(context), type.name, askedOf(type, info.fieldNodes, info), id);

interface ListArguments {
  filter?: FilterInput | null;
  sort?: SortKey[] | null;
  first?: number | null;
  after?: string | null;
  offset?: number | null;
  search?: string | null;
}

export interface ListSource {
  nodes: ReadRow[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  asked: Pick<ListArgs, "where" | "search" | "ids">;
  counting?: Promise<number>;
}

const byTitle: SortKey[] = [{ field: "recordTitle", desc: false }];

export const list =
  (type: RecordType): Resolver<ListArguments, Promise<ListSource>> =>
  async (_, args, context, info) => {
    const asked = {
      ...readFilter(type, args.filter),
      ...(args.search ? { search: args.search } : {}),
    };
    const under = subfields(info.fieldNodes, info.fragments);
    const nodes = under.filter((node) => node.name.value === "nodes");
    // A count alone needs no list.
    if (!nodes.length && !under.some((node) => node.name.value === "pageInfo"))
      return { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, asked };
    const { rows, ...pageInfo } = await listRecords(readerOf(context), type.name, {
      ...askedOf(type, nodes, info),
      ...asked,
      sort: args.sort?.length ? args.sort : byTitle,
      first: args.first ?? 25,
      ...(args.after ? { after: args.after } : {}),
      ...(args.offset && args.offset > 0 ? { offset: args.offset } : {}),
    });
    if (asked.where || asked.search) noteQuestion(readerOf(context), type.name);
    return { nodes: rows, pageInfo, asked };
  };

function counted(type: RecordType, source: ListSource, context: Context): Promise<number> {
  const { asked } = source;
  if (asked.where || asked.search) noteQuestion(readerOf(context), type.name);
  return (source.counting ??= countRecords(readerOf(context), type.name, asked, COUNTED + 1));
}

type OfList<R> = Resolver<Record<string, never>, Promise<R>, ListSource>;

export const totalCount =
  (type: RecordType): OfList<number> =>
  async (source, _, context) =>
    Math.min(await counted(type, source, context), COUNTED);

export const totalCountCapped =
  (type: RecordType): OfList<boolean> =>
  async (source, _, context) =>
    (await counted(type, source, context)) > COUNTED;

export const counts =
  (
    type: RecordType,
  ): Resolver<{ by: string; filter?: FilterInput | null; search?: string | null }, Promise<object[]>> =>
  async (_, { by, filter, search }, context) => {
    const args = { by, ...readFilter(type, filter), ...(search ? { search } : {}) };
    // By a field the values themselves are listed: who handles, of whom.
    if (args.where || args.search || by !== "state") noteQuestion(readerOf(context), type.name);
    const found = await countBy(readerOf(context), type.name, args);
    return found.map(({ value, count }) => ({ value, count, label: labelOf(context, type, by, value) }));
  };

// ---------------------------------------------------------------------------------------------------------- mutations

/** The record as a verb has left it, for whoever did that. */
async function written(
  type: RecordType,
  context: Context,
  info: GraphQLResolveInfo,
  verb: (run: Run) => Promise<RecordData>,
): Promise<ReadRow> {
  const record = await perform(context, async (run) => {
    const left = await verb(run);
    return (await maySee(run, left)) ? left : undefined;
  });
  if (!record) throw new Failure("NOT_FOUND", "It is done, and the record is no longer yours to see.");
  const asked = askedOf(type, info.fieldNodes, info);
  return readWritten(readerOf(context), record, asked, (id) => loadersOf(context).person(id));
}

export const create =
  (type: RecordType): Resolver<{ input: Input }, Promise<ReadRow>> =>
  (_, { input }, context, info) =>
    written(type, context, info, (run) => createRecord(run, { type: type.name, input: { ...input } }));

export const update =
  (
    type: RecordType,
  ): Resolver<{ id: string; expectedVersion: number; input: Input; reason?: string | null }, Promise<ReadRow>> =>
  (_, { id, expectedVersion, input, reason }, context, info) =>
    written(type, context, info, (run) =>
      updateRecord(run, { type: type.name, id, expectedVersion, input: { ...input }, reason: reason ?? null }),
    );

interface ActArguments {
  id: string;
  expectedVersion?: number | null;
  input?: Input | null;
  comment?: string | null;
}

export const action =
  (type: RecordType, name: string): Resolver<ActArguments, Promise<ReadRow>> =>
  (_, { id, expectedVersion, input, comment }, context, info) => {
    const { textHash, ...answers } = input ?? {};
    return written(type, context, info, (run) =>
      act(run, {
        type: type.name,
        id,
        action: name,
        expectedVersion: expectedVersion ?? null,
        input: answers,
        textHash: typeof textHash === "string" ? textHash : null,
        comment: comment ?? null,
      }),
    );
  };

// ----------------------------------------------------------------------------------------------- fields of one record

const textIn = (row: ReadRow, name: string): string | null => {
  const value = row.fields[name];
  return typeof value === "string" ? value : null;
};
const textsIn = (row: ReadRow, name: string): string[] => {
  const value = row.fields[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
};

export const person =
  (name: string): OfRow<Promise<PersonBrief | null> | null> =>
  (row, _, context) => {
    const id = textIn(row, name);
    return id === null ? null : loadersOf(context).person(id);
  };

export const people =
  (name: string): OfRow<Promise<PersonBrief[]> | PersonBrief[]> =>
  (row, _, context) => {
    const ids = textsIn(row, name);
    return ids.length ? loadersOf(context).people(ids) : [];
  };

export const link =
  (name: string, to: string): OfRow<Promise<ReadRow | null> | null> =>
  (row, _, context, info) => {
    const id = textIn(row, name);
    const type = readerOf(context).registry.types.get(to)?.active.type;
    return id === null || !type ? null : loadersOf(context).record(to, id, askedOf(type, info.fieldNodes, info));
  };

/** Those that may be seen. */
export const links =
  (name: string, to: string): OfRow<Promise<ReadRow[]> | ReadRow[]> =>
  async (row, _, context, info) => {
    const type = readerOf(context).registry.types.get(to)?.active.type;
    if (!type) return [];
    const asked = askedOf(type, info.fieldNodes, info);
    const found = await Promise.all(textsIn(row, name).map((id) => loadersOf(context).record(to, id, asked)));
    return found.filter((each) => each !== null);
  };

export const file =
  (name: string): OfRow<Promise<object | null> | null> =>
  (row, _, context) => {
    const id = textIn(row, name);
    return id === null
      ? null
      : loadersOf(context)
          .file(id)
          .then((found) => found && fileView(found));
  };

export const files =
  (name: string): OfRow<Promise<object[]>> =>
  async (row, _, context) => {
    const found = await Promise.all(textsIn(row, name).map((id) => loadersOf(context).file(id)));
    return found.filter((each) => each !== null).map(fileView);
  };

const documentIn = (row: ReadRow, name: string): DocumentValue | null =>
  (row.fields[name] as DocumentValue | null) ?? null;

export const document =
  (name: string): OfRow<Promise<object | null> | null> =>
  (row, _, context) => {
    const value = documentIn(row, name);
    return (
      value &&
      loadersOf(context)
        .document(value.latest.id)
        .then((found) => found && documentView(found, inForceOf(value)))
    );
  };

export const documentInForce =
  (name: string): OfRow<Promise<object | null> | null> =>
  (row, _, context) => {
    const id = inForceOf(documentIn(row, name));
    return id === null
      ? null
      : loadersOf(context)
          .document(id)
          .then((found) => found && documentView(found, id));
  };

export const documentVersions =
  (name: string): OfRow<Promise<object[]> | object[]> =>
  async (row, _, context) => {
    const value = documentIn(row, name);
    if (!value) return [];
    return (await versionsOf(readerOf(context).db, row.id, name)).map((found) => documentView(found, inForceOf(value)));
  };

export const tasks: OfRow<Promise<object[]>, { state?: string | null }> = async (row, { state }, context) =>
  (await loadersOf(context).tasks(row.id)).filter((task) => !state || task.state === state).map(taskView);

export const timers: OfRow<Promise<object[]>, { state?: string | null }> = async (row, { state }, context) =>
  (await loadersOf(context).timers(row.id)).filter((timer) => !state || timer.state === state);

export const history: OfRow<Promise<object[]>, HistoryArgs> = (row, page, context, info) =>
  historyOf(context, row, page, asksFor(info, "detail", "isShortened"));

export const notices: OfRow<Promise<object[]>> = async (row, _, context) =>
  (await loadersOf(context).notices(row.id)).map(noticeView);

export const findings: OfRow<Promise<object[]>> = async (row, _, context) =>
  (await loadersOf(context).findings(row.id)).map(findingView);

export const views: OfRow<Promise<object>, { first: number; after?: string | null }> = (row, page, context) =>
  viewsOf(context, row.id, page);

/** The world, read for whoever asks: what is read for somebody who leaves ends. */
const worldRead = (context: Context): World => ({ ...context.world, db: readerOf(context).db });

export const permissions: OfRow<Promise<object>> = (row, _, context) =>
  permissionsOf(worldRead(context), signedIn(context), row.type, row.id);

export const availableActions: OfRow<Promise<object[]>> = (row, _, context) =>
  actionsOf(worldRead(context), signedIn(context), row.type, row.id);

export const warnings: OfRow<Promise<object[]>> = (row, _, context) =>
  warningsFor(worldRead(context), signedIn(context), row.type, row.id);
