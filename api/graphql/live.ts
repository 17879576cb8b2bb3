/**
 * What changes while people look: each stream is told the type, id and version of records that changed and that its person
 * may see at that moment, and asks for the rest itself. Redis carries ids only; nothing is decided by what it says.
 */
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  OperationTypeNode,
  parse,
  validate,
} from "graphql";
import { createHandler } from "graphql-sse/lib/use/http";
import { readByIds } from "../store/recordQuery";
import { type Reader, recordLooks } from "../engine/read/reader";
import type { World } from "../engine/world";
import type { Touched } from "../queue";
import { HttpRefusal, type Identify, type ServeLive, whenGone } from "./httpHandler";
import { nameOnly } from "./loaders";

/** Streams of one person in one process: more tabs than that ask from time to time instead. */
const MOST_STREAMS = 6;
/** Changes that wait for one person: what is beyond them is found by asking. */
const MOST_WAITING = 2_000;
/** Changes of so long are told together. */
const GATHER_MS = 250;
const MAX_TOKENS = 100;
const MAX_BODY = 4_096;

const change = new GraphQLObjectType({
  name: "RecordChange",
  description: "A record that I may see has changed: its fields, its state, its tasks or its clocks.",
  fields: {
    type: { type: new GraphQLNonNull(GraphQLString) },
    id: { type: new GraphQLNonNull(GraphQLID) },
    version: { type: new GraphQLNonNull(GraphQLInt) },
  },
});

/** The root of the schema's subscriptions, served as server-sent events at /live. */
export const subscription = new GraphQLObjectType<Touched[], { open: () => Stream }>({
  name: "Subscription",
  fields: {
    changes: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(change))),
      description:
        "Served at /live. Told together; an empty list says that rights or the clock moved: ask for all again.",
      subscribe: (_root, _args, { open }) => open(),
      resolve: (touched) => touched,
    },
  },
});

export class Live {
  private readonly streams = new Set<Stream>();
  private readonly connections = new Map<string, number>();
  private readonly stop: (() => void)[];
  private telling: NodeJS.Timeout | undefined;

  constructor(private readonly world: World) {
    this.stop = [
      world.queue.onChanges((touched) => this.each((stream) => stream.add(touched))),
      world.queue.subscribe((kind) => {
        if (kind !== "definitions") this.each((stream) => stream.addAll());
      }),
    ];
  }

  /** False where a person has as many here as they may: connections, before anything is asked over them. Who entered leaves. */
  enter(person: string): boolean {
    const open = this.connections.get(person) ?? 0;
    if (open >= MOST_STREAMS) return false;
    this.connections.set(person, open + 1);
    return true;
  }

  leave(person: string): void {
    const left = (this.connections.get(person) ?? 0) - 1;
    if (left > 0) this.connections.set(person, left);
    else this.connections.delete(person);
  }

  open(person: string, identify: Identify): Stream {
    const stream: Stream = new Stream(person, identify, () => this.streams.delete(stream));
    this.streams.add(stream);
    return stream;
  }

  close(): void {
    for (const stop of this.stop) stop();
    clearTimeout(this.telling);
    for (const stream of this.streams) void stream.return();
  }

  private each(work: (stream: Stream) => void): void {
    if (this.streams.size === 0) return;
    this.streams.forEach(work);
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.tell().catch((error: unknown) => this.world.log.warn({ err: error }, "Changes could not be told"));
    }, GATHER_MS).unref();
  }

  private async tell(): Promise<void> {
    const seen = new Map<string, Promise<Touched[]>>();
    await Promise.all(
      [...this.streams].map(async (stream) => {
        const { touched, all } = stream.take();
        if (!touched.length && !all) return;
        try {
          const reader = await stream.identify();
          if (!reader) return void stream.return();
          // Several tabs of one person ask the database once.
          const key = JSON.stringify([stream.person, reader.identity.acting.id, touched.map(({ id }) => id)]);
          const visible = seen.get(key) ?? toldOf(reader, touched);
          seen.set(key, visible);
          stream.give(await visible, all);
        } catch (error) {
          // The others are told; this one with the next change.
          stream.add(touched);
          if (all) stream.addAll();
          this.world.log.warn({ err: error }, "A page could not be told of changes");
        }
      }),
    );
  }
}

/** What may be told: without those whose readers are recorded, where that cannot be. */
async function toldOf(reader: Reader, touched: Touched[]): Promise<Touched[]> {
  const visible = await visibleOf(reader, touched);
  if (reader.looks.empty) return visible;
  const kept = new Set(reader.looks.byType.keys());
  return recordLooks(reader, { via: "live", operation: "changes", hash: null }).then(
    () => visible,
    () => visible.filter(({ type }) => !kept.has(type)),
  );
}

