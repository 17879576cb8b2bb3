/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { SecurityFilter } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import SecurityLogPage from "./SecurityLogPage";

test("days that are none or run backwards are said above the filter, which has the focus, and ask for nothing", async () => {
  const session = sessionOf([kite], { administers: true });
  const asked: SecurityFilter[] = [];
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          securityKinds: async () => [{ kind: "signIn", label: "Signed in" }],
          securityLog: async (filter) => {
            asked.push(filter);
            return { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
          },
        },
      )}
    >
      <SecurityLogPage />
    </Screen>,
  );
  await screen.findByText("No entry fits.");
  await userEvent.click(screen.getByText("Filter"));
  const write = async (name: string, day: string) => {
    const group = within(screen.getByRole("group", { name: new RegExp(`^${name}`) }));
    for (const [label, text] of [["Day", day] as const, ["Year", "2027"] as const]) {
      await userEvent.clear(group.getByLabelText(label));
      await userEvent.type(group.getByLabelText(label), text);
    }
    await userEvent.selectOptions(group.getByLabelText("Month"), "February");
  };
  const show = () => userEvent.click(screen.getByRole("button", { name: "Show" }));

  await write("From", "31");
  await show();
  expect(await screen.findByRole("alert")).toBe(document.activeElement);
  await write("From", "3");
  await write("To", "1");
  await show();
  expect((await screen.findByRole("alert")).textContent).toContain("The last day comes before the first.");
  expect(asked).toEqual([{}]);

  await write("To", "5");
  await show();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(asked.at(-1)).toMatchObject({ from: "2027-02-03T00:00:00Z", to: "2027-02-06T00:00:00Z" });
});
