/** One list for every record type: views as tabs, filters as sentences, the title first, cards on a phone. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { lazy, Suspense, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { inFigures, t } from "../i18n/t";
import { newPath, newWords } from "../Frame";
import { Page } from "../Page";
import { COUNTED, type DulyProvider, type RecordItem } from "../provider";
import { counted, inSentence } from "../words";
import { useSession } from "../session";
import { BulkBar } from "./BulkBar";
import { type BulkChoice, bulkChoices } from "./bulk";
import { Filters } from "./Filters";
import { ListOptions } from "./ListOptions";
import { addressOf, changed, type Changes, type ListState, readState, viewsOf } from "./listState";
import { RecordTable, RowsOnTheirWay, type Selection } from "./RecordTable";
import { type ListSetup, useListSetup } from "./useListSetup";

const BulkPanel = lazy(() => import("./BulkPanel"));
const ExportPanel = lazy(() => import("./ExportPanel"));

export default function RecordList({ type }: { type: RecordType }) {
  const { setup, error, retry } = useListSetup(type);
  return (
    <Page wide title={type.pluralLabel} below={type.help && <p className="quiet">{type.help}</p>}>
      {error && !setup && <FailureNote failure={error} retry={retry} />}
      {setup ? <List type={type} setup={setup} /> : !error && <RowsOnTheirWay />}
    </Page>
  );
}

/** Rows of a page: more of them where they are small. */
const pageSize = (compact: boolean): number => (compact ? 50 : 25);

function List({ type, setup }: { type: RecordType; setup: ListSetup }) {
  const provider = useDataProvider<DulyProvider>();
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const state = readState(type, params, setup.savedViews, setup.preference);
  const { compact = false } = setup.preference;
  const [panel, setPanel] = useState<"options" | "export">();
  const toggle = (which: typeof panel) => setPanel(panel === which ? undefined : which);
  const { where, search, sort, columns, after } = state;
  const query = { sort, search, ...(where && { where }) };
  const first = pageSize(compact);

  const list = useQuery({
    queryKey: ["records", type.name, query, columns, first, after],
    queryFn: () => provider.listRecords(type.name, { ...query, fields: columns, first, ...(after && { after }) }),
    // While sorting or paging the rows stay; with other columns they would show holes.
    placeholderData: (before, last) =>
      JSON.stringify(last?.queryKey[3]) === JSON.stringify(columns) ? keepPreviousData(before) : undefined,
  });
  const records = list.data?.nodes ?? [];
  const change = (changes: Changes) => setParams(changed(params, changes));
  const { me } = useSession();
  const [selection, setSelection] = useState<Selection>(new Map());
  const [doing, setDoing] = useState<BulkChoice>();
  const select = (chosen: RecordItem[], on: boolean) =>
    setSelection((before) => {
      const next = new Map(before);
      for (const record of chosen)
        if (on) next.set(record.id, record);
        else next.delete(record.id);
      return next;
    });
  const selected = [...selection.values()];
  const several = bulkChoices(type, me, selected.length > 0 ? selected : records);
  const open = (opened: string) => void navigate(opened ? addressOf(opened) : "?");

  if (doing)
    return (
      <Suspense fallback={<RowsOnTheirWay />}>
        <BulkPanel
          type={type}
          choice={doing}
          records={selected}
          close={(done) => {
            select(
              selected.filter(({ id }) => done.includes(id)),
              false,
            );
            setDoing(undefined);
          }}
        />
      </Suspense>
    );
  return (
    <>
      <Views type={type} state={state} setup={setup} />
      <Filters
        key={state.opened}
        type={type}
        lines={state.lines}
        rest={state.saved ? state.rest : []}
        search={search}
        onSearch={(text) => change({ search: text })}
        onChange={(lines) => change({ lines })}
      >
        <button
          type="button"
          className="button"
          aria-expanded={panel === "options"}
          onClick={() => toggle("options")}
        >{t`Columns and views`}</button>
        <button
          type="button"
          className="button"
          aria-expanded={panel === "export"}
          onClick={() => toggle("export")}
        >{t`Export`}</button>
        {me.types.find(({ name }) => name === type.name)?.create && (
          <>
            <Link className="button" to={`/${type.plural}/import`}>{t`Import`}</Link>
            <Link className="button" to={newPath(type)}>
              {newWords(type)}
            </Link>
          </>
        )}
      </Filters>
      {panel === "options" && <ListOptions type={type} state={state} setup={setup} change={change} open={open} />}
      {panel === "export" && (
        <Suspense fallback={<Waiting />}>
          <ExportPanel type={type} state={state} />
        </Suspense>
      )}
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <RowsOnTheirWay />}
      {list.isSuccess && records.length === 0 && (
        <Nothing type={type} state={state} onClear={() => change({ lines: [], search: "" })} />
      )}
      {records.length > 0 && (
        <Rows
          type={type}
          state={state}
          records={records}
          next={list.data?.next ?? null}
          busy={list.isPlaceholderData}
          compact={compact}
          onSort={(to) => change({ sort: to })}
          {...(several.length > 0 && { select: { selection, change: select } })}
        />
      )}
      {selected.length > 0 && (
        <BulkBar
          type={type}
          count={selected.length}
          choices={several}
          onChoose={setDoing}
          onClear={() => setSelection(new Map())}
        />
      )}
    </>
  );
}

