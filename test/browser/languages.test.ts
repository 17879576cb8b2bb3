/** Another language, chosen where nobody is signed in yet, and kept: at the widths people have. */
import { emailOf, type Product, startProduct } from "../product";
import { faults, openScreens, type Screens, shot } from "./screens";

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

test.each([1440, 390])("Welsh is chosen at the sign-in, kept, and left in the menu, at %d pixels", async (width) => {
  const page = await screens.open("", width);
  await page.getByRole("button", { name: "Cymraeg" }).click();
  await page.getByRole("heading", { level: 1, name: "Mewngofnodi i Duly" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("cy-GB");
  await shot(page, `sign-in-welsh-${width}`);
  expect(await faults(page)).toEqual([]);

  await page.getByLabel("Cyfeiriad e-bost").fill(emailOf("Zoe King"));
  await page.getByLabel("Cyfrinair", { exact: true }).fill("a password for tests only");
  await page.getByRole("button", { name: "Mewngofnodi" }).click();
  await page.getByRole("heading", { level: 1, name: "Fy ngwaith" }).waitFor();
  await page.getByRole("heading", { name: "I’w wneud nawr" }).waitFor();
  // The browser itself has no Welsh dates.
  await page
    .getByText(/i’w wneud erbyn 31 Hydref 2023/)
    .first()
    .waitFor();
  await shot(page, `work-welsh-${width}`);
  expect(await faults(page)).toEqual([]);
  expect(await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);

  await screens.go(page, "#/menu");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "How it looks" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en-GB");
  await page.close();
});
