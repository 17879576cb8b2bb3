/** The school's year: terms, INSET days, holidays. Every clock that counts school days follows what is saved here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useId, useState } from "react";
import { Link } from "react-router-dom";
import type { Closure, ClosureKind, Term } from "../../schema/calendarData";
import { DateBoxes } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { ErrorSummary, FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, SchoolCalendar } from "../provider";
import { readAnew } from "../refresh";
import { ClockJobs } from "../running/ClockJobs";
import { savedInWords } from "../running/jobWords";
import { useRowFocus } from "../rowFocus";
import { Said } from "../Said";
import { useSession } from "../session";
import { problemsIn, useProblems } from "../useProblems";
import { useUnsaved } from "../unsaved";

const kinds = (): [ClosureKind, string][] => [
  ["inset", t`INSET day`],
  ["holiday", t`Holiday`],
  ["closure", t`Closed`],
];

export default function TermsPage() {
  const provider = useDataProvider<DulyProvider>();
  const calendar = useQuery({ queryKey: ["calendar"], queryFn: () => provider.calendar() });
  // Here, since the form is made anew from what was saved.
  const [said, setSaid] = useState<string>();
  return (
    <Page
      title={t`Terms and closed days`}
      above={
        <p className="crumb">
          <Link to="/ready">{t`Getting ready`}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`Days between a term’s first and last are school days, but for weekends, bank holidays and what stands below as closed. INSET days are working days and no school days.`}</p>
      }
    >
      {calendar.error && <FailureNote failure={calendar.error} retry={() => void calendar.refetch()} />}
      {calendar.isPending && <Waiting />}
      {said && <Said words={said} />}
      <ClockJobs />
      {calendar.data && (
        <YearForm
          key={JSON.stringify([calendar.data.terms, calendar.data.closures])}
          calendar={calendar.data}
          say={setSaid}
        />
      )}
    </Page>
  );
}

/** What is typed is a whole day by now. */
const isDay = (text: string): boolean => text !== "" && dateProblem(text) === undefined;

const academicYear = (date: string): string => {
  const year = Number(date.slice(0, 4)) - (date.slice(5) < "08-01" ? 1 : 0);
  return `${year}–${String(year + 1).slice(2)}`;
};

