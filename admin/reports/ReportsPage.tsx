/** Reports: of what, with or without names, on the page, as a PDF to print and as a ZIP of tables to check. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { useSearchParams } from "react-router-dom";
import { namedPeriods, periodOn } from "../../schema/periods";
import { DateBoxes } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, MadeReport, ReportAsk, ReportFormat, ReportInfo } from "../provider";
import { useRecordType, useSession } from "../session";
import { download } from "../sheet/files";
import { longInstant, shortDate } from "../words";
import { ReportPreview } from "./ReportPreview";

const MOST_RECORDS = 200;

export default function ReportsPage() {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, refetch } = useQuery({ queryKey: ["reports"], queryFn: () => provider.reports() });
  const [params, setParams] = useSearchParams();
  const chosen = data?.find(({ name }) => name === params.get("report")) ?? data?.[0];
  return (
    <Page wide title={t`Reports`}>
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data?.length === 0 && <p>{t`There is no report for your roles.`}</p>}
      {data && chosen && (
        <>
          <fieldset className="report-choice">
            <legend>{t`Which report?`}</legend>
            {data.map(({ name, title, help }) => (
              <label key={name} className="check">
                <input
                  type="radio"
                  name="report"
                  checked={name === chosen.name}
                  onChange={() => setParams({ report: name })}
                />
                <span>
                  {title}
                  <span className="quiet block">{help}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {chosen.recordType === null ? (
            <OfPeriod key={chosen.name} report={chosen} />
          ) : (
            <OfRecord key={chosen.name} report={chosen} type={chosen.recordType} />
          )}
          <Made reports={data} />
        </>
      )}
    </Page>
  );
}

function OfRecord({ report, type: name }: { report: ReportInfo; type: string }) {
  const provider = useDataProvider<DulyProvider>();
  const [params, setParams] = useSearchParams();
  const type = useRecordType(name);
  const id = useId();
  const { data, error } = useQuery({
    queryKey: [type?.plural, "for a report"],
    queryFn: () => provider.listRecords(name, { search: "", sort: "recordTitle", fields: [], first: MOST_RECORDS }),
  });
  const record = params.get("record");
  return (
    <>
      <Field id={id} label={type?.label ?? t`Of what`}>
        {(described) => (
          <select
            {...described}
            className="input"
            value={record ?? ""}
            onChange={(event) => setParams({ report: report.name, record: event.target.value })}
          >
            <option value="">{t`Choose one`}</option>
            {data?.nodes.map((each) => (
              <option key={each.id} value={each.id}>
                {each.recordTitle}
              </option>
            ))}
          </select>
        )}
      </Field>
      {data?.next && (
        <p className="quiet">{t`These are the first ${MOST_RECORDS}. For another, follow the link on its own page.`}</p>
      )}
      {error && <FailureNote failure={error} />}
      {record && <Making report={report} of={{ record, from: null, to: null }} />}
    </>
  );
}

interface DayProps {
  id: string;
  label: string;
  value: string;
  choose: (day: string) => void;
}

/** The report follows each day once it is whole. */
function Day({ id, label, value, choose }: DayProps) {
  const [typed, setTyped] = useState<string>();
  const change = (day: string) => {
    const whole = day !== "" && dateProblem(day) === undefined;
    setTyped(whole ? undefined : day);
    if (whole) choose(day);
  };
  return (
    <Field id={id} label={label} group>
      {() => <DateBoxes id={id} brief value={typed ?? value} onChange={change} />}
    </Field>
  );
}

const OTHER = "other";

function OfPeriod({ report }: { report: ReportInfo }) {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const [params, setParams] = useSearchParams();
  const id = useId();
  const { data, error } = useQuery({ queryKey: ["school-days"], queryFn: () => provider.schoolDays() });
  const [own, setOwn] = useState(false);
  if (error) return <FailureNote failure={error} />;
  if (!data) return <Waiting />;
  const now = periodOn(data.terms, me.today);
  const known = namedPeriods(data.terms).filter(({ from }) => from <= me.today);
  const offered = known.some(({ from, to }) => from === now.from && to === now.to) ? known : [now, ...known];
  const [from, to] = [params.get("from") ?? now.from, params.get("to") ?? now.to];
  const found = offered.find((each) => each.from === from && each.to === to);
  const choose = (period: { from: string; to: string }) =>
    setParams({ report: report.name, from: period.from, to: period.to });
  const backwards = to < from;
  return (
    <>
      <Field id={id} label={t`Period`}>
        {(described) => (
          <select
            {...described}
            className="input"
            value={own || !found ? OTHER : `${from} ${to}`}
            onChange={(event) => {
              const [first = "", last = ""] = event.target.value.split(" ");
              setOwn(event.target.value === OTHER);
              if (event.target.value !== OTHER) choose({ from: first, to: last });
            }}
          >
            {offered.map((each) => (
              <option key={`${each.from} ${each.to}`} value={`${each.from} ${each.to}`}>
                {each.from === now.from && each.to === now.to ? t`${each.label} (now)` : each.label}
              </option>
            ))}
            <option value={OTHER}>{t`Other days`}</option>
          </select>
        )}
      </Field>
      {own || !found ? (
        <div className="choice-line report-days">
          <Day id={`${id}-from`} label={t`From`} value={from} choose={(day) => choose({ from: day, to })} />
          <Day id={`${id}-to`} label={t`To`} value={to} choose={(day) => choose({ from, to: day })} />
        </div>
      ) : (
        <p className="quiet">
          {found.kind === "term"
            ? t`${shortDate(from)} to ${shortDate(to)}, with the holidays after the term`
            : t`${shortDate(from)} to ${shortDate(to)}`}
        </p>
      )}
      {backwards ? (
        <p className="field-problem" role="alert">
          {t`The last day comes before the first: choose a later one.`}
        </p>
      ) : (
        <Making report={report} of={{ record: null, from, to }} />
      )}
    </>
  );
}

