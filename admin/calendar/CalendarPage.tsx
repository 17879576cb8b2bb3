/**
 * Everything due that this person may see: by term, month or school year, or as the list of the same. What is shown
 * stands in the address, so that back, reload and a shared link show the same.
 */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DueItem, DulyProvider } from "../provider";
import { Said } from "../Said";
import { useSession } from "../session";
import { distance, longDate, shortDate } from "../words";
import { DayGrid } from "./DayGrid";
import { DueRows } from "./due";
import { FeedPanel } from "./FeedPanel";
import { MoveDialog, type Moving } from "./MoveDialog";
import { type CalendarView, daysOn, type Shown, shownOn, views } from "./range";
import { YearGrid } from "./YearGrid";

const viewWords = (): Record<CalendarView, string> => ({ term: t`Term`, month: t`Month`, year: t`Year` });
const whatIsShown = (late: boolean, register: RecordType | undefined): string => {
  if (register)
    return late
      ? t`Tasks past their day in ${register.pluralLabel}, of what you may see.`
      : t`What is due in ${register.pluralLabel}, of what you may see.`;
  return late ? t`Tasks past their day, of what you may see.` : t`What is due, of what you may see.`;
};
/** As many as the server gives of one day. */
const MOST_OF_A_DAY = 1_000;
/** Before this nothing was due. */
const EVER = "1990-01-01";
const isNarrow = () => typeof matchMedia === "function" && matchMedia("(max-width: 600px)").matches;

export default function CalendarPage() {
  const provider = useDataProvider<DulyProvider>();
  const { me, types } = useSession();
  const [params, setParams] = useSearchParams();
  const [chosen, setChosen] = useState(params.get("on") ?? me.today);
  const [opened, setOpened] = useState(false);
  const [moving, setMoving] = useState<Moving>();
  const [said, setSaid] = useState<string>();
  const school = useQuery({ queryKey: ["school-days"], queryFn: () => provider.schoolDays() });
  const terms = school.data?.terms ?? [];

  const late = params.get("show") === "late";
  const register = types.find(({ plural }) => plural === params.get("register"));
  const view = views.find((each) => each === params.get("view")) ?? (terms.length > 0 ? "term" : "month");
  const asList = late || params.has("day") || (params.get("list") ?? (isNarrow() ? "1" : "0")) === "1";
  const only = { mine: params.get("mine") === "1", clocks: params.get("clocks") === "1" && !late };
  const whole = /^\d{4}-\d{2}-\d{2}$/.exec(params.get("day") ?? "")?.[0];
  const shown: Shown = whole
    ? { title: longDate(whole), from: whole, to: whole, before: undefined, after: undefined }
    : late
      ? { title: t`What is late`, from: EVER, to: daysOn(me.today, -1), before: undefined, after: undefined }
      : shownOn(view, params.get("on") ?? me.today, terms);
  const due = useQuery({
    queryKey: ["due", shown.from, shown.to, late, only.mine, only.clocks, register?.name, me.today],
    queryFn: () =>
      provider.due({
        ...{ from: shown.from, to: shown.to, dates: !late, ...only },
        ...(register && { type: register.name }),
        ...(whole && { perDay: MOST_OF_A_DAY }),
      }),
    enabled: school.isSuccess,
  });
  const entries = due.data?.entries ?? [];
  const day = within(chosen, shown);
  const byDay = new Map<string, DueItem[]>();
  for (const entry of entries) byDay.set(entry.on, [...(byDay.get(entry.on) ?? []), entry]);
  const full = new Set(due.data?.fullDays ?? []);

  const address = (part: Record<string, string | undefined>): string => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    return `?${next.toString()}`;
  };
  const dayAt = (date: string): string | undefined => (full.has(date) && !whole ? address({ day: date }) : undefined);
  const set = (part: Record<string, string | undefined>) => setParams(address(part).slice(1), { replace: true });
  const choose = (date: string, open: boolean) => {
    setChosen(date);
    setOpened(open);
  };

  return (
    <Page
      wide
      title={t`Calendar`}
      below={
        <p className="quiet">
          {whatIsShown(late, register)}{" "}
          {late || register ? (
            <Link to="/calendar">{t`Show everything`}</Link>
          ) : (
            <Link to="/calendar?show=late">{t`Show what is late`}</Link>
          )}
        </p>
      }
    >
      {said && <Said words={said} />}
      {whole && (
        <p>
          <Link to={address({ day: undefined, on: whole })}>{t`Back to the calendar`}</Link>
        </p>
      )}
      {!late && !whole && (
        <div className="tools calendar-tools">
          <div className="segments" role="group" aria-label={t`How much at once`}>
            {views.map((each) => (
              <button key={each} type="button" aria-pressed={each === view} onClick={() => set({ view: each })}>
                {viewWords()[each]}
              </button>
            ))}
          </div>
          <div className="segments" role="group" aria-label={t`How it is shown`}>
            <button type="button" aria-pressed={!asList} onClick={() => set({ list: "0" })}>{t`Calendar`}</button>
            <button type="button" aria-pressed={asList} onClick={() => set({ list: "1" })}>{t`List`}</button>
          </div>
          <Check label={t`Only mine`} on={only.mine} set={(on) => set({ mine: on ? "1" : undefined })} />
          <Check label={t`Reminders too`} on={only.clocks} set={(on) => set({ clocks: on ? "1" : undefined })} />
        </div>
      )}
      <div className="section-head calendar-head">
        <h2 aria-live="polite">{shown.title}</h2>
        <span className="section-tools">
          {shown.before && (
            <Link to={address({ on: shown.before })}>
              {t`Before ${(<span className="visually-hidden">{shortDate(shown.before)}</span>)}`}
            </Link>
          )}
          {params.get("on") && <Link to={address({ on: undefined })}>{t`Today`}</Link>}
          {shown.after && (
            <Link to={address({ on: shown.after })}>
              {t`After ${(<span className="visually-hidden">{shortDate(shown.after)}</span>)}`}
            </Link>
          )}
        </span>
      </div>
      {(due.error ?? school.error) && (
        <FailureNote failure={due.error ?? school.error} retry={() => void (school.error ? school : due).refetch()} />
      )}
      {due.isPending && <Waiting />}
      {due.data?.more && !whole && <p className="note">{t`There is more than can be shown: choose fewer days.`}</p>}
      {whole && full.has(whole) && (
        <p className="note">{t`There is more on this day than can be shown: open a register, and show its calendar.`}</p>
      )}
      {due.isSuccess &&
        school.data &&
        (asList ? (
          <ByDay {...{ byDay, dayAt }} move={setMoving} nothing={late ? t`Nothing is late.` : t`Nothing is due.`} />
        ) : view === "year" ? (
          <YearGrid
            {...{ from: shown.from, to: shown.to, school: school.data, byDay, full }}
            monthAt={(month) => address({ view: "month", on: `${month}-01` })}
          />
        ) : (
          <div className="calendar">
            <DayGrid
              {...{ from: shown.from, to: shown.to, school: school.data, byDay, full, chosen: day, choose }}
              move={setMoving}
            />
            <OneDay
              key={`${day} ${opened}`}
              date={day}
              entries={byDay.get(day) ?? []}
              wholeAt={dayAt(day)}
              focus={opened}
              move={setMoving}
            />
          </div>
        ))}
      {moving && school.data && (
        <MoveDialog
          key={`${moving.entry.id} ${moving.to}`}
          moving={moving}
          school={school.data}
          close={() => setMoving(undefined)}
          moved={setSaid}
        />
      )}
      <FeedPanel />
    </Page>
  );
}

