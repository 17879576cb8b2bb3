/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { ImportedLine, ImportRange, SheetInfo, Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import ImportPage from "./ImportPage";

const csv = (text: string, name = "kites.csv") => new File([text], name, { type: "text/csv" });
const button = (name: string | RegExp) => screen.findByRole("button", { name });

/** As the server reads it; of fields that a test is not about, nothing. */
const info = (part: Partial<SheetInfo> = {}): SheetInfo => ({
  ...{ name: null, sheets: [], rows: 3, headers: ["Kite", "Strings", "Next flight", "Colour"] },
  samples: [
    ["Dragon", "Box"],
    ["2", "4"],
    ["31/07/2027", "soon"],
    ["red", "blue", "green"],
  ],
  ...part,
});
const line = (part: Partial<ImportedLine> = {}): ImportedLine => ({
  ...{ line: 2, named: "Dragon", verdict: "CREATED", id: null, repeats: null, changes: [], problems: [] },
  ...part,
});

function open(verbs: Partial<Verbs>, type = kite) {
  const provider = memoryProvider({ session: sessionOf([type]), records: [] }, { sheet: async () => info(), ...verbs });
  const shown = render(
    <Screen session={sessionOf([type])} dataProvider={provider} at="/kites/import">
      <ImportPage type={type} />
    </Screen>,
  );
  return { provider, shown };
}
const choose = (file: File) => userEvent.upload(screen.getByLabelText("File to import"), file);
const lineOf = (title: string) => screen.getByRole("row", { name: new RegExp(title) }).textContent;

const file = csv("Kite,Strings,Next flight,Colour\nDragon,2,31/07/2027,red\nBox,4,soon,blue\nDragon,3,,green\n");
const became = [
  line(),
  line({
    line: 3,
    named: "Box",
    verdict: "REFUSED",
    problems: [{ path: "nextFlight", message: "“soon” is not a date." }],
  }),
  line({ line: 4, verdict: "REPEATED", repeats: 2 }),
];
const stored = { id: "0".repeat(26), sheet: { file: "0".repeat(26), sheet: null, type: "kite" } };

test("columns are matched, every row is judged before anything is written, and then imported", async () => {
  const sent: ImportRange[] = [];
  const { provider } = open({
    importSheet: async (range) => {
      sent.push(range);
      return became;
    },
  });
  await choose(file);
  expect(await screen.findByLabelText("What “Kite” fills")).toHaveProperty("value", "name");
  expect(screen.getByLabelText("What “Colour” fills")).toHaveProperty("value", "");
  expect(screen.getByText("red · blue · green")).toBeTruthy();
  await userEvent.click(await button("See what each row would do"));
  await button("Import 1 row");
  const range = { offset: 0, first: 3, key: ["name"], existing: "LEAVE" };
  const columns = ["name", "strings", "nextFlight", null];
  expect(sent).toEqual([{ sheet: stored.sheet, columns, ...range, dryRun: true }]);
  expect(lineOf("^Box")).toBe("Box3Cannot be importedNext flight: “soon” is not a date.");
  expect(screen.getByText("The same as line 2, which counts.")).toBeTruthy();

  await userEvent.click(await button("Import 1 row"));
  expect(await screen.findByRole("heading", { name: "The import" })).toBeTruthy();
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ dryRun: false }));
  expect(await screen.findByText("All 3 rows done with.")).toBeTruthy();
  expect(await provider.preference("import.kite")).toEqual({
    columns: { Kite: "name", Strings: "strings", "Next flight": "nextFlight", Colour: null },
    key: ["name"],
    existing: "LEAVE",
  });
});

test("when the line drops in the middle the import goes on from there", async () => {
  let down = true;
  const written: number[] = [];
  open({
    sheet: async () => info({ headers: ["Kite"], samples: [["Kite 1"]], rows: 60 }),
    importSheet: async ({ offset, first, dryRun }) => {
      if (!dryRun && written.length === 25 && down) throw new RequestFailure("OFFLINE", "Duly cannot be reached.");
      const lines = Array.from({ length: first }, (_, n) =>
        line({ line: offset + n + 2, named: `Kite ${offset + n}` }),
      );
      if (!dryRun) written.push(...lines.map((each) => each.line));
      return lines;
    },
  });
  await choose(file);
  await userEvent.click(await button("See what each row would do"));
  await userEvent.click(await button("Import 60 rows"));
  expect((await screen.findByRole("alert")).textContent).toContain("Duly cannot be reached");
  down = false;
  await userEvent.click(await button("Go on"));
  expect(await screen.findByText("All 60 rows done with.")).toBeTruthy();
  expect(written).toEqual(Array.from({ length: 60 }, (_, n) => n + 2));
});

