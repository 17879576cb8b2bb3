/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { GuestApi, GuestPageData } from "./guestApi";
import GuestPage from "./GuestPage";

const hash = "a".repeat(64);
const page: GuestPageData = {
  letterhead: { name: "Elm Primary", colour: null, crest: null },
  zone: "Europe/London",
  person: "Ida Marsh",
  label: "Answer",
  title: "Visitors' rules: Ida Marsh",
  shows: [{ label: "What agreeing means", value: "You keep to it." }],
  text: { title: "Visitors' rules", text: "# Visitors' rules\n\nPhones stay in the bag.", hash },
  copied: true,
  actions: [
    {
      name: "agree",
      label: "I agree",
      help: null,
      form: [{ name: "readVersion", field: { kind: "text", label: "Version read" }, required: true, default: hash }],
    },
    {
      name: "decline",
      label: "I do not agree",
      help: null,
      form: [{ name: "why", field: { kind: "longText", label: "Why not" }, required: true, default: null }],
    },
  ],
  answered: null,
  expiresAt: "2026-12-24T12:00:00.000Z",
};

interface Sent {
  action: string;
  input: Record<string, unknown>;
  textHash: string | null;
  copy: boolean;
}

function open(over: Partial<GuestApi> = {}) {
  const sent: Sent[] = [];
  const api: GuestApi = {
    page: async () => page,
    answer: async ({ action, input, textHash, copy }) => {
      sent.push({ action, input, textHash, copy });
      return {
        ...page,
        actions: [],
        answered: { label: "I agree", help: "You get a copy by mail.", at: "2026-11-24T09:05:00.000Z" },
      };
    },
    ...over,
  };
  render(<GuestPage secret="x" api={api} />);
  return { sent, user: userEvent.setup() };
}

test("a visitor reads the exact words, confirms once more, and is told that it is recorded", async () => {
  const { sent, user } = open();
  await screen.findByRole("heading", { level: 1, name: page.title });
  expect(within(screen.getByRole("region", { name: "The exact words" })).getByText(/stay in the bag/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "I agree" }));
  // Which version was read is the page's to say: nobody is asked.
  expect(screen.queryByLabelText(/Version read/)).toBeNull();
  expect(sent).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect((await screen.findByRole("status")).textContent).toContain("Your answer is recorded");
  expect(screen.getByRole("status").textContent).toContain("You get a copy by mail.");
  expect(screen.getByRole("status").textContent).toContain("A copy is on its way");
  expect(sent).toEqual([{ action: "agree", input: {}, textHash: hash, copy: true }]);
});

test("who declines is asked why, at the field, before anything is sent", async () => {
  const { sent, user } = open();
  await user.click(await screen.findByRole("button", { name: "I do not agree" }));
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(sent).toEqual([]);
  expect(screen.getByLabelText(/Why not/).getAttribute("aria-invalid")).toBe("true");
  await user.type(screen.getByLabelText(/Why not/), "I need it for my insulin.");
  await user.click(screen.getByRole("checkbox", { name: /^Send me a copy/ }));
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(sent).toEqual([
    { action: "decline", input: { why: "I need it for my insulin." }, textHash: hash, copy: false },
  ]);
});

test("a text that changed meanwhile keeps what was typed and says what to do", async () => {
  const stale = new RequestFailure(
    "STALE",
    "The text has changed since you opened this page: read it again, then answer.",
  );
  const { user } = open({ answer: () => Promise.reject(stale) });
  await user.click(await screen.findByRole("button", { name: "I do not agree" }));
  await user.type(screen.getByLabelText(/Why not/), "No.");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  await screen.findByText(/read it again, then answer/);
  expect((screen.getByLabelText(/Why not/) as HTMLTextAreaElement).value).toBe("No.");
});

test("a link that has ended says so, and nothing of what it was for", async () => {
  open({ page: async () => null });
  await screen.findByRole("heading", { level: 1, name: "This link has ended" });
  expect(document.body.textContent).not.toContain("Elm Primary");
});

test("a day is asked for in its parts, half of one is not sent, and a whole one is", async () => {
  const since: GuestPageData["actions"][number] = {
    name: "agree",
    label: "I agree",
    help: null,
    form: [{ name: "since", field: { kind: "date", label: "Read on" }, required: true, default: null }],
  };
  const { sent, user } = open({ page: async () => ({ ...page, copied: false, actions: [since] }) });
  await user.click(await screen.findByRole("button", { name: "I agree" }));
  const read = within(screen.getByRole("group", { name: "Read on" }));
  await user.type(read.getByLabelText("Day"), "24");
  await user.selectOptions(read.getByLabelText("Month"), "November");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Read on: Give the year too.");
  expect(sent).toEqual([]);
  await user.type(read.getByLabelText("Year"), "2026");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  await screen.findByText(/Your answer is recorded/);
  expect(sent).toEqual([{ action: "agree", input: { since: "2026-11-24" }, textHash: hash, copy: false }]);
});
