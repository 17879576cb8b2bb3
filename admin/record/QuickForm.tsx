/** The short form of a type: a few questions one after another, each answered with the thumb. */
import { type ReactNode, useId, useState } from "react";
import type { RecordType } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import type { ShownValues } from "../provider";
import type { Asked } from "./fieldProps";
import { FormFields, inputOf, summaryOf, unready, useConditions } from "./FormFields";

interface Props {
  type: RecordType;
  asked: Asked[];
  start: ShownValues;
  /** Hears each answer. */
  keep?: (typed: ShownValues) => void;
  /** Rejects where it is refused: what was typed stays. */
  send: (input: Record<string, unknown>) => Promise<void>;
  /** What else can be done beside sending. */
  beside: (busy: boolean) => ReactNode;
}

export function QuickForm({ type, asked, start, keep, send, beside }: Props) {
  const id = useId();
  const [typed, setTyped] = useState(start);
  const conditions = useConditions(type, undefined, typed);
  const { problems, attempt, busy, submit } = useSending(
    () => unready(asked, typed, conditions),
    () => send(inputOf(asked, typed, conditions)),
  );
  return (
    <form className="form quick" onSubmit={submit} noValidate>
      <ErrorSummary problems={summaryOf(id, asked, problems)} attempt={attempt} />
      <FormFields
        form={id}
        asked={asked}
        typed={typed}
        problems={problems}
        conditions={conditions}
        onChange={(name, value) => {
          const now = { ...typed, [name]: value };
          setTyped(now);
          keep?.(now);
        }}
      />
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? t`Sending…` : t`Send the report`}
        </button>
        {beside(busy)}
      </div>
    </form>
  );
}

/** How it is called now, and what happens with it next. */
export const Recorded = ({ reference, then }: { reference: string; then: string }) => (
  <div className="note note-green" role="status">
    <p>{t`It is recorded as ${reference}.`}</p>
    <p>{then}</p>
  </div>
);
