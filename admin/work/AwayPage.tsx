/** Out of office: from when to when, and who stands in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { RequestFailure } from "../graphql";
import { dateProblem } from "../dateParts";
import { DayField, Field } from "../Field";
import { t } from "../i18n/t";
import { answered } from "../plainForm";
import { Page } from "../Page";
import type { AbsenceItem, DulyProvider, PersonRef } from "../provider";
import { readAnew } from "../refresh";
import { PersonPicker } from "../record/PersonPicker";
import { longDate } from "../words";

export default function AwayPage() {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const [said, setSaid] = useState<string>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["my-absences"],
    queryFn: () => provider.myAbsences(),
  });
  const changed = async (words: string) => {
    await readAnew(client);
    setSaid(words);
  };
  return (
    <Page
      title={t`Out of office`}
      below={
        <p className="quiet">{t`While you are away your tasks go to somebody who stands in, where they may do them, and come back afterwards. Decisions stay with those who may take them.`}</p>
      }
    >
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && data.length > 0 && (
        <ul className="rows">
          {data.map((absence) => (
            <Planned key={absence.id} absence={absence} changed={changed} />
          ))}
        </ul>
      )}
      {data && <Form key={data.length} changed={changed} />}
    </Page>
  );
}

function Planned({ absence, changed }: { absence: AbsenceItem; changed: (words: string) => Promise<void> }) {
  const provider = useDataProvider<DulyProvider>();
  const [problem, setProblem] = useState<string>();
  const { begun, from, to, standIn } = absence;
  async function end() {
    try {
      await provider.endAbsence(absence.id);
      await changed(begun ? t`Welcome back. What is not done is yours again.` : t`Taken back.`);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{t`${longDate(from)} to ${longDate(to)}`}</p>
        <p className="row-more">{standIn ? t`${standIn.name} stands in` : t`Somebody stands in`}</p>
        {problem && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <button type="button" className="button" onClick={() => void end()}>
        {begun ? t`I am back` : t`Take back`}
        <span className="visually-hidden"> {t`(from ${longDate(from)})`}</span>
      </button>
    </li>
  );
}

function Form({ changed }: { changed: (words: string) => Promise<void> }) {
  const provider = useDataProvider<DulyProvider>();
  const [standIn, setStandIn] = useState<PersonRef[]>([]);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string>();
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [from, to] = [answered(form, "from"), answered(form, "to")];
    const [noFrom, noTo] = [
      from ? dateProblem(from) : t`Choose the first day away.`,
      to ? dateProblem(to) : t`Choose the last day away.`,
    ];
    const missing = {
      ...(noFrom && { from: noFrom }),
      ...(noTo && { to: noTo }),
      ...(standIn.length === 0 && { standIn: t`Choose who stands in.` }),
    };
    setFailure(undefined);
    setProblems(missing);
    if (Object.keys(missing).length > 0) return;
    try {
      await provider.setAbsence({ standIn: standIn[0]?.id ?? "", from, to });
      await changed(t`Noted. ${standIn[0]?.name ?? ""} is told of each task that passes on.`);
    } catch (caught) {
      if (caught instanceof RequestFailure && caught.problems.length > 0)
        setProblems(Object.fromEntries(caught.problems.map(({ path, message }) => [path, message])));
      else setFailure(messageOf(caught));
    }
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)} noValidate>
      <DayField alone id="away-from" name="from" label={t`First day away`} problem={problems["from"]} />
      <DayField alone id="away-to" name="to" label={t`Last day away`} problem={problems["to"]} />
      <Field alone id="away-stand-in" label={t`Who stands in`} problem={problems["standIn"]}>
        {(props) => (
          <PersonPicker
            id={props.id}
            value={standIn}
            onChange={setStandIn}
            multiple={false}
            required
            invalid={problems["standIn"] !== undefined}
            {...(props["aria-describedby"] && { describedBy: props["aria-describedby"] })}
          />
        )}
      </Field>
      {failure && (
        <p className="note note-red" role="alert">
          {failure}
        </p>
      )}
      <div className="form-buttons">
        <button type="submit" className="button button-primary">{t`Say that I am away`}</button>
      </div>
    </form>
  );
}
