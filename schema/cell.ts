/** What stands in a cell of a sheet or of a table on paper. */
import { formatDate } from "./dates";

/** `date` is ISO, `time` "08:00" at the school. */
export type Cell = string | number | null | { date: string; time?: string };

/** As people in the UK write it in a sheet. */
export function cellText(cell: Cell): string | number {
  if (cell === null) return "";
  if (typeof cell !== "object") return cell;
  const [year, month, day] = cell.date.split("-");
  return `${day}/${month}/${year}${cell.time ? ` ${cell.time}` : ""}`;
}

/** The same on a page, in words. */
export function cellWords(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return cell.toLocaleString("en-GB", { useGrouping: "min2" });
  if (typeof cell === "string") return cell;
  return `${formatDate(cell.date)}${cell.time ? `, ${cell.time}` : ""}`;
}
