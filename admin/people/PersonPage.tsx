import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { Link, useParams } from "react-router-dom";
import { ErrorSummary, FailureNote, type FieldProblem, messageOf, Waiting } from "../Failure";
import { dateProblem } from "../dateParts";
import { DayField, Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { Appointment, DulyProvider, PersonRef } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { useProblems } from "../useProblems";
import { longInstant, shortDate } from "../words";
import { PersonFile } from "./PersonFile";

export default function PersonPage() {
  const { id = "" } = useParams();
  // What was said of one person is not said of the next.
  return <OnePerson key={id} id={id} />;
}

function OnePerson({ id }: { id: string }) {
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
      <WaitingAbout person={id} />
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

/** What was asked about them and is not done yet. */
function WaitingAbout({ person }: { person: string }) {
  const provider = useDataProvider<DulyProvider>();
  const { zone } = useSession();
  const { data = [] } = useQuery({
    queryKey: ["power-requests", person],
    queryFn: () => provider.powerRequests(person),
  });
  if (data.length === 0) return null;
  return (
    <section aria-labelledby="person-waiting">
      <h2 id="person-waiting">
        {data.every(({ state }) => state === "APPROVED")
          ? t`Confirmed by a second person`
          : t`Waits for a second person`}
      </h2>
      <ul className="rows">
        {data.map(({ id, sentence, effectiveAt, state }) => (
          <li key={id} className="row">
            <div className="row-main">
              <p className="row-title">{sentence}</p>
              <p className="row-more">
                {state === "APPROVED"
                  ? t`It is confirmed: whoever asked can now do it here, once, within seven days.`
                  : t`If nobody stops it, it takes effect on ${longInstant(effectiveAt, zone)}.`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/confirm">{t`Confirm or stop`}</Link>
      </p>
    </section>
  );
}

function Held({ appointment, changed }: { appointment: Appointment; changed: (words: string) => Promise<void> }) {
  const { me } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { id, role, organisation, from, to, madeBy, endedBy } = appointment;
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const on = String(new FormData(event.currentTarget).get("on") ?? "");
    const undated = on ? dateProblem(on) : t`Choose the last day.`;
    if (undated) return setProblem(undated);
    try {
      const ends = await provider.endAppointment(id, on);
      await changed(
        ends
          ? t`${role.label} ends on ${shortDate(on)}. Open tasks follow whoever holds the role then.`
          : t`${role.label} goes on until a second person confirms that it ends.`,
      );
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
        {(madeBy ?? endedBy) && (
          <p className="row-more">
            {[madeBy && t`Given by ${madeBy.name}.`, endedBy && t`Ended by ${endedBy.name}.`].filter(Boolean).join(" ")}
          </p>
        )}
      </div>
      {me.administers && !asking && (to === null || to >= me.today) && (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t`End ${(<span className="visually-hidden">{role.label}</span>)}`}
        </button>
      )}
      {asking && (
        <form className="form" onSubmit={(event) => void submit(event)} noValidate>
          <DayField alone id={`end-${id}`} name="on" label={t`Last day`} initial={me.today} problem={problem} />
          <div className="form-buttons">
            <button type="submit" className="button">{t`End the role`}</button>
            <button type="button" className="button" onClick={() => setAsking(false)}>{t`Cancel`}</button>
          </div>
        </form>
      )}
    </li>
  );
}

function Appoint({ person, changed }: { person: PersonRef; changed: (words: string) => Promise<void> }) {
  const { me, roles } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const { problems, attempt, problemOf, fail, clear } = useProblems();
  // Once it is done, the form begins anew.
  const [made, setMade] = useState(0);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const given = (name: string) => String(data.get(name) ?? "");
    const [role, from, to] = [given("role"), given("from"), given("to")];
    const found: FieldProblem[] = [];
    if (!role) found.push({ control: "appoint-role", message: t`Choose the role.` });
    const noFrom = from ? dateProblem(from) : t`Choose the first day.`;
    const noTo = dateProblem(to) ?? (to && to < from ? t`The last day is before the first.` : undefined);
    if (noFrom) found.push({ control: "appoint-from", message: noFrom });
    if (noTo) found.push({ control: "appoint-to", message: noTo });
    if (found.length > 0) return fail(found);
    clear();
    try {
      const given = await provider.appoint({ person: person.id, role, from, ...(to && { to }) });
      setMade((n) => n + 1);
      await changed(
        given
          ? t`${person.name} is appointed from ${shortDate(from)}.`
          : t`This role gives access to confidential records, so it waits for a second person.`,
      );
    } catch (failure) {
      fail([{ message: messageOf(failure) }]);
    }
  }
  return (
    <section aria-labelledby="appoint">
      <h2 id="appoint">{t`Appoint to a role`}</h2>
      <form key={made} className="form" onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <Field id="appoint-role" label={t`Role`} problem={problemOf("appoint-role")}>
          {(described) => (
            <select className="input" name="role" defaultValue="" {...described}>
              <option value="">{t`Choose one`}</option>
              {roles.map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <DayField
          id="appoint-from"
          name="from"
          label={t`First day`}
          initial={me.today}
          problem={problemOf("appoint-from")}
        />
        <DayField id="appoint-to" name="to" label={t`Last day`} optional problem={problemOf("appoint-to")} />
        <div className="form-buttons">
          <button type="submit" className="button button-primary">{t`Appoint`}</button>
        </div>
      </form>
    </section>
  );
}
