/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { ImportBatch, RowVerdict } from "../provider";
import { xlsxOf } from "../sheet/files";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import ImportPage from "./ImportPage";

const session = sessionOf([kite]);
const csv = (text: string, name = "kites.csv") => new File([text], name, { type: "text/csv" });
const button = (name: string | RegExp) => screen.findByRole("button", { name });

function open(importRows: (batch: ImportBatch) => Promise<RowVerdict[]>) {
  const provider = memoryProvider({ session, records: [] }, { importRows });
  render(
    <Screen session={session} dataProvider={provider} at="/kites/import">
      <ImportPage type={kite} />
    </Screen>,
  );
  return provider;
}
const choose = (file: File) => userEvent.upload(screen.getByLabelText("File to import"), file);
const verdict = (is: RowVerdict["verdict"], message?: string): RowVerdict => ({
  verdict: is,
  id: is === "CREATED" ? null : "k1",
  changes: [],
  problems: message ? [{ path: "nextFlight", message }] : [],
});
const lineOf = (title: string) => screen.getByRole("row", { name: new RegExp(title) }).textContent;

const file = "Kite,Strings,Next flight,Colour\nDragon,2,31/07/2027,red\nBox,4,soon,blue\nDragon,3,,green\n";

test("columns are matched, every row is judged before anything is written, and then imported", async () => {
  const sent: ImportBatch[] = [];
  const provider = open(async (batch) => {
    sent.push(batch);
    return batch.rows.map(({ nextFlight }) =>
      nextFlight === "soon" ? verdict("REFUSED", "Next flight: “soon” is not a date.") : verdict("CREATED"),
    );
  });
  await choose(csv(file));
  expect(await screen.findByLabelText("What “Kite” fills")).toHaveProperty("value", "name");
  expect(screen.getByLabelText("What “Colour” fills")).toHaveProperty("value", "");
  expect(screen.getByText("red · blue · green")).toBeTruthy();
  await userEvent.click(await button("See what each row would do"));
  const all = [
    { name: "Dragon", strings: "2", nextFlight: "31/07/2027" },
    { name: "Box", strings: "4", nextFlight: "soon" },
  ];
  await button("Import 1 row");
  expect(sent).toEqual([{ type: "kite", rows: all, key: ["name"], existing: "LEAVE", dryRun: true }]);
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
  const many = ["Kite", ...Array.from({ length: 60 }, (_, n) => `Kite ${n}`)].join("\n");
  let down = true;
  const written: unknown[] = [];
  open(async ({ rows, dryRun }) => {
    if (!dryRun && written.length === 25 && down) throw new RequestFailure("OFFLINE", "Duly cannot be reached.");
    if (!dryRun) written.push(...rows);
    return rows.map(() => verdict("CREATED"));
  });
  await choose(csv(many));
  await userEvent.click(await button("See what each row would do"));
  await userEvent.click(await button("Import 60 rows"));
  expect((await screen.findByRole("alert")).textContent).toContain("Duly cannot be reached");
  down = false;
  await userEvent.click(await button("Go on"));
  expect(await screen.findByText("All 60 rows done with.")).toBeTruthy();
  expect(written).toHaveLength(60);
  expect(new Set(written.map((row) => JSON.stringify(row))).size).toBe(60);
});

test("an Excel file is read with its dates, and another plan is judged anew", async () => {
  const sent: ImportBatch[] = [];
  open(async (batch) => {
    sent.push(batch);
    return batch.rows.map(() => verdict("LEFT"));
  });
  const sheet = await xlsxOf(
    [
      ["Kite", "Next flight"],
      ["Dragon", { date: "2027-07-31" }],
    ],
    "Kites",
  );
  await choose(new File([await sheet.arrayBuffer()], "kites.xlsx"));
  await userEvent.click(await button("See what each row would do"));
  await button("Nothing to import");
  expect(sent[0]?.rows).toEqual([{ name: "Dragon", nextFlight: "2027-07-31" }]);
  await userEvent.click(screen.getByRole("radio", { name: /is changed to what the file says/ }));
  expect(screen.queryByRole("button", { name: "Nothing to import" })).toBeNull();
  await userEvent.click(await button("See what each row would do"));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ existing: "UPDATE", dryRun: true }));
});

test("what is no sheet, or has no rows, is refused with the way on", async () => {
  open(async () => []);
  const input = screen.getByLabelText("File to import");
  await userEvent.setup({ applyAccept: false }).upload(input, csv("x", "kites.pdf"));
  expect((await screen.findByRole("alert")).textContent).toContain("neither a CSV nor an XLSX");
  await choose(csv("Kite,Strings\n"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("no rows in this file"));
  await choose(csv("not a zip", "kites.xlsx"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("cannot be read"));
  expect(within(document.body).queryByRole("table")).toBeNull();
});

const rolled = { ...kite, roll: { keys: ["name"], leave: "lose", back: "launch" } };

test("a whole list says what changes in whom, and who is missing: they are recorded as gone only where chosen", async () => {
  const acted: unknown[] = [];
  const asked: string[][] = [];
  const gone = { id: "k2", version: 3, reference: "KIT-2", recordTitle: "Box", state: "flying" };
  const stays = { id: "k3", version: 1, reference: "KIT-3", recordTitle: "Delta", state: "flying", open: [] };
  const held = { type: "kite", id: "k9", reference: "KIT-9", title: "Line", state: "flying", label: "Kite" };
  const provider = memoryProvider(
    { session: sessionOf([rolled]), records: [] },
    {
      importRows: async ({ rows }) =>
        rows.map(() => ({
          ...{ verdict: "UPDATED", id: "k1", problems: [] },
          changes: [{ name: "wind", label: "Wind it needs", before: "A breeze", after: "A gale" }],
        })),
      async missingFromRoll(_type, present) {
        asked.push(present);
        return { among: 8, more: false, records: acted.length ? [stays] : [{ ...gone, open: [held] }, stays] };
      },
      act: async (_type, id, action, { version }) => void acted.push([id, action, version]),
    },
  );
  render(
    <Screen session={sessionOf([rolled])} dataProvider={provider} at="/kites/import">
      <ImportPage type={rolled} />
    </Screen>,
  );
  await choose(csv("Kite,Wind it needs\nDragon,A gale\n"));
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
