/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { DueItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import CalendarPage from "./CalendarPage";

const item = (part: Partial<DueItem>): DueItem => ({
  ...{ id: "t1", kind: "task", type: "kite", record: "r1", recordTitle: "Red dragon", label: "Mend Red dragon" },
  ...{ on: "2027-03-04", at: null, mine: true, provisional: false },
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
