/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { DueItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import CalendarPage from "./CalendarPage";
import { briefWordsOf } from "./due";

const item = (part: Partial<DueItem>): DueItem => ({
  ...{ id: "t1", kind: "task", type: "kite", record: "r1", recordTitle: "Red dragon", label: "Mend Red dragon" },
  ...{ on: "2027-03-04", at: null, mine: true, provisional: false, field: null },
  ...part,
});
const due = [
  item({}),
  item({
    id: "r2.nextFlight",
    kind: "date",
    record: "r2",
    recordTitle: "Blue dragon",
    label: "Next flight",
    mine: false,
  }),
  item({ id: "t3", on: "2027-02-26", label: "Mend Green dragon", recordTitle: "Green dragon", record: "r3" }),
  item({
    id: "c1",
    kind: "clock",
    label: "Look it over, 7 days before",
    on: "2027-03-05",
    at: "2027-03-05T08:00:00.000Z",
  }),
];
const schoolDays = {
  terms: [{ name: "Spring term", from: "2027-01-04", to: "2027-03-25" }],
  closures: [{ name: "Half-term", from: "2027-02-15", to: "2027-02-19" }],
};

async function open(at = "/calendar") {
  const session = sessionOf([kite]);
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [], due, schoolDays })} at={at}>
      <CalendarPage />
    </Screen>,
  );
  await screen.findByRole("heading", { level: 1, name: "Calendar" });
  return userEvent.setup();
}

test("the term opens with its days, and arrows and Enter reach a day's entries", async () => {
  const user = await open();
  expect(await screen.findByRole("heading", { name: "Spring term 2027" })).toBeTruthy();
  expect((await screen.findByRole("button", { name: /^Monday 15 February 2027, Half-term/ })).tabIndex).toBe(-1);
  const today = screen.getByRole("button", { name: "Monday 1 March 2027, today: nothing due" });
  expect(today.tabIndex).toBe(0);
  today.focus();
  await user.keyboard("{ArrowRight}{ArrowDown}{ArrowUp}{ArrowRight}{ArrowRight}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Thursday 4 March 2027: 2 due");
  await user.keyboard("{Enter}");
  const day = screen.getByRole("region", { name: "Thursday 4 March 2027" });
  expect(day.contains(document.activeElement)).toBe(true);
  expect(
    within(day)
      .getAllByRole("link")
      .map((link) => [link.textContent, link.getAttribute("href")]),
  ).toEqual([
    ["Mend Red dragon", "/kites/r1"],
    ["Blue dragon: Next flight", "/kites/r2"],
  ]);
});

test("the list says the same as the calendar, and what is narrowed to", async () => {
  const user = await open("/calendar?list=1");
  const titles = () => screen.getAllByRole("listitem").map((row) => within(row).getByRole("link").textContent);
  await screen.findByText("Mend Red dragon");
  expect(titles()).toEqual(["Mend Red dragon", "Blue dragon: Next flight", "Mend Green dragon"]);
  expect(screen.getByText("Late")).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: "Reminders too" }));
  expect(await screen.findByText("Red dragon: Look it over, 7 days before")).toBeTruthy();
  await user.click(screen.getByRole("checkbox", { name: "Only mine" }));
  expect(titles()).not.toContain("Blue dragon: Next flight");
});

test("what is late is a list of its own, and a year counts what each month holds", async () => {
  await open("/calendar?show=late&register=kites");
  await screen.findByText("Mend Green dragon");
  expect(screen.queryByText("Mend Red dragon")).toBeNull();
});

test("a year says what each month holds, and a month opens in full", async () => {
  await open("/calendar?view=year");
  const march = within(await screen.findByRole("region", { name: "March 2027" }));
  expect(march.getByText("2 due")).toBeTruthy();
  expect(within(screen.getByRole("region", { name: "February 2027" })).getByText("1 due, 1 late")).toBeTruthy();
  expect(march.getByRole("link").getAttribute("href")).toContain("view=month&on=2027-03-01");
});

test("a date is moved from the calendar: to when, why, and which clocks follow are seen before anything is sent", async () => {
  const session = sessionOf([kite]);
  const sent: unknown[] = [];
  const record = recordOf(kite, {
    ...{ id: "r2", recordTitle: "Blue dragon", version: 4, values: { name: "Blue dragon", nextFlight: "2027-03-04" } },
    permissions: { edit: true, fields: ["nextFlight"], opens: [] },
  });
  const world = { session, records: [record], due: due.map((entry) => ({ ...entry, ...movable(entry) })), schoolDays };
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(world, {
        previewUpdate: async (...args) => [
          {
            ...{ label: "Look it over", stepInWords: "7 days before", from: "2027-02-25T08:00:00.000Z" },
            to: args[3]["nextFlight"] === "2027-03-11" ? "2027-03-04T08:00:00.000Z" : null,
          },
        ],
        updateRecord: async (...args) => void sent.push(args),
      })}
      at="/calendar?list=1"
    >
      <CalendarPage />
    </Screen>,
  );
  const user = userEvent.setup();
  // Only what stands on a date of its own can be moved.
  expect(await screen.findAllByRole("button", { name: /^Move/ })).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Move Blue dragon: Next flight" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Move: Blue dragon" }));
  const day = await dialog.findByLabelText("Day");
  expect(dialog.getByText(/^Choose another day/)).toBeTruthy();
  await user.clear(day);
  await user.type(day, "11");
  expect(dialog.queryByText(/^Choose another day/)).toBeNull();
  await dialog.findByText(/25 February 2027.* → .*4 March 2027/);
  await user.click(dialog.getByRole("button", { name: "Move it" }));
  expect(sent).toEqual([]);
  await user.type(dialog.getByLabelText("Why it moves"), "The wind is wrong.");
  await user.click(dialog.getByRole("button", { name: "Move it" }));
  await screen.findByText("Blue dragon is moved to Thursday 11 March 2027.");
  expect(sent).toEqual([["kite", "r2", 4, { nextFlight: "2027-03-11" }, "The wind is wrong."]]);
});

const movable = ({ kind }: DueItem) => (kind === "date" ? { field: "nextFlight" } : {});

test("a cell breaks off after a whole word, and what it leads to is named in full", () => {
  const brief = (label: string) => briefWordsOf(item({ label }));
  expect(brief("Mend Red dragon")).toBe("Mend Red dragon");
  expect(brief("Look over the browsing on school devices")).toBe("Look over the browsing on school…");
  expect(brief("Ask Ada, Ben, Cho and Dee, and the rest")).toBe("Ask Ada, Ben, Cho and Dee, and…");
  expect(brief("Donaudampfschifffahrtsgesellschaftskapitän")).toBe("Donaudampfschifffahrtsgesellscha…");
});
