/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import { recordType } from "../../schema/definition";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import RecordPage from "./RecordPage";

const type = recordType({
  ...kite,
  fields: {
    ...kite.fields,
    crew: {
      kind: "list",
      label: "Crew",
      of: {
        who: { kind: "person", label: "Who", required: true },
        part: { kind: "choice", label: "Part", options: [{ value: "reel", label: "Holds the reel" }] },
        with: { kind: "link", to: "kite", label: "With" },
        since: { kind: "date", label: "Since" },
      },
    },
  },
  form: [{ label: "Crew", fields: ["crew"] }],
});
const [ada, ben, blue] = ["A", "B", "C"].map((last) => `01J${"0".repeat(22)}${last}`) as [string, string, string];
const people = [
  { id: ada, name: "Ada Shah" },
  { id: ben, name: "Ben Okoro" },
];
const crew = [{ who: ben, part: "reel", with: blue, since: "2027-02-01" }];

function open(sent: unknown[] = []) {
  const session = sessionOf([type]);
  const records = [
    recordOf(type, { recordTitle: "Red dragon", values: { crew } }),
    recordOf(type, { id: blue, recordTitle: "Blue dragon" }),
  ];
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records, people },
        { updateRecord: async (...args) => void sent.push(args[3]) },
      )}
      at="/kites/r1"
    >
      <Routes>
        <Route path="/kites/:id" element={<RecordPage type={type} />} />
      </Routes>
    </Screen>,
  );
  return userEvent.setup();
}

test("rows that name people and records show their names, can be chosen again, and are sent as ids", async () => {
  const sent: unknown[] = [];
  const user = open(sent);
  const section = within(await screen.findByRole("region", { name: "Crew" }));
  await section.findByRole("link", { name: "Ben Okoro" });
  expect(section.getByRole("listitem").textContent).toBe(
    "Ben Okoro · Holds the reel · Blue dragon · Monday 1 February 2027",
  );

  await user.click(section.getByRole("button", { name: /^Change/ }));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Who").value).toBe("Ben Okoro"));
  await user.click(screen.getByRole("button", { name: /^Add one/ }));
  expect(document.activeElement).toBe(screen.getAllByLabelText("Who")[1]);
  await user.type(screen.getAllByLabelText("Who")[1] ?? document.body, "Ada");
  await user.click(await screen.findByRole("option", { name: /Ada Shah/ }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toEqual([{ crew: [...crew, { who: ada, part: null, with: null, since: null }] }]));
});

test("whoever takes a row away goes on from the one in its place, and after the last from what adds one", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Change Crew" }));
  await user.click(screen.getByRole("button", { name: /^Add one/ }));
  const remove = (row: number) => user.click(screen.getByRole("button", { name: `Remove ${row} of Crew` }));
  const has = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
  await remove(1);
  expect(has()).toBe("Crew, 1");
  await remove(1);
  expect(has()).toBe("Add one to Crew");
});
