/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import RecordList from "../list/RecordList";
import type { RecordDetail, Verbs } from "../provider";
import { cellOf } from "../sheet/cells";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import RecordPage from "./RecordPage";

const keyed: RecordType = {
  ...kite,
  fields: {
    name: { kind: "text", label: "Name", required: true },
    key: { kind: "text", label: "Where the key is", sealed: true, see: [{ role: "clerk" }] },
  },
  actions: {},
  views: { all: { label: "All", columns: ["name", "key"] } },
  form: [{ label: "What it is", fields: ["name", "key"] }],
};
const session = sessionOf([keyed]);
const held = (part: Partial<RecordDetail> = {}) =>
  recordOf(keyed, {
    recordTitle: "Red dragon",
    values: { name: "Red dragon", key: true },
    permissions: { edit: true, fields: ["name", "key"], opens: ["key"] },
    ...part,
  });

function show(record: RecordDetail, answers: Partial<Verbs> = {}) {
  const sent: unknown[] = [];
  const updateRecord: Verbs["updateRecord"] = async (...args) => void sent.push(args[3]);
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider({ session, records: [record] }, { updateRecord, ...answers })}
      at="/kites/r1"
    >
      <Routes>
        <Route path="/kites/:id" element={<RecordPage type={keyed} />} />
      </Routes>
    </Screen>,
  );
  return { sent, user: userEvent.setup() };
}

test("a sealed field is opened for a reason, shown once, and says who was told", async () => {
  const openSealed = jest.fn<ReturnType<Verbs["openSealed"]>, Parameters<Verbs["openSealed"]>>(
    async (_type, _id, _field, reason) => {
      if (!reason) throw new RequestFailure("INVALID_INPUT", "Say why.", [{ path: "reason", message: "Say why." }]);
      return { value: "Under the mat", told: [{ id: "p2", name: "Bo Lind" }] };
    },
  );
  const { user } = show(held(), { openSealed });
  await user.click(await screen.findByRole("button", { name: "Open where the key is" }));
  await user.click(screen.getByRole("button", { name: "Open it" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Say why.");
  expect(screen.queryByText("Under the mat")).toBeNull();

  await user.type(screen.getByLabelText("Why must it be opened?"), "The string broke");
  await user.click(screen.getByRole("button", { name: "Open it" }));
  expect(await screen.findByText("Under the mat")).toBeTruthy();
  expect(screen.getByText("Told of it: Bo Lind.")).toBeTruthy();
  expect(openSealed.mock.lastCall).toEqual(["kite", "r1", "key", "The string broke"]);

  await user.click(screen.getByRole("button", { name: "Hide it" }));
  expect(screen.queryByText("Under the mat")).toBeNull();
});

test("whom it does not name sees that something is held, and no way to open it", async () => {
  show(held({ permissions: { edit: false, fields: [], opens: [] } }));
  expect(await screen.findByText("Sealed")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Open/ })).toBeNull();
});

test("saving leaves what is held as it is, unless somebody types another or clears it", async () => {
  const { sent, user } = show(held());
  const change = async () => user.click(await screen.findByRole("button", { name: /^Change/ }));
  const save = async () => {
    const before = sent.length;
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(before + 1));
  };
  await change();
  const group = () => within(screen.getByRole("group", { name: /Where the key is/ }));
  await user.type(screen.getByLabelText("Name"), "!");
  // To begin a replacement and type nothing is to change nothing.
  await user.click(group().getByRole("button", { name: "Replace it" }));
  await save();

  await change();
  await user.click(group().getByRole("button", { name: "Replace it" }));
  await user.type(group().getByRole("textbox"), "In the shed");
  await save();

  await change();
  await user.click(group().getByRole("button", { name: "Clear it" }));
  await save();
  expect(sent).toEqual([{ name: "Red dragon!" }, { key: "In the shed" }, { key: null }]);
});

test("a list and its export say no more than that it is sealed", async () => {
  const record = held();
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [record] })} at="/kites">
      <RecordList type={keyed} />
    </Screen>,
  );
  const row = await screen.findByRole("row", { name: /Red dragon/ });
  expect(row.textContent).toBe("Select Red dragonRed dragonSealed");
  expect(cellOf(keyed, record, "key", { roles: [], zone: "Europe/London" })).toBe("Sealed");
});
