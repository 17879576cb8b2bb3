/**
 * The first hour of a school of its own, and its first September: nothing is entered but in the back office, and by keyboard
 * alone, but for the system's own window in which a file is chosen.
 */
import type { Page } from "playwright-core";
import { type Product, startProduct, until } from "../product";
import { faults, mailedLink, openScreens, press, type Screens, shot, write, writeDay } from "./screens";

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct({ demo: false });
  screens = await openScreens(product);
}, 120_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});

const csv = (name: string, lines: string[]) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(lines.join("\r\n")),
});
const head = "Staff ID,Forename,Surname,Work email,Job title,Line manager";
const people = [
  "101,Zora,Quill,zora@elmroad.example,Headteacher,",
  "102,Imran,Vale,imran@elmroad.example,Teacher,Zora Quill",
  "103,Petra,Lund,petra@elmroad.example,Teacher,101",
  "104,Odd,Row,not an address,Teacher,101",
];
const policy = [
  "# Uniform Policy",
  "",
  "Date of last review: May 2026",
  "Reviewed by: Governing body",
  "Review frequency: annually",
  "",
  "## 1. Aims",
  "What pupils wear, and why.",
].join("\n");

/** axe and a look, on a desk and on a phone. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await faults(page)).toEqual([]);
    await shot(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
let page: Page;

test("a school is founded by the link that the server prints, and its year is entered", async () => {
  const stray = await screens.open();
  await stray.getByText(/There is no school here yet/).waitFor();
  await stray.close();

  const hash = product.foundUrl.slice(product.foundUrl.indexOf("#"));
  page = await screens.open(hash);
  await page.getByRole("heading", { name: "Begin with your school" }).waitFor();
  await press(page, page.getByRole("button", { name: "Found the school" }));
  await page.getByRole("alert").getByText("Give the school its name").waitFor();
  await look(page, "found");
  await write(page, page.getByLabel("Name of the school"), "Elm Road Primary");
  await write(page, page.getByLabel("Your name"), "Ada Shah");
  await write(page, page.getByLabel("Your email address"), "ada@elmroad.example");
  await write(page, page.getByLabel("Password", { exact: true }), "three plain words");
  await press(page, page.getByText("What else you are at the school"));
  await press(page, page.getByLabel("School business manager"), " ");
  await press(page, page.getByRole("button", { name: "Found the school" }));
  await page.getByRole("heading", { level: 1, name: "Getting ready" }).waitFor({ timeout: 90_000 });
  await page.getByText("Only you so far.").waitFor();
  await look(page, "ready");

  await press(page, page.getByRole("link", { name: "Enter them" }));
  await press(page, page.getByRole("button", { name: "Add a term" }));
  await writeDay(page, "First day", new Date("2026-09-02"));
  await writeDay(page, "Last day", new Date("2026-09-01"));
  await press(page, page.getByRole("button", { name: "Save the year" }));
  await page
    .getByRole("alert")
    .getByText(/ends before it begins/)
    .waitFor();
  await writeDay(page, "Last day", new Date("2027-07-23"));
  await press(page, page.getByRole("button", { name: "Add: INSET day" }));
  await writeDay(page, "First day", new Date("2027-01-04"));
  // Written once for a single day.
  const last = page.getByRole("group", { name: "Last day" }).last();
  expect(await Promise.all(["Day", "Month", "Year"].map((part) => last.getByLabel(part).inputValue()))).toEqual([
    ...["4", "01", "2027"],
  ]);
  await press(page, page.getByRole("button", { name: "Save the year" }));
  await page.getByText(/^Saved/).waitFor();
  await shot(page, "terms");
}, 240_000);

const bring = async (lines: string[]) => {
  await page.getByLabel("File of people").setInputFiles(csv(`staff ${lines.length}.csv`, [head, ...lines]));
  await page.getByLabel("What “Job title” fills").waitFor();
};

test("people come in from the school's own system, and choose a password by the link they are mailed", async () => {
  await screens.go(page, "#/people/import");
  await bring(people);
  await write(page, page.getByLabel("Everybody in this file is"), "Staff");
  // "Headteacher" is a role's own name; what a teacher is has to be said.
  await write(page, page.getByLabel("“Teacher” is"), "Class teacher");
  await press(page, page.getByRole("button", { name: "See what it would do" }));
  await page.getByText("“not an address” is not an email address.").waitFor();
  await look(page, "people-plan");
  await press(page, page.getByRole("button", { name: "Do this for 3 people" }));
  await page.getByRole("heading", { name: "What was done" }).waitFor();
  await press(page, page.getByRole("link", { name: "Invite those who cannot sign in yet" }));
  await press(page, page.getByRole("button", { name: "Invite 3 people" }));
  await page.getByText("Sent to imran@elmroad.example.").waitFor();
  await look(page, "invited");

  const invitation = () => mailedLink(product, "imran@elmroad.example", "welcome");
  await until(() => Promise.resolve(invitation() !== undefined), "the invitation to arrive");
  const imran = await screens.open(`#/welcome/${invitation() ?? ""}`);
  await imran.getByRole("heading", { name: "Welcome, Imran Vale" }).waitFor();
  await look(imran, "welcome");
  await write(imran, imran.getByLabel("Password", { exact: true }), "a kettle of plain words");
  await imran.keyboard.press("Enter");
  // Where he goes on from, though what he pressed is gone.
  await imran.getByRole("heading", { level: 1, name: "My work" }).and(imran.locator(":focus")).waitFor();
}, 240_000);

test("its policies come in, the day is set, and what is left can be seen at any time", async () => {
  await screens.go(page, "#/ready/policies");
  await page
    .getByLabel("Policy documents")
    .setInputFiles({ name: "uniform.md", mimeType: "text/markdown", buffer: Buffer.from(policy) });
  await press(page, page.getByRole("button", { name: "Bring in 1 policy" }));
  await page.getByText("They are in the register.").waitFor();
  await press(page, page.getByRole("link", { name: "Back to getting ready" }));
  await page
    .getByText(/1 policy in the register/)
    .first()
    .waitFor();
  await press(page, page.getByRole("button", { name: /That is all.*People/ }));
  await page.getByRole("button", { name: /Not done after all.*People/ }).waitFor();
  await writeDay(page, "Another day", new Date("2030-01-07"));
  await press(page, page.getByRole("button", { name: "Change the day" }));
  await page.getByText("Duly goes live on Monday 7 January 2030.").waitFor();
  await look(page, "ready-later");
}, 240_000);

test("in September the list says who joins, leaves and changes, and nothing is done until it is confirmed", async () => {
  // Petra has left, Noor joins, and Imran becomes a senior leader.
  await screens.go(page, "#/ready/year");
  await bring([
    people[0] ?? "",
    "102,Imran,Vale,imran@elmroad.example,Senior leader,Zora Quill",
    "105,Noor,Hale,noor@elmroad.example,Teacher,Imran Vale",
  ]);
  await press(page, page.getByRole("button", { name: "See what it would do" }));
  const leaving = page.getByRole("region", { name: /^Leave/ });
  await leaving.getByText("Petra Lund").first().waitFor();
  await page
    .getByRole("region", { name: /^Change/ })
    .getByText(/Senior leader from 1 September/)
    .waitFor();
  await page.getByRole("region", { name: /^Join/ }).getByText("Noor Hale").waitFor();
  await look(page, "year-plan");
  await press(page, leaving.getByRole("button", { name: /Stays.*Petra Lund/ }));
  await leaving.waitFor({ state: "detached" });
  await press(page, page.getByRole("button", { name: "Take that back" }));
  await press(page, page.getByRole("button", { name: "Do this for 3 people" }));
  await page.getByRole("heading", { name: "What was done" }).waitFor();
  await screens.go(page, "#/people");
  await press(page, page.getByRole("link", { name: "Petra Lund" }));
  await page.getByRole("heading", { level: 1, name: "Petra Lund" }).waitFor();
  await page
    .getByText(/to 31 August/)
    .first()
    .waitFor();
  await look(page, "person");
  await screens.go(page, "#/people");
  await page.getByRole("link", { name: "Noor Hale" }).waitFor();
  await shot(page, "people");
  await press(page, page.getByRole("link", { name: "Add a person" }));
  await write(page, page.getByLabel("Name", { exact: true }), "Wren Patrix");
  await press(page, page.getByLabel("Volunteer"), " ");
  await look(page, "person-new");
  await press(page, page.getByRole("button", { name: "Add them" }));
  await page.getByRole("heading", { level: 1, name: "Wren Patrix" }).waitFor();
  await page.close();
}, 240_000);
