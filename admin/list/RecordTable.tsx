import { Link } from "react-router-dom";
import { parsePartialDate } from "../../schema/dates";
import { deadlinesOf } from "../../schema/deadlines";
import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import type { RecordItem } from "../provider";
import { labelOf, useSession } from "../session";
import { Chip, StateChip } from "../StateChip";
import { dateAt, distance, shortDate, shortInstant } from "../words";
import { Shown } from "../record/widgets";
import { sortable } from "./listState";

/** By id, in the order they were chosen. */
export type Selection = ReadonlyMap<string, RecordItem>;

interface RecordTableProps {
  type: RecordType;
  columns: string[];
  records: RecordItem[];
  sort: string;
  onSort: (sort: string) => void;
  compact: boolean;
  /** Absent where nothing can be done with several at once. */
  select?: { selection: Selection; change: (records: RecordItem[], chosen: boolean) => void };
}

export function RecordTable({ type, columns, records, sort, onSort, compact, select }: RecordTableProps) {
  const header = (name: string, label: string) => {
    const way = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
    return (
      <th key={name} scope="col" aria-sort={way}>
        {sortable(type, name) ? (
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
  const all = select !== undefined && records.every(({ id }) => select.selection.has(id));
  const some = select !== undefined && !all && records.some(({ id }) => select.selection.has(id));
  return (
    <div className="table-wrap">
      <table className={compact ? "cards compact" : "cards"}>
        <caption className="visually-hidden">{type.pluralLabel}</caption>
        <thead>
          <tr>
            {select && (
              <th scope="col" className="pick">
                <Pick
                  label={t`Select every row of this page`}
                  checked={all}
                  some={some}
                  onChange={(chosen) => select.change(records, chosen)}
                />
              </th>
            )}
            {header("recordTitle", type.label)}
            {columns.map((name) => header(name, labelOf(type, name)))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id} className={select?.selection.has(record.id) ? "chosen" : undefined}>
              {select && (
                <td className="pick">
                  <Pick
                    label={t`Select ${record.recordTitle}`}
                    checked={select.selection.has(record.id)}
                    onChange={(chosen) => select.change([record], chosen)}
                  />
                </td>
              )}
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

function Pick({
  label,
  checked,
  some = false,
  onChange,
}: {
  label: string;
  checked: boolean;
  some?: boolean;
  onChange: (chosen: boolean) => void;
}) {
  return (
    <label>
      <span className="visually-hidden">{label}</span>
      <input
        type="checkbox"
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = some;
        }}
        onChange={({ target }) => onChange(target.checked)}
      />
    </label>
  );
}

function Cell({ type, record, name }: { type: RecordType; record: RecordItem; name: string }) {
  const { zone } = useSession();
  if (name === "state") return <StateChip type={type} state={record.state} />;
  if (name === "reference") return <>{record.reference}</>;
  if (name === "createdBy") return <>{record.createdBy?.name ?? ""}</>;
  if (name === "createdAt" || name === "updatedAt")
    return <span className="whole">{shortDate(dateAt(record[name], zone))}</span>;
  const field = type.fields[name];
  const value = record.values[name];
  if (!field) return null;
  if (field.sealed || typeof value !== "string") return <Shown field={field} value={value} empty="–" />;
  if (field.kind === "dateTime") return <span className="whole">{shortInstant(value, zone)}</span>;
  if (field.kind !== "date") return <Shown field={field} value={value} empty="–" />;
  return (
    <span>
      <span className="whole">{shortDate(value)}</span>
      <Near type={type} record={record} name={name} date={value} />
    </span>
  );
}

/** How far off a date is. Past a deadline, work that is not over is overdue. */
function Near({ type, record, name, date }: { type: RecordType; record: RecordItem; name: string; date: string }) {
  const { me } = useSession();
  const last = parsePartialDate(date)?.last ?? date;
  // "in 60 days" would be untrue of a month.
  const near = last === date ? distance(date, me.today) : undefined;
  const state = type.states[record.state];
  const runs = deadlinesOf(type).get(name)?.has(record.state);
  if (runs && last < me.today && !state?.end && !state?.resting)
    return (
      <span className="near">
        <Chip meaning="red">{t`Overdue`}</Chip>
      </span>
    );
  return near ? <span className="near quiet">{near}</span> : null;
}

/** The shape of the list while its rows are on their way. */
export const RowsOnTheirWay = ({ rows = 8 }: { rows?: number }) => (
  <div className="skeleton" role="status">
    <span className="visually-hidden">{t`Loading…`}</span>
    {Array.from({ length: rows }, (_, at) => (
      <span key={at} className="skeleton-row" aria-hidden="true" />
    ))}
  </div>
);
