/**
 * Every kind of page at a school with a year behind it, as those see it who use it: axe finds nothing at a desk nor on a
 * phone, each has one heading and a title, fits into 320 pixels, throws nothing and asks nobody else.
 */
import type { Page } from "playwright-core";
import { type Product, startProduct } from "../product";
import { faults, openScreens, type Screens, settled, shot, wrongs } from "./screens";

let product: Product;
let screens: Screens;
let ids: Record<string, { id: string; recordTitle: string }>;

const found = `query {
  policy: policies(filter: { title: { eq: "Mobile and Smart Technology Policy" } }, first: 1) { nodes { id recordTitle } }
  draft: policies(filter: { title: { eq: "Generative AI in School" } }, first: 1) { nodes { id recordTitle } }
  waiting: policies(filter: { state: { eq: awaitingRatification } }, first: 1) { nodes { id recordTitle } }
  incident: incidents(filter: { state: { eq: closed } }, first: 1) { nodes { id recordTitle } }
  exception: exceptions(filter: { state: { eq: inForce } }, first: 1) { nodes { id recordTitle } }
  device: schoolDevices(first: 1) { nodes { id recordTitle } }
  meeting: governorsMeetings(first: 1) { nodes { id recordTitle } }
  lesson: lessons(first: 1) { nodes { id recordTitle } }
  people(search: "Yasmin", first: 1) { nodes { id recordTitle: name } }
}`;

beforeAll(async () => {
  const began = performance.now();
  product = await startProduct({ year: 1 });
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.stdout.write(`The school with a year of data was there after ${seconds} s.\n`);
  screens = await openScreens(product);
  const head = await product.signIn("Zoe King");
  const lists = await head.ask<Record<string, { nodes: { id: string; recordTitle: string }[] }>>(found);
  ids = Object.fromEntries(
    Object.entries(lists).map(([name, { nodes }]) => {
      if (!nodes[0]) throw new Error(`The year has no ${name}.`);
      return [name, nodes[0]];
    }),
  );
}, 600_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});
jest.setTimeout(300_000);

/** Its address, its heading, and a name for its pictures where it is one of the main pages. */
type Visit = [hash: string, heading: string, picture?: string];
const record = (plural: string, name: string, rest = "", picture?: string): Visit => {
  const { id = "", recordTitle = "" } = ids[name] ?? {};
  return [`#/${plural}/${id}${rest}`, recordTitle, picture];
};

async function come(page: Page, hash: string, heading: string): Promise<void> {
  await screens.go(page, hash);
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  await settled(page);
}

async function pictures(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await shot(page, `year-${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** What is wrong with any of them, by address. */
async function tour(page: Page, visits: Visit[]): Promise<string[]> {
  const all: string[] = [];
  for (const [hash, heading, picture] of visits) {
    try {
      await come(page, hash, heading);
      if (picture) await pictures(page, picture);
      all.push(...(await wrongs(page)).map((wrong) => `${hash} ${wrong}`));
    } catch (failure) {
      // The rest is looked at all the same.
      all.push(`${hash} ${String(failure)}`);
    }
  }
  return all;
}

test("the doors, before anybody has signed in", async () => {
  const page = await screens.open();
  const ended = "A".repeat(58);
  expect(
    await tour(page, [
      ["", "Sign in to Duly", "sign-in"],
      [`#/welcome/${ended}`, "This link has ended"],
      [`#/found/${ended}`, "The school is founded"],
      [`#/guest/${ended}`, "This link has ended"],
    ]),
  ).toEqual([]);
  await page.close();
});

test("work, records, lists, the calendar and what else the head reads", async () => {
  const page = await screens.signIn("Zoe King");
  expect(
    await tour(page, [
      ["#/", "My work", "work"],
      record("policies", "policy", "", "policy"),
      record("incidents", "incident", "", "incident"),
      record("exceptions", "exception", "", "exception"),
      record("lessons", "lesson"),
      record("incidents", "incident", "?do=reopen"),
      record("policies", "policy", "/text/text", "text"),
      ["#/incidents", "Incidents", "incidents"],
      ["#/policies", "Policies", "policies"],
      ["#/exceptions?view=all", "Exceptions"],
      ["#/incidents/create", "New incident"],
      ["#/incidents/quick", "Report a breach or concern", "quick"],
      ["#/calendar?list=0&view=term", "Calendar", "calendar"],
      ["#/calendar?list=0&view=month", "Calendar"],
      ["#/calendar?list=0&view=year", "Calendar"],
      ["#/dashboard", "Dashboard", "dashboard"],
      ["#/reports", "Reports", "reports"],
      ["#/search?q=phone", "Search: phone", "search"],
      ["#/obligations", "What the policies oblige"],
      ["#/people", "People"],
      record("people", "people", "", "person"),
      ["#/menu", "Zoe King"],
      ["#/mail", "When mail reaches me"],
      ["#/away", "Out of office"],
      ["#/pin", "My PIN for shared devices"],
      ["#/password", "Change my password"],
      ["#/confirm", "To confirm"],
      ["#/security", "Security log"],
      ["#/nowhere", "There is nothing here"],
    ]),
  ).toEqual([]);
  await page.close();
});

