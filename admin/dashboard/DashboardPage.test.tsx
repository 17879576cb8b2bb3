/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { RecordType } from "../../schema/definition";
import type { ChartItem, StandingItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import DashboardPage from "./DashboardPage";

const type: RecordType = {
  ...kite,
  charts: {
    stages: { label: "Where are the kites?", by: "state" },
    flights: { label: "How many fly each month?", over: "nextFlight" },
    winds: { label: "What wind do they need?", by: "wind" },
  },
};
const chart = (name: string, part: Partial<ChartItem>): ChartItem => ({
  ...{ type: "kite", name, label: type.charts?.[name]?.label ?? "", by: null, over: null, because: [], points: [] },
  ...part,
});
const charts = [
  chart("stages", {
    by: "state",
    points: [
      { value: "flying", label: "In the air", count: 7 },
      { value: "lost", label: "Lost", count: null },
    ],
  }),
  chart("flights", {
    over: "nextFlight",
    points: [
      { value: "2027-02", label: "February 2027", count: 0 },
      { value: "2027-03", label: "March 2027", count: 5 },
    ],
  }),
  chart("winds", { by: "wind" }),
];
const standings: StandingItem[] = [
  { type: "kite", states: [{ value: "flying", label: "In the air", count: 7 }], overdue: 2 },
];

async function open() {
  const session = sessionOf([type]);
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [], charts, standings })}>
      <DashboardPage />
    </Screen>,
  );
  await screen.findByRole("region", { name: "Where are the kites?" });
  await screen.findByRole("region", { name: "How do the registers stand?" });
  return userEvent.setup();
}
const block = (name: string) => within(screen.getByRole("region", { name }));
const filterOf = (link: HTMLElement) =>
  new URLSearchParams(link.getAttribute("href")?.split("?")[1]).get("filter") ?? "";

test("a bar says its number and leads to the list it counts; what is not told says so", async () => {
  await open();
  const bar = block("Where are the kites?").getByRole("link", { name: "In the air 7" });
  expect(filterOf(bar)).toBe('[["state","is","flying"]]');
  expect(block("Where are the kites?").getByText("Fewer than 5")).toBeTruthy();
  const months = block("How many fly each month?");
  expect(filterOf(months.getByRole("link", { name: /March 2027/ }))).toContain("2027-02-28");
  expect(months.getByText("February 2027: none")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "What wind do they need?" })).toBeNull();
  expect(within(screen.getByRole("region", { name: "Nothing to count yet" })).getByRole("listitem").textContent).toBe(
    "What wind do they need?",
  );
});

test("every chart is a table at the press of a key", async () => {
  const user = await open();
  for (const name of ["How do the registers stand?", "Where are the kites?", "How many fly each month?"]) {
    const button = block(name).getByRole("button", { name: "Table" });
    button.focus();
    await user.keyboard("{Enter}");
    expect(button.getAttribute("aria-pressed")).toBe("true");
  }
  const rows = (name: string) =>
    block(name)
      .getAllByRole("row")
      .slice(1)
      .map((row) => [...row.children].map(({ textContent }) => textContent));
  expect(rows("Where are the kites?")).toEqual([
    ["In the air", "7"],
    ["Lost", "Fewer than 5"],
  ]);
  expect(rows("How many fly each month?")).toEqual([
    ["February 2027", "0"],
    ["March 2027", "5"],
  ]);
  expect(rows("How do the registers stand?")).toEqual([
    ["Kites", "In the air", "7"],
    ["Kites", "Tasks that are late", "2"],
  ]);
});
