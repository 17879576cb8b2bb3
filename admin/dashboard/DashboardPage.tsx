/** How things stand: the registers, and the charts that the definitions give to this person's roles, or those of one register. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useSearchParams } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { ChartBlock, isEmpty } from "./ChartBlock";
import { Standings } from "./Standings";

export default function DashboardPage() {
  const provider = useDataProvider<DulyProvider>();
  const { types } = useSession();
  const [params, setParams] = useSearchParams();
  const charted = types.filter(({ charts }) => Object.keys(charts ?? {}).length > 0);
  const register = charted.find(({ plural }) => plural === params.get("register"));
  const charts = useQuery({
    queryKey: ["charts", register?.name],
    queryFn: () => provider.charts(register?.name),
  });
  const bare = (charts.data ?? []).filter(isEmpty);
  const shown = (charts.data ?? []).filter((chart) => !isEmpty(chart));
  const choose = (plural: string) => setParams(plural ? { register: plural } : {});
  return (
    <Page
      wide
      title={t`Dashboard`}
      below={<p className="quiet">{t`Counted among the records that you may see, and as of now.`}</p>}
    >
      <p className="tools">
        <label htmlFor="dashboard-register">{t`Show`}</label>
        <select
          id="dashboard-register"
          className="input"
          value={register?.plural ?? ""}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">{t`What concerns my roles`}</option>
          {charted.map(({ name, plural, pluralLabel }) => (
            <option key={name} value={plural}>
              {pluralLabel}
            </option>
          ))}
        </select>
      </p>
      <div className="blocks">
        {!register && <Standings />}
        {shown.map((chart) => (
          <ChartBlock key={`${chart.type} ${chart.name}`} chart={chart} />
        ))}
      </div>
      {bare.length > 0 && (
        <section aria-labelledby="nothing-yet">
          <h2 id="nothing-yet">{t`Nothing to count yet`}</h2>
          <ul className="plain-links">
            {bare.map(({ type, name, label }) => (
              <li key={`${type} ${name}`}>{label}</li>
            ))}
          </ul>
        </section>
      )}
      {charts.error && <FailureNote failure={charts.error} retry={() => void charts.refetch()} />}
      {charts.isPending && <Waiting />}
      {register && charts.data?.length === 0 && (
        <p className="empty">{t`${register.pluralLabel} are counted for others: you may not see all that the charts show.`}</p>
      )}
    </Page>
  );
}
