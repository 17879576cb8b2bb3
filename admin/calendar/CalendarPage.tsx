import { useInfiniteQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link } from "react-router-dom";
import { formatDate } from "../../schema/dates";
import { FailureNote, Waiting } from "../Failure";
import { Page } from "../Page";
import type { DulyProvider, TimerItem } from "../provider";
import { recordPath, useRecordType, useSession } from "../session";
import { dateAt, distance, listed, longInstant } from "../words";

/** What will fire by itself, month by month. */
export default function CalendarPage() {
  const provider = useDataProvider<DulyProvider>();
  const { me, zone } = useSession();
  const list = useInfiniteQuery({
    queryKey: ["upcoming"],
    queryFn: ({ pageParam }) => provider.upcoming(pageParam ? { after: pageParam } : {}),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const timers = list.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const months = new Map<string, TimerItem[]>();
  for (const timer of timers) {
    const month = dateAt(timer.dueAt, zone).slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), timer]);
  }
  return (
    <Page title="Calendar" below={<p className="quiet">What is due, and what Duly will do by itself.</p>}>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.isSuccess && timers.length === 0 && <p className="empty">Nothing is planned.</p>}
      {[...months].map(([month, members]) => (
        <section key={month} aria-labelledby={`month-${month}`}>
          <h2 id={`month-${month}`}>{formatDate(month)}</h2>
          <ul className="rows">
            {members.map((timer) => (
              <Due key={timer.id} timer={timer} today={me.today} zone={zone} />
            ))}
          </ul>
        </section>
      ))}
      {list.hasNextPage && (
        <p className="tools">
          <button type="button" className="button" disabled={list.isFetching} onClick={() => void list.fetchNextPage()}>
            Show more
          </button>
        </p>
      )}
    </Page>
  );
}

function Due({ timer, today, zone }: { timer: TimerItem; today: string; zone: string }) {
  const type = useRecordType(timer.type);
  const near = distance(dateAt(timer.dueAt, zone), today);
  return (
    <li className="row">
      <div className="row-main">
        <Link className="row-title" to={recordPath(type, timer.record)}>
          {timer.recordTitle}
        </Link>
        <p className="row-more">
          {timer.label}
          {timer.stepInWords && `, ${timer.stepInWords}`}
          {timer.recipients.length > 0 && `; tells ${listed(timer.recipients.map(({ name }) => name))}`}
          {timer.provisional && "; provisional until the term dates are known"}
        </p>
      </div>
      <p className="row-when">
        {longInstant(timer.dueAt, zone)}
        {near && <span className="quiet"> {near}</span>}
      </p>
    </li>
  );
}
