/** Chromium at the built product: signing in, looking, axe, and keys. Nothing a page asks for may leave our origin. */
import axe, { type AxeResults, type RunOptions } from "axe-core";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
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

/** Of each page: errors of its scripts, and what it asked for elsewhere. */
const complaints = new WeakMap<Page, string[]>();
export const complaintsOf = (page: Page): string[] => complaints.get(page) ?? [];

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
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    const page = await context.newPage();
    const heard: string[] = [];
    complaints.set(page, heard);
    // A page that asks elsewhere gets no answer, and the story fails for want of it.
    await context.route(
      (url) => url.origin !== origin && url.protocol.startsWith("http"),
      (route) => (heard.push(`asked for ${route.request().url()}`), route.abort()),
    );
    page.on("pageerror", (error) => heard.push(`threw ${error.message}`));
    page.on("console", (said) => said.type() === "error" && heard.push(`said ${said.text()}`));
    await go(page, hash);
    return page;
  }
  return {
    browser,
    open,
    go,
    async signIn(name, width) {
      const page = await open("", width);
      await page.getByLabel(/e-?mail/i).fill(emailOf(name));
      await page
        .getByLabel(/password/i)
        .first()
        .fill("a password for tests only");
      await page.getByRole("button", { name: /sign in/i }).click();
      await page.getByRole("heading", { level: 1, name: /my work/i }).waitFor();
      await settled(page);
      expect(complaintsOf(page)).toEqual([]);
      return page;
    },
  };
}

const standards: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  resultTypes: ["violations"],
};

/** axe's findings, shortened to what a person needs to mend them. axe comes to a page once: that takes longer than looking. */
export async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(standards)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** What is on its way has come. */
export const settled = (page: Page): Promise<void> =>
  page.locator(":is(.waiting, .skeleton, .shell-wait):visible").first().waitFor({ state: "hidden" });

const sizeOf = (page: Page) => page.viewportSize() ?? { width: 1440, height: 900 };

