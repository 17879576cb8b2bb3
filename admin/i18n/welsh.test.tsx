/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import GuestPage from "../guest/GuestPage";
import type { GuestPageData } from "../guest/guestApi";
import { SignIn } from "../SignIn";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf, taskOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { MyWork } from "../work/MyWork";
import { learnLanguage, wantedLanguage } from "./languages";
import { english, locale, speak } from "./t";

const browserAsks = (...tags: string[]) => jest.spyOn(navigator, "languages", "get").mockReturnValue(tags);
beforeEach(() => browserAsks("cy-GB", "en-GB"));
afterEach(() => {
  jest.restoreAllMocks();
  localStorage.clear();
  speak(english, {});
});

test("what was chosen here comes first, then what the browser asks for, then English", () => {
  expect(wantedLanguage()).toBe("cy");
  localStorage.setItem("duly.language", "en");
  expect(wantedLanguage()).toBe("en");
  localStorage.clear();
  browserAsks("de-DE", "cy", "en");
  expect(wantedLanguage()).toBe("cy");
  browserAsks("de-DE", "toString");
  expect(wantedLanguage()).toBe("en");
});

test("the sign-in names each language in its own, and is in another one after the choice", async () => {
  browserAsks("en-GB");
  await learnLanguage();
  const { unmount } = render(<SignIn signedIn={() => Promise.resolve()} />);
  const choice = screen.getByRole("list", { name: "Language" });
  expect(within(choice).getByText("English").getAttribute("aria-current")).toBe("true");
  // jsdom cannot load a page again, and says so.
  jest.spyOn(console, "error").mockReturnValue(undefined);
  await userEvent.setup().click(within(choice).getByRole("button", { name: "Cymraeg" }));
  unmount();

  await learnLanguage();
  expect(document.documentElement.lang).toBe("cy-GB");
  render(<SignIn signedIn={() => Promise.resolve()} />);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Mewngofnodi i Duly");
  expect(document.title).toBe("Mewngofnodi – Duly");
  expect(screen.getByRole("button", { name: "Dangos y cyfrinair" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "English" })).toBeTruthy();
});

test("My work in Welsh: its dates too, and what comes from definitions as they have it", async () => {
  await learnLanguage();
  const session = sessionOf([kite]);
  const tasks = [taskOf({ type: "kite", label: "Mend the tail", recordTitle: "Red dragon", dueOn: "2027-03-01" })];
  const holders = [{ id: "p2", name: "Ben Okafor" }];
  const waiting = [taskOf({ id: "w", type: "kite", label: "Mend it", dueOn: "2027-03-05", holders })];
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [], tasks, waiting })}>
      <MyWork />
    </Screen>,
  );
  expect(await screen.findByRole("heading", { name: "I’w wneud nawr" })).toBeTruthy();
  expect(await screen.findByRole("link", { name: "Mend the tail" })).toBeTruthy();
  expect(screen.getByText("I’w wneud heddiw")).toBeTruthy();
  expect(screen.getByText("I’w wneud erbyn Dydd Gwener 5 Mawrth 2027, ymhen 4 diwrnod")).toBeTruthy();
});

const asked = (name: string) => ({
  name,
  field: { kind: "text" as const, label: name },
  required: true,
  default: null,
});
const page: GuestPageData = {
  letterhead: { name: "Ysgol y Llwyfen", colour: null, crest: null },
  zone: "Europe/London",
  person: "Ida Marsh",
  label: "Answer",
  title: "Rheolau ymwelwyr",
  shows: [],
  copied: false,
  text: null,
  actions: [{ name: "agree", label: "Cytuno", help: null, form: ["Rôl", "Cerbyd", "Ffôn"].map(asked) }],
  answered: null,
  expiresAt: "2026-12-24T12:00:00.000Z",
};

test("a guest page in Welsh counts as Welsh does, and says until when its link lasts", async () => {
  await learnLanguage();
  const api = { page: () => Promise.resolve(page), answer: () => Promise.reject(new Error("Nothing is sent.")) };
  render(<GuestPage secret="x" api={api} />);
  expect(await screen.findByText(/Ei diwrnod olaf yw Dydd Iau 24 Rhagfyr 2026\./)).toBeTruthy();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Cytuno" }));
  const confirm = screen.getByRole("button", { name: "Cadarnhau" });
  const problems = () => screen.getByRole("alert").querySelector("p")?.textContent;
  await user.click(confirm);
  expect(problems()).toBe("3 pheth i’w cywiro");
  await user.type(screen.getByLabelText("Rôl"), "Rhiant");
  await user.click(confirm);
  expect(problems()).toBe("2 beth i’w cywiro");
  await user.type(screen.getByLabelText("Cerbyd"), "Beic");
  await user.click(confirm);
  expect(problems()).toBe("Un peth i’w gywiro");
  expect(locale()).toBe("cy-GB");
});