test("another plan is judged anew, and another sheet of the file read anew", async () => {
  const sent: ImportRange[] = [];
  const asked: unknown[] = [];
  const sheets = ["Kites", "Winds"];
  open({
    sheet: async (ref) => {
      asked.push(ref);
      return info({ name: ref.sheet ?? "Kites", sheets, rows: 1 });
    },
    importSheet: async (range) => {
      sent.push(range);
      return [line({ verdict: "LEFT" })];
    },
  });
  await choose(file);
  await userEvent.click(await button("See what each row would do"));
  await button("Nothing to import");
  await userEvent.click(screen.getByRole("radio", { name: /is changed to what the file says/ }));
  expect(screen.queryByRole("button", { name: "Nothing to import" })).toBeNull();
  await userEvent.click(await button("See what each row would do"));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ existing: "UPDATE", dryRun: true }));
  await userEvent.selectOptions(screen.getByLabelText("Sheet of the file"), "Winds");
  await userEvent.click(await button("See what each row would do"));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ sheet: { ...stored.sheet, sheet: "Winds" } }));
  expect(asked).toEqual([stored.sheet, { ...stored.sheet, sheet: "Winds" }]);
});

test("what is no sheet is not even sent; what the server refuses is told, and given up", async () => {
  const uploads: string[] = [];
  const gone: string[] = [];
  const message = "There are no rows in this file below its first line of headings.";
  const { shown } = open({
    upload: async ({ name, size, type }) => {
      uploads.push(name);
      return { id: `file ${uploads.length}`, name, size, mediaType: type };
    },
    sheet: async ({ file: id }) => {
      if (id === "file 1") throw new RequestFailure("INVALID_INPUT", message);
      return info();
    },
    discardFile: async (id) => void gone.push(id),
  });
  const input = screen.getByLabelText("File to import");
  await userEvent.setup({ applyAccept: false }).upload(input, csv("%PDF-1.7", "kites.pdf"));
  expect((await screen.findByRole("alert")).textContent).toContain("neither a CSV nor an XLSX");
  await choose(csv("Kite\n", "headings.csv"));
  await choose(new File([new Uint8Array([0xd0, 0xcf, 0x11, 0xe0])], "kites.csv"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("older Office file, or has a password"));
  expect(uploads).toEqual(["headings.csv"]);
  await choose(csv("Kite,Strings\n"));
  expect(await screen.findByLabelText("What “Kite” fills")).toBeTruthy();
  expect(gone).toEqual(["file 1"]);
  shown.unmount();
  expect(gone).toEqual(["file 1", "file 2"]);
});

const rolled = { ...kite, roll: { keys: ["name"], leave: "lose", back: "launch" } };

test("a whole list says what changes in whom, and who is missing: they are recorded as gone only where chosen", async () => {
  const acted: unknown[] = [];
  const asked: string[][] = [];
  const gone = { id: "k2", version: 3, reference: "KIT-2", recordTitle: "Box", state: "flying" };
  const stays = { id: "k3", version: 1, reference: "KIT-3", recordTitle: "Delta", state: "flying", open: [] };
  const held = { type: "kite", id: "k9", reference: "KIT-9", title: "Line", state: "flying", label: "Kite" };
  open(
    {
      sheet: async () => info({ headers: ["Kite", "Wind it needs"], samples: [["Dragon"], ["A gale"]], rows: 1 }),
      importSheet: async () => [
        line({
          ...{ verdict: "UPDATED", id: "k1" },
          changes: [{ name: "wind", label: "Wind it needs", before: "A breeze", after: "A gale" }],
        }),
      ],
      async missingFromRoll(_type, present) {
        asked.push(present);
        return { among: 8, more: false, records: acted.length ? [stays] : [{ ...gone, open: [held] }, stays] };
      },
      act: async (_type, id, action, { version }) => void acted.push([id, action, version]),
    },
    rolled,
  );
  await choose(file);
  await userEvent.click(await button("See what each row would do"));
  expect(await screen.findByText("Wind it needs: A breeze → A gale")).toBeTruthy();
  const missing = within(await screen.findByRole("region", { name: /^Not in this file/ }));
  expect(asked).toEqual([["k1"]]);
  expect(missing.getByRole("row", { name: /Box/ }).textContent).toContain("Kite KIT-9");
  expect(missing.getByRole("button", { name: "Lose it: 0 chosen" })).toHaveProperty("disabled", true);
  await userEvent.click(missing.getByRole("checkbox", { name: "Choose Box" }));
  await userEvent.click(missing.getByRole("button", { name: "Lose it: 1 chosen" }));
  expect(acted).toEqual([]);
  await userEvent.click(await button("Lose it: all 1"));
  await userEvent.click(await button("Back to the list"));
  expect(acted).toEqual([["k2", "lose", 3]]);
  await waitFor(() => expect(screen.queryByRole("row", { name: /Box/ })).toBeNull());
  expect(screen.getByRole("row", { name: /Delta/ })).toBeTruthy();
});