test("texts being written, compared and decided on", async () => {
  const draft = { id: ids["draft"]?.id };
  const manager = await product.signIn("Harriet Stowting");
  const { policy } = await manager.ask<{ policy: { version: number; text: { text: string } } }>(
    "query ($id: ID!) { policy(id: $id) { version text { text } } }",
    draft,
  );
  await manager.ask(
    `mutation ($id: ID!, $version: Int!, $text: String!) {
      updatePolicy(id: $id, expectedVersion: $version, input: { text: $text }) { id } }`,
    { ...draft, version: policy.version, text: `${policy.text.text}\n\nPupils do not sign in to it.` },
  );
  const owner = await screens.signIn("Harriet Stowting");
  const title = ids["draft"]?.recordTitle ?? "";
  expect(
    await tour(owner, [
      [`#/policies/${draft.id}/text/text/edit`, `Edit ${title}`, "edit"],
      [`#/policies/${draft.id}/text/text/compare`, `Changes in ${title}`],
    ]),
  ).toEqual([]);
  await owner.close();

  const chair = await screens.signIn("Rowan Ashdown");
  expect(
    await tour(chair, [
      ["#/", "My work"],
      record("policies", "waiting", "/text/text?do=ratify", "decide"),
      record("governorsMeetings", "meeting"),
    ]),
  ).toEqual([]);
  await chair.close();
});

test("what the office and the administrator keep", async () => {
  const page = await screens.signIn("Harriet Stowting");
  expect(
    await tour(page, [
      ["#/", "My work"],
      record("schoolDevices", "device"),
      ["#/schoolDevices/import", "Import school devices"],
      ["#/settings", "Settings", "settings-school"],
      ["#/settings?of=exception", "Settings", "settings"],
      ["#/confirm", "To confirm"],
      ["#/security", "Security log"],
      ["#/people/new", "Add a person"],
      ["#/people/import", "Bring people in"],
      ["#/people/invite", "Invite people"],
      ["#/ready", "Getting ready", "ready"],
      ["#/ready/policies", "Bring your policies in", "policies-in"],
      ["#/ready/year", "A new school year"],
      ["#/terms", "Terms and closed days"],
      ["#/devices", "Shared devices"],
      ["#/problems", "Problems", "problems"],
      ["#/status", "How Duly is doing", "status"],
      ["#/upgrade", "Changes in the new version"],
    ]),
  ).toEqual([]);

  await come(page, "#/schoolDevices", "School devices");
  await page.getByRole("checkbox", { name: "Select every row of this page" }).check();
  await page.getByRole("region", { name: "Selected" }).waitFor();
  expect(await wrongs(page)).toEqual([]);

  await come(page, "#/devices", "Shared devices");
  await page.getByLabel("Where it stands").fill("Front office");
  await page.getByRole("button", { name: "Sign out and make it shared" }).click();
  await page.getByRole("heading", { level: 1, name: "Report something" }).waitFor();
  expect(await wrongs(page)).toEqual([]);
  await page.close();
});

test("in the dark nothing is harder to read", async () => {
  const page = await screens.signIn("Zoe King");
  await come(page, "#/menu", "Zoe King");
  await page.getByRole("radio", { name: "Dark" }).check();
  const dark = [
    ["#/", "My work", "work-dark"],
    record("incidents", "incident", "", "incident-dark"),
    record("policies", "policy", "/text/text"),
    ["#/incidents", "Incidents"],
    ["#/calendar?list=0&view=month", "Calendar"],
    ["#/dashboard", "Dashboard", "dashboard-dark"],
    record("incidents", "incident", "?do=reopen"),
  ] satisfies Visit[];
  for (const [hash, heading, picture] of dark) {
    await come(page, hash, heading);
    if (picture) await shot(page, `year-${picture}-1440`);
    expect([hash, await faults(page)]).toEqual([hash, []]);
  }
  await page.close();
});
