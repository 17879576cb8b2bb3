/** One set per request: what resolvers below the first level ask for is read in batches, once each. */
import DataLoader from "dataloader";
import type { CalendarData } from "../../schema/calendarData";
import type { Who } from "../../schema/definition";
import { barred, personsOf } from "../../schema/who";
import { circleOf } from "../engine/read/circle";
import { factsOf, type Met } from "../engine/read/factsOf";
import { readRecords } from "../engine/read/readRecord";
import type { Reader } from "../engine/read/reader";
import { shownFindings } from "../engine/read/shown";
import { withFacts } from "../store/facts";
import { filesByIds, type FileRow } from "../store/files";
import {
  type DocumentView,
  documentsByIds,
  type FindingView,
  findingsOfRecords,
  mailsByIds,
  type MailView,
  noticesOfRecords,
  type NoticeView,
} from "../store/noticeQuery";
import { type PassedPart, passedParts } from "../store/handOver";
import { organisationsById } from "../store/organisations";
import { peopleByIds, peopleOf, type PersonRow } from "../store/people";
import type { Asked, ReadRow } from "../store/recordQuery";
import { holdersOfTasks, tasksOfRecords, type TaskView, timersOfRecords, type TimerView } from "../store/workQuery";

/** What is read of a record that is only named. */
export const nameOnly: Asked = { fields: [], people: [] };

export class Loaders {
  private readonly made = new Map<string, DataLoader<string, unknown>>();

  constructor(readonly reader: Reader) {}

  person(id: string): Promise<PersonRow | null> {
    return this.one("person", id, async (ids) => byKey(await peopleByIds(this.reader.db, ids), (row) => row.id));
  }

  /** Somebody whom the reader may find by name. */
  found(id: string): Promise<PersonRow | null> {
    const { db, identity } = this.reader;
    return this.one("found", id, async (ids) =>
      byKey(await peopleOf(db, identity.acting.id, circleOf(this.reader), ids), (row) => row.id),
    );
  }

  async people(ids: readonly string[]): Promise<PersonRow[]> {
    return (await Promise.all(ids.map((id) => this.person(id)))).filter((person) => person !== null);
  }

  /** Null where it may not be seen. `asked` must be one object per shape. */
  record(type: string, id: string, asked: Asked = nameOnly): Promise<ReadRow | null> {
    const kind = `record ${type} ${asked.fields.join()} ${asked.people.join()}`;
    return this.one(kind, id, async (ids) =>
      byKey(await readRecords(this.reader, type, asked, [...ids]), (row) => row.id),
    );
  }

  document(id: string): Promise<DocumentView | null> {
    return this.one("document", id, async (ids) => byKey(await documentsByIds(this.reader.db, ids), (row) => row.id));
  }

  file(id: string): Promise<FileRow | null> {
    return this.one("file", id, async (ids) => byKey(await filesByIds(this.reader.db, ids), (row) => row.id));
  }

  /** Only the reader's own, unless they administer or the school is a demo. */
  mail(id: string): Promise<MailView | null> {
    const { identity, world, db } = this.reader;
    const own = identity.administers || world.demo ? null : identity.person.id;
    return this.one("mail", id, async (ids) => byKey(await mailsByIds(db, this.reader, ids, own), (row) => row.id));
  }

  tasks(record: string): Promise<TaskView[]> {
    return this.many(
      "tasks",
      record,
      (ids) => tasksOfRecords(this.reader.db, ids),
      (row) => row.record,
    );
  }

  timers(record: string): Promise<TimerView[]> {
    return this.many(
      "timers",
      record,
      (ids) => timersOfRecords(this.reader.db, this.reader, ids),
      (row) => row.record,
    );
  }

  notices(record: string): Promise<NoticeView[]> {
    return this.many(
      "notices",
      record,
      (ids) => noticesOfRecords(this.reader.db, ids),
      (row) => row.record,
    );
  }

  findings(record: string): Promise<FindingView[]> {
    return this.many(
      "findings",
      record,
      async (ids) => shownFindings(this.reader, await findingsOfRecords(this.reader.db, ids)),
      (row) => row.record,
    );
  }

  async holders(task: string): Promise<PersonRow[]> {
    const rows = await this.many(
      "holders",
      task,
      (ids) => holdersOfTasks(this.reader.db, ids),
      (row) => row.task,
    );
    return this.people(rows.map((row) => row.person));
  }

  passed(task: string): Promise<PassedPart[]> {
    return this.many(
      "passed",
      task,
      (ids) => passedParts(this.reader.db, ids),
      (row) => row.task,
    );
  }

  /** The same object as long as its edition stands. */
  async calendar(organisation: string): Promise<CalendarData | null> {
    const found = await this.one("calendar", organisation, (ids) => organisationsById(this.reader.db, [...ids]));
    return found?.calendar ?? null;
  }

  /** What the rules of a record that may be seen read. */
  met(type: string, record: string): Promise<Met | null> {
    return this.one(`facts ${type}`, record, (ids) => factsOf(this.reader, type, [...ids]));
  }

  /** Persons these rules name on a record now, those barred from it left out. */
  async namedBy(type: string, record: string, rules: Who[]): Promise<string[]> {
    const subject = await this.met(type, record);
    if (!subject) return [];
    const { record: of, facts, source } = subject;
    return withFacts(this.reader.db, source, facts, () => {
      const kept = barred(subject.type, of, facts);
      return personsOf(rules, of, facts).filter((person) => !kept.has(person));
    });
  }

  private one<V>(
    kind: string,
    id: string,
    load: (ids: readonly string[]) => Promise<Map<string, V>>,
  ): Promise<V | null> {
    return this.loader(kind, async (ids) => {
      const found = await load(ids);
      return ids.map((each) => found.get(each) ?? null);
    }).load(id) as Promise<V | null>;
  }

  private many<V>(
    kind: string,
    id: string,
    load: (ids: readonly string[]) => Promise<V[]>,
    key: (row: V) => string,
  ): Promise<V[]> {
    return this.loader(kind, async (ids) => {
      const found = new Map<string, V[]>(ids.map((each) => [each, []]));
      for (const row of await load(ids)) found.get(key(row))?.push(row);
      return ids.map((each) => found.get(each) ?? []);
    }).load(id) as Promise<V[]>;
  }

  private loader(kind: string, batch: (ids: readonly string[]) => Promise<unknown[]>): DataLoader<string, unknown> {
    let loader = this.made.get(kind);
    if (!loader) this.made.set(kind, (loader = new DataLoader<string, unknown>(batch, { maxBatchSize: 200 })));
    return loader;
  }
}

const byKey = <V>(rows: V[], key: (row: V) => string): Map<string, V> => new Map(rows.map((row) => [key(row), row]));
