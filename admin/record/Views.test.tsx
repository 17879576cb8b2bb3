/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { Views } from "./Views";

const session = sessionOf([kite]);
const asked: (string | undefined)[] = [];
const views = async (_type: string, _id: string, after?: string) => {
  asked.push(after);
  return after
    ? { nodes: [{ person: null, at: "2027-03-01T08:00:00.000Z", opened: false }], next: null }
    : {
        nodes: [{ person: { id: "p2", name: "Ben Okafor" }, at: "2027-03-02T09:30:00.000Z", opened: true }],
        next: "older",
      };
};

test("who opened a record is asked for once somebody wants to know, and page by page", async () => {
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [] }, { views })} at="/">
      <Views type={kite} id="k1" />
    </Screen>,
  );
  const summary = await screen.findByText("Who has looked at this");
  expect(asked).toEqual([]);
  await userEvent.click(summary);
  expect(await screen.findByText("Ben Okafor")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Show earlier" }));
  expect(await screen.findByText("Somebody who left")).toBeTruthy();
  expect(screen.getByText(/, in a list, a search or a report$/)).toBeTruthy();
  expect(screen.getByText("Ben Okafor")).toBeTruthy();
  expect(asked).toEqual([undefined, "older"]);
  expect(screen.queryByRole("button", { name: "Show earlier" })).toBeNull();
});
