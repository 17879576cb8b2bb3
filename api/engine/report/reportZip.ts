/** A report as a ZIP of CSV files, with the hash of each and the ends of the histories they were drawn from. */
import type { Cell } from "../../../schema/cell";
import { BOM, csvLines } from "../../../schema/csv";
import { spaced } from "../../../schema/text";
import { isoOf } from "../../store/database";
import { chainEnds, lastSeal } from "../../store/history";
import { publishedType } from "../read/reader";
import type { ReportFiles } from "../heavy/packReport";
import type { OpenReport } from "./openReport";
import type { ReportTable } from "./reportTable";

/** Reads a report's sections as files, with what the manifest says of them all: see packReport.ts. */
export async function readFiles(open: OpenReport): Promise<ReportFiles> {
  const { reader, title, about, head, period, naming } = open;
  const files: ReportFiles["files"] = [];
  const add = (name: string, content: string, rows: number): void =>
    void files.push({ name, rows, bytes: Buffer.from(content, "utf8") });
  const told = [title, "", ...head.map(([label, value]) => `${label}: ${value}`)];
  const ends: Cell[][] = [];
  let n = 0;
  for await (const table of open.sections) {
    n += 1;
    const name = `${String(n).padStart(2, "0")}-${inFileName(table.name)}`;
    if (table.figures) add(`${name}-figures.csv`, await csvOf(table.figures), table.figures.rows.length);
    if (table.columns.length) add(`${name}.csv`, await csvOf(table), table.rows.length);
    told.push(
      "",
      `${String(n).padStart(2, "0")} ${table.label}`,
      ...table.notes,
      ...(table.columns.length && !table.rows.length ? ["None."] : []),
    );
    ends.push(...(await endsOf(open, table)));
  }
  const columns = ["Register", "Reference", "Entries of its history", "Hash of the last entry"];
  const distinct = [...new Map(ends.map((row) => [row.join("\n"), row])).values()];
  add("histories.csv", await csvOf({ columns, rows: distinct }), distinct.length);
  add("read-me.txt", `${BOM}${[...told, "", HOW].join("\r\n")}\r\n`, 0);
  const seal = await lastSeal(reader.db, reader.access.acting);
  const manifest = {
    report: open.report.name,
    title,
    about,
    head: Object.fromEntries(head),
    period,
    naming,
    madeAt: isoOf(reader.now),
    seal,
  };
  return { files, manifest, at: reader.now };
}

const HOW = [
  "How to check these files: manifest.json has the SHA-256 of each. histories.csv has, for each record, how many entries",
  "its history had and the hash of the last; every entry's hash covers the one before it, so the school's system shows the",
  "same hash at that place for as long as nothing was changed. The seal is signed over all that was written up to its time.",
].join("\r\n");

const inFileName = (name: string): string => spaced(name).replaceAll(" ", "-");

const TOGETHER = 1_000;

async function csvOf({ columns, rows }: { columns: string[]; rows: Cell[][] }): Promise<string> {
  let text = BOM + (columns.some(Boolean) ? csvLines([columns]) : "");
  for (let at = 0; at < rows.length; at += TOGETHER) {
    text += csvLines(rows.slice(at, at + TOGETHER));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return text;
}

async function endsOf({ reader }: OpenReport, { drawn }: ReportTable): Promise<Cell[][]> {
  if (!drawn) return [];
  const { type } = publishedType(reader, drawn.type);
  const found = await chainEnds(reader.db, type.name, drawn.ids);
  return found.map(({ reference, entries, hash }): Cell[] => [type.label, reference, entries, hash]);
}
