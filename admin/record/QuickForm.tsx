/** The short form of a type: a few questions one after another, each answered with the thumb. */
import { type ReactNode, useId, useState } from "react";
import { valueOf } from "../../schema/condition";
import type { RecordType } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import type { PersonRef, ShownValue, ShownValues } from "../provider";
import type { Asked } from "./fieldProps";
import { FormFields, summaryOf, unready, useConditions } from "./FormFields";
import { isBlank, toPlain } from "./values";

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

/** What stands in a new form: the defaults of what it asks. Without `me` those that name somebody are left to the server. */
export function defaultsOf(type: RecordType, asked: Asked[], today: string, me: PersonRef | null): ShownValues {
  const scope = { type, today, actor: me?.id ?? null };
  return Object.fromEntries(
    asked.flatMap(({ name, field }): [string, ShownValue][] => {
      const value = field.default === undefined ? null : (valueOf(field.default, scope) as ShownValue);
      return isBlank(value) ? [] : [[name, me && value === me.id ? me : value]];
    }),
  );
}

/** What is sent: the answers to what is asked as the form stands. */
export const inputOf = (
  asked: Asked[],
  typed: ShownValues,
  { visible }: ReturnType<typeof useConditions>,
): Record<string, unknown> =>
  Object.fromEntries(
    asked
      .filter((each) => visible(each) && !isBlank(typed[each.name]))
      .map(({ name, field }) => [name, toPlain(field, typed[name])]),
  );

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
