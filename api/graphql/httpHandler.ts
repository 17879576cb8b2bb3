/**
 * The HTTP edge, on node:http alone: Apollo's pipeline gets a parsed body, everything else is said here – size, origin,
 * the cookie, security headers, health and the admin's files.
 */
import { type ApolloServer, HeaderMap } from "@apollo/server";
import helmet from "helmet";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip, type ZlibOptions } from "node:zlib";
import { machineNow } from "../machineClock";
import { Failure } from "../../schema/failure";
import type { Secret } from "../engine/access";
import type { Reader } from "../engine/read/reader";
import { feedSecret } from "./calendarRoute";
import type { Context } from "./context";
import { cookieNamed, DEVICE_COOKIE, SESSION_COOKIE } from "./cookies";
import { closedField } from "./execute";

export const MAX_BODY = 10 * 1024 * 1024;
/** In letters: the definitions that each page begins with are some 300,000, on a phone's line a second and a half. */
const WORTH_COMPRESSING = 8_000;
const compressed = promisify<string, ZlibOptions, Buffer>(gzip);

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
  /** Makes the context; throws a Failure where the request is refused as a whole. */
  contextOf(secret: Secret | null, organisation: string, address: string): Context | Promise<Context>;
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
  failed(error: unknown): void;
  observe(route: string, status: number, seconds: number): void;
}

export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

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
    const started = machineNow();
    const bytes = /^\/(files|texts|reports|crests|calendars)(?=\/|$)/.exec(path)?.[0];
    const route = bytes ?? (path === "/graphql" ? path : "other");
    // A stream is open for as long as somebody looks, which says nothing of our speed.
    if (path !== "/live")
      response.on("finish", () => edge.observe(route, response.statusCode, (machineNow() - started) / 1000));
    const work = bytes
      ? files(request, response, path)
      : path === "/graphql"
        ? answer(request, response)
        : path === "/live"
          ? live(request, response)
          : other(request, response, path);
    work.catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof HttpRefusal) return plain(response, error.status, error.message);
      edge.failed(error);
      plain(response, 500, "Something went wrong on the server.");
    });
  };

  async function other(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    for (const [name, value] of fixed) response.setHeader(name, value);
    await edge.others(request, response, path);
  }

  async function files(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    for (const [name, value] of fixed) response.setHeader(name, value);
    const { headers, method, socket } = request;
    await edge.files(request, response, async (organisation) => {
      if (method === "POST" && headers.authorization === undefined) mustBeOurs(request);
      const feed = feedSecret(path);
      const secret: Secret | null = feed
        ? { kind: "feed", value: feed }
        : secretOf(headers.authorization, headers.cookie);
      return edge.contextOf(secret, organisation, socket.remoteAddress ?? "");
    });
  }

  async function live(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, socket } = request;
    if (headers.authorization === undefined) mustBeOurs(request);
    const secret = secretOf(headers.authorization, headers.cookie);
    const organisation = String(headers["x-organisation"] ?? "");
    const identify = async () =>
      (await edge.contextOf(secret, organisation, socket.remoteAddress ?? ""))?.reader ?? null;
    const reader = await identify().catch((error: unknown) => {
      throw error instanceof Failure ? new HttpRefusal(403, error.message) : error;
    });
    if (!reader) throw new HttpRefusal(401, "Sign in first.");
    for (const [name, value] of fixed) response.setHeader(name, value);
    await edge.live(request, response, reader.identity.person.id, () => identify().catch(() => null));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new HttpRefusal(405, "Send GraphQL with POST.");
    }
    const headers = request.headers;
    const type = headers["content-type"] ?? "";
    if (!type.startsWith("application/json")) throw new HttpRefusal(415, "Send JSON, as application/json.");
    const secret = secretOf(headers.authorization, headers.cookie);
    if (headers.authorization === undefined) mustBeOurs(request);
    const raw = await read(request);
    let body: unknown;
    try {
      body = JSON.parse(raw);
    } catch {
      throw new HttpRefusal(400, "The body is not JSON.");
    }
    if (Array.isArray(body)) throw new HttpRefusal(400, "Send one operation at a time.");

    const wanted = Number(headers["x-schema-version"]);
    const behind = edge.catchUp(Number.isInteger(wanted) && wanted > 0 ? wanted : undefined);
    if (behind) await behind;
    let context: Context;
    try {
      const found = edge.contextOf(secret, String(headers["x-organisation"] ?? ""), request.socket.remoteAddress ?? "");
      context = found instanceof Promise ? await found : found;
    } catch (error) {
      if (error instanceof Failure) return refuse(response, error);
      throw error;
    }
    // Before anything is validated: what the schema holds is no business of a stranger.
    const closed = context.identity ? undefined : closedField(body, edge.demo);
    if (closed) return refuse(response, new Failure("UNAUTHENTICATED", "Sign in first."), closed);
    const map = new HeaderMap();
    // Apollo asks for no more of them than this, and negotiating what is JSON anyway costs every request.
    if (headers.accept && !/application\/json|\*\/\*/.test(headers.accept)) map.set("accept", headers.accept);
    map.set("content-type", "application/json");
    const result = await edge.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: "POST", headers: map, body, search: "" },
      context: () => Promise.resolve(context),
    });
    const out: Record<string, string | number | string[]> = {
      ...apiHeaders,
      "cache-control": "no-store",
      "x-schema-version": edge.served(),
    };
    for (const [name, value] of result.headers) if (name !== "cache-control") out[name] = value;
    const cookies = context.reply.cookies.map((cookie) => `${cookie}; ${cookieFlags}`);
    if (cookies.length) out["set-cookie"] = cookies;
    const text = result.body.kind === "complete" ? result.body.string : "";
    const small = text.length < WORTH_COMPRESSING || !/\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
    const sent = small ? text : await compressed(text, { level: 5 });
    if (!small) Object.assign(out, { "content-encoding": "gzip", vary: "accept-encoding" });
    out["content-length"] = Buffer.byteLength(sent);
    response.writeHead(result.status ?? 200, out);
    response.end(sent);
  }

  /** As Apollo would say it, for what is refused before Apollo is asked. */
  function refuse(response: ServerResponse, failure: Failure, field?: string): void {
    const text = JSON.stringify({
      errors: [
        {
          message: failure.message,
          ...(field ? { path: [field] } : {}),
          extensions: { code: failure.code, problems: failure.problems },
        },
      ],
    });
    response.writeHead(200, {
      ...apiHeaders,
      "cache-control": "no-store",
      "content-type": "application/json; charset=utf-8",
      "x-schema-version": edge.served(),
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

function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): void => {
      // What was not read would be taken for the next request.
      request.pause();
      reject(new HttpRefusal(413, "The request is larger than 10 MB."));
    };
    if (Number(request.headers["content-length"]) > MAX_BODY) return tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) return tooLarge();
      chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 ? (chunks[0] as Buffer).toString("utf8") : Buffer.concat(chunks).toString("utf8"));
    });
    request.on("error", reject);
    // Said after every request: an error is made only for one that is not whole.
    request.on("close", () => request.complete || reject(new HttpRefusal(400, "The request ended early.")));
  });
}

export function plain(response: ServerResponse, status: number, text: string): void {
  const close = status === 413 || status === 400 ? { connection: "close" } : {};
  response.writeHead(status, {
    ...close,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text) + 1,
    "x-content-type-options": "nosniff",
  });
  response.end(`${text}\n`);
}
