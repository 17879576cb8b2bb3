/**
 * What the pack's stories are told with: people of the demo school who ask the API over HTTP, each in a session of their
 * own, and the school's clock. Nothing here reaches past GraphQL, save the clock.
 *
 *     let s: Story;
 *     beforeAll(async () => { s = await story(); });           // or one to each test, where they would disturb each other
 *
 *     test("O22 O134: only a low risk can be granted, and not by who asked", async () => {
 *       const id = await s.as("Tomas Elmstead").create("exception", { subject: s.person("Tomas Elmstead"), … });
 *       expect(await s.as("Zoe King").act("exception", id, "grant", { until: "2027-01-31" })).toBe("granted");
 *       const no = await refused(s.as("Owen Pluckley").act("exception", id, "extend"));
 *       expect(no).toMatchObject({ code: "FORBIDDEN", message: expect.stringMatching(/headteacher/) });
 *       await s.clock.to("2027-02-01");
 *       expect(await s.record("exception", id, "state until")).toEqual({ state: "expired", until: "2027-01-31" });
 *       expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "debrief", dueOn: "2027-02-05" }]);
 *     });
 *
 * Names of stories begin with the numbers of the obligations they prove: `duly coverage --prove` finds them by that.
 */
import type { RecordType } from "../../schema/definition";
import { pascal } from "../../schema/text";
import { type Answer, type Asker, newSchoolApi, type SchoolApi } from "../graphql/schoolApi";

