/** The review in the back office, as the people who do it see it: real servers, real Chromium, nothing mocked. */
import type { Page } from "playwright-core";
import { emailOf, type Product, startProduct } from "../product";
import { faults, fillDay, openScreens, pickOut, press, type Screens, settled, shot, stands, tabTo } from "./screens";

let product: Product;
let screens: Screens;
let signIn: Screens["signIn"];
beforeAll(async () => {
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  screens = await openScreens(product);
  signIn = screens.signIn;
}, 120_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});

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

async function signInByKeys(name: string): Promise<Page> {
  const page = await screens.open();
  await tabTo(page, page.getByLabel(/e-?mail/i));
  await page.keyboard.type(emailOf(name));
  await tabTo(page, page.getByLabel(/password/i).first());
  await page.keyboard.type("a password for tests only");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "My work" }).waitFor();
  await settled(page);
  return page;
}

test("by keyboard alone the head starts and submits the review, and the chair ratifies at the end of reading", async () => {
  const head = await signInByKeys("Zoe King");
  await shot(head, "work-head");
  const submit = head.getByRole("button", { name: "Submit for ratification", exact: true });
  await press(head, head.getByRole("link", { name: /^Start the review: Mobile and Smart Technology Policy/ }));
  await press(head, head.getByRole("button", { name: "Start the review", exact: true }));
  await head.getByText(/^Done: start the review/).waitFor();
  // The page is no longer asked for what has just been done.
  await head.getByText(/cannot be done now\./).waitFor({ state: "detached" });
  await press(head, submit);
  await press(head, head.getByRole("button", { name: "Cancel" }));
  await submit.and(head.locator(":focus")).waitFor();
  await head.keyboard.press("Enter");
  await tabTo(head, head.getByLabel(/^Why wording of the template stays/));
  await head.keyboard.type("It names the pupils who took part.");
  await shot(head, "submit");
  await press(head, submit);
  await stands(head, "Awaiting ratification");
  await head.getByText(/^Done: /).waitFor();
  await head.close();

  const chair = await signInByKeys("Rowan Ashdown");
  await shot(chair, "work-chair");
  await press(chair, chair.getByRole("link", { name: /^Ratify: Mobile and Smart Technology Policy/ }));
  await chair.getByRole("heading", { level: 1, name: /Mobile and Smart Technology Policy/ }).waitFor();
  await shot(chair, "record-chair");
  expect(await faults(chair)).toEqual([]);
  await press(chair, chair.getByRole("link", { name: "Read and ratify" }));
  const meeting = chair.getByRole("textbox", { name: "Meeting" });
  await meeting.waitFor();
  await tabTo(chair, meeting);
  await chair.keyboard.type("Full governing body");
  await tabTo(chair, chair.getByLabel(/minute/i).first());
  await chair.keyboard.type("7.2");
  for (const name of ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"]) {
    await pickOut(chair, /Governors present/, name);
    await chair.locator(".MuiChip-root", { hasText: name }).waitFor();
  }
  await shot(chair, "ratify");
  expect(await faults(chair)).toEqual([]);
  await press(chair, chair.getByRole("button", { name: "Ratify", exact: true }));
  await stands(chair, "Ratified");
  await shot(chair, "ratified");
  await chair.close();
}, 120_000);

const mailsToGovernor = () => product.mails.filter(({ to }) => to === emailOf("Lindsey Glanville")).length;
const daysAfter = (date: Date, days: number): Date => new Date(date.getTime() + days * 86_400_000);

async function setReview(page: Page, on: Date): Promise<void> {
  await page.getByRole("button", { name: "Change Dates" }).click();
  await fillDay(page, /^Next review/, on.toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Change Dates" }).waitFor();
}

/** By the bar above every page, to eight in the morning of a day. */
async function moveClock(page: Page, on: Date): Promise<void> {
  await page.getByRole("button", { name: "Move the clock" }).click();
  await fillDay(page, "or to the morning of", on.toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Move", exact: true }).click();
  const day = on.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  await page.getByRole("status").getByText(day).waitFor();
  await page.getByText(/Moving on/).waitFor({ state: "detached" });
}

test("a date moved by days repeats no reminder, one moved by a month does, and the page says what moved and why", async () => {
  const page = await signIn("Edith Marlowe");
  await screens.go(page, "#/policies");
  await page
    .getByRole("link", { name: /Mobile and Smart Technology Policy/ })
    .first()
    .click();
  const review = daysAfter(new Date(), 90);
  // What the morning after brings is sent first.
  await moveClock(page, daysAfter(new Date(), 6));
  await setReview(page, review);
  await page.getByText("60 days before").first().waitFor();
  const before = mailsToGovernor();

  await moveClock(page, daysAfter(review, -52));
  expect(mailsToGovernor()).toBe(before + 1);

  await setReview(page, daysAfter(review, 3));
  await moveClock(page, daysAfter(review, -45));
  expect(mailsToGovernor()).toBe(before + 1);

  await setReview(page, daysAfter(review, 33));
  const moved = page.getByText(/^Moved from .* → /).first();
  await moved.waitFor();
  expect(await moved.textContent()).toMatch(/because/);
  await shot(page, "moved");
  await moveClock(page, daysAfter(review, -20));
  expect(mailsToGovernor()).toBe(before + 2);
  await page.close();
});

test.each([1440, 390])(
  "a clock leads to what obliges to it, and that to the records, at %d pixels",
  async (width) => {
    const reader = await product.signIn("Zoe King");
    const { policies } = await reader.ask<{ policies: { nodes: { id: string }[] } }>("{ policies { nodes { id } } }");
    const page = await signIn("Zoe King", width);
    await page.goto(`${product.urls[0]}/#/policies/${policies.nodes[0]?.id ?? ""}`);
    const clocks = page.getByRole("region", { name: "Clocks" });
    await clocks.getByRole("button", { name: /^Why/ }).first().click();
    await clocks
      .getByRole("link", { name: /^Obligation 7:/ })
      .first()
      .click();
    await page.getByRole("heading", { level: 1, name: "What the policies oblige" }).waitFor();
    const duty = page.locator("#O7");
    await duty.getByText(/reviewed at least once a year/).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("O7");
    await shot(page, `obligations-${width}`);
    expect(await faults(page)).toEqual([]);
    await duty.getByRole("link", { name: "Policies" }).click();
    await page.getByRole("heading", { level: 1, name: "Policies" }).waitFor();
    await page.close();
  },
  180_000,
);
