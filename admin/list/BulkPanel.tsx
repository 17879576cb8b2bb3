/**
 * One action, or one field, for several records: the form is filled in once, then each record is asked for by itself,
 * through the typed mutation a person would use for one. So each is judged on its own, is its own transaction and
 * version, and what is refused says why while the others are done.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { plural, t } from "../i18n/t";
import { useProblems } from "../problems";
import type { DulyProvider, ShownValues } from "../provider";
import { FormFields, summaryOf, unready, useConditions } from "../record/FormFields";
import { isBlank, toPlain } from "../record/values";
import { readAnew } from "../refresh";
import { scopeIn, useSession } from "../session";
import { Chip, StateChip } from "../StateChip";
import { counted, inSentence } from "../words";
import { type BulkChoice, type BulkRecord, sharedDefaults } from "./bulk";
import { Progress } from "./Progress";
import { type Outcome, useRun } from "./useRun";

interface BulkPanelProps {
  type: RecordType;
  choice: BulkChoice;
  records: BulkRecord[];
  /** With the ids of those that are done, which need be selected no longer. */
  close: (done: string[]) => void;
}

export default function BulkPanel({ type, choice, records, close }: BulkPanelProps) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const session = useSession();
  const form = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [typed, setTyped] = useState<ShownValues>(() => sharedDefaults(choice, scopeIn(session, type), session.me));
  const [comment, setComment] = useState("");
  const { problems, attempt, fail } = useProblems();
  const conditions = useConditions(type, undefined, typed, choice.asked);
  const run = useRun(records, async (record) => {
    const input = inputOf();
    if (choice.what === "field") await provider.updateRecord(type.name, record.id, record.version, input);
    else
      await provider.act(type.name, record.id, choice.name, {
        version: record.version,
        input,
        ...(comment && { comment }),
      });
  });
  const started = run.outcomes.length > 0;
  useEffect(() => heading.current?.focus(), [started]);

  function inputOf() {
    const asked = choice.asked.filter(conditions.visible);
    // A question of an action left open is answered by each record's own value or default; an emptied field is empty.
    const answered = choice.what === "field" ? asked : asked.filter(({ name }) => !isBlank(typed[name]));
    return Object.fromEntries(answered.map(({ name, field }) => [name, toPlain(field, typed[name])]));
  }
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const lacking = unready(choice.asked, typed, conditions);
    fail(lacking);
    if (lacking.length === 0) run.start();
  }
  const leave = () => {
    void readAnew(client);
    close(records.flatMap(({ id }, at) => (run.outcomes[at]?.is === "done" ? [id] : [])));
  };
  const many = counted(records.length, inSentence(type.label), inSentence(type.pluralLabel));
  const verb = choice.what === "action" ? choice.label : t`Change ${inSentence(choice.label)}`;
  const elsewhere = records.filter(({ state }) => choice.from && !choice.from.includes(state)).length;
  const settled = run.outcomes.filter(({ is }) => is !== "waiting").length;
  const refused = run.outcomes.filter(({ is }) => is === "refused").length;
  return (
    <section className="bulk" aria-labelledby={`${form}-title`}>
      <h2 id={`${form}-title`} tabIndex={-1} ref={heading}>
        {verb}: {many}
      </h2>
      {choice.help && !started && <p className="quiet">{choice.help}</p>}
      {!started && elsewhere > 0 && (
        <p className="note note-amber">
          {plural(
            elsewhere,
            "One of them is in a state where this cannot be done; it will be refused there, and done for the others.",
            "# of them are in a state where this cannot be done; it will be refused there, and done for the others.",
          )}
        </p>
      )}
      {started ? (
        <>
          <Progress
            {...run}
            done={settled}
            total={records.length}
            inWords={(n) => counted(n, inSentence(type.label), inSentence(type.pluralLabel))}
          />
          {!run.running && settled === records.length && refused > 0 && (
            <p className="note note-amber" role="status">
              {plural(
                refused,
                "One was refused and stays selected. The reasons stand below; nothing was changed there.",
                "# were refused and stay selected. The reasons stand below; nothing was changed there.",
              )}
            </p>
          )}
        </>
      ) : (
        <form className="form" onSubmit={submit} noValidate>
          <ErrorSummary problems={summaryOf(form, choice.asked, problems)} attempt={attempt} />
          <FormFields
            form={form}
            asked={choice.asked}
            typed={typed}
            problems={problems}
            conditions={conditions}
            onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
          />
          {choice.what === "action" && (
            <div>
              <label className="field-label" htmlFor={`${form}-comment`}>
                {t`Comment`}
                <span className="quiet"> {t`(optional, the same for all)`}</span>
              </label>
              <textarea
                className="input"
                id={`${form}-comment`}
                value={comment}
                onChange={({ target }) => setComment(target.value)}
              />
            </div>
          )}
          <div className="form-buttons">
            <button type="submit" className="button button-primary">
              {choice.what === "action" ? t`${choice.label}: all ${records.length}` : t`Change all ${records.length}`}
            </button>
            <button type="button" className="button" onClick={() => close([])}>{t`Cancel`}</button>
          </div>
        </form>
      )}
      <Results type={type} records={records} outcomes={run.outcomes} />
      {started && !run.running && (
        <p className="tools">
          <button type="button" className="button button-primary" onClick={leave}>{t`Back to the list`}</button>
        </p>
      )}
    </section>
  );
}

function Results({ type, records, outcomes }: { type: RecordType; records: BulkRecord[]; outcomes: Outcome<void>[] }) {
  return (
    <div className="table-wrap">
      <table className="cards">
        <caption className="visually-hidden">{t`What comes of each`}</caption>
        <thead>
          <tr>
            <th scope="col">{type.label}</th>
            <th scope="col">{t`State before`}</th>
            <th scope="col">{t`Result`}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record, at) => (
            <tr key={record.id}>
              <td className="title">
                <Link to={`/${type.plural}/${record.id}`} target="_blank">
                  {record.recordTitle}
                  <span className="visually-hidden"> {t`(opens in a new tab)`}</span>
                </Link>
              </td>
              <td data-label={t`State before`}>
                <StateChip type={type} state={record.state} />
              </td>
              <td data-label={t`Result`}>
                <Result outcome={outcomes[at]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Result({ outcome }: { outcome: Outcome<void> | undefined }) {
  if (!outcome || outcome.is === "waiting") return <span className="quiet">{outcome ? t`Waiting` : "–"}</span>;
  if (outcome.is === "done") return <Chip meaning="green">{t`Done`}</Chip>;
  return (
    <span>
      <Chip meaning="red">{t`Refused`}</Chip> <span className="reason">{outcome.why}</span>
    </span>
  );
}
