/** The landing page: what to do now, what comes, and what others owe. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { AbsenceItem, DulyProvider, RequestItem, TaskItem } from "../provider";
import { useProblemCount } from "../running/useProblemCount";
import { Said } from "../Said";
import { recordPath, useRecordType, useSession } from "../session";
import { Chip, StateChip } from "../StateChip";
import { dateAt, listed, longDate, longInstant, shortDate } from "../words";
import { useTour, useTourKept } from "../tour/useTour";
import { TaskMore } from "./TaskMore";
import { holdersInWords, nextDate, nothingToDo, whenInWords, workLists } from "./words";

const Tour = lazy(() => import("../tour/Tour"));

export function MyWork() {
  const provider = useDataProvider<DulyProvider>();
  const { me, zone } = useSession();
  const mine = useInfiniteQuery({
    queryKey: ["my-tasks"],
    queryFn: ({ pageParam }) => provider.myTasks(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const [said, say] = useState<string>();
  const [tour, keepTour] = [useTour(), useTourKept()];
  const waiting = useQuery({ queryKey: ["my-waiting"], queryFn: () => provider.myWaiting() });
  const tasks = mine.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const { now, weeks } = workLists(tasks, me.today);
  const idle = mine.isSuccess && now.length === 0;
  const timers = useQuery({
    queryKey: ["next-timer", me.now],
    queryFn: () => provider.upcoming({ from: me.now, first: 100 }),
    enabled: idle,
  });
  const requests = useQuery({ queryKey: ["my-requests"], queryFn: () => provider.myRequests() });
  const absences = useQuery({ queryKey: ["my-absences"], queryFn: () => provider.myAbsences() });
  const others = waiting.data?.nodes ?? [];
  const away = absences.data?.find(({ begun }) => begun);
  const next = nextDate(tasks, timers.data?.nodes ?? [], me, (instant) => dateAt(instant, zone));

  return (
    <Page title={t`My work`} below={<Away away={away} />}>
      {tour.length > 0 && (
        <Suspense fallback={null}>
          <Tour steps={tour} ended={() => void keepTour(true)} />
        </Suspense>
      )}
      {me.administers && <UrgentWaiting />}
      {me.administers && <ProblemsNote />}
      {said && <Said words={said} />}
      {mine.error && <FailureNote failure={mine.error} retry={() => void mine.refetch()} />}
      {mine.isPending && <Waiting />}
      {mine.isSuccess && (
        <section aria-labelledby="do-now">
          <h2 id="do-now">{t`Do now`}</h2>
          {now.length > 0 ? (
            <TaskRows tasks={now} say={say} main />
          ) : (
            <p className="empty">{timers.isLoading ? t`Nothing to do now.` : nothingToDo(next)}</p>
          )}
        </section>
      )}
      {weeks.length > 0 && (
        <section aria-labelledby="coming-up">
          <h2 id="coming-up">{t`Coming up`}</h2>
          {weeks.map((week) => (
            <div key={week.label}>
              <h3>{week.label}</h3>
              <TaskRows tasks={week.tasks} say={say} />
            </div>
          ))}
        </section>
      )}
      {mine.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={mine.isFetching}
          onClick={() => void mine.fetchNextPage()}
        >{t`Show more`}</button>
      )}
      {others.length > 0 && (
        <section aria-labelledby="waiting">
          <h2 id="waiting">{t`Waiting for others`}</h2>
          <TaskRows tasks={others} say={say} ofOthers />
        </section>
      )}
      {waiting.error && <FailureNote failure={waiting.error} />}
      {requests.data && requests.data.length > 0 && (
        <section aria-labelledby="asked-for">
          <h2 id="asked-for">{t`What I asked for`}</h2>
          <ul className="rows">
            {requests.data.map((request) => (
              <Request key={request.id} request={request} />
            ))}
          </ul>
        </section>
      )}
      {requests.error && <FailureNote failure={requests.error} />}
    </Page>
  );
}

const awayInWords = ({ to, standIn }: AbsenceItem): string =>
  standIn
    ? t`You are away until ${longDate(to)}, and ${standIn.name} stands in.`
    : t`You are away until ${longDate(to)}, and somebody stands in.`;

/** For whoever can do something about it: nobody else would know that people have not been told. */
function UrgentWaiting() {
  const provider = useDataProvider<DulyProvider>();
  const { zone } = useSession();
  const { data: since } = useQuery({
    queryKey: ["urgent-waiting"],
    queryFn: () => provider.urgentWaiting(),
    refetchInterval: 60_000,
  });
  if (!since) return null;
  return (
    <p className="note note-red" role="alert">
      {t`An urgent email has been waiting to be sent since ${longInstant(since, zone)}. Check that Duly’s worker runs and that the mail server can be reached. Until then, tell people some other way.`}
    </p>
  );
}

