/**
 * A breach, from the report on a phone to the policy that it changed: everybody at their own work, nothing over the API, and
 * from the debrief on by keyboard alone.
 */
import type { Locator, Page } from "playwright-core";
import { type Product, startProduct } from "../product";
import {
  fillDay,
  finish,
  finishByKey,
  mark,
  openScreens,
  pickOut,
  press,
  type Screens,
  sendByKey,
  shot,
  stands,
  write,
  wrongs,
} from "./screens";

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  screens = await openScreens(product);
}, 180_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});
jest.setTimeout(180_000);

const happened = "A watch was used to message in class";
const lesson = "Watches that connect count as phones";
const policy = "Mobile and Smart Technology Policy";

/** Counts what a hand does: each tap, each choice and each field typed into. */
class Hand {
  count = 0;
  constructor(readonly page: Page) {}

  tap(target: Locator): Promise<void> {
    this.count++;
    return target.click();
  }
  async choose(label: string | RegExp, option: string): Promise<void> {
    this.count++;
    await this.page.getByLabel(label).selectOption({ label: option });
  }
  type(label: string | RegExp, words: string): Promise<void> {
    this.count++;
    return this.page.getByLabel(label).fill(words);
  }
}

const pages = new Map<string, Page>();
async function atWork(name: string): Promise<Page> {
  const page = pages.get(name) ?? (await screens.signIn(name));
  pages.set(name, page);
  await screens.go(page, "#/");
  return page;
}
/** Opens the form of an action from its row in My work. */
async function begin(name: string, action: string): Promise<Page> {
  const page = await atWork(name);
  await press(page, page.getByRole("link", { name: new RegExp(`^${action}: `) }));
  return page;
}
const answer = (page: Page, question: RegExp, yes: boolean) =>
  page.getByRole("group", { name: question }).getByLabel(yes ? "Yes" : "No", { exact: true });
const inSight = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();