/** How far anything stands out at the side: what is wide scrolls within itself. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");

/** The innermost things that stand out furthest, as tag, class and the beginning of their words. */
const standingOut = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const all = [...document.body.querySelectorAll("*")].map((e) => ({ e, right: e.getBoundingClientRect().right }));
    const most = Math.max(...all.map(({ right }) => right));
    const far = all.filter(({ right }) => right > innerWidth && right >= most - 1).map(({ e }) => e);
    const inner = far.filter((e) => !far.some((other) => other !== e && e.contains(other)));
    return inner.slice(0, 3).map((e) => e.tagName + "." + e.className + " " + e.textContent.slice(0, 30)).join("; ");
  })()`);

/** What is wrong with a page at a desk, on a phone and at 320 pixels, and what it complained of since it was opened. */
export async function wrongs(page: Page): Promise<string[]> {
  const found: string[] = [];
  const before = sizeOf(page);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    found.push(...(await faults(page)).map((fault) => `at ${width}: ${fault}`));
  }
  await page.setViewportSize({ width: 320, height: 900 });
  const beside = await overflow(page);
  if (beside > 0) found.push(`stands out by ${beside} pixels at 320: ${await standingOut(page)}`);
  const [headings, title] = [await page.getByRole("heading", { level: 1 }).count(), await page.title()];
  if (headings !== 1) found.push(`has ${headings} headings of the first level`);
  if (!/Duly|–/.test(title)) found.push(`is called “${title}”`);
  found.push(...complaintsOf(page).splice(0));
  await page.setViewportSize(before);
  return found;
}

interface Focus {
  name: string;
  /** A ring says that it is here. */
  ring: boolean;
  /** It is in sight and nothing lies over it: all of what fits between the bars, something of what is taller. */
  shown: boolean;
}
const lookAtFocus = `(() => {
  window.wasTabbed = true;
  const element = document.activeElement;
  if (!element || element === document.body) return { name: "the page itself", ring: true, shown: true };
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  // A picker draws its ring around the box, a file input around the button beside it; a heading that a page which opens
  // puts the focus on is no stop of Tab's.
  const ring =
    (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) ||
    element.matches(".Mui-focused *, [type=file], [tabindex='-1']");
  const seen = ({ left, top, width, height }, down) => [0.1, 0.5, 0.9].some((across) => {
    const there = document.elementFromPoint(left + width * across, top + height * down);
    return there && (element.contains(there) || there.contains(element));
  });
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const room = innerHeight - parseFloat(scrollPaddingTop) - parseFloat(scrollPaddingBottom);
  const whole = element.getBoundingClientRect();
  // Words of a link may stand on two lines, each a box of its own.
  const boxes = whole.height > room ? [whole] : [...element.getClientRects()];
  const shown = boxes.every((box) => {
    const parts = [0.1, 0.5, 0.9].map((down) => seen(box, down));
    return whole.height > room ? parts.includes(true) : !parts.includes(false);
  });
  const name = element.getAttribute("aria-label") || element.textContent || element.id || element.tagName;
  return { name: name.trim().slice(0, 80), ring, shown };
})()`;

/** Nothing that went from the page took the focus of whoever works by keyboard with it. */
async function stillHeld(page: Page): Promise<void> {
  const lost = () => page.evaluate<boolean>("window.wasTabbed === true && document.activeElement === document.body");
  for (let left = 30; await lost(); left--) {
    if (left === 0) throw new Error(`The focus was lost at ${page.url()}.`);
    await page.waitForTimeout(100);
  }
}

/**
 * By Tab alone to a control once it is there and has not the focus already, as somebody without a mouse comes there.
 * @throws where the focus was lost before, where a stop on the way cannot be seen to have it, and where Tab never arrives.
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  const here = () => target.and(page.locator(":focus")).count();
  const [arrived] = await Promise.all([here(), stillHeld(page)]);
  if (arrived) return;
  const passed: string[] = [];
  while (passed.length < 150) {
    await page.keyboard.press("Tab");
    const [{ name, ring, shown }, come] = await Promise.all([page.evaluate<Focus>(lookAtFocus), here()]);
    if (!ring || !shown)
      throw new Error(`“${name}” has the focus, and ${ring ? "is not in sight" : "nothing says so"}.`);
    if (come) return;
    passed.push(name);
  }
  throw new Error(`Tab never came to ${target.toString()}. It passed ${passed.slice(-12).join(" | ")}.`);
}

/** A key on a control that Tab leads to. */
export async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Words into a control that Tab leads to, in place of what stands there; in a choice, how the one meant begins. */
export async function write(page: Page, target: Locator, words: string): Promise<void> {
  await press(page, target, "Control+A");
  await page.keyboard.type(words);
}

/** As `fillDay`, by keyboard: its month by the figure. */
export async function writeDay(page: Page, question: string | RegExp, on: Date): Promise<void> {
  const boxes = page.getByRole("group", { name: question }).last();
  const parts = { Day: on.getUTCDate(), Month: on.getUTCMonth() + 1, Year: on.getUTCFullYear() };
  for (const [label, figure] of Object.entries(parts))
    await write(page, boxes.getByLabel(label, { exact: true }), String(figure));
}

/** The first that a picker finds for these words. */
export async function pickOut(page: Page, label: string | RegExp, words: string): Promise<void> {
  await write(page, page.getByRole("combobox", { name: label }), words);
  await page
    .getByRole("option", { name: new RegExp(words) })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
}

/** One of several, by Space and the arrows. */
export async function mark(page: Page, question: RegExp, answer: string): Promise<void> {
  const group = page.getByRole("group", { name: question });
  const wanted = group.getByLabel(answer, { exact: true });
  await press(page, group.getByRole("radio"), " ");
  for (let left = await group.getByRole("radio").count(); left > 0 && !(await wanted.isChecked()); left--)
    await page.keyboard.press("ArrowDown");
  expect(await wanted.isChecked()).toBe(true);
}

/** A day, "2027-05-04", into the boxes of a question: of several that read the same, of the last. */
export async function fillDay(page: Page, question: string | RegExp, day: string): Promise<void> {
  const boxes = page.getByRole("group", { name: question }).last();
  const [year = "", month = "", date = ""] = day.split("-");
  await boxes.getByLabel("Day", { exact: true }).fill(date);
  await boxes.getByLabel("Month", { exact: true }).selectOption(month);
  await boxes.getByLabel("Year", { exact: true }).fill(year);
}

/** As `finish`, by keyboard. */
export async function finishByKey(page: Page): Promise<void> {
  await sendByKey(page);
  await page.getByText(/^Done: /).waitFor();
}

/** Sends a form from where Tab leads to its button. */
export const sendByKey = (page: Page): Promise<void> => press(page, page.locator("form button[type=submit]").last());

/** The secret of the newest one-time link that was mailed to an address. */
export function mailedLink({ mails }: Product, address: string, kind: "guest" | "welcome"): string | undefined {
  const plain = mails
    .filter(({ to }) => to === address)
    .map(({ raw }) => raw.replace(/=\r?\n/g, "").replace(/=3D/g, "="));
  return new RegExp(`#/${kind}/([\\w-]{58})`).exec(plain.reverse().join("\n"))?.[1];
}

/** A picture of the whole page; what stands at the foot of a screen stands at the foot of it. */
export async function shot(page: Page, name: string): Promise<void> {
  const { width, height } = sizeOf(page);
  const whole = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  // Whoever writes over a choice by keyboard has marked the page's words on the way.
  await page.evaluate("getSelection()?.empty()");
  await page.screenshot({ path: join(shots, `${name}.png`) });
  await page.setViewportSize({ width, height });
}

/** The form of an action opens in its place, and is sent by a button of the same name. */
export const send = (page: Page): Promise<void> => page.locator("form button[type=submit]").last().click();

/** Sends the form of an action and waits until the page says that it is done: a state's name stands there before. */
export async function finish(page: Page): Promise<void> {
  await send(page);
  await page.getByText(/^Done: /).waitFor();
}

/** Until the record stands there. */
export async function stands(page: Page, state: string): Promise<void> {
  try {
    await page.locator(".head-line").getByText(state, { exact: true }).waitFor();
  } catch (cause) {
    const said = await page.locator("[role=alert], [role=status], .head-line").allInnerTexts();
    throw new Error(`It never stood at “${state}”. The page says: ${said.join(" | ")}`, { cause });
  }
}
