/** What is due and how things stand, at the widths people have: the calendar, the dashboard, and pages at 320 pixels. */
import { type Product, startProduct } from "../product";
import { faults, openScreens, overflow, type Screens, shot } from "./screens";

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
