/** What takes two people, seen by both; the security log; and a password that was forgotten, or is changed. */
import type { Page } from "playwright-core";
import { emailOf, type Person, type Product, startProduct, until } from "../product";
import { mailedLink, openScreens, type Screens, settled, shot, wrongs } from "./screens";

let product: Product;
let screens: Screens;
let ada: Person;
let nora: string;
const password = "a password for tests only";

beforeAll(async () => {
  product = await startProduct({ demo: false });
  screens = await openScreens(product);
  const nobody = product.anonymous();
  await nobody.ask("mutation ($input: FoundSchoolInput!) { foundSchool(input: $input) { __typename } }", {
    input: {
      secret: product.foundUrl.split("/").pop(),
      ...{ school: "Elm Road Primary", zone: "Europe/London", name: "Ada Shah", email: emailOf("Ada Shah") },
      ...{ password, roles: [] },
    },
  });
  ada = await product.signIn("Ada Shah");
  const add = async (name: string, role: string): Promise<string> =>
    (
      await ada.ask<{ createPerson: { id: string } }>(
        "mutation ($input: CreatePersonInput!) { createPerson(input: $input) { id } }",
        { input: { name, email: emailOf(name), roles: [role] } },
      )
    ).createPerson.id;
  // Before its first day a school is still being set up: nothing waits.
  const hedda = await add("Hedda Vale", "headteacher");
  nora = await add("Nora Wingham", "classTeacher");
  await ada.ask("mutation ($people: [ID!]!) { makeSignInLinks(people: $people) { problem } }", { people: [hedda] });
  await until(async () => mailedLink(product, emailOf("Hedda Vale"), "welcome") !== undefined, "the link to be mailed");
  await nobody.ask(
    "mutation ($secret: String!, $password: String!) { choosePassword(secret: $secret, password: $password) { __typename } }",
    {
      secret: mailedLink(product, emailOf("Hedda Vale"), "welcome"),
      password,
    },
  );
  const { me } = await ada.ask<{ me: { today: string } }>("{ me { today } }");
  await ada.ask("mutation ($on: Date!) { setGoLive(on: $on) { goLiveOn } }", { on: me.today });
}, 300_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});
jest.setTimeout(300_000);

/** axe and a look: a desk and a phone, light and dark. */
async function look(page: Page, name: string): Promise<void> {
  expect(await wrongs(page)).toEqual([]);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await shot(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The page at this address, in the dark, and back. */
async function inTheDark(page: Page, hash: string, heading: string, name: string): Promise<void> {
  const choose = async (theme: string): Promise<void> => {
    await screens.go(page, "#/menu");
    await page.getByRole("radio", { name: theme }).check();
    await screens.go(page, hash);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await settled(page);
  };
  await choose("Dark");
  await look(page, name);
  await choose("Light");
}

test("a powerful role is asked for on a person's page, and confirmed by the head, who is told above every page", async () => {
  const page = await screens.signIn("Ada Shah");
  await screens.go(page, `#/people/${nora}`);
  await page.getByLabel("Role", { exact: true }).selectOption("dsl");
  await page.getByRole("button", { name: "Appoint" }).click();
  await page.getByText("so it waits for a second person").waitFor();
  await page.getByRole("heading", { name: "Waits for a second person" }).waitFor();
  await look(page, "power-person");
  await page.getByRole("link", { name: "Confirm or stop" }).click();
  await page.getByText("You asked for this, so somebody else must confirm it.").waitFor();
  await look(page, "power-asked");

  const head = await screens.signIn("Hedda Vale");
  await head.getByText(/^This waits for a second person: Give Nora Wingham the role/).waitFor();
  await look(head, "power-bar");
  await head.getByRole("link", { name: "Look at it" }).click();
  await head.getByRole("heading", { level: 1, name: "To confirm" }).waitFor();
  await settled(head);
  await look(head, "power-confirm");
  await inTheDark(head, "#/confirm", "To confirm", "power-confirm-dark");
  await head.getByRole("button", { name: /^Stop/ }).click();
  await head
    .getByRole("dialog")
    .getByLabel(/Reason/)
    .waitFor();
  await look(head, "power-stop");
  await head.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await head.getByRole("button", { name: /^Confirm/ }).click();
  await head.getByText(/^Confirmed: Give Nora Wingham the role/).waitFor();
  await head.getByText(/^Hedda Vale confirmed it on/).waitFor();
  expect(await head.getByText("This waits for a second person").count()).toBe(0);
  await look(head, "power-decided");

  await head.getByRole("link", { name: "Security log" }).click();
  await head.getByText("Request confirmed: Nora Wingham").waitFor();
  await look(head, "security-log");
  await inTheDark(head, "#/security", "Security log", "security-log-dark");
  await head.getByText("Filter", { exact: true }).click();
  await head.getByLabel("What happened").selectOption("Role given");
  await head.getByRole("button", { name: "Show", exact: true }).click();
  await head.getByText("Request confirmed: Nora Wingham").waitFor({ state: "detached" });
  await head.getByText("Role given: Nora Wingham").first().waitFor();
  await look(head, "security-log-filter");
  await head.close();

  await screens.go(page, "#/");
  await screens.go(page, `#/people/${nora}`);
  await page.getByText("Given by Ada Shah.").first().waitFor();
  await page.close();
});

test("a password is changed by the old one; one that was forgotten, by a link to its owner's address", async () => {
  const page = await screens.signIn("Hedda Vale");
  await screens.go(page, "#/password");
  await page.getByRole("button", { name: "Change my password" }).click();
  await page.getByRole("alert").getByText("Enter the password you have now.").waitFor();
  await look(page, "password");
  await page.getByLabel("Current password").fill(password);
  await page.getByLabel("New password").fill("seven green lanterns swing");
  await page.getByRole("button", { name: "Change my password" }).click();
  await page.getByText("Your password is changed. You are signed out everywhere else.").waitFor();
  await page.close();

  const before = mailedLink(product, emailOf("Hedda Vale"), "welcome");
  const door = await screens.open();
  await door.getByRole("button", { name: "Forgotten password" }).click();
  await door.getByRole("heading", { level: 1, name: "Forgotten password" }).waitFor();
  await look(door, "forgotten");
  await door.getByLabel("Email address").fill(emailOf("Hedda Vale"));
  await door.getByRole("button", { name: "Send me a link" }).click();
  await door.getByText(/^If somebody signs in with/).waitFor();
  await look(door, "forgotten-sent");
  await until(async () => mailedLink(product, emailOf("Hedda Vale"), "welcome") !== before, "another link");
  await screens.go(door, `#/welcome/${mailedLink(product, emailOf("Hedda Vale"), "welcome") ?? ""}`);
  await door.getByLabel("Password", { exact: true }).fill("eight blue lanterns swing");
  await door.getByRole("button", { name: "Choose this password" }).click();
  await door.getByRole("heading", { level: 1, name: "My work" }).waitFor();
  await door.close();
});
