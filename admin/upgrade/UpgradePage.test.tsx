/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { PackClashItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import UpgradePage from "./UpgradePage";

const session = sessionOf([kite], { administers: true });
const clash = (part: Partial<PackClashItem>): PackClashItem => ({
  ...{ id: "1", type: "kite", path: "label", base: "Kite", ours: "Dragon", theirs: "Glider", reason: null },
  ...part,
});

test("an administrator sees both sides of each choice, takes one, and is told what was done", async () => {
  let left = [clash({}), clash({ id: "2", path: "", base: null, theirs: null, reason: "It does not fit." })];
  const chosen: [string, string][] = [];
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          packClashes: async () => left,
          settlePackClash: async (id, take) => {
            chosen.push([id, take]);
            left = left.filter((each) => each.id !== id);
            return true;
          },
        },
      )}
    >
      <UpgradePage />
    </Screen>,
  );
  expect(await screen.findByText("2 choices are left.")).toBeTruthy();
  const [label, whole] = screen.getAllByRole("listitem");
  if (!label || !whole) throw new Error("Two choices are shown.");
  expect(within(label).getByText("Dragon")).toBeTruthy();
  expect(within(label).getByText("Glider")).toBeTruthy();
  expect(within(whole).getByText("It does not fit.")).toBeTruthy();
  expect(within(whole).getAllByText("Not there")).toHaveLength(2);
  await userEvent.click(within(label).getByRole("button", { name: /Use the new version/ }));
  expect(await screen.findByText(/^Changed to the new version: Kites: Label\.$/)).toBeTruthy();
  expect(await screen.findByText("1 choice is left.")).toBeTruthy();
  expect(chosen).toEqual([["1", "THEIRS"]]);
});
