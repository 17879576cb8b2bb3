/** The review in the back office, as the people who do it see it: real servers, real Chromium, nothing mocked. */
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { emailOf, type Product, startProduct } from "../product";

let product: Product;
let browser: Browser;
const shots = resolve(__dirname, "../../var/screenshots");
beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  browser = await chromium.launch({
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
}, 120_000);
afterAll(async () => {
  await browser.close();
  await product.close();
});

async function signIn(name: string, width = 1440): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(product.urls[0] ?? "") && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  await page.goto(product.urls[0] ?? "");
  await page.getByLabel(/e-?mail/i).fill(emailOf(name));
  await page
    .getByLabel(/password/i)
    .first()
    .fill("a password for tests only");
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.getByRole("heading", { level: 1, name: /my work/i }).waitFor();
  expect(foreign).toEqual([]);
  return page;
}

/** axe's findings, shortened to what a person needs to mend them. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const shot = (page: Page, name: string) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

test.each([1440, 390])("a governor sees what is due and reads the policy, at %d pixels", async (width) => {
  const page = await signIn("Lindsey Glanville", width);
  await shot(page, `work-governor-${width}`);
  expect(await faults(page)).toEqual([]);
  await page.goto(`${product.urls[0]}/#/policies`);
  await page.getByText("Mobile and Smart Technology Policy").first().waitFor();
  await shot(page, `list-${width}`);
  expect(await faults(page)).toEqual([]);
  await page
    .getByRole("link", { name: /Mobile and Smart Technology Policy/ })
    .first()
    .click();
  await page.getByRole("heading", { level: 1, name: /Mobile and Smart Technology Policy/ }).waitFor();
  await page.getByText("Review due").first().waitFor();
  await shot(page, `record-${width}`);
  expect(await faults(page)).toEqual([]);
  await page.close();
});

test("the head starts and submits the review, and the chair ratifies the text at the end of reading it", async () => {
  const head = await signIn("Zoe King");
  await shot(head, "work-head");
  await head.goto(`${product.urls[0]}/#/policies`);
  await head
    .getByRole("link", { name: /Mobile and Smart Technology Policy/ })
    .first()
    .click();
  await head.getByRole("button", { name: "Start the review" }).click();
  await send(head);
  await head.getByRole("button", { name: "Submit for ratification" }).waitFor();
  await head.getByRole("button", { name: "Submit for ratification" }).click();
  await head.getByLabel(/^Why wording of the template stays/).fill("It names the pupils who took part.");
  await shot(head, "submit");
  await send(head);
  await head.getByText("Awaiting ratification").first().waitFor();
  // The page is no longer asked for what has just been done.
  await head.getByText(/^Done: /).waitFor();
  await head.getByText(/cannot be done now\./).waitFor({ state: "detached" });
  await head.close();

  const chair = await signIn("Rowan Ashdown");
  await shot(chair, "work-chair");
  await chair.goto(`${product.urls[0]}/#/policies`);
  await chair
    .getByRole("link", { name: /Mobile and Smart Technology Policy/ })
    .first()
    .click();
  await chair.getByRole("heading", { level: 1, name: /Mobile and Smart Technology Policy/ }).waitFor();
  await shot(chair, "record-chair");
  expect(await faults(chair)).toEqual([]);
  await chair.getByRole("link", { name: "Read and ratify" }).click();
  const meeting = chair.getByRole("textbox", { name: "Meeting" });
  await meeting.waitFor();
  await meeting.fill("Full governing body");
  await chair
    .getByLabel(/minute/i)
    .first()
    .fill("7.2");
  const present = chair.getByRole("combobox", { name: /Governors present/ });
  for (const name of ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"]) {
    await present.fill(name.split(" ")[0] ?? "");
    await chair.getByRole("option", { name: new RegExp(name) }).click();
  }
  await shot(chair, "ratify");
  expect(await faults(chair)).toEqual([]);
  await send(chair);
  await chair.getByText("Ratified").first().waitFor();
  await shot(chair, "ratified");
  await chair.close();
});

test.each([1440, 390])("a clock leads to what obliges to it, and that to the records, at %d pixels", async (width) => {
  const reader = await product.signIn("Zoe King");
  const { policies } = await reader.ask<{ policies: { nodes: { id: string }[] } }>("{ policies { nodes { id } } }");
  const page = await signIn("Zoe King", width);
  await page.goto(`${product.urls[0]}/#/policies/${policies.nodes[0]?.id ?? ""}`);
  await page.getByRole("complementary").getByRole("link", { name: "7", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "What the policies oblige" }).waitFor();
  const duty = page.locator("#O7");
  await duty.getByText(/reviewed at least once a year/).waitFor();
  expect(await page.evaluate("document.activeElement.id")).toBe("O7");
  await shot(page, `obligations-${width}`);
  expect(await faults(page)).toEqual([]);
  await duty.getByRole("link", { name: "Policies" }).click();
  await page.getByRole("heading", { level: 1, name: "Policies" }).waitFor();
  await page.close();
}, 180_000);

/** The form of an action opens in its place, and is sent by a button of the same name. */
const send = (page: Page) => page.locator("form button[type=submit]").last().click();
