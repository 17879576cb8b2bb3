/** The page that a browser gets, by whether it has a session; served over HTTP from a folder as Vite leaves it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminFiles } from "./adminFiles";

const page = `<!doctype html><html><head><title>Duly</title>
<script type="module" crossorigin src="/assets/index-1.js"></script>
<link rel="modulepreload" crossorigin href="/assets/shared-1.js"></head></html>`;
const chunks = {
  "index.html": { file: "assets/index-1.js", imports: ["_shared"] },
  "ahead.ts": { file: "assets/ahead-1.js", imports: ["_shared"] },
  _shared: { file: "assets/shared-1.js" },
  "App.tsx": { file: "assets/App-1.js", imports: ["_shared", "_theme", "index.html"], css: ["assets/app-1.css"] },
  _theme: { file: "assets/theme-1.js", imports: ["_shared"] },
  "calendar/CalendarPage.tsx": { file: "assets/CalendarPage-1.js", imports: ["App.tsx"] },
};

const folder = mkdtempSync(join(tmpdir(), "duly-admin-"));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), page);
writeFileSync(join(folder, "app-chunks.json"), JSON.stringify(chunks));
const files = adminFiles(folder);
const server = createServer((request, response) => {
  if (!files.serve(request, response, request.url ?? "/")) response.writeHead(404).end();
});
beforeAll(() => new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready)));
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true });
});

const get = (headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });

test("whoever has no session gets the page as it is: the sign-in waits for nothing of the app", async () => {
  expect(await (await get({ cookie: "duly_device=1" })).text()).toBe(page);
});

test("a browser with a session is told of all that the app is made of, once, after the script that asks ahead", async () => {
  const answer = await get({ cookie: "theme=dark; duly=secret" });
  const html = await answer.text();
  expect([...html.matchAll(/\/assets\/[^"]+/g)].map(String)).toEqual([
    ...["/assets/ahead-1.js", "/assets/index-1.js", "/assets/shared-1.js"],
    ...["/assets/App-1.js", "/assets/theme-1.js", "/assets/app-1.css"],
  ]);
  // The two are told apart by whatever keeps them, and each is asked for again only where it changed.
  expect(answer.headers.get("vary")).toContain("cookie");
  const tag = { "if-none-match": answer.headers.get("etag") ?? "" };
  expect((await get({ ...tag, cookie: "duly=secret" })).status).toBe(304);
  expect((await get(tag)).status).toBe(200);
});
