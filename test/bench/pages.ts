/**
 * What a page costs to open on a phone, as Lighthouse's lab figures say it: its largest paint (LCP) and how long it could
 * not answer (TBT), with its slow 4G (150 ms, 1.6 Mbit/s) and a processor four times slower
 * (github.com/GoogleChrome/lighthouse, docs/throttling.md), beside a page that holds one word; and the script it loads.
 * Good is an LCP of at most 2.5 s (web.dev/articles/lcp) and a TBT below 200 ms (developer.chrome.com/docs/lighthouse).
 */
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext } from "playwright-core";
import { launch } from "../browser/screens";
import { emailOf, startProduct } from "../product";
import { median } from "./load";

interface Opened {
  lcpMs: number;
  tbtMs: number;
  /** Kilobytes (1,000 bytes) of script, gzip. */
  scriptKb: number;
}

interface Contestant {
  label: string;
  address: string;
  /** What stands on it once it is whole. */
  heading: string | undefined;
  signedIn: boolean;
  mostScriptKb: number | undefined;
}

const password = "a password for tests only";
const contestants: Contestant[] = [
  { label: "a page of one word", address: "/healthz", heading: undefined, signedIn: false, mostScriptKb: undefined },
  { label: "sign-in", address: "/", heading: "Sign in", signedIn: false, mostScriptKb: 150 },
  { label: "My work", address: "/", heading: "My work", signedIn: true, mostScriptKb: 420 },
];

/** Runs in the page, before its own scripts. `buffered` tells what came before somebody listened. */
const watching = `
  const seen = (window.seen = { lcpMs: 0, tbtMs: 0 });
  const watch = (type, see) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  watch("largest-contentful-paint", ({ startTime }) => (seen.lcpMs = startTime));
  watch("longtask", ({ duration }) => (seen.tbtMs += duration - 50));`;

async function open(context: BrowserContext, origin: string, { address, heading }: Contestant): Promise<Opened> {
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script")
      scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  const devTools = await context.newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await devTools.send("Network.enable");
  await devTools.send("Network.emulateNetworkConditions", {
    ...{ offline: false, latency: 150 },
    ...{ downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 },
  });
  await page.addInitScript({ content: watching });
  await page.goto(`${origin}${address}`);
  if (heading) await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  // A page that listens for changes is never without a request.
  await page.waitForTimeout(3_000);
  const seen = await page.evaluate<Omit<Opened, "scriptKb">>("window.seen");
  const bytes = await Promise.all(scripts);
  await page.close();
  return { ...seen, scriptKb: bytes.reduce((sum, each) => sum + each, 0) / 1_000 };
}

/** A context of its own each time: nothing is in any cache. */
async function openFresh(browser: Browser, origin: string, contestant: Contestant): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  if (contestant.signedIn)
    await context.request.post(`${origin}/graphql`, {
      headers: { "x-duly": "1" },
      data: {
        query:
          "mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }",
        variables: { email: emailOf("Zoe King"), password },
      },
    });
  const opened = await open(context, origin, contestant);
  await context.close();
  return opened;
}

export async function benchPages(rounds: number): Promise<string[]> {
  const product = await startProduct();
  const browser = await launch();
  try {
    const origin = product.urls[0] ?? "";
    const all = contestants.map((contestant) => ({ contestant, opened: [] as Opened[] }));
    for (let round = 0; round < rounds; round++)
      for (const { contestant, opened } of all) opened.push(await openFresh(browser, origin, contestant));
    const least = median(all[0]?.opened.map(({ lcpMs }) => lcpMs) ?? []);
    return [
      "Opening a page on a phone (slow 4G, processor 4 × slower, empty cache)",
      ...all.map(({ contestant, opened }) => "  " + line(contestant, opened, least)),
    ];
  } finally {
    await browser.close();
    await product.close();
  }
}

function line({ label, mostScriptKb }: Contestant, opened: Opened[], least: number): string {
  const [lcp, tbt, script] = (["lcpMs", "tbtMs", "scriptKb"] as const).map((name) =>
    median(opened.map((each) => each[name])),
  ) as [number, number, number];
  const paint = `${label}: LCP ${(lcp / 1_000).toFixed(2)} s, ${(lcp / least).toFixed(1)} × the page of one word`;
  if (mostScriptKb === undefined) return paint;
  const met = (holds: boolean) => (holds ? "met" : "MISSED");
  return [
    `${paint} (≤ 2.5 s: ${met(lcp <= 2_500)})`,
    `TBT ${tbt.toFixed(0)} ms (< 200: ${met(tbt < 200)})`,
    `script ${script.toFixed(0)} kB gzip (< ${mostScriptKb}: ${met(script < mostScriptKb)})`,
  ].join("; ");
}
