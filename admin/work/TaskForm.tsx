/** What is asked before a task is handed over, or before whoever has it is written to. */
import { type SubmitEvent, useId, useState } from "react";
import { t } from "../i18n/t";
import type { PersonRef } from "../provider";
import { PersonPicker } from "../record/PersonPicker";

export type Asked = "hand over" | "write";

export default function TaskForm({
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
