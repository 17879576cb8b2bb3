/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useLocation } from "react-router-dom";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { SearchBox } from "./SearchBox";
import SearchPage from "./SearchPage";

const session = sessionOf([kite]);
const records = ["Red dragon", "Red box", "Storm box"].map((recordTitle, n) =>
  recordOf(kite, { id: `k${n}`, recordTitle, reference: `KIT-2027-${n}`, state: "flying" }),
);
const Where = () => {
  const { pathname, search } = useLocation();
  return <p data-testid="where">{pathname + search}</p>;
};
const open = () =>
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records })}>
      <SearchBox />
      <Where />
    </Screen>,
  );
const where = () => screen.getByTestId("where").textContent;

test("hits appear while one types, grouped by register; arrows and Enter go to one", async () => {
  open();
  await userEvent.type(screen.getByRole("combobox"), "red");
  expect(await screen.findByRole("group", { name: "Kites" })).toBeTruthy();
  expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
    "Red dragon KIT-2027-0",
    "Red box KIT-2027-1",
  ]);
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("option", { name: /Red box/ }).getAttribute("aria-selected")).toBe("true");
  await userEvent.keyboard("{Enter}");
  expect(where()).toBe("/kites/k1");
});

test("Enter alone shows everything found, and Escape closes the hits", async () => {
  open();
  await userEvent.type(screen.getByRole("combobox"), "red");
  await screen.findAllByRole("option");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("option")).toBeNull();
  await userEvent.keyboard("{Enter}");
  expect(where()).toBe("/search?q=red");
});

test("the page of hits has a heading for each register, and says when nothing was found", async () => {
  const page = (q: string) =>
    render(
      <Screen session={session} dataProvider={memoryProvider({ session, records })} at={`/search?q=${q}`}>
        <SearchPage />
      </Screen>,
    );
  const { unmount } = page("box");
  expect(await screen.findByRole("heading", { level: 2, name: "Kites" })).toBeTruthy();
  expect(screen.getAllByRole("link").map(({ textContent }) => textContent)).toEqual(["Red box", "Storm box"]);
  unmount();
  page("balloon");
  expect(await screen.findByText(/Nothing found for “balloon”/)).toBeTruthy();
});