/** What failed was meant for somebody, who does not know of it. */
function ProblemsNote() {
  const { words, one } = useProblemCount();
  if (words === undefined) return null;
  return (
    <p className="note note-amber">
      {one
        ? t`Something that Duly does by itself has failed and needs attention.`
        : t`${words} things that Duly does by itself have failed and need attention.`}{" "}
      <Link to="/problems">{t`See problems`}</Link>
    </p>
  );
}

function Away({ away }: { away: AbsenceItem | undefined }) {
  return (
    <p className="quiet">
      {away && `${awayInWords(away)} `}
      <Link to="/away">{away ? t`I am back` : t`Out of office`}</Link>
    </p>
  );
}

function Request({ request }: { request: RequestItem }) {
  const type = useRecordType(request.type);
  return (
    <li className="row">
      <div className="row-main">
        <Link to={recordPath(type, request.id)} className="row-title">
          {request.recordTitle}
        </Link>
        <p className="row-more">
          {type?.label} · <span className="whole">{request.reference}</span>
        </p>
      </div>
      <p className="row-when">{type && <StateChip type={type} state={request.state} />}</p>
    </li>
  );
}

/** `main`: the first of them carries the one primary button of the page. */
const TaskRows = ({
  tasks,
  say,
  ofOthers = false,
  main = false,
}: {
  tasks: TaskItem[];
  say: (words: string) => void;
  ofOthers?: boolean;
  main?: boolean;
}) => (
  <ul className="rows tasks">
    {tasks.map((task, at) => (
      <TaskRow key={task.id} task={task} say={say} ofOthers={ofOthers} main={main && at === 0} />
    ))}
  </ul>
);

/** Its main action leads to the record, where it is done with everything needed in sight. */
interface TaskRowProps {
  task: TaskItem;
  say: (words: string) => void;
  ofOthers: boolean;
  main: boolean;
}

function TaskRow({ task, say, ofOthers, main }: TaskRowProps) {
  const { me } = useSession();
  const type = useRecordType(task.type);
  const path = recordPath(type, task.record);
  const action = task.actions[0];
  const when = whenInWords(task, me.today);
  const about = task.label.includes(task.recordTitle) ? (type?.label ?? "") : task.recordTitle;
  // Whoever does it first does it for all of them, and to none of them can it be handed.
  const beside = ofOthers ? [] : task.holders.filter(({ id }) => id !== me.person.id).map(({ name }) => name);
  const inPlaceOf = task.passed.find(({ to }) => to?.id === me.person.id)?.from;
  return (
    <li className="row">
      <div className="row-main">
        <Link to={path} className="row-title">
          {task.label}
        </Link>
        <p className="row-more">
          {about}
          {!`${task.label} ${about}`.includes(task.reference) && (
            <>
              {" "}
              · <span className="whole">{task.reference}</span>
            </>
          )}
          {ofOthers && ` · ${holdersInWords(task)}`}
          {beside.length > 0 && ` · ${t`also with ${listed(beside)}`}`}
          {!ofOthers && inPlaceOf && ` · ${t`for ${inPlaceOf.name}`}`}
        </p>
      </div>
      <p className="row-when">
        {task.overdue && <Chip meaning="red">{when}</Chip>}
        {task.dueOn === me.today && !task.overdue && <Chip meaning="amber">{when}</Chip>}
        {!task.overdue && task.dueOn !== me.today && when}
        {task.overdue && task.dueOn && <span className="row-more"> {t`was due ${shortDate(task.dueOn)}`}</span>}
      </p>
      {!ofOthers && (
        <Link
          to={action ? `${path}?do=${encodeURIComponent(action.name)}` : `${path}?tick=${encodeURIComponent(task.id)}`}
          className={main ? "button button-primary" : "button"}
          aria-label={`${action?.label ?? t`Done`}: ${task.recordTitle}`}
        >
          {action?.label ?? t`Done`}
        </Link>
      )}
      <TaskMore task={task} passed={say} />
    </li>
  );
}
