/**
 * The built back office, held in memory with its compressed forms; any other path is a page of its router. To a browser
 * with a session that page also names all that the signed-in app is made of, so that it comes at once and not link by link.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { cookieNamed, SESSION_COOKIE } from "./cookies";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
const compressible = /^(text|application\/(json|manifest)|image\/svg)/;

interface StoredFile {
  type: string;
  etag: string;
  immutable: boolean;
  plain: Buffer;
  gzip?: Buffer;
  brotli?: Buffer;
}

export interface AdminFiles {
  /** False where the back office has not been built, or the path is no page. */
  serve(request: IncomingMessage, response: ServerResponse, path: string): boolean;
}

/** What Vite's manifest says of a chunk. */
interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}
const CHUNKS = "app-chunks.json";
const APP = "App.tsx";
const AHEAD = "ahead.ts";

/**
 * The page with all that the signed-in app is made of, at a lower priority than what the page itself names, after the
 * script that asks ahead.
 */
function withApp(html: string, chunks: Record<string, Chunk>): string {
  const found = new Map<string, Chunk>();
  const follow = (name: string): void => {
    const chunk = chunks[name];
    if (!chunk || found.has(name)) return;
    found.set(name, chunk);
    chunk.imports?.forEach(follow);
  };
  follow(APP);
  const all = [...found.values()];
  const ahead = chunks[AHEAD]?.file;
  const links = [
    ...all.map(({ file }) => `<link rel="modulepreload" fetchpriority="low" crossorigin href="/${file}">`),
    ...all.flatMap(({ css = [] }) => css).map((file) => `<link rel="preload" as="style" crossorigin href="/${file}">`),
  ].filter((link) => !html.includes(/"\/.*?"/.exec(link)?.[0] ?? link));
  return html
    .replace(
      "</title>",
      ahead ? `</title>\n    <script type="module" crossorigin src="/${ahead}"></script>` : "</title>",
    )
    .replace("</head>", [...links, "</head>"].join("\n    "));
}

/** Files are read when first asked for: a start waits for none of them. Names of another folder are not reachable. */
export function adminFiles(folder: string): AdminFiles {
  const names = new Set(existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []);
  const kept = new Map<string, StoredFile>();

  function load(name: string, app = false): StoredFile {
    const key = app ? `${name} with the app` : name;
    const known = kept.get(key);
    if (known) return known;
    const read = readFileSync(join(folder, name));
    const plain = app ? Buffer.from(withApp(read.toString(), chunks())) : read;
    const type = types[extname(name)] ?? "application/octet-stream";
    const worth = compressible.test(type) && plain.length > 1024;
    const file: StoredFile = {
      type,
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      // Vite puts the hash of its content into the name of everything in assets.
      immutable: name.startsWith("assets/"),
      plain,
      ...(worth && {
        gzip: gzipSync(plain, { level: 6 }),
        brotli: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
      }),
    };
    kept.set(key, file);
    return file;
  }

  const chunks = () =>
    names.has(CHUNKS) ? (JSON.parse(readFileSync(join(folder, CHUNKS), "utf8")) as Record<string, Chunk>) : {};

  return {
    serve(request, response, path) {
      if (request.method !== "GET" && request.method !== "HEAD") return false;
      let name: string;
      try {
        name = decodeURIComponent(path).replace(/^\/+/, "");
      } catch {
        return false;
      }
      const isFile = names.has(name) && extname(name) !== "";
      // A missing asset is missing: a page in its place would be kept as one.
      if (!isFile && (extname(name) !== "" || !names.has("index.html"))) return false;
      // Whether the session still stands is asked later: this only saves time.
      const signedIn = cookieNamed(request.headers.cookie, SESSION_COOKIE) !== undefined;
      const file = isFile ? load(name) : load("index.html", signedIn);
      const accepts = String(request.headers["accept-encoding"] ?? "");
      const encoding =
        file.brotli && /\bbr\b/.test(accepts) ? "br" : file.gzip && /\bgzip\b/.test(accepts) ? "gzip" : "";
      const body = encoding === "br" ? file.brotli : encoding === "gzip" ? file.gzip : file.plain;
      const headers = {
        "content-type": file.type,
        etag: file.etag,
        vary: isFile ? "accept-encoding" : "accept-encoding, cookie",
        "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
      };
      if (request.headers["if-none-match"] === file.etag) {
        response.writeHead(304, headers);
        response.end();
        return true;
      }
      response.writeHead(200, {
        ...headers,
        ...(encoding && { "content-encoding": encoding }),
        "content-length": body?.length ?? 0,
      });
      response.end(request.method === "HEAD" ? undefined : body);
      return true;
    },
  };
}
