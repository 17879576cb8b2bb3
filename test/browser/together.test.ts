/** Two people at once, in real Chromium: what one does, the other sees without reloading; and how one is reached. */
import type { Page } from "playwright-core";
import { emailOf, type Product, startProduct } from "../product";
import { faults, mark, openScreens, pickOut, press, type Screens, sendByKey, shot, write } from "./screens";

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  screens = await openScreens(product);
}, 120_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});

async function look(page: Page, name: string): Promise<void> {
  await shot(page, name);
  expect(await faults(page)).toEqual([]);
}

jest.setTimeout(180_000);

test("a task handed over by keys appears in the other's open page, and is gone from one's own, without reloading", async () => {
  const owner = await screens.signIn("Zoe King");
  const other = await screens.signIn("Callum Birchwood", 390);
  let loads = 0;
  other.on("load", () => loads++);
  const row = owner
    .getByRole("listitem")
    .filter({ hasText: /^Review Mobile/ })
    .first();
  await press(owner, row.getByRole("button", { name: /^Hand over/ }));
  await pickOut(owner, "Hand over to", "Callum Birchwood");
  await write(owner, row.getByLabel(/What they should know/), "The section on visitors is the one to look at.");
  await look(owner, "hand-over-1440");
  await press(owner, row.getByRole("button", { name: "Hand over", exact: true }));

  await other.getByRole("link", { name: /^Review Mobile/ }).waitFor();
  await look(other, "work-handed-over-390");
  expect(loads).toBe(0);
  const waiting = owner.getByRole("region", { name: "Waiting for others" });
  await waiting
    .getByText(/Callum Birchwood for Zoe King/)
    .first()
    .waitFor();
  await look(owner, "work-waiting-1440");

  // Given back from the phone: the owner's page follows by itself.
  await press(other, other.getByRole("button", { name: /^Give back to Zoe King/ }));
  const again = owner.getByRole("region", { name: "Do now" }).getByRole("link", { name: /^Review Mobile/ });
  await press(owner, again);
  await owner.getByRole("heading", { level: 1, name: /^Mobile/ }).waitFor();
});

test.each([1440, 390])("one says when mail may come and who stands in, at %d pixels", async (width) => {
  const page = await screens.signIn("Harriet Stowting", width);
  await screens.go(page, "#/mail");
  await page.getByRole("heading", { level: 1, name: "When mail reaches me" }).waitFor();
  await page.getByLabel("Each mail as it comes, outside quiet hours").check();
  await page.getByLabel("No mail before").fill("09:00");
  await page.getByLabel("No mail from").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/Mail must be allowed|Give a time of day/).waitFor();
  await look(page, `mail-${width}`);
  await page.getByLabel("No mail from").fill("16:00");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. It holds from the next mail on.").waitFor();

  await screens.go(page, "#/away");
  await page.getByRole("heading", { level: 1, name: "Out of office" }).waitFor();
  await page.getByRole("button", { name: "Say that I am away" }).click();
  await page.getByText("Choose who stands in.").waitFor();
  await look(page, `away-${width}`);
  await page.close();
});

test("the school says how it shows itself at the top of its settings", async () => {
  const page = await screens.signIn("Harriet Stowting");
  await screens.go(page, "#/settings");
  await page.getByLabel("The school’s colour").fill("#ffd54a");
  await page.getByRole("button", { name: "Save how the school shows itself" }).click();
  await page.getByText(/White words could not be read on this colour/).waitFor();
  await page.screenshot({ path: "var/screenshots/settings-school-1440.png" });
  await page.close();
});

