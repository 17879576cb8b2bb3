/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { PowerRequestItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import ConfirmPage from "./ConfirmPage";
import { PowerBar } from "./PowerBar";

const session = sessionOf([kite], { administers: true });
const ask = (part: Partial<PowerRequestItem>): PowerRequestItem => ({
  ...{
    id: "1",
    batch: "b1",
    sentence: "Give Nora Wingham the role Chair",
    state: "WAITING",
    decidedAt: null,
    why: null,
  },
  ...{ askedAt: "2027-03-01T09:00:00.000Z", effectiveAt: "2027-03-02T09:00:00.000Z" },
  ...{ person: null, askedBy: { id: "p2", name: "Ben Okri" }, decidedBy: null, mayConfirm: true, mayStop: true },
  ...part,
});

test("who asked, what and when it takes effect stand there; it is confirmed, or stopped for a reason, and said", async () => {
  let left = [ask({}), ask({ id: "2", batch: "b2", sentence: "Change an address" })];
  const done: unknown[] = [];
  const seen: string[][] = [];
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          powerRequests: async () => left,
          powerNews: async () => left.map(({ id, sentence, state }) => ({ id, sentence, state })),
          seePower: async (ids) => void seen.push(ids),
          confirmPower: async (ids) => {
            done.push(["confirm", ids]);
            left = left.filter(({ id }) => !ids.includes(id));
            return ids.map((id) => ({ id, state: "DONE", why: null }));
          },
          stopPower: async (ids, why) => {
            done.push(["stop", ids, why]);
            const stopped = { state: "STOPPED" as const, why, decidedBy: session.me.person };
            left = left.map((each) => (ids.includes(each.id) ? { ...each, ...stopped } : each));
            return ids.map((id) => ({ id, state: "STOPPED", why }));
          },
        },
      )}
    >
      <ConfirmPage />
    </Screen>,
  );
  expect(await screen.findByText("Give Nora Wingham the role Chair", { selector: ".row-title" })).toBeTruthy();
  expect(screen.getAllByText(/^Ben Okri asked for this on/)).toHaveLength(2);
  expect(screen.getAllByText(/^If nobody stops it, it takes effect on/)).toHaveLength(2);
  await userEvent.click(screen.getByRole("button", { name: /^Confirm Give Nora/ }));
  expect(await screen.findByText(/Confirmed: Give Nora Wingham the role Chair/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /^Stop Change/ }));
  const dialog = screen.getByRole("dialog", { hidden: true });
  await userEvent.type(within(dialog).getByLabelText(/Reason/), "Not by me");
  await userEvent.click(within(dialog).getByText("Stop it"));
  expect(await screen.findByText(/because: Not by me/)).toBeTruthy();
  expect(done).toEqual([
    ["confirm", ["1"]],
    ["stop", ["2"], "Not by me"],
  ]);
  expect(seen[0]).toEqual(["1", "2"]);
});

test("a list of people is confirmed at once; one's own request is only taken back", async () => {
  const requests = [
    ask({}),
    ask({ id: "2" }),
    ask({ id: "3", batch: "b2", mayConfirm: false, askedBy: session.me.person }),
  ];
  let confirmed: string[] = [];
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          powerRequests: async () => requests,
          confirmPower: async (ids) => {
            confirmed = ids;
            return ids.map((id) => ({ id, state: "DONE", why: null }));
          },
        },
      )}
    >
      <ConfirmPage />
    </Screen>,
  );
  await userEvent.click(await screen.findByRole("button", { name: "Confirm all 2" }));
  expect(await screen.findByText("2 requests are confirmed.")).toBeTruthy();
  expect(confirmed).toEqual(["1", "2"]);
  expect(screen.getByText("You asked for this, so somebody else must confirm it.")).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Take back/ })).toBeTruthy();
});

test("the bar says what waits, and nothing where nothing does", async () => {
  const provider = memoryProvider(
    { session, records: [] },
    { powerNews: async () => [{ id: "1", sentence: "Give Nora Wingham the role Chair", state: "WAITING" }] },
  );
  render(
    <Screen session={session} dataProvider={provider}>
      <PowerBar />
    </Screen>,
  );
  expect(await screen.findByText("This waits for a second person: Give Nora Wingham the role Chair.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Look at it" }).getAttribute("href")).toContain("/confirm");
});
