/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ClockJobItem, ProblemItem, Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { ClockJobs } from "./ClockJobs";
import ProblemsPage from "./ProblemsPage";
import StatusPage from "./StatusPage";

const session = sessionOf([kite], { administers: true });
const problem = (part: Partial<ProblemItem>): ProblemItem => ({
  id: "f1",
  says: "An email could not be sent.",
  cause: "The mail server refuses the address of the person.",
  retry: "The email is sent again within a minute.",
  skip: "The email is never sent. Tell the person some other way.",
  happenedAt: "2027-02-01T09:00:00.000Z",
  times: 1,
  ofRecord: false,
  record: null,
  subject: null,
  person: null,
  ...part,
});
const show = (answers: Partial<Verbs>, page = <ProblemsPage />) =>
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [] }, answers)}>
      {page}
    </Screen>,
  );

test("nothing failed", async () => {
  show({});
  expect(await screen.findByText("Nothing needs attention.")).toBeTruthy();
});

test("each problem says what, why, since when and of whom; one is tried again, one is skipped with its reason", async () => {
  let left = [
    problem({ subject: "Lent: Red kite", person: { id: "p2", name: "Ben Ode" } }),
    problem({
      id: "f2",
      says: "A reminder or deadline could not be carried out.",
      record: { type: "kite", id: "r1", recordTitle: "Red kite" },
      ofRecord: true,
      times: 3,
    }),
    problem({ id: "f3", says: "A list of people could not be kept up to date.", ofRecord: true, retry: null }),
  ];
  const skipped: [string, string][] = [];
  show({
    openProblems: async () => ({ nodes: left, next: null, count: left.length, more: false }),
    retryProblem: async (id) => ((left = left.filter((each) => each.id !== id)), true),
    skipProblem: async (id, reason) => {
      skipped.push([id, reason]);
      left = left.filter((each) => each.id !== id);
    },
  });
  expect(await screen.findByText("3 things need attention.")).toBeTruthy();
  const [email, timer, hidden] = screen.getAllByRole("listitem");
  if (!email || !timer || !hidden) throw new Error("Three are shown.");
  expect(within(email).getByText("To Ben Ode: “Lent: Red kite”")).toBeTruthy();
  expect(within(email).getByText("On Monday 1 February 2027, 9:00")).toBeTruthy();
  expect(within(timer).getByRole("link", { name: "Red kite" })).toBeTruthy();
  expect(within(timer).getByText("First on Monday 1 February 2027, 9:00, 3 times in all")).toBeTruthy();
  expect(within(hidden).getByText("It is about a record that you cannot see.")).toBeTruthy();
  expect(within(hidden).queryByRole("button", { name: "Try again" })).toBeNull();

  expect(screen.getByRole("button", { name: "Try these 2 again" })).toBeTruthy();
  await userEvent.click(within(timer).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Trying again. The email is sent again within a minute.")).toBeTruthy();
  expect(await screen.findByText("2 things need attention.")).toBeTruthy();

  await userEvent.click(within(screen.getAllByRole("listitem")[0]!).getByRole("button", { name: "Skip" }));
  const dialog = await screen.findByRole("dialog", { name: "Skip this problem?" });
  expect(within(dialog).getByText("The email is never sent. Tell the person some other way.")).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("button", { name: "Skip" }));
  expect(within(dialog).getByRole("alert").textContent).toBe("Enter why you skip it.");
  const reason = within(dialog).getByLabelText("Why do you skip it?");
  await waitFor(() => expect(document.activeElement).toBe(reason));
  await userEvent.type(reason, "Told her in person.{Enter}");
  expect(await screen.findByText("Skipped: An email could not be sent.")).toBeTruthy();
  expect(skipped).toEqual([["f1", "Told her in person."]]);
});

test("all that can be tried are tried at once; what is refused stays, and says why", async () => {
  let left = ["f1", "f2", "f3"].map((id) => problem({ id }));
  show({
    openProblems: async () => ({ nodes: left, next: null, count: left.length, more: false }),
    retryProblem: async (id) => {
      if (id === "f2") throw new Error("There is no such problem, or it is settled.");
      left = left.filter((each) => each.id !== id);
      return true;
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Try these 3 again" }));
  expect(await screen.findByText("Trying 2 things again.")).toBeTruthy();
  expect(await screen.findByText("1 thing needs attention.")).toBeTruthy();
});

test("definitions in force that could not be published as they are stand below, with the place in words", async () => {
  show({
    definitionsToMend: async () => [
      { type: "kite", label: "Kite", problems: [{ path: "fields.name", message: "It is too long." }] },
    ],
  });
  expect(await screen.findByRole("heading", { name: "Record types to put right" })).toBeTruthy();
  expect(screen.getByText(/^Fields › .*: It is too long\.$/)).toBeTruthy();
});

test("what somebody else has settled says so beside it", async () => {
  show({
    openProblems: async () => ({ nodes: [problem({})], next: null, count: 1, more: false }),
    retryProblem: () => Promise.reject(new Error("There is no such problem, or it is settled.")),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect((await screen.findByRole("alert")).textContent).toBe("There is no such problem, or it is settled.");
});

const job = (part: Partial<ClockJobItem>): ClockJobItem => ({
  ...{ id: "j1", reason: "the school calendar changed", by: "Ada Shah", since: "2027-03-01T08:00:00.000Z" },
  ...{ visited: 1_200, total: 5_000, moved: 214, failed: 0, doneAt: null, cause: null },
  ...part,
});

test("a change of dates says how far it is and what is left, and then that it is over, beside what was changed", async () => {
  let jobs = [job({}), job({ id: "old", doneAt: "2027-02-01T08:00:00.000Z" })];
  show({ clockJobs: async () => jobs }, <ClockJobs />);
  expect(await screen.findByText("1,200 of about 5,000 records checked, 3,800 left")).toBeTruthy();
  expect(screen.getByText("The school calendar changed")).toBeTruthy();
  expect(screen.getByRole("progressbar").getAttribute("value")).toBe("1200");
  expect(screen.getAllByText(/^Changed by Ada Shah on Monday 1 March 2027/)).toHaveLength(1);
  jobs = [job({ visited: 5_000, doneAt: "2027-03-01T08:02:00.000Z", failed: 2 })];
  expect(
    await screen.findByText(
      "All dates are up to date. 5,000 records checked. 214 dates moved.",
      {},
      { timeout: 20_000 },
    ),
  ).toBeTruthy();
  expect(screen.getByText(/2 records could not be updated/)).toBeTruthy();
});

test("a change that could not go on says why, and what is not known is not said", async () => {
  show(
    {
      clockJobs: async () => [
        job({ total: null, visited: 1 }),
        job({ id: "j2", doneAt: "2027-03-01T08:02:00.000Z", cause: "The records could not be found." }),
      ],
      installationChecks: async () => [
        { name: "Disk", ok: true, says: "9.0 GB are free for the data folder.", remedy: null },
        { name: "Last backup", ok: false, says: "It is old.", remedy: "Make one: npm run duly -- backup DIR" },
      ],
    },
    <StatusPage />,
  );
  expect(await screen.findByText("1 record checked so far")).toBeTruthy();
  expect(await screen.findByText("The records could not be found.")).toBeTruthy();
  expect(screen.getByText("Stopped")).toBeTruthy();
  expect(await screen.findByText("1 thing needs attention")).toBeTruthy();
  expect(screen.getByText("For the person who runs the server: Make one: npm run duly -- backup DIR")).toBeTruthy();
  expect(screen.getAllByRole("listitem")[0]?.textContent).toContain("Last backup");
});
