/** Those who cannot sign in yet, and a one-time link for each: by mail where mail leaves, else to be handed over. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, SignInLink } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { useDoing } from "../useDoing";
import { download, fileName, fileOf } from "../sheet/files";
import { LinkList } from "./LinkList";

export default function InvitePage() {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const [links, setLinks] = useState<SignInLink[]>();
  const { busy, problem, doing } = useDoing();
  const list = useQuery({ queryKey: ["people", "without sign-in"], queryFn: () => provider.peopleWithoutSignIn() });
  const people = list.data ?? [];
  const reachable = people.filter(({ email }) => email);
  const invite = () =>
    doing(async () => {
      setLinks(await provider.makeSignInLinks(reachable.map(({ id }) => id)));
      await readAnew(client);
    });
  async function save(made: SignInLink[]) {
    const rows = made.flatMap(({ person, url }) => (url ? [[person.name, person.email ?? "", url]] : []));
    const file = await fileOf([[t`Name`, t`Email address`, t`Link`], ...rows], "csv", t`Links`);
    download(file, fileName("sign-in links", me.today, "csv"));
  }
  return (
    <Page
      title={t`Invite people`}
      above={
        <p className="crumb">
          <Link to="/people">{t`People`}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`Each gets a link of their own to choose a password by. It works once and for a fortnight; a new one ends the last. Opening it changes nothing.`}</p>
      }
    >
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {problem && (
        <p className="note note-red" role="alert">
          {problem}
        </p>
      )}
      {links ? (
        <>
          <LinkList links={links} />
          {links.some(({ url }) => url) && (
            <button
              type="button"
              className="button"
              onClick={() => void save(links)}
            >{t`Download the links as CSV`}</button>
          )}
        </>
      ) : (
        list.isSuccess && (
          <>
            <p>
              {people.length === 0
                ? t`Everybody who holds a role here has a password.`
                : plural(people.length, "# person has no password yet.", "# people have no password yet.")}
            </p>
            <ul className="rows">
              {people.map(({ id, name, email }) => (
                <li key={id} className="row">
                  <Link className="row-main row-title" to={`/people/${id}`}>
                    {name}
                  </Link>
                  <span className="quiet">{email ?? t`no email address: they cannot sign in`}</span>
                </li>
              ))}
            </ul>
            {reachable.length > 0 && (
              <button type="button" className="button button-primary" disabled={busy} onClick={() => void invite()}>
                {plural(reachable.length, "Invite # person", "Invite # people")}
              </button>
            )}
          </>
        )
      )}
    </Page>
  );
}
