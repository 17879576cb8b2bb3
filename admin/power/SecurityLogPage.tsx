/** Who signed in, who gave whom which role, and what else touches access: for administrators and headteachers. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { ErrorSummary, FailureNote, Waiting } from "../Failure";
import { dateProblem } from "../dateParts";
import { DayField, Field } from "../Field";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, PersonRef, SecurityEntryItem, SecurityFilter } from "../provider";
import { PersonPicker } from "../record/PersonPicker";
import { useSession } from "../session";
import { useProblems } from "../useProblems";
import { listed, longInstant, shortDate } from "../words";
import { startOfDay } from "./days";

/** Beyond these an entry says how many. */
const MOST_NAMED = 4;

export default function SecurityLogPage() {
  const provider = useDataProvider<DulyProvider>();
  const [filter, setFilter] = useState<SecurityFilter>({});
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["security-log", filter],
    queryFn: ({ pageParam }) => provider.securityLog(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const entries = data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  return (
    <Page
      title={t`Security log`}
      below={
        <p className="quiet">{t`Who signed in, and who changed what gives access. The command “verify” finds an entry that was altered. Internet addresses are not kept: the same code is the same network.`}</p>
      }
    >
      <Filters apply={setFilter} />
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && entries.length === 0 && <p className="empty">{t`No entry fits.`}</p>}
      <ul className="rows" aria-label={t`Entries`}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t`Show more`}
        </button>
      )}
    </Page>
  );
}

function Filters({ apply }: { apply: (filter: SecurityFilter) => void }) {
  const provider = useDataProvider<DulyProvider>();
  const { zone } = useSession();
  const { data: kinds = [] } = useQuery({ queryKey: ["security-kinds"], queryFn: () => provider.securityKinds() });
  const [people, setPeople] = useState<PersonRef[]>([]);
  const { problems, attempt, problemOf, fail, clear } = useProblems();
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "");
    const [from, to, kind] = [given("from"), given("to"), given("kind")];
    const wrong = (["from", "to"] as const).flatMap((name) => {
      const message = dateProblem(given(name));
      return message ? [{ control: `log-${name}`, message }] : [];
    });
    if (!wrong.length && from && to && to < from)
      wrong.push({ control: "log-to", message: t`The last day comes before the first.` });
    if (wrong.length) return fail(wrong);
    clear();
    apply({
      ...(kind && { kind }),
      ...(people[0] && { person: people[0].id }),
      ...(from && { from: startOfDay(from, zone) }),
      ...(to && { to: startOfDay(to, zone, 1) }),
    });
  }
  return (
    <details>
      <summary>{t`Filter`}</summary>
      <form className="form" onSubmit={submit} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <Field id="log-kind" label={t`What happened`}>
          {(described) => (
            <select className="input" name="kind" defaultValue="" {...described}>
              <option value="">{t`Everything`}</option>
              {kinds.map(({ kind, label }) => (
                <option key={kind} value={kind}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="field">
          <label className="field-label" htmlFor="log-person">{t`Person, who did it or whom it is about`}</label>
          <PersonPicker id="log-person" multiple={false} value={people} onChange={setPeople} />
        </div>
        <DayField id="log-from" name="from" label={t`From`} optional problem={problemOf("log-from")} />
        <DayField id="log-to" name="to" label={t`To`} optional problem={problemOf("log-to")} />
        <div className="form-buttons">
          <button type="submit" className="button">{t`Show`}</button>
        </div>
      </form>
    </details>
  );
}

function Entry({ entry }: { entry: SecurityEntryItem }) {
  const { zone } = useSession();
  const { label, at, about, address } = entry;
  const details = useDetails(entry);
  const who = useActor(entry);
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{about && about.id !== entry.actor?.id ? t`${label}: ${about.name}` : label}</p>
        {details.length > 0 && <p className="row-more">{details.join(" · ")}</p>}
        <p className="row-more">{address ? t`${who}, network code ${address.slice(0, 6)}` : who}</p>
      </div>
      <p className="row-when">{longInstant(at, zone)}</p>
    </li>
  );
}

function useActor({ actor, actorKind }: SecurityEntryItem): string {
  if (actor) return actorKind === "token" ? t`${actor.name}, by an API token` : actor.name;
  if (actorKind === "cli") return t`From the command line`;
  return actorKind === "system" ? t`Automatic` : t`Nobody signed in`;
}

/** What was asked for that takes two people. */
function deedInWords(deed: string): string | undefined {
  switch (deed) {
    case "role":
      return t`to give a role`;
    case "end":
      return t`to end a role`;
    case "address":
      return t`to change an email address`;
    case "return":
      return t`to let somebody come back`;
    case "leave":
      return t`to mark somebody as a leaver`;
    case "link":
      return t`to make a sign-in link`;
    case "publish":
      return t`to publish a definition`;
    case "setting":
      return t`to change a figure`;
    case "delay":
      return t`to change how long a request waits`;
    default:
      return undefined;
  }
}

/** What an entry's detail says to a person; ids say nothing and are left out. */
function useDetails({ detail, kind }: SecurityEntryItem): string[] {
  const { roles, types } = useSession();
  const text = (name: string) => (typeof detail[name] === "string" ? detail[name] : undefined);
  const roleOf = (name: string) => roles.find((role) => role.name === name)?.label ?? name;
  const deed = text("asks") ?? text("asked");
  const several = Array.isArray(detail["roles"]) ? detail["roles"].map(String) : [];
  const labelOf = (name: string) => types.find((each) => each.name === name)?.label ?? name;
  const added = Array.isArray(detail["types"]) ? detail["types"].map(String) : [];
  const [role, type, from, to, on] = [text("role"), text("type"), text("from"), text("to"), text("on")];
  const found: (string | undefined)[] = [
    deed && deedInWords(deed),
    role && roleOf(role),
    several.length > 0 ? listed(several.map(roleOf)) : undefined,
    from && t`from ${shortDate(from)}`,
    to && t`until ${shortDate(to)}`,
    on && t`last day ${shortDate(on)}`,
    type && labelOf(type),
    added.length > MOST_NAMED
      ? plural(added.length, "# record type", "# record types")
      : listed(added.map(labelOf)) || undefined,
    text("opens"),
    text("way") === "shown" ? t`shown to who made it` : text("way") === "email" ? t`sent by email` : undefined,
    kind === "delayChanged" ? t`${String(detail["before"])} hours before, ${String(detail["after"])} now` : undefined,
  ];
  return found.flatMap((words) => words || []);
}
