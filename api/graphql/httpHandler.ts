/**
 * The HTTP edge, on node:http alone: Apollo's pipeline gets a parsed body, everything else is said here – size, origin,
 * the cookie, security headers, health and the admin's files.
 */
import { type ApolloServer, HeaderMap } from "@apollo/server";
import helmet from "helmet";
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip, type ZlibOptions } from "node:zlib";
import { elapsedMs, machineNow } from "../machineClock";
import { Failure, type FailureCode, invalid } from "../../schema/failure";
import { canonicalJson } from "../../schema/text";
import type { Secret } from "../engine/access";
import type { Identity } from "../engine/run";
import { newId } from "../engine/world";
import type { Reader } from "../engine/read/reader";
import { feedSecret } from "./calendarRoute";
import type { Context } from "./context";
import { deviceIn, KNOWN_DEVICE_COOKIE } from "../engine/knownDevice";
import { networkOf } from "../engine/network";
import { cookieNamed, DEVICE_COOKIE, SESSION_COOKIE } from "./cookies";
import { acceptDocument, onlyAsked } from "./document";
import { firstClosed } from "./execute";
import type { Proxies } from "./clientAddress";
import { type Rates, UNREAD_BYTES } from "./rates";

/** How long the rest of a refused body is read and thrown away, so that the sender reads the answer. */
const REST_MS = 5_000;
/** By this header a proxy or a client names its request; the answer, its errors, the log and what it wakes name it too. */
const ID_HEADER = "x-request-id";
/** What an operation could cost, by `cost.ts`, for each point beyond its first. */
const COST_OF_A_POINT = 1_000;
/** Of a stranger's body. A sign-in has some hundred. */
const UNCOUNTED_BYTES = 4_000;
/**
 * Bytes of a body to a point: reading a document of 20 kB for the first time takes as long as a page's ten requests. A
 * stranger's operations are our own, of some hundred bytes: beyond the first thousand each must be one that we never saw.
 */
const BYTES_OF_A_POINT = { signed: 1_000, unsigned: 100 };
const pointsOfBody = (bytes: number, { signed }: Payer): number =>
  1 + Math.floor(signed ? bytes / BYTES_OF_A_POINT.signed : Math.max(0, bytes - 1_000) / BYTES_OF_A_POINT.unsigned);
/** It is hashed and written in pieces, which costs as much as some requests. */
const POINTS_OF_AN_UPLOAD = 10;
/** For a request that only reads: nothing more is begun for it after that, and each statement has a limit of its own. */
const REQUEST_MS = 60_000;
/** From the database, for one request: three times what an answer may hold; for a file or a report, three of the largest files. */
const READ_BYTES = { answer: 32_000_000, file: 64_000_000 };
/** By this header the page behind a one-time link says whose it is before its body is read. */
const LINK_HEADER = "x-duly-link";
/** By this header a page says for whom it asks. */
const PERSON_HEADER = "x-duly-person";
/** In letters: the definitions that each page begins with are some 300,000, on a phone's line a second and a half. */
const WORTH_COMPRESSING = 8_000;
const compressed = promisify<string, ZlibOptions, Buffer>(gzip);

/** What a request may cost before anything is known of it. */
export interface EdgeLimits {
  /** Bytes of a JSON body from somebody whose session, token, link or device stands, and from anybody else. */
  signedBody: number;
  unsignedBody: number;
  /** Milliseconds in which a body must be whole: a megabyte over a phone's poor line, and a form's few kilobytes. */
  signedBodyMs: number;
  unsignedBodyMs: number;
}

export const edgeLimits: EdgeLimits = {
  signedBody: 1_000_000,
  unsignedBody: 100_000,
  signedBodyMs: 60_000,
  unsignedBodyMs: 20_000,
};

/** Who listens, asked anew from time to time: null once the session has ended. */
export type Identify = () => Promise<Reader | null>;