type Phase =
  | { is: "ready" }
  | { is: "making"; format: ReportFormat }
  | { is: "made"; name: string }
  | { is: "failed"; why: string };

function Making({ report, of }: { report: ReportInfo; of: Pick<ReportAsk, "record" | "from" | "to"> }) {
  const provider = useDataProvider<DulyProvider>();
  const queries = useQueryClient();
  const [hideNames, setHideNames] = useState(false);
  const [phase, setPhase] = useState<Phase>({ is: "ready" });
  const ask: ReportAsk = { name: report.name, ...of, hideNames };
  const making = phase.is === "making";
  const make = async (format: ReportFormat) => {
    setPhase({ is: "making", format });
    try {
      const { name, file } = await provider.makeReport(ask, format);
      download(file, name);
      setPhase({ is: "made", name });
      await queries.invalidateQueries({ queryKey: ["reportsMade"] });
    } catch (failure) {
      setPhase({ is: "failed", why: messageOf(failure) });
    }
  };
  return (
    <>
      <div className="report-names">
        {report.names !== "nobody" && (
          <label className="check">
            <input type="checkbox" checked={hideNames} onChange={(event) => setHideNames(event.target.checked)} />
            <span>
              {t`Hide names`}
              <span className="quiet block">{t`Everybody becomes a stand-in such as “Person 1 (Staff)”, the same throughout. What people wrote is left out, save titles and what is to be written without names. The report says so.`}</span>
            </span>
          </label>
        )}
        {report.names === "staff" && !hideNames && (
          <p className="quiet">{t`Pupils, parents and visitors are never named in this report; staff and governors are.`}</p>
        )}
        {report.names === "nobody" && <p className="quiet">{t`This report never names anybody.`}</p>}
      </div>
      <div className="form-buttons">
        <button
          type="button"
          className="button button-primary"
          disabled={making}
          onClick={() => void make("pdf")}
        >{t`Download PDF`}</button>
        <button
          type="button"
          className="button"
          disabled={making}
          onClick={() => void make("zip")}
        >{t`Download ZIP`}</button>
        <button type="button" className="button" onClick={() => window.print()}>{t`Print`}</button>
      </div>
      <p role="status" className="report-status">
        {phase.is === "making" && t`Making the ${phase.format.toUpperCase()}… A large one takes a minute.`}
        {phase.is === "made" && t`Saved as “${phase.name}”.`}
      </p>
      {phase.is === "failed" && (
        <p className="field-problem" role="alert">
          {phase.why}
        </p>
      )}
      <ReportPreview ask={ask} />
    </>
  );
}

function Made({ reports }: { reports: ReportInfo[] }) {
  const provider = useDataProvider<DulyProvider>();
  const { data = [] } = useQuery({ queryKey: ["reportsMade"], queryFn: () => provider.reportsMade() });
  if (data.length === 0) return null;
  return (
    <details className="report-made">
      <summary>{t`Made lately`}</summary>
      <p className="quiet">{t`Each file is known by its fingerprint (SHA-256): whoever is given one can compare.`}</p>
      <ul className="rows">
        {data.map((made) => (
          <MadeLine key={made.id} made={made} title={reports.find(({ name }) => name === made.report)?.title} />
        ))}
      </ul>
    </details>
  );
}

function MadeLine({
  made: { at, format, names, from, to, hash, by },
  title = "",
}: {
  made: MadeReport;
  title: string | undefined;
}) {
  const { zone } = useSession();
  const parts = [longInstant(at, zone), by?.name, format.toUpperCase(), names === "nobody" && t`names hidden`];
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{from && to ? t`${title}, ${shortDate(from)} to ${shortDate(to)}` : title}</p>
        <p className="quiet">{parts.filter(Boolean).join(" · ")}</p>
        <p className="quiet fingerprint">{hash}</p>
      </div>
    </li>
  );
}
