/** What is due and how things stand, at the widths people have: the calendar, the dashboard, and pages at 320 pixels. */
import { Temporal } from "temporal-polyfill";
import { type Product, startProduct } from "../product";
import { faults, openScreens, overflow, press, type Screens, shot, write } from "./screens";

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  screens = await openScreens(product);
  const office = await product.signIn("Harriet Stowting");
  for (const kind of ["phone", "phone", "tablet"])
    await office.ask(`mutation { createSchoolDevice(input: { name: "A ${kind}", kind: "${kind}" }) { id } }`);
}, 180_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});
jest.setTimeout(180_000);

test.each([1440, 390])("a bar of the dashboard leads to the records that it counts, at %d pixels", async (width) => {
  const page = await screens.signIn("Harriet Stowting", width);
  await screens.go(page, "#/dashboard");
  const devices = page.getByRole("region", { name: "Where are the devices?" });
  await devices.getByRole("link", { name: /^In stock/ }).waitFor();
  await page.getByRole("region", { name: "How do the registers stand?" }).waitFor();
  await shot(page, `dashboard-${width}`);
  expect(await faults(page)).toEqual([]);
  for (const button of await page.getByRole("button", { name: "Table" }).all()) await button.click();
  await devices.getByRole("row", { name: "In stock 3" }).waitFor();
  expect(await faults(page)).toEqual([]);
  await devices.getByRole("link", { name: "3" }).click();
  await page.getByRole("heading", { level: 1, name: "School devices" }).waitFor();
  await page.getByRole("link", { name: /A tablet/ }).waitFor();
  await page.getByText(/State is In stock/).waitFor();
  await page.close();
});

test.each([1440, 390])(
  "a day of the calendar is reached by keys, and a link follows it, at %d pixels",
  async (width) => {
    const page = await screens.signIn("Lindsey Glanville", width);
    await screens.go(page, "#/calendar?list=0&view=month");
    const today = page.locator('[aria-current="date"]');
    await today.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const day = page.getByRole("region", { name: /\d{4}$/ });
    await day.waitFor();
    await shot(page, `calendar-${width}`);
    expect(await faults(page)).toEqual([]);
    await page.getByRole("button", { name: "Year" }).click();
    await page.getByRole("link", { name: /^December \d{4}$/ }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole("button", { name: "List" }).click();
    await page.getByRole("link", { name: "Show what is late" }).click();
    await page.getByRole("link", { name: /Mobile and Smart Technology Policy/ }).waitFor();
    await shot(page, `calendar-late-${width}`);
    expect(await faults(page)).toEqual([]);
    await page.getByText("In your own calendar").click();
    await page.getByRole("button", { name: "Make a link" }).click();
    const url = await page.getByLabel(/^The link/).inputValue();
    const feed = await fetch(url.replace(/^https?:\/\/[^/]+/, product.urls[0] ?? ""));
    expect([feed.status, (await feed.text()).startsWith("BEGIN:VCALENDAR")]).toEqual([200, true]);
    await page.getByRole("button", { name: "Withdraw the link" }).click();
    await page.getByText(/^The link is withdrawn/).waitFor();
    await page.close();
  },
);

test("an action is dragged to another day: it asks why, and says first which clocks follow", async () => {
  // A Wednesday some weeks on, and the day after it.
  const today = Temporal.Now.plainDateISO("Europe/London").add({ days: 1 });
  const wednesday = today.add({ days: 21 + ((10 - today.dayOfWeek) % 7) });
  const thursday = wednesday.add({ days: 1 });
  const head = await product.signIn("Zoe King");
  await head.ask(
    `mutation { createActionItem(input: { what: "Mend the clock in the hall", dueOn: "${wednesday.toString()}" }) { id } }`,
  );
  const page = await screens.signIn("Zoe King");
  await screens.go(page, `#/calendar?list=0&view=month&on=${wednesday.toString()}`);
  const cell = (day: Temporal.PlainDate) => page.locator("td", { has: page.locator(`[data-day="${day.toString()}"]`) });
  const chip = cell(wednesday).getByRole("link", { name: "Mend the clock in the hall" });
  await chip.dragTo(cell(thursday));
  const dialog = page.getByRole("dialog", { name: "Move: Mend the clock in the hall" });
  await dialog
    .getByRole("listitem")
    .filter({ hasText: /The action is late.*→/ })
    .waitFor();
  await shot(page, "calendar-move-1440");
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await chip.waitFor();

  // The same without dragging.
  await page.setViewportSize({ width: 390, height: 844 });
  await screens.go(page, `#/calendar?list=1&view=month&on=${wednesday.toString()}`);
  await press(page, page.getByRole("button", { name: "Move Mend the clock in the hall" }));
  await write(page, dialog.getByLabel("Day"), String(thursday.day));
  if (thursday.month !== wednesday.month) await write(page, dialog.getByLabel("Month"), String(thursday.month));
  await write(page, dialog.getByLabel("Why it moves"), "The clockmaker comes on Thursday.");
  await shot(page, "calendar-move-390");
  expect(await faults(page)).toEqual([]);
  await press(page, dialog.getByRole("button", { name: "Move it" }));
  await page.getByText(/^Mend the clock in the hall is moved to Thursday/).waitFor();
  const { actionItems } = await head.ask<{
    actionItems: { nodes: { dueOn: string; history: unknown[] }[] };
  }>(
    '{ actionItems(filter: { what: { eq: "Mend the clock in the hall" } }) { nodes { dueOn history(first: 3) { summary detail } } } }',
  );
  expect(actionItems.nodes[0]?.dueOn).toBe(thursday.toString());
  expect(JSON.stringify(actionItems.nodes[0]?.history)).toContain("The clockmaker comes on Thursday.");
  await page.close();
});

test("a record, the calendar and the dashboard fit into 320 pixels", async () => {
  const page = await screens.signIn("Zoe King", 320);
  const head = await product.signIn("Zoe King");
  const { policies } = await head.ask<{ policies: { nodes: { id: string }[] } }>("{ policies { nodes { id } } }");
  const pages = [
    { hash: `#/policies/${policies.nodes[0]?.id ?? ""}`, heading: /Policy$/i },
    { hash: "#/calendar?list=0", heading: "Calendar" },
    { hash: "#/dashboard", heading: "Dashboard" },
  ];
  for (const { hash, heading } of pages) {
    await screens.go(page, hash);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await page.locator(".waiting").first().waitFor({ state: "detached" });
    await shot(page, `reflow-${hash.slice(2, 9)}`);
    expect([hash, await overflow(page)]).toEqual([hash, 0]);
  }
  await page.close();
});