/** Serves a request for /live from somebody signed in; the edge has seen to it that it is theirs. */
export type ServeLive = (
  request: IncomingMessage,
  response: ServerResponse,
  person: string,
  identify: Identify,
) => Promise<void>;

export interface Edge {
  apollo: ApolloServer<Context>;
  publicUrl: string;
  proxies: Proxies;
  limits: EdgeLimits;
  rates: Rates;
  /** Whether finding out who that is reads nothing. */
  remembers(secret: Secret): boolean;
  /** Whether this installation made a one-time link with that secret. */
  knowsLink(secret: string): boolean;
  /** Whether it gave a device this cookie. */
  knowsDevice(cookie: string): boolean;
  /** Makes the context; throws a Failure where the request is refused as a whole. */
  contextOf(
    secret: Secret | null,
    organisation: string,
    address: string,
    knownDevice?: string,
  ): Context | Promise<Context>;
  /** Anybody may ask for the schema. */
  demo: boolean;
  /** Loads a newer schema first where the client has already seen one. */
  catchUp(wanted: number | undefined): undefined | Promise<void>;
  /** The version of the schema served. */
  served(): number;
  /** Requests for /files, /texts, /reports, /crests and /calendars; the last makes the context. */
  files(
    request: IncomingMessage,
    response: ServerResponse,
    contextIn: (organisation: string) => Promise<Context>,
  ): Promise<void>;
  live: ServeLive;
  /** Requests for anything else. */
  others(request: IncomingMessage, response: ServerResponse, path: string): void | Promise<void>;
  failed(error: unknown, request: string): void;
  /** Hears what is refused as a whole. */
  refused(failure: Failure): void;
  observe(route: string, status: number, seconds: number): void;
}

/** By which a client says that two requests are one: the second is given the answer of the first. */
const KEY_HEADER = "x-idempotency-key";
const KEY_SENTENCE = "A key has 1 to 64 characters, without spaces.";

/**
 * SHA-256 of what a request asks, whatever the order of its variables, and with whose rights: what was answered then is
 * not given to somebody who has lost them since.
 */
function operationHash(body: unknown, { access, administers }: Identity): string {
  const { query, operationName, variables } = (body ?? {}) as Record<string, unknown>;
  const { acting, organisations } = access;
  const asked = canonicalJson({ query, operationName, variables, acting, organisations, administers });
  return createHash("sha256").update(asked).digest("hex");
}

const RETRY_AFTER_S = 5;
/** Seconds after which to try again, where the refusal itself does not say. */
const RETRIED: Partial<Record<number, number>> = { 429: 60, 503: RETRY_AFTER_S };
/** Beyond its first: see COST_OF_A_POINT. */
const pointsOf = ({ spent }: Context): number => Math.floor(spent.cost / COST_OF_A_POINT);
const retryHeader = (seconds: number | undefined): Record<string, number> =>
  seconds === undefined ? {} : { "retry-after": seconds };

/** The request is sound and could not be served: the same may be served in a moment. */
const unserved = (code: FailureCode): boolean => code === "UNAVAILABLE" || code === "OUTCOME_UNKNOWN";

function requestId({ headers }: IncomingMessage): string {
  const given = headers[ID_HEADER];
  return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : newId();
}

/** Each error of an answer says by which request it came. */
function withRequest(text: string, requestId: string): string {
  if (!text.startsWith('{"errors"')) return text;
  const answer = JSON.parse(text) as { errors: { extensions?: Record<string, unknown> }[] };
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId };
  return JSON.stringify(answer);
}

/** The first such code among the errors of an answer, which stand before its data. In a message quotes are escaped. */
const unservedIn = (text: string): string | undefined =>
  text.startsWith('{"errors"')
    ? /"extensions":\{"code":"(UNAVAILABLE|OUTCOME_UNKNOWN)"/.exec(text.split('"data":', 1)[0] ?? "")?.[1]
    : undefined;

/** Whose limit a request counts against. */
interface Payer {
  signed: boolean;
  from: Rates["signed"];
  /** What points are counted by: the session, token, link or device itself. */
  key: string;
  /** What turns are counted by: the person, with whatever they signed in. */
  line: string;
}

export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Seconds. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

const tooMany = (seconds: number): HttpRefusal =>
  new HttpRefusal(
    429,
    `Too many requests. Wait ${seconds === 1 ? "a second" : `${seconds} seconds`} and try again.`,
    seconds,
  );

const securityHeaders = (publicUrl: string) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // MUI writes its styles into the page.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: publicUrl.startsWith("https:"),
  });

