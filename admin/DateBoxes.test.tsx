/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import { type Field, recordType } from "../schema/definition";
import type { AvailableAction } from "./provider";
import RecordPage from "./record/RecordPage";
import { kite } from "./test/kites";
import { memoryProvider, recordOf, sessionOf } from "./test/memoryProvider";
import { Screen } from "./test/screen";

const asks = {
  on: { kind: "date", label: "Checked on" },
  again: { kind: "date", label: "Checked again by" },
  at: { kind: "dateTime", label: "Seen at" },
} satisfies Record<string, Field>;
const type = recordType({
  ...kite,
  actions: {
    ...kite.actions,
    check: {
      label: "Record a check",
      from: ["packed"],
      form: ["on", "again", "at"],
      asks,
      defaults: { again: { plus: [{ form: "on" }, "P1M"] } },
    },
  },
});
const check: AvailableAction = {
  ...{ name: "check", label: "Record a check", help: null, allowed: true, reason: null, because: [], ratifies: null },
  form: [
    { name: "on", field: asks.on, required: true },
    { name: "again", field: asks.again, required: false },
    { name: "at", field: asks.at, required: false },
  ],
};

function open() {
  const sent: unknown[] = [];
  const session = sessionOf([type]);
  const records = [recordOf(type, { values: { name: "Red dragon" }, availableActions: [check] })];
  const provider = memoryProvider(
    { session, records },
    { act: async (_type, _id, _action, { input }) => void sent.push(input) },
  );
  render(
    <Screen session={session} dataProvider={provider} at="/kites/r1?do=check">
      <Routes>
        <Route path="/kites/:id" element={<RecordPage type={type} />} />
      </Routes>
    </Screen>,
  );
  return { user: userEvent.setup(), sent };
}

const question = async (name: string) => within(await screen.findByRole("group", { name: new RegExp(`^${name}`) }));
const standsIn = (boxes: ReturnType<typeof within>) =>
  ["Day", "Month", "Year"].map((label) => (boxes.getByLabelText(label) as HTMLInputElement).value);

test("a day is typed in the order of the UK, its month by name or figure, and a date that follows it follows", async () => {
  const { user, sent } = open();
  const on = await question("Checked on");
  await user.type(on.getByLabelText("Day"), "4");
  await user.tab();
  await user.keyboard("12");
  await user.tab();
  await user.keyboard("27");
  await user.tab();
  expect(standsIn(on)).toEqual(["4", "12", "2027"]);
  expect(on.getByText("Saturday")).toBeTruthy();
  expect(standsIn(await question("Checked again by"))).toEqual(["4", "01", "2028"]);
  await user.selectOptions(on.getByLabelText("Month"), "May");
  expect(standsIn(await question("Checked again by"))).toEqual(["4", "06", "2027"]);
  await user.click(screen.getByRole("button", { name: "Record a check" }));
  await waitFor(() => expect(sent).toEqual([{ on: "2027-05-04", again: "2027-06-04", at: null }]));
});

test("half a date is not sent: the form says what is missing, and its link leads to the day", async () => {
  const { user, sent } = open();
  const on = await question("Checked on");
  await user.selectOptions(on.getByLabelText("Month"), "May");
  await user.type((await question("Seen at")).getByLabelText("Day"), "4");
  await user.click(screen.getByRole("button", { name: "Record a check" }));
  const summary = await screen.findByRole("alert");
  expect(
    within(summary)
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent),
  ).toEqual(["Checked on: Give the year too.", "Seen at: Give the month and the year too."]);
  expect(sent).toEqual([]);
  await user.click(within(summary).getByRole("button", { name: /^Checked on/ }));
  expect(document.activeElement).toBe(on.getByLabelText("Day"));
  expect(on.getByLabelText("Day").getAttribute("aria-invalid")).toBe("true");
});

test("a date and time is the school's, whatever the browser's zone", async () => {
  const { user, sent } = open();
  const [on, at] = [await question("Checked on"), await question("Seen at")];
  for (const boxes of [on, at]) {
    await user.type(boxes.getByLabelText("Day"), "4");
    await user.selectOptions(boxes.getByLabelText("Month"), "May");
    await user.type(boxes.getByLabelText("Year"), "2027");
  }
  await user.type(at.getByLabelText("Time"), "14:30");
  await user.click(screen.getByRole("button", { name: "Record a check" }));
  await waitFor(() => expect(sent).toMatchObject([{ at: "2027-05-04T13:30:00Z" }]));
});
