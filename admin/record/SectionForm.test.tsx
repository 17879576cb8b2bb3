/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type { RecordDetail, Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
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

test("two people editing one field: what was typed stays, theirs is shown, and the next save carries their version", async () => {
  const sent: unknown[][] = [];
  const record = stored();
  const { user, world, done } = edit(record, {
    updateRecord: async (...args) => {
      sent.push(args);
      if (sent.length === 1) throw new RequestFailure("STALE", "Changed meanwhile.", [], 2);
    },
  });
  await user.clear(screen.getByLabelText("Name"));
  await user.type(screen.getByLabelText("Name"), "Mine");
  // Meanwhile somebody renamed it and counted its strings.
  world.records[0] = { ...record, version: 2, values: { ...record.values, name: "Theirs", strings: 4 } };
  await user.click(screen.getByRole("button", { name: "Save" }));

  expect((await screen.findByRole("group", { name: "Name" })).textContent).toContain("Theirs");
  expect((screen.getByLabelText("Name", { selector: "input" }) as HTMLInputElement).value).toBe("Mine");
  expect((screen.getByLabelText(/Strings/) as HTMLInputElement).value).toBe("4");

  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent[1]).toEqual(["kite", "r1", 2, { name: "Mine" }]);
});