/** The nearest day of what is shown. */
const within = (date: string, { from, to }: Shown): string => (date < from ? from : date > to ? to : date);

const Check = ({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }) => (
  <label className="check">
    <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
    {label}
  </label>
);

/** What is due on the day that was laid open. */
interface OneDayProps {
  date: string;
  entries: DueItem[];
  /** Where all of the day is shown, if this is not all. */
  wholeAt: string | undefined;
  focus: boolean;
  move: (moving: Moving) => void;
}

function OneDay({ date, entries, wholeAt, focus, move }: OneDayProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <section className="one-day" aria-labelledby="one-day">
      <h2 id="one-day" tabIndex={-1} ref={heading}>
        {longDate(date)}
      </h2>
      {entries.length > 0 ? <DueRows entries={entries} move={move} /> : <p className="empty">{t`Nothing is due.`}</p>}
      <Rest date={date} at={wholeAt} />
    </section>
  );
}

/** The way to what a full day does not show. */
const Rest = ({ date, at }: { date: string; at: string | undefined }) =>
  at === undefined ? null : (
    <p>
      <Link to={at}>{t`Show everything due on ${longDate(date)}`}</Link>
    </p>
  );

interface ByDayProps {
  byDay: Map<string, DueItem[]>;
  /** Where all of a day is shown; undefined where this is all. */
  dayAt: (date: string) => string | undefined;
  nothing: string;
  move: (moving: Moving) => void;
}

function ByDay({ byDay, dayAt, nothing, move }: ByDayProps) {
  const { today } = useSession().me;
  if (byDay.size === 0) return <p className="empty">{nothing}</p>;
  return [...byDay].map(([date, entries]) => (
    <section key={date} aria-labelledby={`day-${date}`} className="day-list">
      <h3 id={`day-${date}`}>
        {longDate(date)}
        {distance(date, today) && <span className="quiet"> {distance(date, today)}</span>}
        <span className="visually-hidden">
          , {dayAt(date) ? t`more than ${entries.length} entries` : plural(entries.length, "# entry", "# entries")}
        </span>
      </h3>
      <DueRows entries={entries} move={move} />
      <Rest date={date} at={dayAt(date)} />
    </section>
  ));
}