export function httpHandler(edge: Edge): (request: IncomingMessage, response: ServerResponse) => void {
  const { limits } = edge;
  const { signed, unsigned, turns, looks, refusals, held, unread } = edge.rates;
  const secure = securityHeaders(edge.publicUrl);
  const cookieFlags = `Path=/; HttpOnly; SameSite=Strict${edge.publicUrl.startsWith("https:") ? "; Secure" : ""}`;
  // Helmet sets a dozen headers one by one, always the same: they are read off it once.
  const fixed: [string, string][] = [];
  const collector = {
    setHeader: (name: string, value: string) => void fixed.push([name, value]),
    removeHeader: () => {},
  };
  secure({} as IncomingMessage, collector as unknown as ServerResponse, () => {});
  const apiHeaders = Object.fromEntries(fixed);

  return (request, response) => {
    const target = request.url ?? "/";
    const end = target.indexOf("?");
    const path = end < 0 ? target : target.slice(0, end);
    const id = requestId(request);
    const started = machineNow();
    const bytes = /^\/(files|texts|reports|crests|calendars)(?=\/|$)/.exec(path)?.[0];
    const route = bytes ?? (path === "/graphql" ? path : "other");
    // A stream is open for as long as somebody looks, which says nothing of our speed.
    if (path !== "/live")
      response.on("finish", () => edge.observe(route, response.statusCode, (machineNow() - started) / 1000));
    const work = bytes
      ? files(request, response, path, id)
      : path === "/graphql"
        ? answer(request, response, id)
        : path === "/live"
          ? live(request, response, id)
          : other(request, response, path);
    work.catch(async (error: unknown) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof HttpRefusal) {
        if (error.status === 429) letGo(request);
        await refusals.slowly(networkOf(edge.proxies.clientAddress(request)));
        const code = path === "/graphql" ? inWords[error.status] : undefined;
        return code
          ? refuse(response, id, new Failure(code, error.message), error)
          : plain(response, error.status, error.message, error.retryAfter);
      }
      if (error instanceof Failure && path === "/graphql") return refuse(response, id, error);
      if (error instanceof Failure && unserved(error.code)) return plain(response, 503, error.message);
      edge.failed(error, id);
      plain(response, 500, `Something went wrong on the server. If it happens again, quote ${id}.`);
    });
  };

  async function other(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    for (const [name, value] of fixed) response.setHeader(name, value);
    await edge.others(request, response, path);
  }

  async function files(request: IncomingMessage, response: ServerResponse, path: string, id: string): Promise<void> {
    for (const [name, value] of fixed) response.setHeader(name, value);
    response.setHeader(ID_HEADER, id);
    const { headers, method } = request;
    const isUpload = method === "POST";
    let leave: (() => void) | undefined;
    try {
      await edge.files(request, response, async (organisation) => {
        if (isUpload && headers.authorization === undefined) mustBeOurs(request);
        const feed = feedSecret(path);
        const secret: Secret | null = feed
          ? { kind: "feed", value: feed }
          : secretOf(headers.authorization, headers.cookie);
        const { context, payer } = await identified(request, secret, organisation, id);
        endsWith(response, context);
        if (context.asker) context.asker.allowance.bytes = READ_BYTES.file;
        // A line of their own: who sends files over a slow connection goes on working meanwhile.
        const key = isUpload ? `${payer.line} sends` : payer.line;
        const turn = turns.enter(key, isUpload ? POINTS_OF_AN_UPLOAD : 1, () => tooMany(1));
        if (turn) await turn;
        const began = elapsedMs();
        leave = whenGone(request, response, () => turns.leave(key, elapsedMs() - began));
        return context;
      });
    } finally {
      leave?.();
    }
  }

  async function live(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const { headers } = request;
    if (headers.authorization === undefined) mustBeOurs(request);
    const secret = secretOf(headers.authorization, headers.cookie);
    const organisation = String(headers["x-organisation"] ?? "");
    const address = edge.proxies.clientAddress(request);
    const identify = async () => (await edge.contextOf(secret, organisation, address)).reader;
    const { context } = await identified(request, secret, organisation, id).catch((error: unknown) => {
      throw error instanceof Failure && !unserved(error.code) ? new HttpRefusal(403, error.message) : error;
    });
    const { reader } = context;
    if (!reader) throw new HttpRefusal(401, "Sign in first.");
    for (const [name, value] of fixed) response.setHeader(name, value);
    await edge.live(request, response, reader.identity.person.id, () => identify().catch(() => null));
  }

  async function answer(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new HttpRefusal(405, "Send GraphQL with POST.");
    }
    const headers = request.headers;
    const type = headers["content-type"] ?? "";
    if (!type.startsWith("application/json")) throw new HttpRefusal(415, "Send JSON, as application/json.");
    const secret = secretOf(headers.authorization, headers.cookie);
    if (headers.authorization === undefined) mustBeOurs(request);
    const wanted = Number(headers["x-schema-version"]);
    const behind = edge.catchUp(Number.isInteger(wanted) && wanted > 0 ? wanted : undefined);
    if (behind) await behind;
    const organisation = String(headers["x-organisation"] ?? "");
    try {
      const known = await identified(request, secret, organisation, id);
      let { context } = known;
      const { payer } = known;
      const began = machineNow();
      if (unread.of(payer.line) > UNREAD_BYTES) throw tooMany(1);
      const { raw, letGo: giveBack } = await bodyOf(request, payer);
      let turnBegan: number | undefined;
      try {
        const turn = turns.enter(payer.line, pointsOfBody(raw.length, payer), () => tooMany(1));
        if (turn) await turn;
        turnBegan = elapsedMs();
        if (response.destroyed) return;
        // Whoever takes their time over a body, or waits, may have signed out meanwhile.
        if (machineNow() - began > 1_000) context = await contextOf(request, id, secret, organisation);
        await answerInTurn(request, response, id, { context, payer, raw });
      } finally {
        giveBack();
        if (turnBegan !== undefined)
          turns.leave(payer.line, elapsedMs() - turnBegan, { points: pointsOf(context), read: context.spent.isNew });
      }
    } catch (error) {
      if (!(error instanceof Failure) || response.headersSent) throw error;
      if (!unserved(error.code)) await refusals.slowly(networkOf(edge.proxies.clientAddress(request)));
      return refuse(response, id, error);
    }
  }

  /** As it came: parsed, it takes twenty times as much, and that waits for its turn. It is held until it is let go of. */
  async function bodyOf(
    request: IncomingMessage,
    { signed, line }: Payer,
  ): Promise<{ raw: Buffer; letGo: () => void }> {
    const [who, most, ms] = signed
      ? (["signed", limits.signedBody, limits.signedBodyMs] as const)
      : (["unsigned", limits.unsignedBody, limits.unsignedBodyMs] as const);
    // A stranger's first kilobytes are not counted: signing in takes no more, and others may not shut it out.
    let uncounted = signed ? 0 : UNCOUNTED_BYTES;
    let taken = 0;
    const take = (bytes: number): boolean => {
      const counted = Math.max(0, bytes - uncounted);
      uncounted = Math.max(0, uncounted - bytes);
      const may = held.take(line, who, counted);
      if (may) taken += counted;
      return may;
    };
    const letGo = (): void => held.give(line, who, taken);
    try {
      return { raw: await read(request, most, ms, take), letGo };
    } catch (error) {
      letGo();
      throw error;
    }
  }

  async function answerInTurn(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    { context, payer, raw }: { context: Context; payer: Payer; raw: Buffer },
  ): Promise<void> {
    const { headers } = request;
    const whole = parsed(raw.toString("utf8"));
    const { asks, variables, isNew } = acceptDocument(whole, payer.signed);
    context.spent.isNew = isNew;
    const body = onlyAsked(whole, variables);
    // Before anything is validated: what the schema holds is no business of a stranger.
    const closed = context.identity ? undefined : firstClosed(asks, edge.demo);
    if (closed) return refuse(response, id, new Failure("UNAUTHENTICATED", "Sign in first."), { field: closed });
    if (context.asker) {
      context.asker.until = elapsedMs() + REQUEST_MS;
      context.asker.allowance.bytes = READ_BYTES.answer;
    }
    endsWith(response, context);
    const key = headers[KEY_HEADER];
    if (key !== undefined && context.identity) {
      if (typeof key !== "string" || !/^[\x21-\x7e]{1,64}$/.test(key))
        return refuse(response, id, invalid([{ path: KEY_HEADER, message: KEY_SENTENCE }]));
      context.once = { request: key, operation: operationHash(body, context.identity), field: -1, n: 0 };
    }
    const map = new HeaderMap();
    // Apollo asks for no more of them than this, and negotiating what is JSON anyway costs every request.
    if (headers.accept && !/application\/json|\*\/\*/.test(headers.accept)) map.set("accept", headers.accept);
    map.set("content-type", "application/json");
    const result = await edge.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: "POST", headers: map, body, search: "" },
      context: () => Promise.resolve(context),
    });
    const more = pointsOf(context);
    if (more) payer.from.spend(payer.key, more);
    const out: Record<string, string | number | string[]> = {
      ...apiHeaders,
      "cache-control": "no-store",
      "x-schema-version": edge.served(),
      [ID_HEADER]: id,
    };
    for (const [name, value] of result.headers) if (name !== "cache-control") out[name] = value;
    const cookies = context.reply.cookies.map((cookie) => `${cookie}; ${cookieFlags}`);
    if (cookies.length) out["set-cookie"] = cookies;
    const text = result.body.kind === "complete" ? withRequest(result.body.string, id) : "";
    const small = text.length < WORTH_COMPRESSING || !/\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
    const sent = small ? text : await compressed(text, { level: 5 });
    if (!small) Object.assign(out, { "content-encoding": "gzip", vary: "accept-encoding" });
    const bytes = Buffer.byteLength(sent);
    out["content-length"] = bytes;
    if (payer.signed) {
      unread.add(payer.line, bytes);
      whenGone(request, response, () => unread.add(payer.line, -bytes));
    }
    // Apollo answers 200 to whatever it could execute; a proxy and a probe read the status alone.
    const failed = unservedIn(text);
    if (failed === "UNAVAILABLE") out["retry-after"] = RETRY_AFTER_S;
    response.writeHead(failed ? 503 : (result.status ?? 200), out);
    response.end(sent);
  }

  async function contextOf(
    request: IncomingMessage,
    id: string,
    secret: Secret | null,
    organisation: string,
  ): Promise<Context> {
    const address = edge.proxies.clientAddress(request);
    const found = await edge.contextOf(secret, organisation, address, knownDevice(request));
    const context = isForSomebodyElse(request, found) ? await edge.contextOf(null, organisation, address) : found;
    context.request = id;
    return context;
  }

  /** Who asks, once their limit allows it: their own, or that of their address where they are nobody known. */
  async function identified(
    request: IncomingMessage,
    secret: Secret | null,
    organisation: string,
    id: string,
  ): Promise<{ context: Context; payer: Payer }> {
    const network = networkOf(edge.proxies.clientAddress(request));
    const link = request.headers[LINK_HEADER];
    const fromLink = typeof link === "string" && edge.knowsLink(link) ? link : undefined;
    const beyond = unsigned.wait(network);
    if (beyond && !secret && !fromLink && !deviceOf(request)) throw tooMany(beyond);
    // Somebody at an address that sends guesses is looked for as others are, but few at a time.
    const guess = beyond > 0 && secret !== null && !edge.remembers(secret);
    if (guess) await looks.enter(network, 1, () => tooMany(beyond));
    const began = elapsedMs();
    let context: Context;
    try {
      context = await contextOf(request, id, secret, organisation);
    } finally {
      if (guess) looks.leave(network, elapsedMs() - began);
    }
    const own = context.identity || context.device ? secret?.value : fromLink;
    const key = own ?? deviceOf(request) ?? network;
    const line = context.identity ? `person ${context.identity.person.id}` : key;
    const payer: Payer = { signed: own !== undefined, from: own === undefined ? unsigned : signed, key, line };
    const wait = payer.from.spend(payer.key);
    if (wait) throw tooMany(wait);
    return { context, payer };
  }

  /** A device that somebody has signed in on is not shut out by what others at its address send: it is counted by itself. */
  function deviceOf(request: IncomingMessage): string | undefined {
    const cookie = knownDevice(request);
    return cookie !== undefined && edge.knowsDevice(cookie) ? `device ${deviceIn(cookie)}` : undefined;
  }

  /** As Apollo would say it, for what is refused before Apollo is asked. */
  function refuse(
    response: ServerResponse,
    id: string,
    failure: Failure,
    {
      field,
      status = unserved(failure.code) ? 503 : 200,
      retryAfter = status === 503 && failure.code === "UNAVAILABLE" ? RETRY_AFTER_S : undefined,
    }: { field?: string; status?: number; retryAfter?: number | undefined } = {},
  ): void {
    const text = JSON.stringify({
      errors: [
        {
          message: failure.message,
          ...(field ? { path: [field] } : {}),
          extensions: { code: failure.code, problems: failure.problems, requestId: id },
        },
      ],
    });
    edge.refused(failure);
    response.writeHead(status, {
      ...apiHeaders,
      ...retryHeader(retryAfter),
      "cache-control": "no-store",
      "content-type": "application/json; charset=utf-8",
      "x-schema-version": edge.served(),
      [ID_HEADER]: id,
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  }

  /** A page of another origin can send our cookie's request only without our header, or says its origin. */
  function mustBeOurs(request: IncomingMessage): void {
    const { headers } = request;
    if (headers["x-duly"] === undefined && headers["apollo-require-preflight"] === undefined)
      throw new HttpRefusal(403, "Send the header x-duly: 1 with every request that is authenticated by the cookie.");
    const origin = headers.origin;
    if (origin === undefined || origin === new URL(edge.publicUrl).origin) return;
    // Reached by another name of the same server (a proxy, the loopback address).
    if (URL.canParse(origin) && new URL(origin).host === headers.host) return;
    throw new HttpRefusal(403, "This request comes from another site.");
  }
}

/** A page of somebody who has signed out since: in another tab of the same browser somebody else has signed in. */
const isForSomebodyElse = ({ headers }: IncomingMessage, { identity }: Context): boolean =>
  headers[PERSON_HEADER] !== undefined && identity !== null && identity.person.id !== headers[PERSON_HEADER];

const knownDevice = ({ headers }: IncomingMessage): string | undefined =>
  cookieNamed(headers.cookie, KNOWN_DEVICE_COOKIE);

function secretOf(authorization: string | undefined, cookie: string | undefined): Secret | null {
  if (authorization !== undefined) {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    // An unreadable header must not fall back to the cookie: it is unknown, and refused as such.
    return { kind: "token", value: bearer ?? "" };
  }
  const session = cookieNamed(cookie, SESSION_COOKIE);
  if (session) return { kind: "session", value: session };
  const device = cookieNamed(cookie, DEVICE_COOKIE);
  return device ? { kind: "device", value: device } : null;
}

/**
 * Runs once: when it is called, when the answer has gone, or when the connection has ended. An answer that waits behind
 * others on one connection never hears that it closed.
 */
export function whenGone(request: IncomingMessage, response: ServerResponse, work: () => void): () => void {
  const { socket } = request;
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    response.off("close", once);
    socket.off("close", once);
    work();
  };
  response.once("close", once);
  socket.once("close", once);
  if (response.closed || socket.destroyed) once();
  return once;
}

