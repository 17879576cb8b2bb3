/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Because } from "../Because";
import type { ObligationItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import ObligationsPage from "./ObligationsPage";

const obligation = (number: number, part: Partial<ObligationItem>): ObligationItem => ({
  number,
  letters: ["H"],
  sections: [],
  text: `Duty ${number}`,
  byAgreement: false,
  satisfied: true,
  missing: [],
  elements: [],
  ...part,
});
const obligations = [
  obligation(1, {
    sections: ["K1", "K2"],
    letters: ["E"],
    elements: [
      { letter: "E", kind: "guard", type: "kite", label: "Launch" },
      { letter: "E", kind: "grant", type: "hidden", label: "Clerk: see" },
      { letter: "E", kind: "role", type: null, label: "Clerk" },
    ],
  }),
  obligation(2, {
    sections: ["K2"],
    letters: ["H", "E"],
    byAgreement: true,
    satisfied: false,
    missing: [{ letter: "H", wants: "a field" }],
  }),
  obligation(3, {}),
];
const session = sessionOf([kite]);
const show = (at = "/obligations") =>
  render(
    <Screen
      session={session}
      at={at}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          obligations: async () => ({
            obligations,
            sections: [
              { code: "K1", label: "Kites, section 1" },
              { code: "K2", label: "Kites, section 2" },
              { code: "K3", label: "Kites, section 3" },
            ],
          }),
        },
      )}
    >
      <ObligationsPage />
    </Screen>,
  );
const region = (name: string) => screen.findByRole("region", { name });

test("each section says what it obliges to and by what, one step from the records", async () => {
  show();
  expect(await screen.findByText("2 of 3 obligations are met.")).toBeTruthy();
  const first = within(await region("Kites, section 1"));
  expect(first.getByText("Enforced", { selector: ".chip" })).toBeTruthy();
  expect(first.getByRole("link", { name: "Kites", hidden: true }).getAttribute("href")).toBe("/kites");
  expect(first.getByText(/A register you may not see/)).toBeTruthy();
  const second = await region("Kites, section 2");
  expect(within(second).getByText("Duty 1")).toBeTruthy();
  expect(within(second).getByText("Enforced by agreement and check")).toBeTruthy();
  expect(within(second).getByText("Not held yet")).toBeTruthy();
  expect(within(await region("The policies as a whole")).getByText("Duty 3")).toBeTruthy();
  expect(screen.queryByText("Kites, section 3")).toBeNull();
  const contents = screen.getByText("3 sections of the policies").closest("details");
  expect([...(contents?.querySelectorAll("a") ?? [])].map((link) => link.getAttribute("href"))).toEqual([
    "/obligations#K1",
    "/obligations#K2",
    "/obligations#everywhere",
  ]);
});

test("what is not met can be had alone", async () => {
  show();
  await userEvent.click(await screen.findByRole("checkbox", { name: "Only those not met yet" }));
  expect(screen.queryByText("Duty 1")).toBeNull();
  expect(screen.getByText("Duty 2")).toBeTruthy();
});

test("a link from a record opens the obligation where it stands first, once", async () => {
  const { container } = show("/obligations#O1");
  await region("Kites, section 1");
  expect([...container.querySelectorAll("li details[open] summary")].map(({ textContent }) => textContent)).toEqual([
    "By what obligation 1 is met",
  ]);
  expect(document.activeElement?.id).toBe("O1");
  const ids = [...container.querySelectorAll("[id]")].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("what a rule is there for links back to it", () => {
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [] })}>
      <p>
        <Because codes={["O7", "Key details", "O8", "M8"]} />
      </p>
    </Screen>,
  );
  expect(screen.getByText(/^obligations/).textContent).toBe("obligations 7 and 8, sections Key details and M8");
  const hrefs = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(hrefs).toEqual(["/obligations#O7", "/obligations#O8", "/obligations#Key-details", "/obligations#M8"]);
});
