/**
 * The office brings two hundred devices in from its sheet, lends one, and is told why it may not be handed over yet: by
 * keyboard alone, but for the system's own window in which a file is chosen.
 */
import { type Product, startProduct } from "../product";
import { faults, openScreens, pickOut, press, type Screens, sendByKey, shot, write } from "./screens";

let product: Product;
let screens: Screens;
beforeAll(async () => {
  product = await startProduct();
  screens = await openScreens(product);
}, 120_000);
afterAll(async () => {
  await screens.browser.close();
  await product.close();
});

const kinds = ["Tablet", "Laptop", "Phone"];
const lines = Array.from({ length: 200 }, (_, at) => {
  const kind = kinds[at % kinds.length] ?? "";
  // The spreadsheet's line 7.
  const said = at === 5 ? "Toaster" : kind;
  return `${kind} ${at + 1},CR-${String(at + 1).padStart(4, "0")},${said},SN${90_000 + at},"Passcode, password or PIN set"`;
});
const sheet = ["Name,Asset tag,Type of device,Serial number,Lock", ...lines].join("\r\n");
const file = { name: "devices.csv", mimeType: "text/csv", buffer: Buffer.from(sheet) };

test("two hundred devices come in once, and one is lent only to whom it may be lent", async () => {
  const page = await screens.signIn("Bea Wickhurst");
  await screens.go(page, "#/schoolDevices/import");
  // What is no sheet is told before it is sent, what is a broken one by the server.
  const wrong = async (buffer: Buffer, says: RegExp) => {
    await page.getByLabel("File to import").setInputFiles({ ...file, buffer });
    await page.getByRole("alert").filter({ hasText: says }).waitFor();
  };
  await wrong(Buffer.from("%PDF-1.7"), /neither a CSV nor an XLSX/);
  await wrong(Buffer.from('Name\n"Tablet\nLaptop\n'), /quotation mark is opened in line 2/);
  await page.getByLabel("File to import").setInputFiles(file);
  // Every heading but one is the field's own.
  await write(page, page.getByLabel("What “Type of device” fills"), "Kind");
  await press(page, page.getByRole("button", { name: "See what each row would do" }));
  const go = page.getByRole("button", { name: "Import 199 rows" });
  await go.waitFor({ timeout: 90_000 });
  expect(await page.getByRole("list", { name: "So far" }).textContent()).toContain("Will be created 199");
  expect(await page.getByRole("row", { name: /Toaster/ }).textContent()).toContain("Phone 67Cannot be imported");
  expect(await faults(page)).toEqual([]);
  await shot(page, "import-judged");
  await press(page, go);
  await page.getByText("All 200 rows done with.").waitFor({ timeout: 90_000 });
  await shot(page, "import-done");

  // The same file again doubles nothing.
  await screens.go(page, "#/schoolDevices");
  await page.getByText("Laptop 101", { exact: true }).first().waitFor();
  await screens.go(page, "#/schoolDevices/import");
  await page.getByLabel("File to import").setInputFiles(file);
  await page.getByRole("button", { name: "See what each row would do" }).click();
  await page.getByRole("button", { name: "Nothing to import" }).waitFor({ timeout: 90_000 });

  await screens.go(page, "#/deviceLoans/create");
  await pickOut(page, "Device", "Laptop 200");
  await pickOut(page, "For", "Tomas Elmstead");
  await sendByKey(page);
  await page.getByRole("heading", { level: 1, name: "Laptop 200 to Tomas Elmstead" }).waitFor();
  await press(page, page.getByText("What cannot be done now, and why"));
  await page.getByText(/They have not agreed to the acceptable use policy and the code of conduct/).waitFor();
  expect(await faults(page)).toEqual([]);
  await shot(page, "loan-refused");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faults(page)).toEqual([]);
  await shot(page, "loan-refused-390");
  await page.close();
}, 240_000);
