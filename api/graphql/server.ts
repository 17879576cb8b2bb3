/**
 * The API process's server: Apollo with a schema that is exchanged while it runs, behind a lean HTTP edge. Every node
 * follows a publish by pub/sub, by a poll, and at once when a request names a newer version.
 */
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { ExecutionResult, GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { loadRegistry } from "../store/definitions";
import { Identities, type Secret } from "../engine/access";
import { Editions } from "../engine/editions";
import { readiness } from "../engine/health";
import { isOurs } from "../engine/oneTimeLink";
import { installationStatus } from "../engine/status";
import { type Reader, readerFor } from "../engine/read/reader";
import { sharedDevice } from "../engine/sharedDevice";
import type { World } from "../engine/world";
import { machineNow } from "../machineClock";
import { allMetrics, apiErrors, httpSeconds } from "../metrics";
import { adminFiles } from "./adminFiles";
import { proxies } from "./clientAddress";
import type { Context } from "./context";
import { formatErrors, markRequest, troubleLog } from "./errors";
import { documentStore, MAX_TOKENS } from "./document";
import { executeOperation } from "./execute";
import { fileRoutes } from "./fileRoutes";
import { Live, serveLive } from "./live";
import { type EdgeLimits, edgeLimits, httpHandler, plain } from "./httpHandler";
import { followDuePublishes } from "./duePublishes";
import { mayMeasure } from "./mayMeasure";
import { objectionsOf } from "./objections";
import { isOurDevice } from "../engine/knownDevice";
import { openRates, type RateLimits, rateLimits } from "./rates";
import { wholeSchema } from "./recordSchema";
import { staticSchema } from "./staticSchema";

export interface ApiOptions {
  /** The folder of the built back office. */
  adminFolder: string;
  /** Opens /metrics to whoever sends it as a bearer token; without it only to this machine. */
  metricsToken?: string;
  host?: string;
  /** How long it goes on serving while it says that it is not ready, before it closes. */
  drainMs?: number;
  /** Where they are other than the product's: for tests. */
  limits?: Partial<EdgeLimits>;
  rates?: Partial<RateLimits>;
}

export interface Api {
  http: Server;
  port: number;
  /** The edition of the definitions that is served. */
  schemaVersion(): number;
  close(): Promise<void>;
}

const POLL_MS = 1_000;
/** What every request waits for: one answer that never comes must not hold them all. */
const SHARED_READ_MS = 4_000;

export async function startApi(world: World, port: number, options: ApiOptions): Promise<Api> {
  const editions = new Editions(world.db.within(SHARED_READ_MS), machineNow);
  const identities = new Identities(world.db, () => world.machineNow(), editions);
  const swap = new SchemaSwap(world, editions);
  const trouble = troubleLog(world.log);
  const apollo = new ApolloServer<Context>({
    gateway: swap,
    // Refused for whoever is not signed in, outside demo mode, by the executor: see publicOperations.ts.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !world.demo,
    csrfPrevention: false,
    persistedQueries: false,
    documentStore: documentStore(),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: formatErrors(world.log, apiErrors, trouble),
    stringifyResult: (result) => JSON.stringify(result),
    logger: plainLogger(world.log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();

  const objections = objectionsOf(world);
  const live = new Live(world);
  let draining = false;
  const files = adminFiles(options.adminFolder);
  const handler = httpHandler({
    apollo,
    publicUrl: world.publicUrl,
    proxies: proxies(world.config.trustProxy),
    limits: { ...edgeLimits, ...options.limits },
    demo: world.demo,
    contextOf: (secret, organisation, address, knownDevice) =>
      contextOf({ world, editions, identities, objections }, secret, organisation, address, knownDevice),
    rates: openRates(world.queue, world.key, {
      ...rateLimits,
      signed: { points: world.config.rateLimit, seconds: 60 },
      unsigned: { points: world.config.rateLimitUnsigned, seconds: 60 },
      ...options.rates,
    }),
    remembers: (secret) => identities.remembers(secret),
    knowsLink: (secret) => isOurs(world.key, secret),
    knowsDevice: (cookie) => isOurDevice(world.key, cookie),
    catchUp: (wanted) => swap.catchUp(wanted),
    served: () => swap.served(),
    files: fileRoutes,
    live: serveLive(live, () => swap.current()),
    others: (request, response, path) => others(world, options, files, request, response, path, draining),
    refused: trouble,
    failed: (error, request) => world.log.error({ err: error, request }, "A request failed"),
    observe: (route, status, seconds) => httpSeconds.observe({ route, status }, seconds),
  });
  // Long enough for a file of 20 MB from a slow line; headers must come within twenty seconds.
  const timeouts = { keepAliveTimeout: 65_000, requestTimeout: 300_000, headersTimeout: 20_000 };
  const http = createServer({ ...timeouts, connectionsCheckingInterval: 5_000 }, handler);
  const unsubscribe = world.queue.subscribe((kind) => {
    editions.forget();
    if (kind === "definitions") swap.refresh();
  });
  const poll = setInterval(() => swap.refresh(), POLL_MS);
  poll.unref();
  const duePublishes = followDuePublishes(world, objections);
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, options.host, resolve);
  });
  return {
    http,
    port: (http.address() as AddressInfo).port,
    schemaVersion: () => swap.served(),
    async close() {
      draining = true;
      if (options.drainMs) await new Promise((resolve) => setTimeout(resolve, options.drainMs));
      clearInterval(poll);
      await duePublishes.stop();
      unsubscribe();
      live.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeIdleConnections();
      // Requests under way may end; connections that only wait may not hold the process.
      const idle = setInterval(() => http.closeIdleConnections(), 50);
      const hurry = setTimeout(() => http.closeAllConnections(), 5_000);
      await closed;
      clearInterval(idle);
      clearTimeout(hurry);
      await swap.settled();
      await apollo.stop();
    },
  };
}

/** What Apollo says by itself may quote what it was sent. */
function plainLogger(log: Logger): Record<"debug" | "info" | "warn" | "error", (message: unknown) => void> {
  const at = (level: "debug" | "info" | "warn" | "error") => (message: unknown) =>
    log[level]({ err: message }, "Apollo");
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

type Listener = (context: { apiSchema: GraphQLSchema; coreSupergraphSdl: string }) => void;

/** Apollo's gateway interface: its supported way to exchange a schema while requests run. */
class SchemaSwap {
  private readonly listeners = new Set<Listener>();
  private schema: GraphQLSchema;
  private edition: number;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly world: World,
    private readonly editions: Editions,
  ) {
    this.schema = wholeSchema(staticSchema(), world.registry);
    this.edition = world.registry.edition;
  }

  onSchemaLoadOrUpdate(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async load() {
    this.tell();
    return {
      executor: async (request: {
        schema: GraphQLSchema;
        document: Parameters<typeof executeOperation>[0]["document"];
        queryHash: string;
        request: { operationName?: string; variables?: Record<string, unknown> };
        context: Record<string, unknown>;
      }): Promise<ExecutionResult> =>
        markRequest(
          (request.context as unknown as Context).request,
          executeOperation({
            schema: request.schema,
            document: request.document,
            hash: request.queryHash,
            operationName: request.request.operationName,
            variables: request.request.variables,
            context: request.context as unknown as Context,
          }),
        ),
    };
  }

  async stop(): Promise<void> {
    this.listeners.clear();
  }

  current(): GraphQLSchema {
    this.served();
    return this.schema;
  }

  /** The edition served; takes over what a publish in this process, or a write, has loaded. */
  served(): number {
    if (this.world.registry.edition !== this.edition) this.exchange();
    return this.edition;
  }

  /** Loads a newer edition first where the client has already seen one. */
  catchUp(wanted: number | undefined): undefined | Promise<void> {
    if (wanted === undefined || wanted <= this.served()) return undefined;
    return this.follow(true);
  }

  /** Follows in the background; trouble is the database's, and tried again by the next poll. */
  refresh(): void {
    this.follow(false).catch((error: unknown) => this.world.log.warn({ err: error }, "Definitions could not be read"));
  }

  async settled(): Promise<void> {
    await this.refreshing?.catch(() => {});
  }

  private follow(now: boolean): Promise<void> {
    this.refreshing ??= this.reload(now).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async reload(now: boolean): Promise<void> {
    const { definitions } = await (now ? this.editions.read() : this.editions.current());
    if (definitions > this.world.registry.edition)
      this.world.registry = await loadRegistry(this.world.db.within(SHARED_READ_MS));
    this.served();
  }

  private exchange(): void {
    const { registry } = this.world;
    try {
      this.schema = wholeSchema(staticSchema(), registry);
      this.tell();
    } catch (error) {
      // The last good one goes on: a publish checks its candidate, so this is a fault of ours.
      this.world.log.error({ err: error, edition: registry.edition }, "The schema could not be built");
    }
    this.edition = registry.edition;
  }

  private tell(): void {
    for (const listener of this.listeners) listener({ apiSchema: this.schema, coreSupergraphSdl: "" });
  }
}

type Parts = Pick<Context, "world" | "editions" | "identities" | "objections">;

/** No promise where everything is remembered, which is nearly always. */
function contextOf(
  { world, editions, identities, objections }: Parts,
  secret: Secret | null,
  organisation: string,
  address: string,
  knownDevice?: string,
): Context | Promise<Context> {
  const make = (
    identity: Context["identity"],
    reader: Context["reader"],
    device: Context["device"] = null,
    asker: Context["asker"] = null,
  ): Context => ({
    world,
    identities,
    editions,
    identity,
    secret,
    device,
    address,
    knownDevice,
    reader,
    reply: { cookies: [] },
    spent: { cost: 0, isNew: true },
    request: "",
    objections,
    asker,
    loading: { loaders: null },
    once: null,
  });
  if (!secret) return make(null, null);
  if (secret.kind === "device")
    return sharedDevice(world, secret.value).then((device) => make(null, null, device ?? null));
  const row = editions.current();
  if (row instanceof Promise)
    return row.then(() =>
      contextOf({ world, editions, identities, objections }, secret, organisation, address, knownDevice),
    );
  const withReader = (identity: Context["identity"]): Context | Promise<Context> => {
    if (!identity) return make(null, null);
    const { asker, db } = world.db.readsFor();
    const reading = (reader: Reader): Context => make(identity, Object.assign(reader, { db }), null, asker);
    const reader = readerFor(world, identity, row);
    return reader instanceof Promise ? reader.then(reading) : reading(reader);
  };
  const identity = identities.find(secret, organisation);
  return identity instanceof Promise ? identity.then(withReader) : withReader(identity);
}

async function others(
  world: World,
  options: ApiOptions,
  files: ReturnType<typeof adminFiles>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  draining: boolean,
): Promise<void> {
  if (path === "/healthz") return plain(response, 200, "ok");
  if (path === "/readyz") {
    if (draining) return plain(response, 503, "ending");
    const missing = await readiness(world);
    return plain(response, missing.length ? 503 : 200, missing.length ? `missing: ${missing.join(", ")}` : "ok");
  }
  const measured = { ...world.config, ...(options.metricsToken ? { metricsToken: options.metricsToken } : {}) };
  if (path === "/statusz") {
    if (!mayMeasure(request, measured)) return plain(response, 403, "The status is not for you.");
    const status = await installationStatus(world);
    response.writeHead(status.ok ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(`${JSON.stringify(status, null, 2)}\n`);
    return;
  }
  if (path === "/metrics") {
    if (!mayMeasure(request, measured)) return plain(response, 403, "Metrics are not for you.");
    const { contentType, body } = await allMetrics(world);
    response.writeHead(200, { "content-type": contentType });
    response.end(body);
    return;
  }
  if (files.serve(request, response, path)) return;
  plain(response, 404, "There is nothing here.");
}
