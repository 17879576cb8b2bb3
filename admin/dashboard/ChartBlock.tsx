/** A chart: bars by what records are counted by, columns over the months. Both are lists, and a table at the press of a key. */
import { type ReactNode, useId, useState } from "react";
import { Link } from "react-router-dom";
import type { Rag, RecordType } from "../../schema/definition";
import { inFigures, t } from "../i18n/t";
import { Reasons } from "../record/Why";
import type { ChartItem, ChartPoint } from "../provider";
import { labelOf, useRecordType } from "../session";
import { pointAddress } from "./pointAddress";

/** A number that is kept back is fewer than five: drawn alike, so that nothing can be measured off the bar. */
const WITHHELD = 2.5;
export const drawn = ({ count }: ChartPoint): number => count ?? WITHHELD;
/** Where there is little room. */
export const numberMark = (count: number | null): string => (count === null ? "<5" : inFigures(count));
export const numberWords = (count: number | null): string => (count === null ? t`Fewer than 5` : inFigures(count));

export const isEmpty = ({ points }: ChartItem): boolean => points.every(({ count }) => count === 0);

export function ChartBlock({ chart }: { chart: ChartItem }) {
  const type = useRecordType(chart.type);
  if (!type) return null;
  const { points } = chart;
  const most = Math.max(1, ...points.map(drawn));
  const withheld = points.some(({ count }) => count === null);
  return (
    <Block title={chart.label} table={<PointTable type={type} chart={chart} />} because={chart.because}>
      {chart.over ? <Columns {...{ type, chart, most }} /> : <Bars {...{ type, chart, most }} />}
      {withheld && <p className="quiet">{t`Numbers below five are not told: they may tell of one person.`}</p>}
    </Block>
  );
}

/** A question, its picture, and the same as a table. */
export function Block({
  title,
  table,
  because = [],
  wide = false,
  children,
}: {
  title: string;
  table: ReactNode;
  because?: string[];
  wide?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <section aria-labelledby={id} className={wide ? "block block-wide" : "block"}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className="link link-quiet"
          aria-pressed={asTable}
          aria-describedby={id}
          onClick={() => setAsTable(!asTable)}
        >{t`Table`}</button>
      </div>
      {asTable ? <div className="table-wrap">{table}</div> : children}
      {asTable && because.length > 0 && <Reasons because={because} />}
    </section>
  );
}

interface Drawn {
  type: RecordType;
  chart: ChartItem;
  most: number;
}

const ragOf = (type: RecordType, chart: ChartItem, value: string | null): Rag | undefined =>
  chart.by === "state" && value !== null ? (type.states[value]?.rag ?? "grey") : undefined;

function Bars({ type, chart, most }: Drawn) {
  return (
    <ul className="bars">
      {chart.points.map((point) => (
        <li key={point.value}>
          <Linked type={type} chart={chart} point={point}>
            <span className="bar-label">{point.label}</span>
            <span className="bar-track" aria-hidden="true">
              <span
                className={`bar bar-${ragOf(type, chart, point.value) ?? "plain"}${point.count === null ? " bar-withheld" : ""}`}
                style={{ width: `${(100 * drawn(point)) / most}%` }}
              />
            </span>
            <span className="bar-count">{numberWords(point.count)}</span>
          </Linked>
        </li>
      ))}
    </ul>
  );
}

function Columns({ type, chart, most }: Drawn) {
  return (
    <ol className="columns">
      {chart.points.map((point) => (
        <li key={point.value}>
          <Linked type={type} chart={chart} point={point}>
            {/* A column has room for no more. */}
            <span className="column-count">{point.count === 0 ? "" : numberMark(point.count)}</span>
            {point.count !== 0 && (
              <span
                className={point.count === null ? "column bar-withheld" : "column"}
                aria-hidden="true"
                style={{ height: `${(100 * drawn(point)) / most}%` }}
              />
            )}
            <span className="column-label">
              <span aria-hidden="true">{point.label.slice(0, 3)}</span>
              <span className="visually-hidden">
                {point.label}
                {point.count === 0 && `: ${t`none`}`}
              </span>
            </span>
          </Linked>
        </li>
      ))}
    </ol>
  );
}

/** A bar with something in it leads to the list that proves it. */
function Linked({ type, chart, point, children }: Omit<Drawn, "most"> & { point: ChartPoint; children: ReactNode }) {
  const to = point.count === 0 ? undefined : addressOf(type, chart, point);
  return to ? (
    <Link className="point" to={to}>
      {children}
    </Link>
  ) : (
    <span className="point">{children}</span>
  );
}

/** Of numbers that are not told there is no list for whoever may only count. */
const addressOf = (type: RecordType, chart: ChartItem, { value }: ChartPoint): string | undefined => {
  const definition = type.charts?.[chart.name];
  return definition && pointAddress(type, definition, value);
};

function PointTable({ type, chart }: { type: RecordType; chart: ChartItem }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{chart.over ? t`Month` : labelOf(type, chart.by ?? "state")}</th>
          <th scope="col">{type.pluralLabel}</th>
        </tr>
      </thead>
      <tbody>
        {chart.points.map((point) => {
          const to = point.count === 0 ? undefined : addressOf(type, chart, point);
          return (
            <tr key={point.value}>
              <th scope="row">{point.label}</th>
              <td>{to ? <Link to={to}>{numberWords(point.count)}</Link> : numberWords(point.count)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