test("by keyboard alone two people change one record: what each changed alone is kept, and for one field the second chooses", async () => {
  const harriet = await product.signIn("Harriet Stowting");
  const { device } = await harriet.ask<{ device: { id: string } }>(
    'mutation { device: createSchoolDevice(input: { name: "Phone for trips", kind: "phone" }) { id } }',
  );
  const [first, second] = [await screens.signIn("Bea Wickhurst"), await screens.signIn("Zoe King", 390)];
  for (const page of [first, second]) {
    await screens.go(page, `#/schoolDevices/${device.id}`);
    await press(page, page.getByRole("button", { name: "Change Device" }));
  }
  await write(first, first.getByLabel(/^Name/), "Phone for trips and visits");
  await write(first, first.getByLabel(/^Serial number/), "SN-4711");
  await write(second, second.getByLabel(/^Name/), "The trips phone");
  await write(second, second.getByLabel(/^Notes/), "Charged by the office.");
  await sendByKey(first);
  await first.getByText("Saved.").waitFor();

  await sendByKey(second);
  await second.getByText(/^Bea Wickhurst changed this too/).waitFor();
  const both = second.getByRole("group", { name: /^Two answers to/ });
  await both.getByText("Phone for trips and visits").waitFor();
  await both.getByText("The trips phone").waitFor();
  await look(second, "merge-390");
  await press(second, both.getByRole("button", { name: "Use what Bea Wickhurst entered" }));
  await sendByKey(second);
  await second.getByText("Saved.").waitFor();
  const { schoolDevice } = await harriet.ask<{ schoolDevice: Record<string, string> }>(
    `{ schoolDevice(id: "${device.id}") { name serialNumber notes } }`,
  );
  expect(schoolDevice).toEqual({
    name: "Phone for trips and visits",
    serialNumber: "SN-4711",
    notes: "Charged by the office.",
  });
  await Promise.all([first.close(), second.close()]);
});

test("who is signed out in mid-work signs in over the page by keys, and goes on where they were", async () => {
  const page = await screens.signIn("Owen Pluckley");
  await screens.go(page, "#/incidents/create");
  await write(page, page.getByLabel("Who is it about?"), "A pupil");
  await write(page, page.getByLabel(/^What happened/), "A phone rang in the library");
  await page.context().clearCookies();
  const sends = page.getByRole("button", { name: "Create incident" });
  for (const question of [/^Might there be an indecent picture/, /^Is anybody at risk/])
    await mark(page, question, "No");
  await press(page, sends);
  await page.getByText(/^You were signed out/).waitFor();
  expect(await page.evaluate<string>("document.activeElement.textContent")).toMatch(/^You were signed out/);
  await look(page, "signed-out-1440");
  await write(page, page.getByLabel("Email address"), emailOf("Owen Pluckley"));
  await write(page, page.getByLabel("Password", { exact: true }), "a password for tests only");
  await press(page, page.getByRole("button", { name: "Sign in", exact: true }));
  await sends.waitFor();
  await sends.and(page.locator(":focus")).waitFor();
  expect(await page.title()).toMatch(/^New incident/);
  await page.keyboard.press("Enter");
  await page.getByText(/^INC-\d+$/).waitFor();
  await page.getByRole("heading", { level: 1, name: "A phone rang in the library" }).waitFor();
  await page.close();
});

test("where another signs in in a second tab, the first is covered, and goes on with whoever it was for", async () => {
  const first = await screens.signIn("Zoe King");
  await screens.go(first, "#/policies/create");
  await first.getByRole("textbox", { name: /^Title/ }).fill("Visitors");
  const second = await first.context().newPage();
  await second.goto(first.url().replace(/#.*$/, "#/"));
  await screens.go(second, "#/menu");
  await second.getByRole("button", { name: "Sign out" }).first().click();
  await first.getByText("You were signed out. Sign in to go on where you were").waitFor();
  await second.getByLabel(/e-?mail/i).fill(emailOf("Edith Marlowe"));
  await second
    .getByLabel(/password/i)
    .first()
    .fill("a password for tests only");
  await second.getByRole("button", { name: /sign in/i }).click();
  await second.getByRole("button", { name: "Sign out" }).first().waitFor();
  await first.getByText("You were signed out. Sign in to go on where you were").waitFor();
  expect(await first.getByRole("button", { name: /^Create/ }).isVisible()).toBe(false);
  await second.close();
});
