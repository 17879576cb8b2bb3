/** Changes whose dates are being worked out again: beside what was changed, and on the page that lists them all. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import type { ClockJobItem, DulyProvider } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { longInstant, sentence } from "../words";
import { doneInWords, movedInWords } from "./jobWords";

/** Milliseconds between asking while one is under way, and while none is. */
const UNDER_WAY = 2_000;
const AT_REST = 60_000;

function useClockJobs() {
  const provider = useDataProvider<DulyProvider>();
  return useQuery({
    queryKey: ["clock-jobs"],
    queryFn: () => provider.clockJobs(),
    refetchInterval: ({ state }) => (state.data?.some(({ doneAt }) => doneAt === null) ? UNDER_WAY : AT_REST),
  });
}

/** Those under way, and those that ended while this was looked at. Nothing where there are none. */
export function ClockJobs() {
  const { data } = useClockJobs();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const fresh = data?.filter(({ id, doneAt }) => doneAt === null && !seen.has(id)) ?? [];
  if (fresh.length > 0) setSeen(new Set([...seen, ...fresh.map(({ id }) => id)]));
  const shown = data?.filter(({ id, doneAt }) => doneAt === null || seen.has(id)) ?? [];
  if (shown.length === 0) return null;
  return (
    <section className="note note-blue" aria-label={t`Dates being updated`}>
      <ul className="reset jobs">
        {shown.map((job) => (
          <li key={job.id}>
            <Job job={job} />
          </li>
        ))}
      </ul>
      <p>
        <Link to="/status">{t`See all changes of dates`}</Link>
      </p>
    </section>
  );
}

/** All of them, with what ended. */
export function AllClockJobs() {
  const { data, error, isPending, refetch } = useClockJobs();
  if (error) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (isPending) return <Waiting />;
  if (data.length === 0) return <p className="empty">{t`No change has moved dates yet.`}</p>;
  return (
    <ul className="rows">
      {data.map((job) => (
        <li className="row" key={job.id}>
          <div className="row-main">
            <Job job={job} />
          </div>
          <p className="row-when">
            <Chip meaning={job.cause ? "red" : job.doneAt ? "green" : "blue"}>
              {job.cause ? t`Stopped` : job.doneAt ? t`Done` : t`Under way`}
            </Chip>
          </p>
        </li>
      ))}
    </ul>
  );
}

function Job({ job }: { job: ClockJobItem }) {
  const { zone } = useSession();
  const { reason, by, since, visited, total, moved, failed, doneAt, cause } = job;
  const when = longInstant(since, zone);
  const known = total !== null && total >= visited;
  return (
    <>
      <p className="row-title">{sentence(reason)}</p>
      {doneAt === null && (
        <div className="progress">
          <progress aria-label={t`Progress: ${reason}`} {...(known && { max: Math.max(total, 1), value: visited })} />
          <p>{doneInWords(job)}</p>
        </div>
      )}
      <p className="row-more">{by ? t`Changed by ${by} on ${when}` : t`Changed on ${when}`}</p>
      {doneAt !== null && (
        <p role="status">
          {cause ??
            t`All dates are up to date. ${plural(visited, "# record checked.", "# records checked.")} ${movedInWords(moved)}`}
        </p>
      )}
      {(failed > 0 || cause) && (
        <p>
          {failed > 0 && plural(failed, "# record could not be updated.", "# records could not be updated.")}{" "}
          <Link to="/problems">{t`See problems`}</Link>
        </p>
      )}
    </>
  );
}
