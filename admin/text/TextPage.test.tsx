/** @jest-environment ./admin/test/browserLike.cjs */
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import type { DocumentText, RecordDetail, Verbs } from "../provider";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { ratifyAction, recordWithTexts, ruledKite, versionOf } from "../test/rules";
import { Screen } from "../test/screen";
import TextPage from "./TextPage";

const session = sessionOf([ruledKite]);
const first = versionOf(1, "# 1 Where\n\nFly on the field.\n\n# 2 When\n\nNever at night.", {
  inForce: true,
  inForceAt: "2027-01-10T09:00:00.000Z",
});
const second = versionOf(2, "# 1 Where\n\nFly on the open field.\n\n# 2 When\n\nNever at night.");
const third = versionOf(3, "# 1 Where\n\nFly on the open field.\n\n# 2 When\n\nNever at night.\n\nNever in a gale.");

function open(record: RecordDetail, texts: DocumentText[], at = "", answers: Partial<Verbs> = {}) {
  const world = { session, records: [record], texts };
  render(
    <Screen session={session} dataProvider={memoryProvider(world, answers)} at={`/kites/r1/text/rules${at}`}>
      <Routes>
        <Route path="/kites/:id/text/:field/:view?" element={<TextPage type={ruledKite} />} />
        <Route path="*" element={<p>Somewhere else</p>} />
      </Routes>
    </Screen>,
  );
  return { user: userEvent.setup(), world };
}

const texts = [first, second, third];
const changesOf = (mark: "ins" | "del") =>
  [...document.querySelectorAll(`.prose ${mark}`)].map((each) => each.textContent);

test("a text reads as a document: its headings are the contents, and lead to their place", async () => {
  const { user } = open(recordWithTexts([first]), [first]);
  await user.click(await screen.findByRole("button", { name: "2 When" }));
  expect(document.activeElement).toBe(screen.getByRole("heading", { level: 2, name: "2 When" }));
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Red dragon");
  expect(screen.getByText(/in force since Sunday 10 January 2027/)).toBeTruthy();
});

test("the latest text is compared with the one in force unless somebody chooses otherwise, and changes are said in words", async () => {
  const { user } = open(recordWithTexts(texts), texts, "/compare");
  await screen.findByText("2 changes");
  expect(changesOf("ins")).toEqual([" (added: open ) ", " (added: Never in a gale.) "]);
  await user.selectOptions(screen.getByLabelText("Compare"), "2");
  await waitFor(() => expect(changesOf("ins")).toEqual([" (added: Never in a gale.) "]));
  await user.selectOptions(screen.getByLabelText("With"), "1");
  await waitFor(() => expect(changesOf("del")).toEqual([" (removed: open ) "]));
});

test("somebody steps from change to change by key and by button, and round from the last to the first", async () => {
  const { user } = open(recordWithTexts(texts), texts, "/compare");
  await screen.findByText("2 changes");
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  expect(document.activeElement?.textContent).toContain("open");
  await user.click(screen.getByRole("button", { name: "Next change" }));
  expect(document.activeElement?.textContent).toContain("gale");
  expect(screen.getByRole("status").textContent).toBe("Change 2 of 2");
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  expect(document.activeElement?.textContent).toContain("open");
});

test("only what changed can be shown, under the headings it stands under", async () => {
  const { user } = open(recordWithTexts([second, third]), texts, "/compare");
  await user.click(await screen.findByLabelText("Only what changed"));
  expect(screen.queryByText(/open field/)).toBeNull();
  expect(screen.getByRole("heading", { level: 2, name: "2 When" })).toBeTruthy();
});

test("what is ratified is the text on the page: a newer one holds the decision until it has been read", async () => {
  const sent: unknown[] = [];
  const record = recordWithTexts([first, second], { availableActions: [ratifyAction()] });
  const { user, world } = open(record, texts, "", { act: async (...args) => void sent.push(args) });
  await user.type(await screen.findByLabelText(/Meeting/), "Spring");
  // Meanwhile somebody saves another version, and the page comes to know of it.
  world.records[0] = recordWithTexts(texts, { version: 2, availableActions: [ratifyAction()] });
  act(() => void window.dispatchEvent(new Event("visibilitychange")));

  expect(await screen.findByText("The text has been changed since you opened it.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Approve" }).hasAttribute("disabled")).toBe(true);
  await user.click(screen.getByRole("button", { name: "Read version 3" }));
  expect(await screen.findByText("Never in a gale.")).toBeTruthy();
  expect(screen.queryByText(/no word of it has changed/)).toBeNull();
  // What was filled in is still there.
  await user.click(screen.getByRole("button", { name: "Approve" }));
  await screen.findByText("Somewhere else");
  expect(sent).toEqual([["kite", "r1", "approve", { version: 1, input: { meeting: "Spring", textHash: "hash-3" } }]]);
});

test("whoever decides anew on the text in force is told that no word of it has changed", async () => {
  open(recordWithTexts([first], { availableActions: [ratifyAction()] }), [first]);
  expect(await screen.findByText("This is the text in force now: no word of it has changed.")).toBeTruthy();
});
