/** The reports that can be made of a record, beside it. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link } from "react-router-dom";
import { t } from "../i18n/t";
import type { DulyProvider } from "../provider";

const MINUTES = 10 * 60_000;

export function ReportLinks({ type, record }: { type: string; record: string }) {
  const provider = useDataProvider<DulyProvider>();
  const { data = [] } = useQuery({ queryKey: ["reports"], queryFn: () => provider.reports(), staleTime: MINUTES });
  const own = data.filter(({ recordType }) => recordType === type);
  if (own.length === 0) return null;
  return (
    <section aria-labelledby="record-reports">
      <h2 id="record-reports">{t`Reports`}</h2>
      <ul className="plain-links">
        {own.map(({ name, title }) => (
          <li key={name}>
            <Link to={`/reports?${new URLSearchParams({ report: name, record }).toString()}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
