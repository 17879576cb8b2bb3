/** One list for every record type: views as tabs, filters as sentences, the title first, cards on a phone. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { parsePartialDate } from "../../schema/dates";
import { isSortable } from "../../schema/fields";
import type { Field, RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { Page } from "../Page";
import type { DulyProvider, RecordItem } from "../provider";
import { labelOf, useSession } from "../session";
import { Chip, StateChip } from "../StateChip";
import { counted, dateAt, distance, inSentence } from "../words";
import { Filters } from "./Filters";
import { allOf, conditionOf, readFilters, viewsOf, writeFilters } from "./listState";
import { Shown } from "./widgets";

const FIRST = 25;

export default function RecordList({ type }: { type: RecordType }) {
  const provider = useDataProvider<DulyProvider>();
  const [params, setParams] = useSearchParams();
  const views = viewsOf(type);
  const [viewName, view] = views.find(([name]) => name === params.get("view")) ??
    views[0] ?? ["", { label: "All", columns: [] }];
  const lines = readFilters(params.get("filter"));
  const search = params.get("q") ?? "";
  const sort = params.get("sort") ?? view.sort ?? "recordTitle";
  const where = allOf([view.where, ...lines.map(conditionOf)]);
  // The title line is the first column; a column of the field it is made from would say it twice.
  const columns = view.columns.filter((name) => !isTitle(type, name));
  const query = { sort, search, ...(where && { where }), fields: columns };

  const list = useInfiniteQuery({
    queryKey: ["records", type.name, query],
    queryFn: ({ pageParam }) =>
      provider.listRecords(type.name, { ...query, first: FIRST, ...(pageParam && { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // While sorting or paging the rows stay; another view's rows have other columns.
    placeholderData: (before, query) => (sameColumns(query?.queryKey, columns) ? before : undefined),
  });
  const [asked, setAsked] = useState(false);
  const count = useQuery({
    queryKey: ["count", type.name, where, search],
    queryFn: () => provider.countRecords(type.name, query),
    enabled: asked,
  });
  const records = list.data?.pages.flatMap(({ nodes }) => nodes) ?? [];

  const change = (part: Record<string, string | null>) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(part))
        if (value === null) next.delete(name);
        else next.set(name, value);
      return next;
    });

  return (
    <Page wide title={type.pluralLabel} below={type.help && <p className="quiet">{type.help}</p>}>
      {views.length > 1 && (
        <nav className="tabs" aria-label="Views">
          {views.map(([name, { label }]) => (
            <Link key={name} to={`?view=${name}`} aria-current={name === viewName ? "page" : undefined}>
              {label}
            </Link>
          ))}
        </nav>
      )}
      <Filters
        key={type.name}
        type={type}
        lines={lines}
        search={search}
        onSearch={(text) => change({ q: text || null })}
        onChange={(next) => change({ filter: next.length > 0 ? writeFilters(next) : null })}
      />
      <div className="tools count">
        {asked ? (
          <p role="status">
            {count.isFetching
              ? "Counting…"
              : count.data === undefined
                ? ""
                : counted(count.data, inSentence(type.label), inSentence(type.pluralLabel))}
          </p>
        ) : (
          <button type="button" className="link" onClick={() => setAsked(true)}>
            Count them
          </button>
        )}
      </div>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.isSuccess && records.length === 0 && (
        <p className="empty">
          {where || search
            ? `No ${inSentence(type.pluralLabel)} here.`
            : `There are no ${inSentence(type.pluralLabel)} yet.`}
        </p>
      )}
      {records.length > 0 && (
        <RecordTable
          type={type}
          columns={columns}
          records={records}
          sort={sort}
          onSort={(next) => change({ sort: next })}
        />
      )}
      {list.hasNextPage && (
        <p className="tools">
          <button type="button" className="button" disabled={list.isFetching} onClick={() => void list.fetchNextPage()}>
            Show more
          </button>
        </p>
      )}
    </Page>
  );
}

const sameColumns = (key: readonly unknown[] | undefined, columns: string[]): boolean =>
  JSON.stringify((key?.[2] as { fields?: string[] } | undefined)?.fields) === JSON.stringify(columns);

/** "{{ title }}" is the field `title`: the title line already shows it. */
const isTitle = (type: RecordType, name: string): boolean =>
  new RegExp(`^\\{\\{\\s*${name}\\s*\\}\\}$`).test(type.title.trim());

const sortable = (type: RecordType, name: string): boolean => {
  const field = type.fields[name];
  return field ? isSortable(field) : true;
};

export function RecordTable({
  type,
  columns,
  records,
  sort,
  onSort,
}: {
  type: RecordType;
  columns: string[];
  records: RecordItem[];
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const header = (name: string, label: string) => {
    const way = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
    return (
      <th key={name} scope="col" aria-sort={way}>
        {onSort && sortable(type, name) ? (
          <button type="button" onClick={() => onSort(sort === name ? `-${name}` : name)}>
            {label}
            <span aria-hidden="true">{way === "ascending" ? "↑" : way === "descending" ? "↓" : ""}</span>
          </button>
        ) : (
          label
        )}
      </th>
    );
  };
  return (
    <div className="table-wrap">
      <table className="cards">
        <caption className="visually-hidden">{type.pluralLabel}</caption>
        <thead>
          <tr>
            {header("recordTitle", type.label)}
            {columns.map((name) => header(name, labelOf(type, name)))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td className="title">
                <Link to={`/${type.plural}/${record.id}`}>{record.recordTitle}</Link>
              </td>
              {columns.map((name) => (
                <td key={name} data-label={labelOf(type, name)}>
                  <Cell type={type} record={record} name={name} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ type, record, name }: { type: RecordType; record: RecordItem; name: string }) {
  const { zone } = useSession();
  if (name === "state") return <StateChip type={type} state={record.state} />;
  if (name === "reference") return <>{record.reference}</>;
  if (name === "createdBy") return <>{record.createdBy?.name ?? ""}</>;
  if (name === "createdAt" || name === "updatedAt")
    return <Shown field={dateField} value={dateAt(record[name], zone)} />;
  const field = type.fields[name];
  const value = record.values[name];
  if (!field) return null;
  return (
    <span>
      <Shown field={field} value={value} empty="–" />
      {field.kind === "date" && typeof value === "string" && (
        <Near type={type} record={record} name={name} date={value} />
      )}
    </span>
  );
}

/** How far off a date is. One that clocks are counted from is a deadline: past it, work that is not over is overdue. */
function Near({ type, record, name, date }: { type: RecordType; record: RecordItem; name: string; date: string }) {
  const { me } = useSession();
  const last = parsePartialDate(date)?.last ?? date;
  // "in 60 days" would be untrue of a month.
  const near = last === date ? distance(date, me.today) : undefined;
  const deadline = Object.values(type.timers ?? {}).some(
    ({ anchor, while: states }) =>
      "field" in anchor && !("link" in anchor) && anchor.field === name && (!states || states.includes(record.state)),
  );
  const state = type.states[record.state];
  if (deadline && last < me.today && !state?.end && !state?.resting)
    return (
      <span className="near">
        <Chip meaning="red">Overdue</Chip>
      </span>
    );
  return near ? <span className="near quiet">{near}</span> : null;
}

const dateField: Field = { kind: "date", label: "Date" };