/** What is being read for a request ends when its connection does. */
function endsWith(response: ServerResponse, { asker }: Context): void {
  if (!asker) return;
  if (response.destroyed) return asker.leave();
  response.on("close", () => {
    if (!response.writableFinished) asker.leave();
  });
}

/** The body, whole. @throws HttpRefusal 413 beyond so many bytes, 408 where it is not whole in time, 429 where too much is held. */
function read(
  request: IncomingMessage,
  most: number,
  withinMs: number,
  mayHold: (bytes: number) => boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const late = setTimeout(
      () => refused(new HttpRefusal(408, "The request did not arrive in time. Try again.")),
      withinMs,
    );
    function refused(why: Error): void {
      clearTimeout(late);
      chunks.length = 0;
      request.off("data", take);
      letGo(request);
      reject(why);
    }
    function take(chunk: Buffer): void {
      size += chunk.length;
      if (size > most) return refused(tooLarge(most));
      if (!mayHold(chunk.length)) return refused(tooMany(1));
      chunks.push(chunk);
    }
    if (Number(request.headers["content-length"]) > most) return refused(tooLarge(most));
    request.on("data", take);
    request.on("end", () => {
      clearTimeout(late);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on("error", reject);
    // Said after every request: an error is made only for one that is not whole.
    request.on("close", () => {
      clearTimeout(late);
      if (!request.complete) reject(new HttpRefusal(400, "The request ended early."));
    });
  });
}

