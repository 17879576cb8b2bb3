/**
 * What a list shows stands in its address, so that back, reload and a shared link show the same: the view it starts
 * from (the definition's or a saved one) and what was changed since.
 */
import type { Condition, RecordType, View } from "../../schema/definition";
import { isSortable } from "../../schema/fields";
import { t } from "../i18n/t";
import type { SavedView } from "../provider";
import { allOf, conditionOf, type FilterLine, linesOf, readFilters, writeFilters } from "./filterLines";

/** How a person likes the list of a type, kept on the server under `preferenceName`. */
export interface ListPreference {
  /** The view that the list opens with, as `opened` says it. */
  opens?: string;
  compact?: boolean;
  /** Columns by choice, by name of the definition's view. */
  columns?: Record<string, string[]>;
}

export const preferenceName = (type: RecordType): string => `list.${type.name}`;

export interface ListState {
  /** "view:all" or "saved:01J…": the tab. */
  opened: string;
  label: string;
  saved?: SavedView;
  lines: FilterLine[];
  /** What the view narrows the list to beyond the lines. */
  rest: Condition[];
  where: Condition | undefined;
  sort: string;
  search: string;
  columns: string[];
  after: string | null;
  /** Something of the saved view was changed, and not saved. */
  changed: boolean;
}

/** Where a definition has no views: every record, with the first few fields that fit a column. */
export function viewsOf(type: RecordType): [string, View][] {
  const views = Object.entries(type.views ?? {});
  if (views.length > 0) return views;
  const narrow = columnsOf(type).filter((name) => type.fields[name] && type.fields[name].kind !== "choices");
  return [["all", { label: t`All`, columns: [...narrow.slice(0, 1), "state", ...narrow.slice(1, 4)] }]];
}

const wide = ["longText", "document", "list", "riskGrid", "file", "files"];

/** What may stand in a column, in the order of the definition. */
export const columnsOf = (type: RecordType): string[] => [
  ...Object.keys(type.fields).filter((name) => !isTitle(type, name) && !wide.includes(type.fields[name]?.kind ?? "")),
  ...["state", "reference", "createdBy", "createdAt", "updatedAt"],
];

/** "{{ title }}" is the field `title`: the title line, which is the first column, already shows it. */
const isTitle = (type: RecordType, name: string): boolean =>
  new RegExp(`^\\{\\{\\s*${name}\\s*\\}\\}$`).test(type.title.trim());

export const sortable = (type: RecordType, name: string): boolean => {
  const field = type.fields[name];
  return field ? isSortable(field) : ["recordTitle", "state", "reference", "createdAt", "updatedAt"].includes(name);
};

/** The address of a list as it is opened from elsewhere. */
export const addressOf = (opened: string): string => {
  const [kind = "view", name = ""] = opened.split(":");
  return `?${new URLSearchParams({ [kind]: name }).toString()}`;
};

export function readState(
  type: RecordType,
  params: URLSearchParams,
  savedViews: SavedView[],
  preference: ListPreference,
): ListState {
  const views = viewsOf(type);
  const named = params.has("saved")
    ? `saved:${params.get("saved")}`
    : params.has("view")
      ? `view:${params.get("view")}`
      : (preference.opens ?? "");
  const saved = savedViews.find(({ id }) => named === `saved:${id}`);
  const [name, view] = views.find(([each]) => named === `view:${each}`) ?? views[0] ?? ["", { label: "", columns: [] }];
  const opened = saved ? `saved:${saved.id}` : `view:${name}`;
  const base: View = saved?.view ?? view;
  const said = saved ? linesOf(type, saved.view.where) : { lines: [], rest: base.where ? [base.where] : [] };
  const lines = params.has("filter") ? readFilters(params.get("filter")) : said.lines;
  const wished =
    params.get("columns")?.split(",") ?? (saved ? base.columns : (preference.columns?.[name] ?? base.columns));
  const known = columnsOf(type);
  const sort = params.get("sort") ?? base.sort ?? "recordTitle";
  return {
    opened,
    label: base.label,
    ...(saved && { saved }),
    lines,
    rest: said.rest,
    where: allOf([...said.rest, ...lines.map((line) => conditionOf(type, line))]),
    sort: sortable(type, sort.replace(/^-/, "")) ? sort : "recordTitle",
    search: params.get("q") ?? "",
    columns: wished.filter((each) => known.includes(each)),
    after: params.get("after"),
    changed: saved !== undefined && ["filter", "sort", "columns"].some((each) => params.has(each)),
  };
}

/** The view that this list is, to be saved. */
export const viewOf = ({ columns, where, sort }: ListState, label: string): View => ({
  label,
  // A list that shows its titles alone is a view too, and a view names at least one column.
  columns: columns.length > 0 ? columns : ["recordTitle"],
  ...(where && { where }),
  sort,
});

/** What changes in the address; each change starts again at the first page. */
export interface Changes {
  lines?: FilterLine[];
  search?: string;
  sort?: string;
  columns?: string[];
}

export function changed(params: URLSearchParams, { lines, search, sort, columns }: Changes): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete("after");
  if (lines) next.set("filter", writeFilters(lines));
  if (search !== undefined) {
    if (search) next.set("q", search);
    else next.delete("q");
  }
  if (sort) next.set("sort", sort);
  if (columns) next.set("columns", columns.join(","));
  return next;
}
