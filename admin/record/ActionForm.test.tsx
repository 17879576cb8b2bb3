/** @jest-environment ./admin/test/browserLike.cjs */
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import type { Field, RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type { AvailableAction, RecordDetail, Verbs } from "../provider";
import { kite } from "../test/kites";
import { historyOf, memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import RecordPage from "./RecordPage";

const session = sessionOf([kite]);
const launch = (part: Partial<AvailableAction> = {}): AvailableAction => ({
  ...{ name: "launch", label: "Launch", help: null, allowed: true, reason: null, because: [], ratifies: null },
  form: [{ name: "name", field: kite.fields["name"] ?? { kind: "text", label: "Name" }, required: true }],
  ...part,
});

function open(record: RecordDetail, answers: Partial<Verbs>, type: RecordType = kite) {
  const world = { session, records: [record] };
  render(
    <Screen session={session} dataProvider={memoryProvider(world, answers)} at="/kites/r1?do=launch">
      <Routes>
        <Route path="/kites/:id" element={<RecordPage type={type} />} />
      </Routes>
    </Screen>,
  );
  return { user: userEvent.setup(), world };
}

const stored = () => recordOf(kite, { values: { name: "Red dragon" }, availableActions: [launch()] });
const nameInput = () => screen.findByLabelText<HTMLInputElement>("Name", { selector: "input" });

test("an action that sets a field somebody else changed shows both before it overwrites", async () => {
  const sent: unknown[] = [];
  const record = stored();
  const { user, world } = open(record, {
    act: async (...args) => {
      sent.push(args[3]);
      if (sent.length === 1) throw new RequestFailure("STALE", "Changed meanwhile.", [], 2);
    },
  });
  await user.type(await nameInput(), " the second");
  world.records[0] = {
    ...record,
    version: 2,
    values: { name: "Ben's dragon" },
    history: [historyOf({ actor: { kind: "person", name: "Ben Okoro" } })],
  };
  await user.click(screen.getByRole("button", { name: "Launch" }));
  const both = await screen.findByRole("group", { name: "Two answers to “Name”" });
  expect(both.textContent).toContain("Ben's dragon");
  await user.click(screen.getByRole("button", { name: "Use what Ben Okoro entered" }));
  await user.click(screen.getByRole("button", { name: "Launch" }));
  await waitFor(() => expect(sent[1]).toEqual({ version: 2, input: { name: "Ben's dragon" } }));
});

test("when somebody else was faster, the form stays with what was filled in, and says why it cannot be sent", async () => {
  const record = stored();
  const { user, world } = open(record, {});
  await user.type(await nameInput(), " the second");
  world.records[0] = {
    ...record,
    version: 2,
    state: "flying",
    availableActions: [launch({ allowed: false, reason: "It is in the air already." })],
  };
  act(() => void window.dispatchEvent(new Event("visibilitychange")));
  expect(await screen.findByText("“Launch” can no longer be done. It is in the air already.")).toBeTruthy();
  expect((await nameInput()).value).toBe("Red dragon the second");
  expect(screen.getByRole("button", { name: "Launch" }).hasAttribute("disabled")).toBe(true);
});

test("whom the record names already is filled in by name, whichever of its fields the default is made from", async () => {
  const sent: unknown[] = [];
  const ben = `01J${"0".repeat(22)}B`;
  const handedTo: Field = { kind: "person", label: "Handed to" };
  const catcher = { name: "catcher", field: handedTo, required: true, default: ben };
  const record = recordOf(kite, {
    values: { pilot: { id: ben, name: "Ben Okoro" } },
    availableActions: [launch({ form: [catcher] })],
  });
  const launching = kite.actions["launch"] ?? { label: "Launch", from: [], to: "flying" };
  const handing: RecordType = {
    ...kite,
    actions: { ...kite.actions, launch: { ...launching, defaults: { catcher: { field: "pilot" } } } },
  };
  const { user } = open(record, { act: async (...args) => void sent.push(args[3]) }, handing);
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Handed to").value).toBe("Ben Okoro"));
  await user.click(screen.getByRole("button", { name: "Launch" }));
  await waitFor(() => expect(sent).toEqual([{ version: 1, input: { catcher: ben } }]));
});

test("what whoever acts should have before them stands above the form, where there is anything", async () => {
  const type: RecordType = {
    ...kite,
    actions: { launch: { label: "Launch", from: ["packed"], to: "flying", shows: ["strings", "wind", "licence"] } },
  };
  open(
    recordOf(type, { values: { name: "Red dragon", strings: 2, wind: "gale" }, availableActions: [launch()] }),
    {},
    type,
  );
  const form = (await nameInput()).form;
  const shown = [...(form?.querySelectorAll("dt") ?? [])].map((term) => [
    term.textContent,
    term.nextElementSibling?.textContent,
  ]);
  expect(shown).toEqual([
    ["Strings", "2 strings"],
    ["Wind it needs", "A gale"],
  ]);
});
