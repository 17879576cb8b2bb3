/** What a report holds at this moment, as tables: the first rows of each section. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Facts } from "../Facts";
import { FailureNote, Waiting } from "../Failure";
import { inFigures, t } from "../i18n/t";
import type { DulyProvider, ReportAsk, ReportSection } from "../provider";

export function ReportPreview({ ask }: { ask: ReportAsk }) {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, refetch } = useQuery({ queryKey: ["report", ask], queryFn: () => provider.report(ask) });
  if (error) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (!data) return <Waiting>{t`Gathering what it holds…`}</Waiting>;
  return (
    <article className="report" aria-labelledby="report-title">
      <h2 id="report-title">{data.title}</h2>
      <Facts of={data.head.map(({ label, value }) => ({ name: label, label, value }))} />
      {data.sections.map((section) => (
        <Section key={section.name} section={section} ofPeriod={ask.from !== null} />
      ))}
    </article>
  );
}

function Section({ section, ofPeriod }: { section: ReportSection; ofPeriod: boolean }) {
  const { name, label, help, columns, rows, total, figures, notes } = section;
  const id = `report-${name}`;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        {label}
        {columns.some(Boolean) && total > 0 && <span className="quiet"> {inFigures(total)}</span>}
      </h3>
      {help && <p className="quiet">{help}</p>}
      {figures && <Rows labelled={id} {...figures} />}
      {columns.length > 0 &&
        (rows.length > 0 ? (
          <Rows labelled={id} columns={columns} rows={rows} />
        ) : (
          <p className="empty">{ofPeriod ? t`None in this period.` : t`None.`}</p>
        ))}
      {rows.length < total && <p className="quiet">{t`The files have more than these.`}</p>}
      {notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
    </section>
  );
}

const isNumber = (text: string): boolean => /^(\d[\d,.]*|Fewer than 5)$/.test(text);
const mayStandByNumbers = (text: string): boolean => isNumber(text) || text === "" || text === "Too few to say";

/** Without headings the first cell of each row names the other. */
function Rows({ columns, rows, labelled }: { columns: string[]; rows: string[][]; labelled: string }) {
  const titled = columns.some(Boolean);
  const numeric = columns.map((_, at) => {
    const column = rows.map((row) => row[at] ?? "");
    return at > 0 && column.some(isNumber) && column.every(mayStandByNumbers);
  });
  return (
    <div className="table-wrap" role="group" aria-labelledby={labelled} tabIndex={0}>
      <table className="report-table">
        {titled && (
          <thead>
            <tr>
              {columns.map((column, at) =>
                column ? (
                  <th key={column} scope="col" className={numeric[at] ? "number" : undefined}>
                    {column}
                  </th>
                ) : (
                  <td key="corner" />
                ),
              )}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={at} scope="row">
                    <Cell text={cell} />
                  </th>
                ) : (
                  <td key={at} className={numeric[at] ? "number" : undefined}>
                    <Cell text={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A fingerprint by its first letters; nobody reads all of it here. */
const Cell = ({ text }: { text: string }) =>
  /^[0-9a-f]{64}$/.test(text) ? <code title={text}>{text.slice(0, 12)}…</code> : text;
