/** What those who administer the school see and change of a person, beside their roles. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { ErrorSummary, FailureNote, messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, PersonFileItem, SignInLink } from "../provider";
import { PersonPicker } from "../record/PersonPicker";
import { useSession } from "../session";
import { useProblems } from "../useProblems";
import { dateAt, shortDate } from "../words";
import { LinkList } from "./LinkList";
import { PersonFields, personProblems, readPersonForm } from "./PersonFields";

interface Part {
  file: PersonFileItem;
  changed: (words: string) => Promise<void>;
}

export function PersonFile({ id, changed }: { id: string; changed: Part["changed"] }) {
  const provider = useDataProvider<DulyProvider>();
  const file = useQuery({ queryKey: ["person", id, "file"], queryFn: () => provider.personFile(id) });
  if (file.error) return <FailureNote failure={file.error} retry={() => void file.refetch()} />;
  if (!file.data) return null;
  return (
    <>
      {file.data.relations.length > 0 && <Relations file={file.data} changed={changed} />}
      <SignsIn file={file.data} changed={changed} />
      <Details
        key={JSON.stringify([file.data.person, file.data.externalId, file.data.active])}
        file={file.data}
        changed={changed}
      />
    </>
  );
}

function Relations({ file, changed }: Part) {
  const provider = useDataProvider<DulyProvider>();
  const [problem, setProblem] = useState<string>();
  async function relate(kind: string, label: string, other: string | null) {
    setProblem(undefined);
    try {
      await provider.relate(file.person.id, kind, other);
      await changed(t`${label}: saved.`);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <section className="form" aria-labelledby="person-relations">
      <h2 id="person-relations">{t`Who stands to them as what`}</h2>
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
      {file.relations.map(({ kind, label, other }) => (
        <div key={kind}>
          <label className="field-label" htmlFor={`relation-${kind}`}>
            {label}
          </label>
          <PersonPicker
            id={`relation-${kind}`}
            multiple={false}
            value={other ? [other] : []}
            onChange={(people) => void relate(kind, label, people[0]?.id ?? null)}
          />
        </div>
      ))}
    </section>
  );
}

function SignsIn({ file, changed }: Part) {
  const provider = useDataProvider<DulyProvider>();
  const [links, setLinks] = useState<SignInLink[]>();
  const [problem, setProblem] = useState<string>();
  const { zone } = useSession();
  const { active, signsIn, linkUntil, person } = file;
  async function make() {
    try {
      const made = await provider.makeSignInLinks([person.id]);
      setLinks(made);
      // What stands in the way is said below.
      if (made.every(({ problem }) => problem === null))
        await changed(t`A link has been made. It ends the one before it.`);
      else await changed("");
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <section aria-labelledby="person-sign-in">
      <h2 id="person-sign-in">{t`Signing in`}</h2>
      <p>
        {!active
          ? t`They have left, and cannot sign in.`
          : signsIn
            ? t`They have chosen a password.`
            : t`They have chosen no password yet.`}
        {active && linkUntil && ` ${t`A link to choose one is open until ${shortDate(dateAt(linkUntil, zone))}.`}`}
      </p>
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
      {links && <LinkList links={links} />}
      {active && (
        <button type="button" className="button" onClick={() => void make()}>
          {signsIn ? t`Make a link for another password` : t`Make a link to sign in by`}
        </button>
      )}
    </section>
  );
}

function Details({ file, changed }: Part) {
  const provider = useDataProvider<DulyProvider>();
  const { problems, attempt, fail, clear } = useProblems();
  const { person, externalId, active } = file;
  async function save(input: Parameters<DulyProvider["updatePerson"]>[0], words: string) {
    try {
      const all = await provider.updatePerson(input);
      await changed(all ? words : t`Part of this waits for a second person: see above. The rest is saved.`);
    } catch (failure) {
      fail(personProblems(failure));
    }
  }
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    clear();
    void save({ id: person.id, ...readPersonForm(new FormData(event.currentTarget)) }, t`Saved.`);
  }
  const self = { id: person.id, name: person.name, email: person.email ?? null };
  return (
    <section aria-labelledby="person-details">
      <h2 id="person-details">{t`Details`}</h2>
      <form className="form" onSubmit={submit} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <PersonFields person={{ ...self, externalId }} problems={problems} />
        <div className="form-buttons">
          <button type="submit" className="button">{t`Save the details`}</button>
          {active ? (
            <button
              type="button"
              className="button"
              onClick={() =>
                void save(
                  { ...self, active: false },
                  t`${person.name} is marked as left: signed out, and their tasks pass to whoever else holds them.`,
                )
              }
            >{t`They have left`}</button>
          ) : (
            <button
              type="button"
              className="button"
              onClick={() => void save({ ...self, active: true }, t`${person.name} is here again.`)}
            >{t`They are here again`}</button>
          )}
        </div>
      </form>
    </section>
  );
}