/** Those of them that the reader may see now. */
async function visibleOf(reader: Reader, touched: Touched[]): Promise<Touched[]> {
  const found: Touched[] = [];
  for (const type of new Set(touched.map((each) => each.type))) {
    const published = reader.registry.types.get(type)?.active;
    const own = touched.filter((each) => each.type === type);
    if (!published) continue;
    for (let from = 0; from < own.length; from += 500) {
      const ids = own.slice(from, from + 500).map(({ id }) => id);
      const rows = await readByIds(reader.db, reader, published, nameOnly, ids);
      const seen = new Set(rows.map(({ id }) => id));
      found.push(...own.filter(({ id }) => seen.has(id)));
    }
  }
  return found;
}

/** The last version of each; once it is full, of those that wait already. */
function keep(kept: Map<string, Touched>, touched: Touched[]): void {
  for (const each of touched) if (kept.size < MOST_WAITING || kept.has(each.id)) kept.set(each.id, each);
}

/** Somebody who listens. What comes faster than they take it is gathered, the last version of each record. */
class Stream implements AsyncIterableIterator<Touched[]> {
  private readonly waiting = new Map<string, Touched>();
  private everything = false;
  private readonly ready = new Map<string, Touched>();
  private readyAll = false;
  private wanted: ((result: IteratorResult<Touched[]>) => void) | undefined;
  private ended = false;

  constructor(
    readonly person: string,
    readonly identify: Identify,
    private readonly onEnd: () => void,
  ) {}

  add(touched: Touched[]): void {
    keep(this.waiting, touched);
  }

  addAll(): void {
    this.everything = true;
  }

  take(): { touched: Touched[]; all: boolean } {
    const taken = { touched: [...this.waiting.values()], all: this.everything };
    this.waiting.clear();
    this.everything = false;
    return taken;
  }

  give(visible: Touched[], all: boolean): void {
    keep(this.ready, visible);
    this.readyAll ||= all;
    this.flush();
  }

  next(): Promise<IteratorResult<Touched[]>> {
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.wanted = resolve;
      this.flush();
    });
  }

  return(): Promise<IteratorResult<Touched[]>> {
    const done = { value: undefined, done: true as const };
    this.ended = true;
    this.onEnd();
    this.wanted?.(done);
    this.wanted = undefined;
    return Promise.resolve(done);
  }

  throw(error: unknown): Promise<IteratorResult<Touched[]>> {
    void this.return();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private flush(): void {
    if (!this.wanted || (this.ready.size === 0 && !this.readyAll)) return;
    const value = this.readyAll ? [] : [...this.ready.values()];
    this.ready.clear();
    this.readyAll = false;
    this.wanted({ value, done: false });
    this.wanted = undefined;
  }
}

export function serveLive(live: Live, schema: () => GraphQLSchema): ServeLive {
  return async (request, response, person, identify) => {
    const size = Number(request.headers["content-length"]);
    if (!(size <= MAX_BODY)) throw new HttpRefusal(413, "A subscription is short.");
    if (!live.enter(person)) throw new HttpRefusal(429, "Too many pages listen already.");
    const opened: Stream[] = [];
    whenGone(request, response, () => {
      live.leave(person);
      for (const stream of opened) void stream.return();
    });
    response.setHeader("x-accel-buffering", "no");
    await createHandler<{ open: () => Stream }>({
      // One connection for each subscription: nothing is kept between requests.
      authenticate: () => null,
      onSubscribe: (_request, { query, operationName, variables }) => {
        const asked = read(schema(), query, operationName);
        if ("problem" in asked) return [JSON.stringify({ errors: [{ message: asked.problem }] }), badRequest];
        const contextValue = {
          open: () => {
            const stream = live.open(person, identify);
            opened.push(stream);
            return stream;
          },
        };
        return { ...asked, operationName, variableValues: variables, contextValue };
      },
    })(request, response);
  };
}

const badRequest = { status: 400, statusText: "Bad Request", headers: { "content-type": "application/json" } };

function read(
  schema: GraphQLSchema,
  query: string,
  operationName: string | undefined,
): { schema: GraphQLSchema; document: DocumentNode } | { problem: string } {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION)
      return { problem: "Only subscriptions are served here: send the rest to /graphql." };
    const [error] = validate(schema, document);
    return error ? { problem: error.message } : { schema, document };
  } catch (error) {
    if (error instanceof GraphQLError) return { problem: error.message };
    throw error;
  }
}
