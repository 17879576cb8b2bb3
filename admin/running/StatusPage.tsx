/** For administrators: whether Duly does its work, and the changes of dates that are under way. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { CheckItem, DulyProvider } from "../provider";
import { Chip } from "../StateChip";
import { AllClockJobs } from "./ClockJobs";
import { useProblemCount } from "./useProblemCount";

/** Milliseconds. */
const AGAIN = 30_000;

export default function StatusPage() {
  const provider = useDataProvider<DulyProvider>();
  const { words: problems } = useProblemCount();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["installation-checks"],
    queryFn: () => provider.installationChecks(),
    refetchInterval: AGAIN,
  });
  const wrong = data?.filter(({ ok }) => !ok) ?? [];
  return (
    <Page
      title={t`How Duly is doing`}
      above={
        <p className="crumb">
          <Link to="/settings">{t`Settings`}</Link>
        </p>
      }
      below={
        <p className="quiet">
          {t`Whether emails leave and reminders fall due, looked at every half minute while this page is open.`}
        </p>
      }
    >
      {error && !data && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && (
        <section aria-labelledby="checks">
          <h2 id="checks">
            {wrong.length === 0
              ? t`Everything works`
              : plural(wrong.length, "# thing needs attention", "# things need attention")}
          </h2>
          <ul className="rows">
            {[...wrong, ...data.filter(({ ok }) => ok)].map((check) => (
              <Check key={check.name} check={check} problems={problems} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="jobs">
        <h2 id="jobs">{t`Changes of dates`}</h2>
        <p className="quiet">
          {t`A change of the calendar, of a figure, of a record type or of who has a role moves dates. What is due in the meantime is still done.`}
        </p>
        <AllClockJobs />
      </section>
    </Page>
  );
}

/** What the server's names mean to whoever does not run it; the others stand as they are. */
const namesInWords = (): Record<string, string> => ({
  Schema: t`Version of the database`,
  Redis: t`Redis, which wakes the workers`,
  Workers: t`Workers, which send emails and reminders`,
  "Oldest due": t`Late reminders and deadlines`,
  "Urgent notices": t`Urgent emails`,
});

/** What an administrator sees to on a page rather than whoever runs the server. */
const pages: Record<string, string> = { "Failed work": "/problems" };

const Check = ({
  check: { name, ok, says, remedy },
  problems,
}: {
  check: CheckItem;
  /** How many there are, which the reader can do something about. */
  problems: string | undefined;
}) => (
  <li className="row">
    <div className="row-main">
      <p className="row-title">{namesInWords()[name] ?? name}</p>
      <p>{says}</p>
      {pages[name] !== undefined && problems !== undefined && (
        <p>
          <Link to={pages[name]}>{t`See problems (${problems})`}</Link>
        </p>
      )}
      {remedy && pages[name] === undefined && (
        <p className="row-more">{t`For the person who runs the server: ${remedy}`}</p>
      )}
    </div>
    <p className="row-when">
      <Chip meaning={ok ? "green" : "red"}>{ok ? t`OK` : t`Needs attention`}</Chip>
    </p>
  </li>
);
