import { useId } from "react";
import { t } from "../i18n/t";
import type { SheetInfo } from "../provider";

interface ColumnTableProps {
  sheet: SheetInfo;
  /** What a column may be. */
  columns: { name: string; label: string }[];
  /** For each column of the sheet what it is, null for nothing. */
  fields: (string | null)[];
  onMatch: (fields: (string | null)[]) => void;
}

/** Every column of a file with what stands in it, and what it fills; nothing is filled by two. */
export function ColumnTable({ sheet, columns, fields, onMatch }: ColumnTableProps) {
  const id = useId();
  const match = (at: number, name: string) =>
    onMatch(fields.map((before, index) => (index === at ? name || null : before === name ? null : before)));
  return (
    <div className="table-wrap">
      <table className="cards">
        <thead>
          <tr>
            <th scope="col">{t`Column`}</th>
            <th scope="col">{t`In the first rows`}</th>
            <th scope="col">{t`Fills`}</th>
          </tr>
        </thead>
        <tbody>
          {sheet.headers.map((header, at) => (
            <tr key={`${at} ${header}`}>
              <td className="title">{header || t`Column ${at + 1}`}</td>
              <td data-label={t`In the first rows`} className="quiet">
                {sheet.samples[at]?.join(" · ") || "–"}
              </td>
              <td data-label={t`Fills`}>
                <label
                  className="visually-hidden"
                  htmlFor={`${id}-${at}`}
                >{t`What “${header || t`Column ${at + 1}`}” fills`}</label>
                <select
                  className="input"
                  id={`${id}-${at}`}
                  value={fields[at] ?? ""}
                  onChange={({ target }) => match(at, target.value)}
                >
                  <option value="">{t`Nothing: leave it out`}</option>
                  {columns.map(({ name, label }) => (
                    <option key={name} value={name}>
                      {label}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
