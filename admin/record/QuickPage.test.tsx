/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type { Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import QuickPage from "./QuickPage";

const quick = { label: "Report a lost kite", fields: ["name", "notes"], then: "Somebody looks for it today." };
const lost: RecordType = {
  ...kite,
  fields: {
    ...kite.fields,
    name: { kind: "text", label: "Which kite", required: true },
    notes: { kind: "longText", label: "Where it flew" },
  },
  quick,
};
const session = sessionOf([lost]);

function open(answers: Partial<Verbs> = {}) {
  const { unmount } = render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [] }, answers)} at="/kites/quick">
      <Routes>
        <Route path="/kites/quick" element={<QuickPage type={lost} quick={quick} />} />
      </Routes>
    </Screen>,
  );
  return { user: userEvent.setup(), unmount };
}
beforeEach(() => sessionStorage.clear());

test("whoever reports is asked the few questions alone, and told how it is called and what happens next", async () => {
  const sent: unknown[] = [];
  const { user } = open({
    createRecord: async (...args) => {
      sent.push(args);
      return { id: "r7", reference: "KIT-2026-007" };
    },
  });
  await screen.findByRole("heading", { level: 1, name: "Report a lost kite" });
  expect(screen.getAllByRole("textbox")).toHaveLength(2);
  await user.click(screen.getByRole("button", { name: "Send the report" }));
  expect(screen.getByLabelText("Which kite").getAttribute("aria-invalid")).toBe("true");
  expect(sent).toEqual([]);
  await user.type(screen.getByLabelText("Which kite"), "Red dragon");
  await user.click(screen.getByRole("button", { name: "Send the report" }));
  expect((await screen.findByRole("status")).textContent).toBe(
    "It is recorded as KIT-2026-007.Somebody looks for it today.",
  );
  expect(sent).toEqual([["kite", { name: "Red dragon" }]]);
  expect(screen.getByRole("link", { name: "See where it stands" }).getAttribute("href")).toContain("/kites/r7");
  // The next one begins empty.
  await user.click(screen.getByRole("button", { name: "Begin another" }));
  expect(screen.getByLabelText<HTMLInputElement>("Which kite").value).toBe("");
});

test("a page that goes away loses no answer: it is there again, until it is sent or begun afresh", async () => {
  const first = open();
  await first.user.type(await screen.findByLabelText("Which kite"), "Blue box");
  first.unmount();

  const second = open({ createRecord: () => Promise.reject(new RequestFailure("OFFLINE", "Duly cannot be reached.")) });
  expect((await screen.findByLabelText<HTMLInputElement>("Which kite")).value).toBe("Blue box");
  await second.user.click(screen.getByRole("button", { name: "Send the report" }));
  await screen.findByText("Duly cannot be reached.");
  expect(screen.getByLabelText<HTMLInputElement>("Which kite").value).toBe("Blue box");
  await second.user.click(screen.getByRole("button", { name: "Start afresh" }));
  expect(screen.getByLabelText<HTMLInputElement>("Which kite").value).toBe("");
  second.unmount();

  open();
  expect((await screen.findByLabelText<HTMLInputElement>("Which kite")).value).toBe("");
});