function YearForm({ calendar, say }: { calendar: SchoolCalendar; say: (words: string | undefined) => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const id = useId();
  const [terms, setTerms] = useState<Term[]>(calendar.terms);
  const [closures, setClosures] = useState<Closure[]>(calendar.closures);
  const { problems, attempt, fail, clear } = useProblems();
  const [past, setPast] = useState(false);
  const { box: termBox, added: termAdded, removed: termRemoved } = useRowFocus<HTMLElement>(terms.length);
  const { box: closureBox, added: closureAdded, removed: closureRemoved } = useRowFocus<HTMLElement>(closures.length);
  const release = useUnsaved(terms !== calendar.terms || closures !== calendar.closures);
  // Years that are over are kept, and out of the way; what is being changed is not, whatever year it passes through.
  const saved: { to: string }[] = [...calendar.terms, ...calendar.closures];
  const isPast = (span: { to: string }) => saved.includes(span) && academicYear(span.to) < academicYear(me.today);
  const hidden = [...terms, ...closures].filter(isPast).length;

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    say(undefined);
    const lacking = [terms, closures].flatMap((list, which) =>
      list.flatMap(({ name, from, to }, at) =>
        (["from", "to"] as const).flatMap((end) => {
          const given = { from, to }[end];
          const problem = given === "" ? t`Its first and last day are needed.` : dateProblem(given);
          const control = `${id}-${which === 0 ? "terms" : "closures"}[${at}].${end}`;
          return problem ? [{ message: name ? t`${name}: ${problem}` : problem, control }] : [];
        }),
      ),
    );
    if (lacking.length > 0) return fail(lacking);
    clear();
    try {
      const moved = await provider.setCalendar({ terms, closures });
      release();
      await readAnew(client);
      say(savedInWords(moved));
    } catch (failure) {
      fail(problemsIn(failure, (path) => `${id}-${path}`));
    }
  }
  const changed = <T,>(list: T[], at: number, part: Partial<T>): T[] =>
    list.map((each, index) => (index === at ? { ...each, ...part } : each));
  const without = <T,>(list: T[], at: number): T[] => list.filter((_, index) => index !== at);
  const next = terms.reduce((last, { to }) => (isDay(to) && to > last ? to : last), "");
  return (
    <form className="dates-form" onSubmit={(event) => void submit(event)} noValidate>
      <ErrorSummary problems={problems} attempt={attempt} />
      {hidden > 0 && (
        <label className="check">
          <input type="checkbox" checked={past} onChange={({ target }) => setPast(target.checked)} />
          {plural(hidden, "Show earlier years too (# entry)", "Show earlier years too (# entries)")}
        </label>
      )}
      <section aria-labelledby={`${id}-terms`} ref={termBox}>
        <h2 id={`${id}-terms`}>{t`Terms`}</h2>
        {terms.length === 0 && <p className="empty">{t`None yet. Kent’s schools have six a year, others three.`}</p>}
        <ul className="rows">
          {terms.map((term, at) =>
            isPast(term) && !past ? null : (
              <Span
                key={at}
                at={at}
                path={`${id}-terms[${at}]`}
                what="term"
                span={term}
                onChange={(part) => setTerms(changed(terms, at, part))}
                onRemove={() => {
                  termRemoved(at);
                  setTerms(without(terms, at));
                }}
              />
            ),
          )}
        </ul>
        <button
          type="button"
          className="button"
          data-after
          onClick={() => {
            termAdded();
            setTerms([
              ...terms,
              {
                name: t`Term ${(terms.filter(({ to }) => isDay(to) && academicYear(to) === academicYear(next || me.today)).length % 6) + 1}`,
                from: "",
                to: "",
              },
            ]);
          }}
        >{t`Add a term`}</button>
      </section>
      <section aria-labelledby={`${id}-closed`} ref={closureBox}>
        <h2 id={`${id}-closed`}>{t`INSET days, holidays and closures`}</h2>
        <ul className="rows">
          {closures.map((closure, at) =>
            isPast(closure) && !past ? null : (
              <Span
                key={at}
                at={at}
                path={`${id}-closures[${at}]`}
                what="entry"
                span={closure}
                onChange={(part) => setClosures(changed(closures, at, part))}
                onRemove={() => {
                  closureRemoved(at);
                  setClosures(without(closures, at));
                }}
              >
                <label>
                  {t`Kind`}
                  <select
                    className="input"
                    value={closure.kind}
                    onChange={({ target }) => {
                      const kind = kinds().find(([each]) => each === target.value)?.[0] ?? "closure";
                      setClosures(changed(closures, at, { kind }));
                    }}
                  >
                    {kinds().map(([kind, label]) => (
                      <option key={kind} value={kind}>
                        {label}
                      </option>
                    ))}
                  </select>
                </label>
              </Span>
            ),
          )}
        </ul>
        <div className="tools">
          {kinds().map(([kind, label]) => (
            <button
              key={kind}
              type="button"
              className="button"
              data-after
              onClick={() => {
                closureAdded();
                setClosures([...closures, { kind, name: label, from: "", to: "" }]);
              }}
            >{t`Add: ${label}`}</button>
          ))}
        </div>
      </section>
      <div className="form-buttons">
        <button type="submit" className="button button-primary">{t`Save the year`}</button>
      </div>
      {calendar.warnings.length > 0 && (
        <section aria-labelledby={`${id}-warnings`}>
          <h2 id={`${id}-warnings`}>{t`What is not certain yet`}</h2>
          <ul>
            {calendar.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
    </form>
  );
}

function Span({
  at,
  path,
  what,
  span,
  onChange,
  onRemove,
  children,
}: {
  at: number;
  path: string;
  what: string;
  span: { name: string; from: string; to: string };
  onChange: (part: { name?: string; from?: string; to?: string }) => void;
  onRemove: () => void;
  children?: React.ReactNode;
}) {
  const days = [
    {
      end: "from",
      label: t`First day`,
      // A single day needs to be entered once.
      change: (from: string) =>
        onChange({ from, ...(what === "entry" && (span.to === "" || span.to === span.from) && { to: from }) }),
    },
    { end: "to", label: t`Last day`, change: (to: string) => onChange({ to }) },
  ] as const;
  return (
    <li className="row span-row" data-row={at} tabIndex={-1}>
      <div className="parts">
        <label>
          {t`Name`}
          <input className="input" value={span.name} onChange={({ target }) => onChange({ name: target.value })} />
        </label>
        {children}
      </div>
      {days.map(({ end, label, change }) => (
        <fieldset key={end}>
          <legend>{label}</legend>
          <DateBoxes id={`${path}.${end}`} brief value={span[end]} onChange={change} required />
        </fieldset>
      ))}
      <button type="button" className="link" onClick={onRemove}>
        {t`Remove ${(<span className="visually-hidden">{span.name}</span>)}`}
      </button>
    </li>
  );
}
