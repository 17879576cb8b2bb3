import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { Link, useParams } from "react-router-dom";
import { ErrorSummary, FailureNote, type FieldProblem, messageOf, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { Appointment, DulyProvider, PersonRef } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { shortDate } from "../words";
import { PersonFile } from "./PersonFile";

export default function PersonPage() {
  const { id = "" } = useParams();
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const person = useQuery({ queryKey: ["person", id], queryFn: () => provider.person(id) });
  const appointments = useQuery({ queryKey: ["appointments", id], queryFn: () => provider.appointments(id) });
  const [said, setSaid] = useState<string>();
  const changed = async (words: string) => {
    await readAnew(client);
    setSaid(words);
  };
  if (!person.data)
    return (
      <Page title={t`Person`}>
        {person.error && <FailureNote failure={person.error} retry={() => void person.refetch()} />}
        {person.isPending && <Waiting />}
        {person.data === null && (
          <p>{t`This person holds no role at your school, or is one whom you meet only through the records that name them.`}</p>
        )}
      </Page>
    );
  const now = appointments.data?.filter(({ to }) => to === null || to >= me.today) ?? [];
  const past = appointments.data?.filter(({ to }) => to !== null && to < me.today) ?? [];
  return (
    <Page
      title={person.data.name}
      above={
        <p className="crumb">
          <Link to="/people">{t`People`}</Link>
        </p>
      }
      below={person.data.email && <p className="quiet">{person.data.email}</p>}
    >
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      <section aria-labelledby="roles">
        <h2 id="roles">{t`Roles`}</h2>
        {appointments.error && <FailureNote failure={appointments.error} />}
        {appointments.isSuccess && now.length === 0 && <p className="empty">{t`Holds no role now.`}</p>}
        <ul className="rows">
          {now.map((appointment) => (
            <Held key={appointment.id} appointment={appointment} changed={changed} />
          ))}
        </ul>
        {past.length > 0 && (
          <details>
            <summary>{t`Earlier roles`}</summary>
            <ul className="rows">
              {past.map((appointment) => (
                <Held key={appointment.id} appointment={appointment} changed={changed} />
              ))}
            </ul>
          </details>
        )}
      </section>
      {me.administers && <Appoint person={person.data} changed={changed} />}
      {me.administers && <PersonFile id={id} changed={changed} />}
    </Page>
  );
}

function Held({ appointment, changed }: { appointment: Appointment; changed: (words: string) => Promise<void> }) {
  const { me } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { id, role, organisation, from, to } = appointment;
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const on = String(new FormData(event.currentTarget).get("on") ?? "");
    if (!on) return setProblem(t`Choose the last day.`);
    try {
      await provider.endAppointment(id, on);
      await changed(t`${role.label} ends on ${shortDate(on)}. Open tasks follow whoever holds the role then.`);
      setAsking(false);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{role.label}</p>
        <p className="row-more">
          {to
            ? t`${organisation.name}, from ${shortDate(from)} to ${shortDate(to)}`
            : t`${organisation.name}, from ${shortDate(from)}`}
        </p>
      </div>
      {me.administers && !asking && (to === null || to >= me.today) && (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t`End ${(<span className="visually-hidden">{role.label}</span>)}`}
        </button>
      )}
      {asking && (
        <form className="tools" onSubmit={(event) => void submit(event)} noValidate>
          <label htmlFor={`end-${id}`}>{t`Last day`}</label>
          <input className="input" type="date" id={`end-${id}`} name="on" defaultValue={me.today} />
          <button type="submit" className="button">{t`End the role`}</button>
          <button type="button" className="link" onClick={() => setAsking(false)}>{t`Cancel`}</button>
          {problem && (
            <p role="alert" className="field-problem">
              {problem}
            </p>
          )}
        </form>
      )}
    </li>
  );
}

function Appoint({ person, changed }: { person: PersonRef; changed: (words: string) => Promise<void> }) {
  const { me, roles } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const fail = (found: FieldProblem[]) => {
    setProblems(found);
    setAttempt((n) => n + 1);
  };
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const given = (name: string) => String(data.get(name) ?? "");
    const [role, from, to] = [given("role"), given("from"), given("to")];
    const found: FieldProblem[] = [];
    if (!role) found.push({ control: "appoint-role", message: t`Choose the role.` });
    if (!from) found.push({ control: "appoint-from", message: t`Choose the first day.` });
    if (to && to < from) found.push({ control: "appoint-to", message: t`The last day is before the first.` });
    if (found.length > 0) return fail(found);
    setProblems([]);
    try {
      await provider.appoint({ person: person.id, role, from, ...(to && { to }) });
      form.reset();
      await changed(t`${person.name} is appointed from ${shortDate(from)}.`);
    } catch (failure) {
      fail([{ message: messageOf(failure) }]);
    }
  }
  return (
    <section aria-labelledby="appoint">
      <h2 id="appoint">{t`Appoint to a role`}</h2>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <div>
          <label className="field-label" htmlFor="appoint-role">{t`Role`}</label>
          <select className="input" id="appoint-role" name="role" defaultValue="">
            <option value="">{t`Choose one`}</option>
            {roles.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div className="parts">
          <label>
            {t`First day`}
            <input className="input" type="date" id="appoint-from" name="from" defaultValue={me.today} />
          </label>
          <label>
            {t`Last day (optional)`}
            <input className="input" type="date" id="appoint-to" name="to" />
          </label>
        </div>
        <div className="form-buttons">
          <button type="submit" className="button button-primary">{t`Appoint`}</button>
        </div>
      </form>
    </section>
  );
}
