/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { ReportAsk, ReportContent, ReportInfo, Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { ReportLinks } from "./ReportLinks";
import ReportsPage from "./ReportsPage";

const reports: ReportInfo[] = [
  { name: "winds", title: "Winds of a term", help: "For the club.", recordType: null, names: "staff" },
  { name: "papers", title: "Papers of a kite", help: "For the inspector.", recordType: "kite", names: "everybody" },
];
const content: ReportContent = {
  title: "Winds of a term",
  about: "Spring",
  head: [{ label: "School", value: "Elm Road Primary" }],
  sections: [
    {
      name: "gales",
      label: "Gales",
      help: null,
      total: 0,
      columns: ["When"],
      rows: [],
      figures: { columns: ["", "Spring"], rows: [["Seen", "Fewer than 5"]] },
      notes: [],
    },
    {
      name: "flights",
      label: "Flights",
      help: null,
      total: 30,
      columns: ["Kite", "Wind"],
      rows: [["Drache", "A gale"]],
      figures: null,
      notes: ["Left out, since it may name somebody: Pilot."],
    },
  ],
};
const session = sessionOf([kite]);
const asked: ReportAsk[] = [];
const made: [ReportAsk, string][] = [];

function show(at = "/reports", answers: Partial<Verbs> = {}) {
  asked.length = made.length = 0;
  const schoolDays = {
    terms: [
      { name: "Spring", from: "2027-01-04", to: "2027-03-24" },
      { name: "Autumn", from: "2026-09-02", to: "2026-12-18" },
    ],
    closures: [],
  };
  const records = [recordOf(kite, { id: "k1", recordTitle: "Drache" })];
  const dataProvider = memoryProvider(
    { session, records, schoolDays },
    {
      reports: async () => reports,
      report: async (ask) => (asked.push(ask), content),
      makeReport: async (ask, format) => (made.push([ask, format]), { name: `winds.${format}`, file: new Blob(["x"]) }),
      ...answers,
    },
  );
  render(
    <Screen session={session} at={at} dataProvider={dataProvider}>
      <ReportsPage />
    </Screen>,
  );
}

test("this term stands there already, as tables with what is not in them", async () => {
  show();
  const article = within(await screen.findByRole("article", { name: "Winds of a term" }));
  expect((screen.getByLabelText("Period") as HTMLSelectElement).selectedOptions[0]?.textContent).toBe(
    "Spring 2027 (now)",
  );
  expect(asked.at(-1)).toEqual({ name: "winds", record: null, from: "2027-01-04", to: "2027-04-07", hideNames: false });
  expect(article.getByText("None in this period.")).toBeTruthy();
  expect(article.getByRole("row", { name: "Seen Fewer than 5" })).toBeTruthy();
  expect(article.getByText("The files have more than these.")).toBeTruthy();
  expect(article.getByText("Left out, since it may name somebody: Pilot.")).toBeTruthy();
  expect(screen.getByText(/are never named in this report/)).toBeTruthy();
});

test("another term or other days are asked for, and days that run backwards are not", async () => {
  show();
  await screen.findByRole("article");
  await userEvent.selectOptions(screen.getByLabelText("Period"), "Autumn 2026");
  await screen.findByRole("article");
  expect(asked.at(-1)).toMatchObject({ from: "2026-09-02", to: "2027-01-03" });
  await userEvent.selectOptions(screen.getByLabelText("Period"), "Other days");
  const to = within(screen.getByRole("group", { name: "To" }));
  await userEvent.clear(to.getByLabelText("Year"));
  // A day that is not whole yet asks for nothing.
  expect(asked.at(-1)).toMatchObject({ from: "2026-09-02", to: "2027-01-03" });
  await userEvent.type(to.getByLabelText("Year"), "2026");
  expect((await screen.findByRole("alert")).textContent).toContain("The last day comes before the first");
  expect(asked.at(-1)).not.toMatchObject({ to: "2026-01-03" });
});

test("a file is made of what is chosen, with names hidden where that is asked for", async () => {
  URL.createObjectURL = () => "blob:x";
  show();
  await screen.findByRole("article");
  await userEvent.click(screen.getByRole("checkbox", { name: /Hide names/ }));
  await userEvent.click(screen.getByRole("button", { name: "Download ZIP" }));
  expect(await screen.findByText("Saved as “winds.zip”.")).toBeTruthy();
  expect(made).toEqual([[expect.objectContaining({ name: "winds", hideNames: true }), "zip"]]);
});

test("what goes wrong is said in the server's words", async () => {
  show("/reports", {
    makeReport: () => Promise.reject(new RequestFailure("UNAVAILABLE", "Many reports are being made just now.")),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Download PDF" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Many reports are being made just now.");
});

test("a record's report is asked for by its own link, and is of nothing until something is chosen", async () => {
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [] }, { reports: async () => reports })}>
      <ReportLinks type="kite" record="k1" />
    </Screen>,
  );
  const link = await screen.findByRole("link", { name: "Papers of a kite" });
  show("/reports?report=papers");
  await userEvent.selectOptions(
    await screen.findByLabelText("Kite"),
    await screen.findByRole("option", { name: "Drache" }),
  );
  await screen.findByRole("article");
  expect(asked).toEqual([{ name: "papers", record: "k1", from: null, to: null, hideNames: false }]);
  expect(link.getAttribute("href")).toBe("/reports?report=papers&record=k1");
});

test("whoever may make none is told so", async () => {
  show("/reports", { reports: async () => [] });
  expect(await screen.findByText("There is no report for your roles.")).toBeTruthy();
});