function Views({ type, state, setup }: { type: RecordType; state: ListState; setup: ListSetup }) {
  const views = [
    ...viewsOf(type).map(([name, { label }]) => ({ opened: `view:${name}`, label })),
    ...setup.savedViews.map(({ id, view }) => ({ opened: `saved:${id}`, label: view.label })),
  ];
  if (views.length < 2) return null;
  return (
    <nav className="tabs" aria-label={t`Views`}>
      {views.map(({ opened, label }) => (
        <Link key={opened} to={addressOf(opened)} aria-current={opened === state.opened ? "page" : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Nothing({ type, state, onClear }: { type: RecordType; state: ListState; onClear: () => void }) {
  const many = inSentence(type.pluralLabel);
  const narrowed = state.lines.length > 0 || state.search !== "";
  return (
    <p className="empty">
      {narrowed ? (
        <>
          {t`No ${many} match.`}{" "}
          <button type="button" className="link" onClick={onClear}>{t`Show them without filters`}</button>
        </>
      ) : state.where ? (
        t`No ${many} here.`
      ) : (
        t`There are no ${many} yet.`
      )}
    </p>
  );
}

/** Where the pages before this one begin; kept with the history entry, so that back and reload keep it. */
interface Trail {
  trail?: (string | null)[];
}

function Rows({
  type,
  state,
  records,
  next,
  busy,
  compact,
  onSort,
  select,
}: {
  type: RecordType;
  state: ListState;
  records: RecordItem[];
  next: string | null;
  busy: boolean;
  compact: boolean;
  onSort: (sort: string) => void;
  select?: { selection: Selection; change: (records: RecordItem[], chosen: boolean) => void };
}) {
  const [params, setParams] = useSearchParams();
  const { trail = [] } = (useLocation().state as Trail | null) ?? {};
  const top = useRef<HTMLDivElement>(null);
  const turn = (after: string | null, to: (string | null)[]) => {
    const page = new URLSearchParams(params);
    if (after === null) page.delete("after");
    else page.set("after", after);
    setParams(page, { state: { trail: to } satisfies Trail });
    top.current?.focus();
    top.current?.scrollIntoView({ block: "start" });
  };
  // Of an address from elsewhere it is not known how many pages come before.
  const known = state.after === null || trail[0] === null;
  const from = trail.length * pageSize(compact) + 1;
  const till = from + records.length - 1;
  return (
    <div ref={top} tabIndex={-1} className="list" aria-busy={busy}>
      <RecordTable
        type={type}
        columns={state.columns}
        records={records}
        sort={state.sort}
        onSort={onSort}
        compact={compact}
        {...(select && { select })}
      />
      <div className="pager">
        {(state.after !== null || next !== null) && (
          <nav aria-label={t`Pages`} className="choice-line">
            {known || trail.length > 0 ? (
              <button
                type="button"
                className="button"
                disabled={state.after === null || busy}
                onClick={() => turn(trail.at(-1) ?? null, trail.slice(0, -1))}
              >{t`Previous`}</button>
            ) : (
              <button
                type="button"
                className="button"
                disabled={busy}
                onClick={() => turn(null, [])}
              >{t`First page`}</button>
            )}
            <button
              type="button"
              className="button"
              disabled={next === null || busy}
              onClick={() => turn(next, [...trail, state.after])}
            >{t`Next`}</button>
          </nav>
        )}
        {known && from === 1 && next === null ? (
          // One page is all there is: nothing is left to count.
          <p role="status">{counted(records.length, inSentence(type.label), inSentence(type.pluralLabel))}</p>
        ) : (
          <>
            {known && (
              <p role="status">{records.length === 1 ? inFigures(from) : `${inFigures(from)}–${inFigures(till)}`}</p>
            )}
            <Count key={JSON.stringify([state.where, state.search])} type={type} state={state} />
          </>
        )}
      </div>
    </div>
  );
}

/** Nothing is counted until somebody asks: over many records that takes longer than the page itself. */
function Count({ type, state: { where, search } }: { type: RecordType; state: ListState }) {
  const provider = useDataProvider<DulyProvider>();
  const [asked, setAsked] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["count", type.name, where, search],
    queryFn: () => provider.countRecords(type.name, { ...(where && { where }), search }),
    enabled: asked,
  });
  if (error) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (!asked) return <button type="button" className="link" onClick={() => setAsked(true)}>{t`Count all`}</button>;
  return (
    <p role="status">
      {data === undefined
        ? t`Counting…`
        : data > COUNTED
          ? t`1,000+ ${inSentence(type.pluralLabel)}`
          : counted(data, inSentence(type.label), inSentence(type.pluralLabel))}
    </p>
  );
}
