/** Writes what steps decided: everything of many changes, in bulk, in one place. The records are locked already. */
import { createHash, randomBytes } from "node:crypto";
import { parties } from "../../schema/fields";
import type { Actor, Change, HistoryEntry, NewNotice, RecordData, Sent, TimerRow } from "../../schema/record";
import { canonicalJson } from "../../schema/text";
import { nextDepth } from "../../schema/timers";
import { personOf } from "../../schema/who";
import { datetime, marks, type SqlValue, type Tx } from "./database";
import { attachFiles } from "./files";
import { insertWords, replaceWords } from "./recordWords";
import { writeField } from "./records";
import { foldedTitle, tableName } from "./recordTable";

export interface ChangeContext {
  actor: Actor;
  /** School time and machine time, ISO. */
  nowIso: string;
  machineIso: string;
  accessEdition: number;
  newId: () => string;
  /** What made these changes, where it was another record's change, or a timer that something else set going. */
  cause?: { history: string | null; depth: number };
}

const chunkRows = 500;

/** One multi-row INSERT per chunk, a prepared one for a lone row. `ending` may turn a duplicate into an update. */
async function insertRows(tx: Tx, table: string, columns: string[], rows: SqlValue[][], ending = ""): Promise<void> {
  const row = `(${marks(columns.length)})`;
  const insert = (count: number): string =>
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array.from({ length: count }, () => row).join(", ")} ${ending}`;
  const [only] = rows;
  if (only && rows.length === 1) return void (await tx.execute(insert(1), only));
  for (let from = 0; from < rows.length; from += chunkRows) {
    const chunk = rows.slice(from, from + chunkRows);
    await tx.bulk(insert(chunk.length), chunk.flat());
  }
}

const replace = (columns: string[]): string =>
  `ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(", ")}`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Saves changes whose records this transaction holds. Returns the last history id of each change. */
export async function saveChanges(
  tx: Tx,
  context: ChangeContext,
  changes: Change[],
): Promise<{ historyIds: string[] }> {
  const historyIds = await saveHistory(tx, context, changes);
  await saveRecords(tx, changes);
  await saveWords(tx, changes);
  await saveParties(tx, changes);
  await saveLinks(tx, changes);
  await saveDocuments(tx, context, changes);
  for (const { after, attached } of changes) await attachFiles(tx, after, attached);
  await saveTimers(tx, context, changes, historyIds);
  await saveTasks(tx, context, changes);
  await saveNotices(
    tx,
    context,
    changes.flatMap((change) => change.notices),
  );
  return { historyIds };
}

/** Adds one entry to the history of a locked record that changes in no other way. */
export async function noteHistory(
  tx: Tx,
  context: ChangeContext,
  record: RecordData,
  entry: HistoryEntry,
): Promise<void> {
  await saveHistory(tx, context, [{ after: record, history: [entry] }]);
  await tx.execute(`UPDATE ${tableName(record.type)} SET history_seq = ?, history_hash = ? WHERE id = ?`, [
    record.historySeq,
    record.historyHash,
    record.id,
  ]);
}

/** What the chain covers of a history row beside its body. */
export const historyHash = (
  previous: string | null,
  row: {
    id: string;
    organisation: string;
    type: string;
    cause: string | null;
    record: string;
    seq: number;
    at: string;
    actor: string;
    kind: string;
    rule: string;
    because: string;
  },
  contentHash: string,
): string => sha256(`${previous ?? ""}\n${canonicalJson(row)}\n${contentHash}`);

export const contentHash = (salt: string, summary: string, detail: string): string =>
  sha256(`${salt}\n${canonicalJson({ summary, detail })}`);

async function saveHistory(
  tx: Tx,
  context: ChangeContext,
  changes: Pick<Change, "after" | "history">[],
): Promise<string[]> {
  const rows: SqlValue[][] = [];
  const bodies: SqlValue[][] = [];
  const last: string[] = [];
  const actor = personOf(context.actor);
  for (const change of changes) {
    const record = change.after;
    let id = "";
    for (const entry of change.history) {
      id = context.newId();
      const seq = record.historySeq + 1;
      const because = entry.because.join(",").slice(0, 191);
      const salt = randomBytes(16).toString("hex");
      const detail = JSON.stringify(entry.detail);
      const content = contentHash(salt, entry.summary, detail);
      const actorKey = `${context.actor.kind}:${actor ?? ""}`;
      const covered = {
        id,
        organisation: record.organisation,
        type: record.type,
        cause: context.cause?.history ?? null,
        record: record.id,
        seq,
        at: context.nowIso,
        actor: actorKey,
        kind: entry.kind,
        rule: entry.rule,
        because,
      };
      const hash = historyHash(record.historyHash, covered, content);
      rows.push([
        id,
        record.organisation,
        record.type,
        record.id,
        seq,
        datetime(context.nowIso),
        datetime(context.machineIso),
        context.actor.kind,
        actor,
        entry.kind,
        entry.rule,
        because,
        context.cause?.history ?? null,
        context.cause?.depth ?? 0,
        content,
        record.historyHash,
        hash,
      ]);
      bodies.push([id, salt, entry.summary, detail]);
      record.historySeq = seq;
      record.historyHash = hash;
    }
    last.push(id);
  }
  await insertRows(
    tx,
    "history",
    [
      "id",
      "organisation",
      "type",
      "record",
      "seq",
      "at",
      "machine_at",
      "actor_kind",
      "actor",
      "kind",
      "rule",
      "because",
      "cause",
      "depth",
      "content_hash",
      "previous_hash",
      "hash",
    ],
    rows,
  );
  await insertRows(tx, "history_body", ["history", "salt", "summary", "detail"], bodies);
  return last;
}

/** The first of the columns below: they stay as they are as long as the record lives. */
const lastingColumns = 5;

function systemColumns(record: RecordData): Record<string, SqlValue> {
  return {
    id: record.id,
    organisation: record.organisation,
    reference: record.reference,
    created_at: datetime(record.createdAt),
    created_by: record.createdBy,
    title: record.title,
    title_folded: foldedTitle(record.title),
    state: record.state,
    entered: JSON.stringify(record.entered),
    definition_version: record.definitionVersion,
    version: record.version,
    updated_at: datetime(record.updatedAt),
    history_seq: record.historySeq,
    history_hash: record.historyHash,
  };
}

/** Rows of one type with the same changed columns share a statement; a single row is a plain UPDATE. */
async function saveRecords(tx: Tx, changes: Change[]): Promise<void> {
  const groups = new Map<string, { table: string; columns: string[]; rows: SqlValue[][]; creates: boolean }>();
  for (const change of changes) {
    const { after, type } = change;
    const creates = !change.before;
    if (
      !creates &&
      !change.history.length &&
      !change.changed.length &&
      canonicalJson(change.before) === canonicalJson(after)
    )
      continue;
    const names = creates ? Object.keys(type.fields) : change.changed;
    const values: Record<string, SqlValue> = systemColumns(after);
    for (const name of names) Object.assign(values, writeField(type, after.id, name, after.fields[name] ?? null));
    const columns = Object.keys(values);
    const key = `${type.name}|${creates}|${columns.join(",")}`;
    const group = groups.get(key) ?? { table: tableName(type.name), columns, rows: [], creates };
    group.rows.push(Object.values(values));
    groups.set(key, group);
  }
  for (const { table, columns, rows, creates } of groups.values()) {
    const [only] = rows;
    const moving = columns.slice(lastingColumns);
    if (creates) await insertRows(tx, table, columns, rows);
    else if (rows.length === 1 && only)
      await tx.execute(`UPDATE ${table} SET ${moving.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`, [
        ...only.slice(lastingColumns),
        only[0] ?? null,
      ]);
    else await insertRows(tx, table, columns, rows, replace(moving));
  }
}

/** By which words it is found; of one that stands, only where what it is called has changed. */
async function saveWords(tx: Tx, changes: Change[]): Promise<void> {
  const last = new Map(changes.map((change) => [change.after.id, change.after]));
  const made = new Set(changes.filter(({ before }) => !before).map(({ after }) => after.id));
  const renamed = new Set(
    changes.flatMap(({ before, after }) =>
      before && (before.title !== after.title || before.reference !== after.reference) ? [after.id] : [],
    ),
  );
  const of = (ids: Set<string>) => [...ids].flatMap((id) => last.get(id) ?? []);
  if (renamed.size) await replaceWords(tx, of(renamed));
  if (made.size) await insertWords(tx, of(new Set([...made].filter((id) => !renamed.has(id)))));
}

async function saveParties(tx: Tx, changes: Change[]): Promise<void> {
  const [gone, added]: [SqlValue[][], SqlValue[][]] = [[], []];
  for (const { type, before, after } of changes) {
    const key = (party: { person: string; kind: string }) => `${party.person} ${party.kind}`;
    const [was, is] = [before ? parties(type, before.fields) : [], parties(type, after.fields)];
    const [wasKeys, isKeys] = [new Set(was.map(key)), new Set(is.map(key))];
    for (const party of was) if (!isKeys.has(key(party))) gone.push([after.id, party.person, party.kind]);
    for (const party of is)
      if (!wasKeys.has(key(party))) added.push([after.organisation, after.id, party.person, party.kind, type.name]);
  }
  for (const row of gone)
    await tx.execute("DELETE FROM record_party WHERE record = ? AND person = ? AND kind = ?", row);
  await insertRows(
    tx,
    "record_party",
    ["organisation", "record", "person", "kind", "type"],
    added,
    "ON DUPLICATE KEY UPDATE type = VALUES(type)",
  );
}

async function saveLinks(tx: Tx, changes: Change[]): Promise<void> {
  const added: SqlValue[][] = [];
  for (const { type, before, after, changed } of changes)
    for (const name of changed) {
      const field = type.fields[name];
      if (field?.kind !== "link" && field?.kind !== "links") continue;
      if (before) await tx.execute("DELETE FROM record_link WHERE record = ? AND field = ?", [after.id, name]);
      const value = after.fields[name];
      const targets = typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];
      targets.forEach((target, position) =>
        added.push([after.organisation, after.id, name, position, type.name, target, field.to]),
      );
    }
  await insertRows(
    tx,
    "record_link",
    ["organisation", "record", "field", "position", "type", "target", "target_type"],
    added,
  );
}

async function saveDocuments(tx: Tx, context: ChangeContext, changes: Change[]): Promise<void> {
  const rows = changes.flatMap(({ after, documents }) =>
    documents.map(({ field, version }): SqlValue[] => [
      version.id,
      after.organisation,
      after.type,
      after.id,
      field,
      version.number,
      version.hash,
      version.text,
      datetime(context.nowIso),
      personOf(context.actor),
    ]),
  );
  await insertRows(
    tx,
    "document_version",
    ["id", "organisation", "type", "record", "field", "number", "hash", "text", "created_at", "created_by"],
    rows,
  );
  for (const { version } of changes.flatMap((change) => change.inForce))
    await tx.execute("UPDATE document_version SET in_force_at = ? WHERE id = ?", [datetime(context.nowIso), version]);
}

const timerColumns = [
  "id",
  "organisation",
  "type",
  "record",
  "kind",
  "rule",
  "step",
  "anchor_value",
  "n",
  "due_at",
  "state",
  "stamp",
  "provisional",
  "fired_at",
  "outcome",
  "depth",
  "send",
  "retry_at",
  "attempts",
];

const timerValues = (timer: TimerRow): SqlValue[] => [
  timer.id,
  timer.organisation,
  timer.type,
  timer.record,
  timer.kind,
  timer.rule,
  timer.step,
  timer.anchorValue,
  timer.n,
  datetime(timer.dueAt),
  timer.state,
  timer.stamp,
  timer.provisional ? 1 : 0,
  timer.firedAt && datetime(timer.firedAt),
  timer.outcome,
  timer.depth,
  timer.send && JSON.stringify(timer.send),
  null,
  0,
];

/** A row that is due at once, for work that belongs to another transaction. */
function dueNow(
  context: Pick<ChangeContext, "newId" | "nowIso">,
  record: Pick<RecordData, "id" | "type" | "organisation">,
  kind: "event" | "roster",
  rule: string,
): TimerRow {
  const id = context.newId();
  return {
    id,
    organisation: record.organisation,
    type: record.type,
    record: record.id,
    kind,
    rule,
    step: "P0D",
    anchorValue: id,
    n: 0,
    dueAt: context.nowIso,
    state: "waiting",
    stamp: "",
    provisional: false,
    firedAt: null,
    outcome: null,
    depth: 0,
    send: null,
  };
}

async function saveTimers(tx: Tx, context: ChangeContext, changes: Change[], historyIds: string[]): Promise<void> {
  const moved = changes.flatMap((change) => change.timers.map(({ timer }) => timer));
  // A row may be settled and then looked at again by derivation: the last word counts.
  const last = [...new Map(moved.map((timer) => [timer.id, timer])).values()];
  const { cause, nowIso } = context;
  const occurrenceOf = ({ record, rule, anchorValue }: TimerRow): string => `${record} ${rule} ${anchorValue}`;
  const fired = new Set(last.filter(({ state }) => state === "fired").map(occurrenceOf));
  // What is set going by a chain of causes goes on with it, however it is set going: by an event or by a clock. A repeat
  // is the same clock again, and no further in the chain.
  const deepened = (timer: TimerRow): TimerRow => {
    if (!cause) return { ...timer, depth: 0 };
    if (fired.has(occurrenceOf(timer))) return { ...timer, depth: cause.depth };
    return { ...timer, depth: nextDepth(cause.depth, Date.parse(timer.dueAt) - Date.parse(nowIso)) };
  };
  await insertRows(tx, "timer", timerColumns, last.map(deepened).map(timerValues), replace(timerColumns.slice(4)));
  const added = changes.flatMap((change) => change.newTimers.map(deepened));
  const filled = changes.flatMap((change) =>
    change.rosters.map((name) => dueNow(context, change.after, "roster", name)),
  );
  await insertRows(tx, "timer", timerColumns, [...added, ...filled].map(timerValues));
  for (const [index, { sends, after }] of changes.entries())
    await sendEvents(
      tx,
      context,
      sends.map((send) => ({ ...send, organisation: after.organisation })),
      { history: historyIds[index] ?? "", depth: (context.cause?.depth ?? 0) + 1 },
    );
}

/** Events to other records: a row each, due at once, that says what caused it. */
export async function sendEvents(
  tx: Tx,
  context: Pick<ChangeContext, "newId" | "nowIso">,
  sends: (Sent & { organisation: string })[],
  cause: { history: string; depth: number },
): Promise<void> {
  const rows = sends.map(({ organisation, type, record, event, answers }) => ({
    ...dueNow(context, { organisation, type, id: record }, "event", event),
    send: { event, cause: cause.history, depth: cause.depth, ...(answers ? { answers } : {}) },
  }));
  await insertRows(tx, "timer", timerColumns, rows.map(timerValues));
}

async function saveTasks(tx: Tx, context: ChangeContext, changes: Change[]): Promise<void> {
  const now = datetime(context.nowIso);
  const opened = changes.flatMap((change) => change.openTasks);
  await insertRows(
    tx,
    "task",
    [
      "id",
      "organisation",
      "type",
      "record",
      "rule",
      "label",
      "state",
      "opened_at",
      "due_on",
      "who",
      "decides",
      "unassigned",
      "because",
      "access_edition",
    ],
    opened.map((task) => [
      task.id,
      task.organisation,
      task.type,
      task.record,
      task.rule,
      task.label,
      task.state,
      datetime(task.openedAt),
      task.dueOn,
      JSON.stringify(task.to),
      task.decides ? 1 : 0,
      task.holders.length ? 0 : 1,
      task.because.join(",").slice(0, 191),
      context.accessEdition,
    ]),
  );
  const holders = opened.flatMap((task) =>
    task.holders.map((person): SqlValue[] => [task.id, person, task.organisation, 1]),
  );
  await insertRows(tx, "task_holder", ["task", "person", "organisation", "open"], holders);
  const closed = changes.flatMap((change) => change.closeTasks);
  for (const task of closed) {
    await tx.execute("UPDATE task SET state = ?, closed_at = ?, closed_by = ?, closed_why = ? WHERE id = ?", [
      task.state,
      now,
      task.by,
      task.why,
      task.id,
    ]);
    await tx.execute("UPDATE task_holder SET open = 0 WHERE task = ?", [task.id]);
  }
  for (const change of changes) {
    for (const { id, person } of change.taskParts)
      await tx.execute("UPDATE task_holder SET done_at = ? WHERE task = ? AND person = ?", [now, id, person]);
    for (const task of change.updateTasks)
      await reassignTask(tx, { ...task, organisation: change.after.organisation }, context.accessEdition);
  }
}

/**
 * Whom a task's rule names now: what those before had done of it stays, and who holds it in the place of one who stays. Whoever
 * is named and held it in another's place holds it as their own, and that other theirs again, since nobody holds two.
 */
export async function reassignTask(
  tx: Tx,
  task: Change["updateTasks"][number] & { organisation: string },
  accessEdition: number,
): Promise<void> {
  await tx.execute(
    "UPDATE task SET label = ?, due_on = ?, who = ?, decides = ?, unassigned = ?, access_edition = ? WHERE id = ?",
    [
      task.label,
      task.dueOn,
      JSON.stringify(task.to),
      task.decides ? 1 : 0,
      task.holders.length ? 0 : 1,
      accessEdition,
      task.id,
    ],
  );
  const { holders } = task;
  const held = await tx.query("SELECT person, instead_of, done_at FROM task_holder WHERE task = ?", [task.id]);
  const passedOn = new Set(held.map((row) => row["instead_of"]));
  const becoming = held
    .filter((row) => row["instead_of"] !== null && row["done_at"] === null && !passedOn.has(row["person"] ?? null))
    .map((row) => String(row["person"]))
    .filter((person) => holders.includes(person));
  if (becoming.length)
    await tx.execute(
      `UPDATE task_holder SET instead_of = NULL, passed = NULL WHERE task = ? AND person IN (${marks(becoming.length)})`,
      [task.id, ...becoming],
    );
  const stay = holders.length ? ` AND COALESCE(instead_of, person) NOT IN (${marks(holders.length)})` : "";
  await tx.execute(`DELETE FROM task_holder WHERE task = ? AND done_at IS NULL${stay}`, [task.id, ...holders]);
  const kept = await tx.query("SELECT COALESCE(instead_of, person) AS person FROM task_holder WHERE task = ?", [
    task.id,
  ]);
  const known = new Set(kept.map((row) => String(row["person"])));
  await insertRows(
    tx,
    "task_holder",
    ["task", "person", "organisation", "open"],
    holders.filter((person) => !known.has(person)).map((person) => [task.id, person, task.organisation, 1]),
    "ON DUPLICATE KEY UPDATE task = VALUES(task)",
  );
}

/** An occurrence tells each person once: a second notice for the same cause is not written. */
export async function saveNotices(tx: Tx, context: Pick<ChangeContext, "nowIso">, notices: NewNotice[]): Promise<void> {
  const rows = notices.map((notice): SqlValue[] => [
    notice.id,
    notice.organisation,
    notice.type,
    notice.record,
    notice.cause,
    notice.person,
    notice.template,
    notice.subject,
    notice.body,
    notice.calendar && JSON.stringify(notice.calendar),
    notice.because.join(",").slice(0, 191),
    notice.urgent ? 1 : 0,
    datetime(context.nowIso),
    datetime(notice.sendAt),
    notice.dueOn,
    "planned",
  ]);
  await insertRows(
    tx,
    "notice",
    [
      "id",
      "organisation",
      "type",
      "record",
      "cause",
      "person",
      "template",
      "subject",
      "body",
      "event",
      "because",
      "urgent",
      "created_at",
      "send_at",
      "due_on",
      "outcome",
    ],
    rows,
    "ON DUPLICATE KEY UPDATE cause = VALUES(cause)",
  );
}
