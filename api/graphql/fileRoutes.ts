/**
 * Files over HTTP: POST /files?name=minutes.pdf takes one as its raw body, GET /files/:id gives it back, GET /texts/:id.pdf
 * a version of a text, GET /reports/:name.pdf (or .zip) a report, GET /crests/:hash the crest of a school, to anybody. What is
 * refused is refused in a plain sentence.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Failure, type FailureCode } from "../../schema/failure";
import { MAX_FILE_BYTES, sizeInWords } from "../../schema/fileKinds";
import { openFile } from "../engine/read/openFile";
import { openText } from "../engine/read/openText";
import { recordLooks } from "../engine/read/reader";
import { isReportFormat, makeReport, type ReportFormat } from "../engine/report/makeReport";
import { textPdf } from "../engine/textPdf";
import { uploadFile } from "../engine/uploadFile";
import { fileBytes } from "../store/files";
import { crestByHash } from "../store/letterhead";
import { feedSecret, giveCalendar } from "./calendarRoute";
import { type Context, readerOf, signedIn } from "./context";
import { HttpRefusal, letGo } from "./httpHandler";

const statuses: Partial<Record<FailureCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_INPUT: 400,
  TOO_MANY_ATTEMPTS: 429,
  TOO_COMPLEX: 413,
  UNAVAILABLE: 503,
  OUTCOME_UNKNOWN: 503,
};

/** A link carries no header, so it says itself in which organisation its reader acts. */
export const fileUrl = (id: string, organisation: string): string => `/files/${id}?organisation=${organisation}`;

export const textUrl = (id: string, organisation: string): string => `/texts/${id}.pdf?organisation=${organisation}`;

/** `contextIn` says who asks, acting in this organisation ("" for their only one). */
export async function fileRoutes(
  request: IncomingMessage,
  response: ServerResponse,
  contextIn: (organisation: string) => Promise<Context>,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
  const contextOf = () =>
    contextIn(String(request.headers["x-organisation"] ?? searchParams.get("organisation") ?? ""));
  response.setHeader("cache-control", "private, no-store");
  try {
    if (request.method === "POST" && pathname === "/files")
      return await take(request, response, await contextOf(), searchParams.get("name"));
    const id = /^\/files\/([0-9A-Z]{26})$/.exec(pathname)?.[1];
    if (id && (request.method === "GET" || request.method === "HEAD"))
      return await give(request, response, await contextOf(), id);
    const text = /^\/texts\/([0-9A-Z]{26})\.pdf$/.exec(pathname)?.[1];
    if (text && request.method === "GET") return await giveText(response, await contextOf(), text);
    const [, report, format = ""] = /^\/reports\/(\w{1,64})\.(\w+)$/.exec(pathname) ?? [];
    if (report && isReportFormat(format) && request.method === "GET")
      return await giveReport(response, await contextOf(), report, format, searchParams);
    const crest = /^\/crests\/([0-9a-f]{64})$/.exec(pathname)?.[1];
    if (crest && request.method === "GET") return await giveCrest(response, await contextOf(), crest);
    if (feedSecret(pathname) && (request.method === "GET" || request.method === "HEAD"))
      return await giveCalendar(response, await contextOf(), request.method === "HEAD");
    throw new HttpRefusal(404, "There is nothing here.");
  } catch (error) {
    const status =
      error instanceof HttpRefusal ? error.status : error instanceof Failure ? statusOf(error, request) : undefined;
    // Whatever failed, the sender reads the answer, not a broken connection.
    letGo(request);
    if (status === undefined || response.headersSent || error instanceof HttpRefusal) throw error;
    throw new HttpRefusal(status, (error as Error).message);
  }
}

/** Of what is sent, the only input is the file. */
const statusOf = ({ code }: Failure, { method }: IncomingMessage): number | undefined =>
  code === "INVALID_INPUT" && method === "POST" ? 415 : statuses[code];

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  context: Context,
  name: string | null,
): Promise<void> {
  const identity = signedIn(context);
  if (!name) throw new HttpRefusal(400, "Name the file, as in POST /files?name=minutes.pdf.");
  const file = await uploadFile(context.world, identity, { name, body: limited(request) });
  const { id, size, mediaType } = file;
  response.writeHead(201, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify({ id, name: file.name, size, mediaType, url: fileUrl(id, identity.acting.id) }));
}

