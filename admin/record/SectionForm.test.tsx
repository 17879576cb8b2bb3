/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type { RecordDetail, Verbs } from "../provider";
import { kite } from "../test/kites";
import { historyOf, memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { SectionForm } from "./SectionForm";

const session = sessionOf([kite]);
const section = kite.form?.[0] ?? { label: "", fields: [] };

function edit(record: RecordDetail, answers: Partial<Verbs>, type: RecordType = kite) {
  const done = jest.fn(() => Promise.resolve());
  const world = { session, records: [record] };
  const page = render(
    <Screen session={session} dataProvider={memoryProvider(world, answers)}>
      <SectionForm type={type} record={record} section={section} cancel={() => undefined} done={done} />
    </Screen>,
  );
  return { ...page, done, user: userEvent.setup(), world };
}

const stored = () => recordOf(kite, { values: { name: "Red dragon", wind: "breeze", strings: 2 } });

test("what the server finds wrong stands beside its field and in a summary that has the focus", async () => {
  const updateRecord = () =>
    Promise.reject(
      new RequestFailure("INVALID_INPUT", "Bad", [{ path: "input.strings", message: "Four strings at most." }]),
    );
  const { user } = edit(stored(), { updateRecord });
  await user.type(screen.getByLabelText(/Strings/), "0");
  await user.click(screen.getByRole("button", { name: "Save" }));

  const summary = await screen.findByRole("alert");
  await waitFor(() => expect(document.activeElement).toBe(summary));
  expect(summary.textContent).toContain("Strings: Four strings at most.");
  const input = screen.getByLabelText(/Strings/);
  expect(input.getAttribute("aria-invalid")).toBe("true");
  const described = input.getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(described.split(" ").at(-1) ?? "")?.textContent).toBe("Four strings at most.");
  expect((input as HTMLInputElement).value).toBe("20");
});

test("only what was changed is sent, with the version the person saw", async () => {
  const sent: unknown[] = [];
  const { user, done } = edit(stored(), { updateRecord: async (...args) => void sent.push(args) });
  await user.clear(screen.getByLabelText("Name"));
  await user.type(screen.getByLabelText("Name"), "Blue dragon");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent).toEqual([["kite", "r1", 1, { name: "Blue dragon" }]]);
});

test("a needed field left empty is said before anything is sent", async () => {
  const updateRecord = jest.fn(() => Promise.resolve());
  const { user } = edit(stored(), { updateRecord });
  await user.clear(screen.getByLabelText("Name"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Name: This is needed.");
  expect(updateRecord).not.toHaveBeenCalled();
});

test("a field that the definition shows only for a gale appears with the gale", async () => {
  const { user } = edit(stored(), {});
  expect(screen.queryByLabelText(/Licence/)).toBeNull();
  await user.selectOptions(screen.getByLabelText(/Wind it needs/), "gale");
  expect(screen.getByLabelText(/Licence/)).toBeTruthy();
});

/** The first save is refused: Ben renamed it meanwhile, and counted its strings. */
function changedMeanwhile() {
  const sent: unknown[][] = [];
  const record = stored();
  const page = edit(record, {
    updateRecord: async (...args) => {
      sent.push(args);
      if (sent.length === 1) throw new RequestFailure("STALE", "Changed meanwhile.", [], 2);
    },
  });
  page.world.records[0] = {
    ...record,
    version: 2,
    values: { ...record.values, name: "Ben's dragon", strings: 4 },
    history: [historyOf({ seq: 2, actor: { kind: "person", name: "Ben Okoro" } })],
  };
  return { ...page, sent };
}

const nameInput = () => screen.getByLabelText<HTMLInputElement>("Name", { selector: "input" });

test("two people change one field: both answers stand beside each other, and either or a third can be saved", async () => {
  const { user, done, sent } = changedMeanwhile();
  await user.clear(nameInput());
  await user.type(nameInput(), "Ada's dragon");
  await user.click(screen.getByRole("button", { name: "Save" }));

  const both = await screen.findByRole("group", { name: "Two answers to “Name”" });
  expect(both.textContent).toContain("Ben's dragon");
  expect(both.textContent).toContain("Ada's dragon");
  expect(document.activeElement?.textContent).toContain("Name: Ben Okoro changed this too.");
  // What was typed stands until somebody chooses; what only Ben changed follows.
  expect(nameInput().value).toBe("Ada's dragon");
  expect((screen.getByLabelText(/Strings/) as HTMLInputElement).value).toBe("4");
  expect(screen.getByText(/Ben Okoro also changed “Strings”/)).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Use what Ben Okoro entered" }));
  expect(nameInput().value).toBe("Ben's dragon");
  await user.click(screen.getByRole("button", { name: "Use yours" }));
  expect(screen.getByRole("button", { name: "Use yours" }).getAttribute("aria-pressed")).toBe("true");
  await user.type(nameInput(), " and Ben's");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent[1]).toEqual(["kite", "r1", 2, { name: "Ada's dragon and Ben's" }]);
});

test("a field that may no longer be changed is not dropped from what is sent: the refusal says so", async () => {
  const sent: unknown[] = [];
  const record = stored();
  const refuse = async (...args: unknown[]) => {
    sent.push(args[3]);
    throw new RequestFailure("FORBIDDEN", "You may not change this now.");
  };
  const { user, rerender, world, done } = edit(record, { updateRecord: refuse });
  await user.type(nameInput(), " the second");
  const closed = { ...record, permissions: { edit: true, fields: ["strings"], opens: [] } };
  rerender(
    <Screen session={session} dataProvider={memoryProvider(world, { updateRecord: refuse })}>
      <SectionForm type={kite} record={closed} section={section} cancel={() => undefined} done={done} />
    </Screen>,
  );
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("You may not change this now.");
  expect(nameInput().value).toBe("Red dragon the second");
  expect(sent).toEqual([{ name: "Red dragon the second" }]);
});