/** Throws the rest of a body away for a moment, then ends its connection. */
export function letGo(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const end = setTimeout(() => request.destroy(), REST_MS).unref();
  request.once("close", () => clearTimeout(end));
  request.once("end", () => clearTimeout(end));
}

const tooLarge = (most: number): HttpRefusal =>
  new HttpRefusal(
    413,
    `The request is larger than ${most >= 1e6 ? `${Math.round(most / 1e6)} MB` : `${most / 1000} kB`}.`,
  );

/** Deeper than any filter or definition that is accepted. */
const MAX_NESTING = 100;

/** Whether JSON is nested deeper than that. Parsing such a body takes seconds, and what reads it after may overflow. */
function isNestedTooDeeply(json: string): boolean {
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const sign = json.charCodeAt(i);
    if (sign === 34) {
      // A text: on to its end, past what is escaped.
      for (i++; i < json.length && json.charCodeAt(i) !== 34; i++) if (json.charCodeAt(i) === 92) i++;
    } else if (sign === 91 || sign === 123) {
      if (++depth > MAX_NESTING) return true;
    } else if (sign === 93 || sign === 125) depth--;
  }
  return false;
}

function parsed(raw: string): unknown {
  if (isNestedTooDeeply(raw)) throw new HttpRefusal(400, "The JSON is nested too deeply.");
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    throw new HttpRefusal(400, "The body is not JSON.");
  }
  if (Array.isArray(body)) throw new HttpRefusal(400, "Send one operation at a time.");
  return body;
}

/** What a refusal of the request as a whole is called where GraphQL was asked. */
const inWords: Partial<Record<number, FailureCode>> = {
  408: "UNAVAILABLE",
  413: "INVALID_INPUT",
  429: "TOO_MANY_ATTEMPTS",
  503: "UNAVAILABLE",
};

export function plain(
  response: ServerResponse,
  status: number,
  text: string,
  retryAfter: number | undefined = RETRIED[status],
): void {
  const close = status === 400 ? { connection: "close" } : {};
  response.writeHead(status, {
    ...close,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text) + 1,
    "x-content-type-options": "nosniff",
    ...retryHeader(retryAfter),
  });
  response.end(`${text}\n`);
}
