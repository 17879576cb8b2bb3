/** An exception on a phone: a teacher asks, a deputy judges the risk, and the page says why a medium one cannot be granted. */
import type { Page } from "playwright-core";
import { emailOf, type Product, startProduct } from "../product";
import { finish, openScreens, type Screens, send, settled, shot, stands, wrongs } from "./screens";

const parent = "Nora Wingham";
const day = 86_400_000;

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct();
  await product.advanceClock(new Date(Date.now() + 3_600_000).toISOString());
  screens = await openScreens(product);
  const [manager, office] = [await product.signIn("Harriet Stowting"), await product.signIn("Bea Wickhurst")];
  const { person } = await manager.ask<{ person: { id: string } }>(
    "mutation ($input: CreatePersonInput!) { person: createPerson(input: $input) { id } }",
    { input: { name: parent, email: emailOf(parent), roles: ["parent"] } },
  );
  await office.ask("mutation ($input: CreatePupilInput!) { createPupil(input: $input) { id } }", {
    input: { name: "Wilf Wingham", className: "4 Oak", parents: [person.id] },
  });
}, 180_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});
jest.setTimeout(180_000);

const pages = new Map<string, Page>();
/** Somebody's phone, at their work. */
async function phone(name: string): Promise<Page> {
  const page = pages.get(name) ?? (await screens.signIn(name, 390));
  pages.set(name, page);
  await screens.go(page, "#/");
  await page.getByRole("heading", { level: 1, name: "My work" }).waitFor();
  return page;
}

/** From the row in My work to the form of its main action. */
async function begin(page: Page, action: string): Promise<void> {
  await page.getByRole("link", { name: new RegExp(`^${action}: `) }).click();
}

/** Whoever leads safeguarding has the task; a deputy helps out from the register. */
async function beginToAssess(): Promise<Page> {
  const page = await phone("Callum Birchwood");
  await screens.go(page, "#/exceptions?view=asked");
  await page.getByRole("link", { name: /Wilf Wingham/ }).click();
  await page.getByRole("button", { name: "Record the risk assessment" }).click();
  return page;
}

async function choose(page: Page, label: RegExp, words: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(words);
  await page
    .getByRole("option", { name: new RegExp(words) })
    .first()
    .click();
}

async function judge(page: Page, likelihood: number, impact: number, why: string): Promise<void> {
  await page
    .getByRole("group", { name: /^Likelihood/ })
    .getByLabel(String(likelihood), { exact: true })
    .check();
  await page
    .getByRole("group", { name: /^Impact/ })
    .getByLabel(String(impact), { exact: true })
    .check();
  await page.getByLabel("What is done about it").fill(why);
}

const inSight = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor();

test("a teacher asks for a pupil's exception with the phone in one hand", async () => {
  const page = await phone("Tomas Elmstead");
  await page.getByRole("link", { name: "Menu" }).click();
  await page.getByRole("link", { name: "New exception" }).click();
  await page
    .getByLabel("What kind of exception")
    .selectOption({ label: "A pupil's device for a medical or other need" });
  await page.getByLabel(/^What is asked for/).fill("A phone that reads the glucose sensor");
  await page.getByLabel(/^Why it is needed/).fill("The sensor warns on the phone before anybody would see it.");
  await choose(page, /^Pupil/, "Wilf Wingham");
  await page.getByLabel(/^Until/).fill(new Date(Date.now() + 150 * day).toISOString().slice(0, 10));
  expect(await wrongs(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await shot(page, "exception-asked-390");
  await send(page);
  await stands(page, "Asked for");
});

test("a medium risk cannot be granted: the page says why, and the head asks for what makes it less", async () => {
  const deputy = await beginToAssess();
  await judge(deputy, 2, 3, "Nothing yet.");
  await deputy
    .getByRole("textbox", { name: /^Terms/ })
    .fill("The phone runs the app of the sensor and nothing else.\n\nOn misuse it stays at home.");
  await choose(deputy, /^Discussed with/, "Zoe King");
  await deputy.getByLabel(/^Discussed on/).fill(new Date().toISOString().slice(0, 10));
  await finish(deputy);
  await stands(deputy, "To be decided");

  const page = await phone("Zoe King");
  await begin(page, "Grant exception");
  await inSight(
    page,
    /“Grant exception” cannot be done now. Only a low risk can be granted \(Mobile policy, section 3\)/,
  );
  await settled(page);
  await shot(page, "exception-refused-390");
  expect(await wrongs(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Ask for more" }).click();
  await page.getByLabel(/^What is missing/).fill("Who looks after the phone in PE?");
  await finish(page);
  await stands(page, "More is needed");
});