/** What the API said no to: `message` as a person reads it, `problems` by the path of the answer. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly problems: { path: string; message: string }[],
  ) {
    super(message);
  }
}

/** The refusal that this attempt must meet: code, message and problems. */
export async function refused(attempt: Promise<unknown>): Promise<Refusal> {
  const met = await attempt.then(
    (answer: unknown) => new Error(`This should have been refused, and was done: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (met instanceof Refusal) return met;
  throw met;
}

export type Values = Record<string, unknown>;

export interface StoryTask {
  id: string;
  rule: string;
  label: string;
  type: string;
  record: string;
  dueOn: string | null;
  overdue: boolean;
  because: string[];
}

export interface StoryNotice {
  subject: string;
  body: string;
  record: string;
  urgent: boolean;
  createdAt: string;
  sendAt: string;
  outcome: string;
  because: string[];
}

export interface StoryTimer {
  rule: string;
  step: string;
  n: number;
  state: string;
  dueAt: string;
  outcome: string | null;
}

export interface OfferedAction {
  name: string;
  allowed: boolean;
  reason: string | null;
}

/** What somebody can do and see. Everything they may not throws a Refusal. */
export interface Teller {
  /** The id of the new record. */
  create(type: string, input: Values): Promise<string>;
  /** At the version they see now, unless another is given. */
  update(type: string, id: string, input: Values, expectedVersion?: number): Promise<void>;
  /** The state the record is in then. An action that ratifies takes the text as it stands, unless `textHash` is given. */
  act(type: string, id: string, action: string, input?: Values): Promise<string>;
  complete(task: StoryTask, answers?: Values, comment?: string): Promise<void>;
  /** The id of a file sent by them, for a file field: these bytes, or a few that begin as a PDF does. */
  upload(name: string, content?: string | Uint8Array<ArrayBuffer>): Promise<string>;
  /** The fields asked for, in GraphQL: "state owner { name }". Undefined where they may not see the record. */
  record<T = Values>(type: string, id: string, fields: string): Promise<T | undefined>;
  /** The first 200 that they may see, in GraphQL's words: records("policy", "title", { state: { eq: "draft" } }). */
  records<T = Values>(type: string, fields: string, filter?: Values): Promise<T[]>;
  /** What the page would offer, with the reason where it is refused. */
  actions(type: string, id: string): Promise<OfferedAction[]>;
  /** Their open tasks, soonest due first; with `record`, on that record. */
  tasks(record?: string): Promise<StoryTask[]>;
  /** What they were told, oldest first; with `record`, about that record. */
  notices(record?: string): Promise<StoryNotice[]>;
  /** Every clock of a record they may see, soonest first. */
  timers(record: string): Promise<StoryTimer[]>;
  /** Any operation; its data. */
  ask<T = Values>(query: string, variables?: Values): Promise<T>;
}

export interface Story {
  api: SchoolApi;
  clock: SchoolApi["school"]["clock"];
  /** Id of somebody at the demo school, for person fields. */
  person: (name: string) => string;
  as: (name: string) => Teller;
  /** Any operation, by somebody who has not signed in; its data. */
  asNobody: <T = Values>(query: string, variables?: Values) => Promise<T>;
  /** As the headteacher sees it; they must. */
  record<T = Values>(type: string, id: string, fields: string): Promise<T>;
  tasksOf(name: string, record?: string): Promise<StoryTask[]>;
  noticesOf(name: string, record?: string): Promise<StoryNotice[]>;
  /** As the headteacher sees them: every clock of the record, soonest first. */
  timersOf(record: string): Promise<StoryTimer[]>;
  /** Sooner than at the end of the file, where each test has a school of its own. */
  close(): Promise<void>;
}

const headteacher = "Zoe King";
const open = new Set<SchoolApi>();
/** By itself at the end of a file. */
export async function closeStories(): Promise<void> {
  const apis = [...open];
  open.clear();
  await Promise.all(apis.map((api) => api.close()));
}
afterAll(closeStories);

/** A demo school of its own, open until the end of the file. */
export async function story(startsAt?: string): Promise<Story> {
  const api = await newSchoolApi({ startsAt });
  open.add(api);
  const tellers = new Map<string, Teller>();
  const as = (name: string): Teller => {
    const known = tellers.get(name) ?? teller(api, name);
    tellers.set(name, known);
    return known;
  };
  return {
    api,
    clock: api.school.clock,
    person: api.school.personId,
    as,
    asNobody: async <T = Values>(query: string, variables: Values = {}) =>
      dataOf<T>(await api.anybody(query, variables)),
    async record<T = Values>(type: string, id: string, fields: string): Promise<T> {
      const found = await as(headteacher).record<T>(type, id, fields);
      if (!found) throw new Error(`${headteacher} sees no ${type} ${id}: ask as somebody who does.`);
      return found;
    },
    tasksOf: (name, record) => as(name).tasks(record),
    noticesOf: (name, record) => as(name).notices(record),
    timersOf: (record) => as(headteacher).timers(record),
    async close() {
      open.delete(api);
      await api.close();
    },
  };
}

function dataOf<T>({ data, errors, status, text }: Answer): T {
  const [error] = errors;
  if (error) throw new Refusal(error.extensions.code, error.message, error.extensions.problems ?? []);
  if (status !== 200) throw new Error(`The API answered ${status}: ${text}`);
  return data as T;
}

function teller(api: SchoolApi, name: string): Teller {
  let session: Promise<Asker> | undefined;
  const ask = async <T = Values>(query: string, variables: Values = {}): Promise<T> =>
    dataOf<T>(await (await (session ??= api.as(name)))(query, variables));
  const definition = (type: string): RecordType => {
    const found = api.school.world.registry.types.get(type)?.active.type;
    if (!found) throw new Error(`No record type is called ${type}.`);
    return found;
  };
  /** The one field that is asked for, whatever it is called. */
  const one = async <T>(query: string, variables: Values): Promise<T> => {
    const [value] = Object.values(await ask<Record<string, T>>(query, variables));
    return value as T;
  };
  const record = async <T = Values>(type: string, id: string, fields: string): Promise<T | undefined> =>
    (await one<T | null>(`query ($id: ID!) { ${type}(id: $id) { ${fields} } }`, { id })) ?? undefined;
  const nodes = async <T>(noun: string, args: string, fields: string, variables: Values = {}): Promise<T[]> =>
    (await one<{ nodes: T[] }>(`query${args ? ` (${args})` : ""} { ${noun} { nodes { ${fields} } } }`, variables))
      .nodes;
  return {
    ask,
    record,
    async create(type, input) {
      const Name = pascal(type);
      const query = `mutation ($input: Create${Name}Input!) { create${Name}(input: $input) { id } }`;
      return (await one<{ id: string }>(query, { input })).id;
    },
    async update(type, id, input, expectedVersion) {
      const Name = pascal(type);
      const version = expectedVersion ?? (await record<{ version: number }>(type, id, "version"))?.version ?? 0;
      await ask(
        `mutation ($id: ID!, $version: Int!, $input: Update${Name}Input!) {
          update${Name}(id: $id, expectedVersion: $version, input: $input) { id } }`,
        { id, version, input },
      );
    },
    async act(type, id, action, given = {}) {
      const Name = pascal(type);
      const rule = definition(type).actions[action];
      if (!rule) throw new Error(`${Name} has no action ${action}.`);
      const { ratifies } = rule;
      const hash = ratifies && (await record<Record<string, { hash: string }>>(type, id, `${ratifies} { hash }`));
      const input = hash ? { textHash: hash[ratifies]?.hash, ...given } : given;
      const asks = Boolean(ratifies) || Boolean(rule.form?.length);
      const query = asks
        ? `mutation ($id: ID!, $input: ${pascal(action)}${Name}Input!) { ${action}${Name}(id: $id, input: $input) { state } }`
        : `mutation ($id: ID!) { ${action}${Name}(id: $id) { state } }`;
      return (await one<{ state: string }>(query, asks ? { id, input } : { id })).state;
    },
    async complete(task, answers, comment) {
      await ask("mutation ($input: CompleteTaskInput!) { completeTask(input: $input) { id } }", {
        input: { id: task.id, answers, comment },
      });
    },
    async upload(file, content = "Signed.") {
      const response = await fetch(`http://127.0.0.1:${api.api.port}/files?name=${encodeURIComponent(file)}`, {
        method: "POST",
        headers: { cookie: await api.signIn(name), "x-duly": "1" },
        body: typeof content === "string" ? `%PDF-1.7\n${content}` : content,
      });
      if (!response.ok) throw new Error(`The file was not taken: ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    records: (type, fields, filter = {}) =>
      nodes(`${definition(type).plural}(filter: $filter, first: 200)`, `$filter: ${pascal(type)}Filter`, fields, {
        filter,
      }),
    async actions(type, id) {
      const found = await record<{ availableActions: OfferedAction[] }>(
        type,
        id,
        "availableActions { name allowed reason }",
      );
      return found?.availableActions ?? [];
    },
    async tasks(only) {
      const held = await nodes<StoryTask>("myTasks(first: 200)", "", "id rule label type record dueOn overdue because");
      return held.filter((task) => only === undefined || task.record === only);
    },
    async notices(only) {
      const told = await nodes<StoryNotice>(
        "notices(mine: true, record: $record, first: 200)",
        "$record: ID",
        "subject body record urgent createdAt sendAt outcome because",
        { record: only },
      );
      return told.reverse();
    },
    timers: (id) => nodes("timers(record: $id, first: 200)", "$id: ID", "rule step n state dueAt outcome", { id }),
  };
}
