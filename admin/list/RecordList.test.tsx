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

const list = (at = "/kites", provider = memoryProvider({ session, records }), as = session) =>
  render(
    <Screen session={as} dataProvider={provider} at={at}>
      <RecordList type={kite} />
    </Screen>,
  );
const shown = () =>
  screen.getAllByRole("row").flatMap((row) => within(row).queryAllByRole("link")[0]?.textContent ?? []);
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const headers = () =>
  screen
    .getAllByRole("columnheader")
    .flatMap(({ textContent }) => (textContent?.startsWith("Select") ? [] : textContent));

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

test("a filter in the address is read as a sentence, applied, and taken away", async () => {
  list(`/kites?filter=${encodeURIComponent(JSON.stringify([["state", "is", "flying"]]))}`);
  expect(await screen.findByRole("link", { name: "Red dragon" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Storm box" })).toBeNull();
  expect(button(/^State is In the air/)).toBeTruthy();
  await userEvent.click(button("Take away the filter State is In the air"));
  expect(await screen.findByRole("link", { name: "Storm box" })).toBeTruthy();
});

test("a filter is made field by field and changed again, and an empty one is not applied", async () => {
  list();
  await screen.findByRole("link", { name: "Red dragon" });
  await userEvent.click(button("Add a filter"));
  const form = within(screen.getByRole("form", { name: "Add a filter" }));
  await userEvent.selectOptions(form.getByLabelText("Show those whose"), "Next flight");
  await userEvent.click(form.getByRole("button", { name: "Show" }));
  expect(form.getByRole("alert").textContent).toBe("Say what to look for.");
  const day = within(form.getByRole("group", { name: "Next flight" }));
  await userEvent.type(day.getByLabelText("Day"), "31");
  await userEvent.selectOptions(day.getByLabelText("Month"), "July");
  await userEvent.click(form.getByRole("button", { name: "Show" }));
  expect(form.getByRole("alert").textContent).toBe("Give the year too.");
  await userEvent.type(day.getByLabelText("Year"), "2027");
  await userEvent.click(form.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(shown()).toEqual(["Red dragon"]));
  await userEvent.click(button(/^Next flight is before 31 July 2027/));
  await userEvent.selectOptions(screen.getByLabelText("How"), "is after");
  await userEvent.click(button("Show"));
  expect(await screen.findByText(/No kites match/)).toBeTruthy();
});

test("a person in a filter stands there by name, though the address holds an id", async () => {
  const provider = memoryProvider({ session, records, people: [{ id: "p2", name: "Ben Okafor" }] });
  list(`/kites?filter=${encodeURIComponent(JSON.stringify([["pilot", "is", "p2"]]))}`, provider);
  expect(await screen.findByRole("button", { name: /^Pilot is Ben Okafor/ })).toBeTruthy();
  expect(shown()).toEqual(["Red dragon"]);
});

test("a list is saved as a view, opens as it was saved, and says when it was changed", async () => {
  const provider = memoryProvider({ session, records });
  list(`/kites?sort=-recordTitle&filter=${encodeURIComponent(JSON.stringify([["wind", "is", "gale"]]))}`, provider);
  await screen.findByRole("link", { name: "Storm box" });
  await userEvent.click(button("Columns and views"));
  await userEvent.click(screen.getByRole("checkbox", { name: "Pilot" }));
  await waitFor(() => expect(headers()).toEqual(["Kite↓", "State", "Next flight"]));
  await userEvent.type(screen.getByLabelText("Save what you see as a new view"), "Strong wind");
  await userEvent.click(screen.getByRole("checkbox", { name: /For everybody at/ }));
  await userEvent.click(button("Save view"));
  const tab = await screen.findByRole("link", { name: "Strong wind" });
  await waitFor(() => expect(tab.getAttribute("aria-current")).toBe("page"));
  expect((await provider.listSetup("kite", "list.kite")).savedViews).toMatchObject([
    {
      shared: true,
      view: { columns: ["state", "nextFlight"], sort: "-recordTitle", where: { eq: [{ field: "wind" }, "gale"] } },
    },
  ]);
  expect(headers()).toEqual(["Kite↓", "State", "Next flight"]);
  expect(button(/^Wind it needs is A gale/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Save the changes/ })).toBeNull();
  await userEvent.click(button("Move Next flight up"));
  await userEvent.click(await screen.findByRole("button", { name: "Save the changes to “Strong wind”" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /Save the changes/ })).toBeNull());
  expect(headers()).toEqual(["Kite↓", "Next flight", "State"]);
});

test("somebody without the right to shares a view with nobody, and changes none of everybody's", async () => {
  const as = sessionOf([kite], { administers: false });
  const theirs = { id: "v1", shared: true, mayChange: false, view: { label: "For all", columns: ["state"] } };
  list("/kites?saved=v1", memoryProvider({ session: as, records, savedViews: [theirs] }), as);
  await screen.findByRole("link", { name: "Red dragon" });
  await userEvent.click(button("Columns and views"));
  expect(screen.queryByRole("checkbox", { name: /For everybody/ })).toBeNull();
  expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
});

test("what a person prefers is kept: columns, rows, and the view a list opens with", async () => {
  const provider = memoryProvider({ session, records });
  const { unmount } = list("/kites?view=gales", provider);
  await screen.findByRole("link", { name: "Storm box" });
  await userEvent.click(button("Columns and views"));
  await userEvent.click(screen.getByRole("checkbox", { name: "State" }));
  await userEvent.click(screen.getByRole("radio", { name: "Compact" }));
  await userEvent.click(button("Always open the list with “For gales”"));
  await waitFor(async () =>
    expect(await provider.preference("list.kite")).toEqual({
      columns: { gales: ["strings", "state"] },
      compact: true,
      opens: "view:gales",
    }),
  );
  unmount();
  list("/kites", provider);
  await waitFor(() => expect(headers()).toEqual(["Kite↑", "Strings", "State"]));
});

test("pages follow one another and go back, and say where one is", async () => {
  const many = Array.from({ length: 60 }, (_, n) =>
    recordOf(kite, { id: `m${n}`, recordTitle: `Kite ${n + 1}`, values: { name: `Kite ${n + 1}` } }),
  );
  list("/kites?sort=recordTitle", memoryProvider({ session, records: many }));
  await screen.findByRole("link", { name: "Kite 1" });
  expect(screen.getByText("1–25")).toBeTruthy();
  expect((button("Previous") as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(button("Next"));
  expect(await screen.findByRole("link", { name: "Kite 26" })).toBeTruthy();
  await userEvent.click(button("Next"));
  expect(await screen.findByRole("link", { name: "Kite 60" })).toBeTruthy();
  expect(screen.getByText("51–60")).toBeTruthy();
  expect((button("Next") as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(button("Previous"));
  expect(await screen.findByRole("link", { name: "Kite 26" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /^Kite/ }));
  expect(await screen.findByRole("link", { name: "Kite 60" })).toBeTruthy();
  expect(screen.getByText("1–25")).toBeTruthy();
});

test("a list of one page says how many there are; of a longer one nothing is counted until somebody asks", async () => {
  const { unmount } = list();
  expect(await screen.findByText("2 kites")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Count all" })).toBeNull();
  unmount();
  const only = list("/kites", memoryProvider({ session, records: records.slice(0, 1) }));
  expect(await screen.findByText("1 kite")).toBeTruthy();
  only.unmount();

  const many = Array.from({ length: 60 }, (_, n) => recordOf(kite, { id: `m${n}`, values: { name: `Kite ${n}` } }));
  list("/kites", memoryProvider({ session, records: many }));
  expect(await screen.findByText("1–25")).toBeTruthy();
  expect(screen.queryByText("60 kites")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Count all" }));
  expect(await screen.findByText("60 kites")).toBeTruthy();
});
