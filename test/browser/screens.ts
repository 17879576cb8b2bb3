/** Chromium at the built product: signing in, looking, and axe. Nothing a page asks for may leave our origin. */
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { emailOf, type Product } from "../product";

const shots = resolve(__dirname, "../../var/screenshots");

export interface Screens {
  browser: Browser;
  /** A page of its own, at the address's hash. */
  open: (hash?: string, width?: number) => Promise<Page>;
  signIn: (name: string, width?: number) => Promise<Page>;
  /** Within the page, as a link would. */
  go: (page: Page, hash: string) => Promise<void>;
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export async function openScreens(product: Product): Promise<Screens> {
  mkdirSync(shots, { recursive: true });
  const origin = product.urls[0] ?? "";
  const browser = await launch();
  const go = async (page: Page, hash: string): Promise<void> => void (await page.goto(`${origin}/${hash}`));
  async function open(hash = "", width = 1440): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    // A page that asks elsewhere gets no answer, and the story fails for want of it.
    await context.route(
      (url) => url.origin !== origin && url.protocol.startsWith("http"),
      (route) => route.abort(),
    );
    const page = await context.newPage();
    await go(page, hash);
    return page;
  }
  return {
    browser,
    open,
    go,
    async signIn(name, width) {
      const page = await open("", width);
      const foreign: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) foreign.push(request.url());
      });
      await page.getByLabel(/e-?mail/i).fill(emailOf(name));
      await page
        .getByLabel(/password/i)
        .first()
        .fill("a password for tests only");
      await page.getByRole("button", { name: /sign in/i }).click();
      await page.getByRole("heading", { level: 1, name: /my work/i }).waitFor();
      expect(foreign).toEqual([]);
      return page;
    },
  };
}

/** axe's findings, shortened to what a person needs to mend them. */
export async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

export const shot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

/** The form of an action opens in its place, and is sent by a button of the same name. */
export const send = (page: Page): Promise<void> => page.locator("form button[type=submit]").last().click();
