/** @jest-environment ./admin/test/browserLike.cjs */
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { DeviceApi } from "./deviceApi";
import DevicePage from "./DevicePage";
import type { ThisDevice } from "./thisDevice";

const nobody: ThisDevice = {
  ...{ label: "Front office", organisation: "Elm Road Primary", today: "2027-03-01" },
  ...{ person: null, secondsLeft: 0 },
};
const ada = { ...nobody, person: "Ada Shah", secondsLeft: 120 };

function show(answers: Partial<DeviceApi> = {}) {
  const sent: unknown[] = [];
  const api: DeviceApi = {
    names: async (search) => ("ada shah".includes(search) ? [{ id: "p1", name: "Ada Shah" }] : []),
    name: async (_, pin) => {
      if (pin !== "260714") throw new RequestFailure("FORBIDDEN", "That is not the PIN of this person.");
      return ada;
    },
    still: async () => ada,
    leave: async () => nobody,
    forms: async () => [
      {
        type: "kite",
        label: "Report a lost kite",
        form: {
          quick: { label: "Report a lost kite", fields: ["what", "seenOn"], then: "Somebody climbs the tree." },
          fields: {
            what: { kind: "text", label: "Which kite", required: true, because: ["O1"] },
            seenOn: { kind: "date", label: "Seen on", default: { today: true } },
          },
        },
      },
    ],
    choices: async () => [],
    report: async (...args) => {
      sent.push(args);
      return { reference: "KIT-7", then: "Somebody climbs the tree." };
    },
    ...answers,
  };
  render(<DevicePage device={nobody} api={api} signIn={() => undefined} />);
  return { sent, user: userEvent.setup({ advanceTimers: (ms) => jest.advanceTimersByTime(ms) }) };
}

async function nameAda(user: ReturnType<typeof userEvent.setup>, pin = "260714") {
  await user.type(screen.getByLabelText("Who are you?"), "ada");
  await user.click(await screen.findByRole("button", { name: "Ada Shah" }));
  await user.type(screen.getByLabelText("Your PIN"), pin);
  await user.click(screen.getByRole("button", { name: "Go on" }));
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a name, its PIN, one report, and the next person finds nothing of it", async () => {
  const { sent, user } = show();
  await nameAda(user);
  await user.click(await screen.findByRole("button", { name: "Report a lost kite" }));
  await user.click(screen.getByRole("button", { name: "Send the report" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Which kite: This is needed.");
  await user.type(screen.getByLabelText("Which kite"), "The red one");
  await user.click(screen.getByRole("button", { name: "Send the report" }));
  expect(await screen.findByText("It is recorded as KIT-7.")).toBeTruthy();
  expect(sent).toEqual([["kite", { what: "The red one", seenOn: "2027-03-01" }]]);
  expect(screen.queryByText("Ada Shah")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Next person" }));
  expect((screen.getByLabelText("Who are you?") as HTMLInputElement).value).toBe("");
});

test("a wrong PIN is said beside it, and is not kept in the field", async () => {
  const { user } = show();
  await nameAda(user, "1111");
  expect((await screen.findByRole("alert")).textContent).toBe("That is not the PIN of this person.");
  expect((screen.getByLabelText("Your PIN") as HTMLInputElement).value).toBe("");
});

test("whoever does nothing for two minutes is warned, then forgotten with what they typed", async () => {
  const { user } = show();
  await nameAda(user);
  await user.click(await screen.findByRole("button", { name: "Report a lost kite" }));
  await user.type(screen.getByLabelText("Which kite"), "The red one");
  await act(() => jest.advanceTimersByTimeAsync(95_000));
  expect(screen.getByRole("status").textContent).toContain("Still there?");
  await act(() => jest.advanceTimersByTimeAsync(30_000));
  expect(screen.getByLabelText("Who are you?")).toBeTruthy();
  expect(screen.queryByText("Ada Shah")).toBeNull();
});

test("whoever goes on typing is still there", async () => {
  const still = jest.fn(async () => ada);
  const { user } = show({ still });
  await nameAda(user);
  await user.click(await screen.findByRole("button", { name: "Report a lost kite" }));
  for (let n = 0; n < 4; n++) {
    await act(() => jest.advanceTimersByTimeAsync(60_000));
    await user.type(screen.getByLabelText("Which kite"), "x");
  }
  expect(still).toHaveBeenCalled();
  expect((screen.getByLabelText("Which kite") as HTMLInputElement).value).toBe("xxxx");
});