/** The governors' decision, at the end of the text that the page shows. */
async function ratify(page: Page): Promise<void> {
  await write(page, page.getByRole("textbox", { name: "Meeting" }), "Full governing body");
  await write(page, page.getByLabel(/minute/i).first(), "7.2");
  for (const name of ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"])
    await pickOut(page, /Governors present/, name);
  await sendByKey(page);
}

test("a breach is reported on a phone in a dozen interactions at most, from My work to its reference", async () => {
  const page = await screens.signIn("Owen Pluckley", 390);
  const hand = new Hand(page);
  const began = performance.now();
  await hand.tap(page.getByRole("link", { name: "New", exact: true }));
  await hand.tap(page.getByRole("link", { name: "Report a breach or concern" }));
  await hand.choose("Who is it about?", "A pupil");
  await hand.type(/^What happened/, happened);
  await hand.type(/^What you saw or heard/, "Two of them wrote to each other under the table during maths.");
  await hand.choose(/^Where was it/, "In a classroom");
  await hand.tap(answer(page, /^Might there be an indecent picture/, false));
  await hand.tap(answer(page, /^Is anybody at risk/, false));
  await shot(page, "breach-report-390");
  expect(await wrongs(page)).toEqual([]);
  await hand.tap(page.getByRole("button", { name: "Send the report" }));
  await inSight(page, /^It is recorded as INC-\d+\.$/);
  await inSight(page, /One of them looks at it today/);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  process.stdout.write(`Reporting a breach: ${hand.count} interactions, ${seconds} s for a machine.\n`);
  expect(hand.count).toBeLessThanOrEqual(12);
  await shot(page, "breach-reported-390");
  expect(await wrongs(page)).toEqual([]);
  await page.close();
});

test("it is judged, the parents are told, and the investigation ends with its outcome", async () => {
  const page = await begin("Callum Birchwood", "Decide what follows");
  await page.getByLabel(/^Category/).selectOption({ label: "Pupil used a phone on site" });
  await page.getByLabel(/^Severity/).selectOption({ label: "Low" });
  await page.getByLabel("Behaviour", { exact: true }).check();
  await answer(page, /^May it be a crime/, false).check();
  await shot(page, "breach-triage-1440");
  await finish(page);
  await stands(page, "Being looked into");

  await begin("Callum Birchwood", "Record that the parents know");
  const [today = "", hour = ""] = new Date().toISOString().split("T");
  await fillDay(page, /^When the parents were told/, today);
  await page.getByLabel("Time", { exact: true }).fill(hour.slice(0, 5));
  await page.getByLabel(/^Who of the parents/).fill("Both mothers, by phone");
  await finish(page);

  await begin("Callum Birchwood", "Record the outcome");
  await page.getByLabel(/^What was found/).fill("It happened once. Nobody had said that a watch is a phone.");
  await page.getByLabel("Pastoral support").check();
  await finish(page);
  await stands(page, "Outcome recorded, debrief to come");
});

test("leaders debrief, and what is to be learnt has an owner and a policy", async () => {
  const page = await begin("Zoe King", "Record the debrief");
  await pickOut(page, /^Present/, "Callum Birchwood");
  await write(page, page.getByLabel(/^How it could happen/), "The rule says phones. It was reported at once.");
  await press(page, page.getByRole("button", { name: "Add one to Lessons" }));
  const row = page.getByRole("group", { name: "Lessons, 1" });
  await write(page, row.getByLabel("What is to change"), lesson);
  await write(page, row.getByLabel("What kind of change"), "A policy");
  await pickOut(page, /^Which policy/, policy);
  await pickOut(page, /^Who sees to it/, "Tomas Elmstead");
  await shot(page, "breach-debrief-1440");
  await finishByKey(page);
  const learnt = page.getByRole("region", { name: "What is to be learnt" });
  await learnt.getByRole("link", { name: "Tomas Elmstead" }).waitFor();
  await learnt.getByRole("link", { name: policy }).waitFor();
  await shot(page, "breach-debriefed-1440");
  expect(await wrongs(page)).toEqual([]);
});

test("its owner cannot call it done, asks for the review, and the head changes the text", async () => {
  const page = await begin("Tomas Elmstead", "Record what has changed");
  await inSight(page, /“Record what has changed” cannot be done now. The policy is to change: ask for its review/);
  await press(page, page.getByRole("button", { name: "Ask for a review of the policy" }));
  await page.getByRole("combobox", { name: /^Which policy/ }).waitFor();
  expect(await page.getByRole("combobox", { name: /^Which policy/ }).inputValue()).toBe(policy);
  await finishByKey(page);

  const head = await atWork("Zoe King");
  await press(head, head.getByRole("link", { name: `Finish the review of ${policy}` }));
  await press(head, head.getByRole("link", { name: "Edit it" }));
  await press(head, head.getByRole("textbox", { name: "Text", exact: true }), "Control+End");
  await head.keyboard.type(`\n\n${lesson}.`);
  await write(head, head.getByLabel(/^What changed, and why/), "A lesson of an incident.");
  // Not what she meant: she is asked, stays, and is where she was.
  const cancel = head.getByRole("link", { name: "Cancel" });
  await press(head, cancel);
  await press(head, head.getByRole("button", { name: "Stay here" }));
  await cancel.and(head.locator(":focus")).waitFor();
  await head.keyboard.press("Control+S");
  await inSight(head, /^Saved as version/);
  await begin("Zoe King", "Submit for ratification");
  const stays = head.getByLabel(/^Why wording of the template stays/);
  await write(head, stays, "It names the pupils who took part.");
  await finishByKey(head);
  await stands(head, "Awaiting ratification");
});

test("the governors ratify, the lesson is done, the incident closes, and the picture leads from breach to policy", async () => {
  const chair = await begin("Rowan Ashdown", "Ratify");
  await press(chair, chair.getByRole("link", { name: "Read and ratify" }));
  await inSight(chair, `${lesson}.`);
  await ratify(chair);
  await stands(chair, "Ratified");

  const owner = await begin("Tomas Elmstead", "Record what has changed");
  await write(owner, owner.getByRole("textbox", { name: "What has changed" }), "Watches are named in the policy.");
  await finishByKey(owner);
  await stands(owner, "Acted on");

  const lead = await begin("Callum Birchwood", "Record the procedures given");
  await press(lead, lead.getByLabel("The pupil", { exact: true }), " ");
  await press(lead, lead.getByLabel("Parents or carers", { exact: true }), " ");
  await finishByKey(lead);
  await begin("Callum Birchwood", "Close");
  await finishByKey(lead);

  const picture = lead.getByRole("group", { name: "Picture of the linked records" });
  const nodes = await picture.locator(".chain-node").allTextContents();
  for (const node of [/^Incident.*Closed$/, /^Debrief.*Held$/, /^Lesson.*Acted on$/, /^Policy.*Ratified$/])
    expect(nodes).toContainEqual(expect.stringMatching(node));
  await shot(lead, "breach-chain-1440");
  expect(await wrongs(lead)).toEqual([]);
  await press(lead, picture.getByRole("link", { name: /^Policy/ }));
  await lead.getByRole("heading", { level: 1, name: policy }).waitFor();
});

test("by keyboard alone a breach is reported, and judged by whoever leads safeguarding", async () => {
  const reporter = await screens.signIn("Owen Pluckley");
  await press(reporter, reporter.getByRole("link", { name: "New", exact: true }));
  await press(reporter, reporter.getByRole("link", { name: "Report a breach or concern" }));
  await press(reporter, reporter.getByRole("link", { name: "Fill in the whole form instead" }));
  await reporter.getByRole("heading", { level: 1, name: "New incident" }).waitFor();
  await write(reporter, reporter.getByLabel("Who is it about?"), "A pupil");
  await write(reporter, reporter.getByLabel(/^What happened/), "A phone rang in assembly");
  await write(reporter, reporter.getByLabel(/^What you saw or heard/), "It was in a coat, and was handed in at once.");
  await write(reporter, reporter.getByLabel(/^Where was it/), "Somewhere else on site");
  for (const question of [/^Might there be an indecent picture/, /^Is anybody at risk/])
    await mark(reporter, question, "No");
  await press(reporter, reporter.getByRole("button", { name: "Create incident" }));
  await reporter.getByText(/^INC-\d+$/).waitFor();
  await reporter.close();

  const lead = await atWork("Callum Birchwood");
  await press(lead, lead.getByRole("link", { name: /^Decide what follows: / }));
  await write(lead, lead.getByLabel(/^Category/), "Pupil used a phone on site");
  await write(lead, lead.getByLabel(/^Severity/), "Low");
  await press(lead, lead.getByLabel("Behaviour", { exact: true }), " ");
  await mark(lead, /^May it be a crime/, "No");
  await finishByKey(lead);
  await stands(lead, "Being looked into");
});
