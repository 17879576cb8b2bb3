/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import RecordList from "./RecordList";

const session = sessionOf([kite]);
const records = [
  recordOf(kite, {
    id: "k1",
    recordTitle: "Red dragon",
    state: "flying",
    values: {
      name: "Red dragon",
      wind: "breeze",
      strings: 2,
      nextFlight: "2027-04",
      pilot: { id: "p2", name: "Ben Okafor" },
    },
  }),
  recordOf(kite, { id: "k2", recordTitle: "Storm box", values: { name: "Storm box", wind: "gale", strings: 4 } }),
];

const list = (at = "/kites") =>
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records })} at={at}>
      <RecordList type={kite} />
    </Screen>,
  );
const headers = () => screen.getAllByRole("columnheader").map(({ textContent }) => textContent);

test("the columns, words and views of a definition nobody knew", async () => {
  list();
  const row = (await screen.findByRole("link", { name: "Red dragon" })).closest("tr");
  expect(screen.getByRole("heading", { level: 1, name: "Kites" })).toBeTruthy();
  await waitFor(() => expect(document.title).toContain("Kites"));
  // The title line is the first column; "name", which it is made from, is not said twice.
  expect(headers()).toEqual(["Kite", "State", "Next flight↑", "Pilot"]);
  const cells = within(row ?? document.body);
  expect(cells.getByText("In the air")).toBeTruthy();
  expect(cells.getByText("April 2027")).toBeTruthy();
  expect(cells.getByRole("link", { name: "Ben Okafor" }).getAttribute("href")).toContain("/people/p2");
});

test("a view's tab narrows the list and brings its own columns", async () => {
  list();
  await userEvent.click(await screen.findByRole("link", { name: "For gales" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "Red dragon" })).toBeNull());
  expect(screen.getByRole("link", { name: "Storm box" })).toBeTruthy();
  expect(headers()).toEqual(["Kite↑", "Strings"]);
});

test("a filter in the address is read as a sentence and applied", async () => {
  list(`/kites?filter=${encodeURIComponent(JSON.stringify([["state", "is", "flying"]]))}`);
  expect(await screen.findByRole("link", { name: "Red dragon" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Storm box" })).toBeNull();
  expect((screen.getByRole("combobox", { name: "State" }) as HTMLSelectElement).value).toBe("flying");
});

test("nothing is counted until somebody asks", async () => {
  list();
  await screen.findByRole("link", { name: "Red dragon" });
  expect(screen.queryByText(/2 kites/)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Count them" }));
  expect(await screen.findByText("2 kites")).toBeTruthy();
});
