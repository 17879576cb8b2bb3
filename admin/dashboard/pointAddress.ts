/** Where a bar of a chart leads: the list of the very records that it counts, in the sentences that a list is filtered by. */
import type { Chart, RecordType } from "../../schema/definition";
import { addMonths, dayOf, textOfDay } from "../../schema/epochDay";
import { canonicalJson } from "../../schema/text";
import { conditionOf, type FilterLine, linesOf, writeFilters } from "../list/filterLines";
import { viewsOf } from "../list/listState";

/** Undefined where no list says just that: no view starts from what the chart is narrowed to, or nothing filters so. */
export function pointAddress(
  type: RecordType,
  { by, over, where }: Pick<Chart, "by" | "over" | "where">,
  value: string | null,
): string | undefined {
  const said = linesOf(type, where);
  const lines = over === undefined ? [valueLine(type, by ?? "state", value)] : monthLines(over, value ?? "");
  if (!lines.every((line) => conditionOf(type, line))) return undefined;
  // A view opened with lines of its own keeps of its own condition only what no line can say.
  const start = said.rest.length > 0 ? where : undefined;
  const view = viewsOf(type).find(([, each]) => canonicalJson(each.where ?? null) === canonicalJson(start ?? null));
  if (!view) return undefined;
  const filter = writeFilters([...(start ? [] : said.lines), ...lines]);
  return `/${type.plural}?${new URLSearchParams({ view: view[0], filter }).toString()}`;
}

function valueLine(type: RecordType, name: string, value: string | null): FilterLine {
  if (value === null) return { name, way: "empty", value: null };
  return { name, way: "is", value: type.fields[name]?.kind === "yesNo" ? value === "1" : value };
}

/** "2027-05": after 30 April and before 1 June. */
function monthLines(name: string, month: string): FilterLine[] {
  const first = dayOf(`${month}-01`);
  return [
    { name, way: "after", value: textOfDay(first - 1) },
    { name, way: "before", value: textOfDay(addMonths(first, 1)) },
  ];
}
