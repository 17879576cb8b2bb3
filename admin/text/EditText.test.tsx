/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import { RequestFailure } from "../graphql";
import type { DocumentText, RecordDetail, Verbs } from "../provider";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { recordWithTexts, ruledKite, versionOf } from "../test/rules";
import { Screen } from "../test/screen";
import TextPage from "./TextPage";

const session = sessionOf([ruledKite]);
const text = "# 1 Where\n\nFly on the field.\n\n# 2 When\n\nNever at night.";
const first = versionOf(1, text);
const theirs = (changed: string) => versionOf(2, changed, { createdBy: { id: "p2", name: "Ben Okoro" } });

function edit(texts: DocumentText[] = [first], answers: Partial<Verbs> = {}, record: Partial<RecordDetail> = {}) {
  const world = { session, records: [recordWithTexts(texts, record)], texts };
  const page = render(
    <Screen session={session} dataProvider={memoryProvider(world, answers)} at="/kites/r1/text/rules/edit">
      <Routes>
        <Route path="/kites/:id/text/:field/:view?" element={<TextPage type={ruledKite} />} />
      </Routes>
    </Screen>,
  );
  return { ...page, user: userEvent.setup(), world };
}

const area = () => screen.findByLabelText<HTMLTextAreaElement>("Rules of flying", { selector: "textarea" });
const replaceIn = async (user: ReturnType<typeof userEvent.setup>, from: string, to: string) => {
  const field = await area();
  const at = field.value.indexOf(from);
  field.setSelectionRange(at, at + from.length);
  await user.type(field, to, { initialSelectionStart: at, initialSelectionEnd: at + from.length });
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("a text is marked up by button and by key, looked at, and saved as a new version with its reason", async () => {
  const sent: unknown[] = [];
  const { user } = edit([first], { updateRecord: async (...args) => void sent.push(args) });
  const field = await area();
  field.setSelectionRange(text.indexOf("field"), text.indexOf("field") + 5);
  await user.click(screen.getByRole("button", { name: "Bold" }));
  expect(field.value).toContain("Fly on the **field**.");
  field.setSelectionRange(text.length + 4, text.length + 4);
  await user.keyboard("{Enter}{Enter}- Never in a gale{Enter}Nor in rain");
  expect(field.value).toMatch(/- Never in a gale\n- Nor in rain$/);

  await user.click(screen.getByRole("button", { name: "Preview" }));
  expect(screen.getAllByRole("listitem").map((each) => each.textContent)).toContain("Nor in rain");
  await user.click(screen.getByRole("button", { name: "Your changes" }));
  expect(document.querySelectorAll("ins").length).toBeGreaterThan(0);
  await user.click(screen.getByRole("button", { name: "Write" }));

  await user.type(screen.getByLabelText(/What changed/), "Wind");
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved as version 2.");
  expect(sent).toEqual([["kite", "r1", 1, { rules: field.value }, "Wind"]]);
});

test("the tools are one stop for Tab, and the arrows go from one to the next and round", async () => {
  const { user } = edit();
  await area();
  const has = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
  screen.getByRole("button", { name: "Heading" }).focus();
  const passed: unknown[] = [];
  for (const key of ["{ArrowRight}", "{End}", "{ArrowRight}", "{ArrowLeft}"]) {
    await user.keyboard(key);
    passed.push(has());
  }
  expect(passed).toEqual(["Bold", "Link", "Heading", "Link"]);
  await user.tab();
  expect(document.activeElement).toBe(await area());
  await user.tab({ shift: true });
  expect(has()).toBe("Link");
});

test("what was typed and not saved is offered again, and can be left", async () => {
  const opened = edit();
  await replaceIn(opened.user, "field", "beach");
  await screen.findByText(/draft is kept/);
  opened.unmount();

  const again = edit();
  expect(await screen.findByText("You have a draft that was not saved")).toBeTruthy();
  expect(document.querySelector(".prose ins")?.textContent).toContain("beach");
  await again.user.click(screen.getByRole("button", { name: "Go on with the draft" }));
  expect(document.activeElement).toBe(await area());
  expect((await area()).value).toContain("Fly on the beach.");
  again.unmount();

  const third = edit();
  await third.user.click(await screen.findByRole("button", { name: "Start from the saved text" }));
  expect((await area()).value).toBe(text);
  third.unmount();
  expect(localStorage).toHaveLength(0);
});

test("a draft of one person is not offered to another at the same machine", async () => {
  localStorage.setItem(
    "duly.draft p9 r1 rules",
    JSON.stringify({ text: "Theirs", base: {}, at: "2027-01-01T00:00:00Z" }),
  );
  edit();
  expect((await area()).value).toBe(text);
});

test("after saving nothing is kept in the browser", async () => {
  const { user, unmount } = edit([first], { updateRecord: async () => undefined });
  await replaceIn(user, "field", "beach");
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));
  await screen.findByText("Saved as version 2.");
  unmount();
  expect(localStorage).toHaveLength(0);
});

/** The first save is refused, because somebody saved this other text meanwhile. */
function savedMeanwhile(other: string) {
  const sent: unknown[][] = [];
  const opened = edit([first], {
    updateRecord: async (...args) => {
      sent.push(args);
      if (sent.length > 1) return;
      const version = theirs(other);
      Object.assign(opened.world, { texts: [first, version] });
      opened.world.records[0] = recordWithTexts([first, version], { version: 2 });
      throw new RequestFailure("STALE", "Changed meanwhile.", [], 2);
    },
  });
  return { ...opened, sent };
}

test("two people change different passages: both changes stand, and the next save carries the other's version", async () => {
  const { user, sent } = savedMeanwhile(text.replace("night", "dusk"));
  await replaceIn(user, "field", "beach");
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));
  expect(await screen.findByText(/Ben Okoro saved version 2 meanwhile/)).toBeTruthy();
  const both = text.replace("night", "dusk").replace("field", "beach");
  expect((await area()).value).toBe(both);
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));
  await waitFor(() => expect(sent[1]).toEqual(["kite", "r1", 2, { rules: both }, ""]));
});

test("two people change one passage: both stand side by side until somebody says how it should read", async () => {
  const { user, sent } = savedMeanwhile(text.replace("the field", "the meadow"));
  await replaceIn(user, "field", "beach");
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));

  expect(await screen.findByText("Ben Okoro changed a passage that you changed too")).toBeTruthy();
  expect(screen.getByRole("group", { name: "By Ben Okoro" }).textContent).toContain("meadow");
  expect(screen.getByRole("group", { name: "Yours" }).textContent).toContain("beach");
  await user.click(screen.getByRole("button", { name: "Use what Ben Okoro wrote" }));
  await user.type(screen.getByLabelText("How it should read"), " Or on the beach.");
  await user.click(screen.getByRole("button", { name: "Go on with this text" }));
  await user.click(await screen.findByRole("button", { name: "Save as a new version" }));
  const agreed = text.replace("Fly on the field.", "Fly on the meadow. Or on the beach.");
  await waitFor(() => expect(sent[1]).toEqual(["kite", "r1", 2, { rules: agreed }, ""]));
});

test("who may not change the text is told where it stands", async () => {
  edit([first], {}, { permissions: { edit: false, fields: [], opens: [] } });
  expect(await screen.findByText(/cannot change this text while it stands at “Packed away”/)).toBeTruthy();
});
