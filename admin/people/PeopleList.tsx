import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { SubmitEvent } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { listed } from "../words";

export default function PeopleList() {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const [params, setParams] = useSearchParams();
  const search = params.get("q") ?? "";
  const list = useInfiniteQuery({
    queryKey: ["people", search],
    queryFn: ({ pageParam }) => provider.people(search, pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const held = useQuery({
    queryKey: ["appointments", "on", me.today],
    queryFn: () => provider.appointmentsOn(me.today),
  });
  const rolesOf = (id: string) =>
    (held.data ?? []).filter(({ person }) => person?.id === id).map(({ role }) => role.label);
  const people = list.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  function find(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    setParams(words ? { q: words } : {});
  }
  return (
    <Page
      title={t`People`}
      below={
        <>
          <p className="quiet">{t`Those who hold a role at your school. Who is told and who decides follows from it.`}</p>
          {me.administers && (
            <p className="text-links">
              <Link to="/people/new">{t`Add a person`}</Link>
              <Link to="/people/import">{t`Bring people in from a file`}</Link>
              <Link to="/people/invite">{t`Invite people`}</Link>
            </p>
          )}
        </>
      }
    >
      <form className="tools" role="search" aria-label={t`People`} onSubmit={find}>
        <label className="visually-hidden" htmlFor="people-search">{t`Search people by name`}</label>
        <input
          className="input"
          id="people-search"
          name="q"
          type="search"
          placeholder={t`Name`}
          defaultValue={search}
          key={search}
        />
        <button type="submit" className="button">{t`Search`}</button>
      </form>
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.isSuccess && people.length === 0 && (
        <p className="empty">{search ? t`Nobody is called “${search}”.` : t`Nobody is appointed yet.`}</p>
      )}
      <ul className="rows people">
        {people.map(({ id, name, email }) => (
          <li key={id} className="row">
            <Link className="row-main row-title" to={`/people/${id}`}>
              {name}
            </Link>
            <span className="person-roles">
              <span>{rolesOf(id).length > 0 ? listed(rolesOf(id)) : held.isSuccess && t`No role now`}</span>
              <span className="quiet">{email}</span>
            </span>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="tools">
          <button
            type="button"
            className="button"
            disabled={list.isFetching}
            onClick={() => void list.fetchNextPage()}
          >{t`Show more`}</button>
        </p>
      )}
    </Page>
  );
}