/** A sender that is silent for this long has gone: its upload is dropped. */
const SILENT_MS = 30_000;

/** @throws HttpRefusal 413 beyond the limit, 408 where nothing comes for a while. */
async function* limited(request: IncomingMessage): AsyncGenerator<Buffer> {
  const tooLarge = new HttpRefusal(413, `The file is larger than ${sizeInWords(MAX_FILE_BYTES)}. Send a smaller one.`);
  if (Number(request.headers["content-length"]) > MAX_FILE_BYTES) throw tooLarge;
  let size = 0;
  const parts = (request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value: part, done } = await soon(parts.next());
      if (done) return;
      size += part.length;
      if (size > MAX_FILE_BYTES) throw tooLarge;
      yield part;
    }
  } catch (error) {
    throw request.destroyed ? new HttpRefusal(400, "The request ended early.") : error;
  } finally {
    // While it listens for parts, nothing flows, and what is left of the body could not be thrown away (`letGo`). It is
    // not awaited: behind a part that never comes it would wait for ever.
    void parts.return?.();
  }
}

async function soon<T>(next: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new HttpRefusal(408, "The file did not arrive in time. Try again.")), SILENT_MS);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(late);
  }
}

async function give(request: IncomingMessage, response: ServerResponse, context: Context, id: string): Promise<void> {
  const reader = readerOf(context);
  const file = await openFile(reader, id);
  if (!file) throw new Failure("NOT_FOUND", "There is no such file.");
  await recordLooks(reader, { via: "file", operation: `GET /files/${id}`, hash: null });
  response.writeHead(200, {
    "content-type": file.mediaType,
    "content-length": file.size,
    // Never a page of ours, whatever its bytes say to a browser that looks into them.
    "content-disposition": `attachment; filename*=UTF-8''${headerText(file.name)}`,
    "content-security-policy": "sandbox; default-src 'none'",
  });
  if (request.method === "HEAD") return void response.end();
  await pipeline(fileBytes(reader.db, id), response);
}

/** Its address is its hash: a browser asks for it once. */
async function giveCrest(response: ServerResponse, { world }: Context, hash: string): Promise<void> {
  const crest = await crestByHash(world.db, hash);
  if (!crest) throw new HttpRefusal(404, "There is no such crest.");
  response.writeHead(200, {
    "content-type": crest.mediaType,
    "content-length": crest.bytes.length,
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "sandbox; default-src 'none'",
  });
  response.end(crest.bytes);
}

async function giveText(response: ServerResponse, context: Context, id: string): Promise<void> {
  const reader = readerOf(context);
  const opened = await openText(reader, id);
  if (!opened) throw new Failure("NOT_FOUND", "There is no such text.");
  const { name, bytes } = await textPdf(reader, opened);
  await recordLooks(reader, { via: "text", operation: `GET /texts/${id}`, hash: null });
  response.writeHead(200, {
    "content-type": "application/pdf",
    "content-length": bytes.length,
    "content-disposition": `attachment; filename*=UTF-8''${headerText(name)}`,
  });
  response.end(bytes);
}

/** Made as a whole before anything is sent, so that what goes wrong is said in words and not by half a file. */
async function giveReport(
  response: ServerResponse,
  context: Context,
  name: string,
  format: ReportFormat,
  params: URLSearchParams,
): Promise<void> {
  const period = { from: params.get("from") ?? "", to: params.get("to") ?? "" };
  const hideNames = params.get("names") === "hidden";
  const ask = { name, record: params.get("record"), period, hideNames };
  const reader = readerOf(context);
  const file = await makeReport(reader, ask, format);
  await recordLooks(reader, { via: "report", operation: `GET /reports/${name}.${format}`, hash: null });
  response.writeHead(200, {
    "content-type": file.mediaType,
    "content-length": file.bytes.length,
    "content-disposition": `attachment; filename*=UTF-8''${headerText(file.name)}`,
  });
  response.end(file.bytes);
}

/** As RFC 8187 writes it in a header. */
const headerText = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
