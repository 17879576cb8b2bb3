/** What else may be done about a task than to do it: hand it over, give or take it back, write to whoever has it. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useId, useRef, useState } from "react";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, PersonRef, TaskItem } from "../provider";
import { readAnew } from "../refresh";
import { PersonPicker } from "../record/PersonPicker";
import { useSession } from "../session";

type Asked = "hand over" | "write";

export function TaskMore({ task }: { task: TaskItem }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const [asked, setAsked] = useState<Asked>();
  const [said, setSaid] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const buttons = useRef<HTMLDivElement>(null);
  const mine = task.holders.some(({ id }) => id === me.person.id);
  const given = task.passed.find(({ from, away }) => from?.id === me.person.id && !away);
  const got = task.passed.find(({ to }) => to?.id === me.person.id)?.from;

  async function send(work: () => Promise<void>, words: string) {
    setProblem(undefined);
    try {
      await work();
      setAsked(undefined);
      setSaid(words);
      await readAnew(client);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  const close = () => {
    setAsked(undefined);
    setProblem(undefined);
    buttons.current?.querySelector("button")?.focus();
  };
  const about = <span className="visually-hidden">{task.label}</span>;

  return (
    <div className="task-more">
      <div className="task-more-buttons" ref={buttons}>
        {mine && got && (
          <button
            type="button"
            className="link"
            onClick={() => void send(() => provider.handOverTask(task.id, got.id, ""), t`Given back to ${got.name}.`)}
          >{t`Give back to ${got.name} ${about}`}</button>
        )}
        {mine && (
          <button
            type="button"
            className="link"
            aria-expanded={asked === "hand over"}
            onClick={() => setAsked("hand over")}
          >{t`Hand over ${about}`}</button>
        )}
        {given && (
          <button
            type="button"
            className="link"
            onClick={() => void send(() => provider.takeBackTask(task.id), t`It is yours again.`)}
          >{t`Take back ${about}`}</button>
        )}
        <button
          type="button"
          className="link"
          aria-expanded={asked === "write"}
          onClick={() => setAsked("write")}
        >{t`Write about it ${about}`}</button>
      </div>
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      {problem && !asked && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {asked && (
        <Form
          key={asked}
          asked={asked}
          problem={problem}
          cancel={close}
          send={(to, comment) =>
            asked === "write"
              ? send(() => provider.commentTask(task.id, comment), t`Written. It stands on the record’s page too.`)
              : send(() => provider.handOverTask(task.id, to?.id ?? "", comment), t`Handed over to ${to?.name ?? ""}.`)
          }
        />
      )}
    </div>
  );
}

function Form({
  asked,
  problem,
  send,
  cancel,
}: {
  asked: Asked;
  problem: string | undefined;
  send: (to: PersonRef | undefined, comment: string) => Promise<void>;
  cancel: () => void;
}) {
  const id = useId();
  const [to, setTo] = useState<PersonRef[]>([]);
  const [missing, setMissing] = useState<string>();
  const [busy, setBusy] = useState(false);
  const writes = asked === "write";
  const wrong = missing ?? problem;

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const comment = String(new FormData(event.currentTarget).get("comment") ?? "");
    if (!writes && to.length === 0) return setMissing(t`Choose who is to have it.`);
    setMissing(undefined);
    setBusy(true);
    await send(to[0], comment);
    setBusy(false);
  }
  return (
    <form
      className="task-more-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && cancel()}
      noValidate
    >
      {wrong && (
        <p className="field-problem" role="alert" id={`${id}-problem`}>
          {wrong}
        </p>
      )}
      {!writes && (
        <div>
          <label className="field-label" htmlFor={`${id}-to`}>{t`Hand over to`}</label>
          <PersonPicker
            id={`${id}-to`}
            value={to}
            onChange={setTo}
            multiple={false}
            required
            invalid={wrong !== undefined}
            describedBy={`${id}-problem`}
          />
        </div>
      )}
      <div>
        <label className="field-label" htmlFor={`${id}-comment`}>
          {writes ? t`What you want to say` : t`What they should know`}
          {!writes && <span className="quiet"> {t`(optional)`}</span>}
        </label>
        <textarea className="input" id={`${id}-comment`} name="comment" maxLength={2000} />
      </div>
      <div className="actions">
        <button type="submit" className="button" disabled={busy}>
          {writes ? t`Send` : t`Hand over`}
        </button>
        <button type="button" className="link" onClick={cancel}>{t`Cancel`}</button>
      </div>
    </form>
  );
}
