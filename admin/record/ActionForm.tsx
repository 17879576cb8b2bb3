/** The form of an action: what it asks, prefilled with its defaults, sent with the version the person saw. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { valueOf } from "../../schema/condition";
import type { Field, RecordType, Value } from "../../schema/definition";
import type { FieldValue } from "../../schema/record";
import { valueNames } from "../../schema/walk";
import { ErrorSummary } from "../Failure";
import { Facts } from "../Facts";
import { isStale, type RequestFailure } from "../graphql";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import type { AvailableAction, DulyProvider, PersonRef, RecordDetail, ShownValue, ShownValues } from "../provider";
import { scopeIn, useSession } from "../session";
import { useUnsaved } from "../unsaved";
import type { Asked } from "./fieldProps";
import { FormFields, unready, summaryOf, useConditions } from "./FormFields";
import { clashProblems } from "./Merge";
import { lastBy, meet, type Met } from "./merging";
import { asRecordData, isBlank, isHeld, toForm, toPlain } from "./values";
import { Shown } from "./widgets";

export interface ActionFormProps {
  type: RecordType;
  record: RecordDetail;
  action: AvailableAction;
  /** Of the text as it was read, where the action puts one in force. */
  textHash?: string;
  /** Why it cannot be sent just now; what was filled in stays. */
  held?: string;
  cancel?: () => void;
  done: (words: string) => Promise<void>;
}

export function ActionForm({ type, record, action, textHash, held, cancel, done }: ActionFormProps) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const form = useId();
  const { me } = useSession();
  const asked: Asked[] = action.form;
  // As it was when the form was opened: what is saved meanwhile must not pass for what the person saw.
  const [base, setBase] = useState(record);
  const [met, setMet] = useState<Met>();
  const [touched, setTouched] = useState<ShownValues>({});
  const [comment, setComment] = useState("");
  const typed = useAnswers(type, base, action, touched);
  const conditions = useConditions(type, record, typed, asked);

  const release = useUnsaved(Object.keys(touched).length > 0 || comment !== "");

  const { problems, attempt, fail, failed, busy, submit } = useSending(
    () => unready(asked, typed, conditions),
    async () => {
      const answers = asked
        .filter((each) => conditions.visible(each) && !isHeld(each.field, typed[each.name]))
        .map(({ name, field }): [string, FieldValue] => [name, toPlain(field, typed[name])]);
      try {
        await provider.act(type.name, record.id, action.name, {
          version: base.version,
          input: { ...Object.fromEntries(answers), ...(textHash && { textHash }) },
          ...(comment && { comment }),
        });
        release();
        await done(t`Done: ${action.label.toLowerCase()}.`);
      } catch (failure) {
        // Whatever was in the way, the page around the form should show it.
        void client.invalidateQueries({ queryKey: ["record", type.name, record.id] });
        if (!isStale(failure)) throw failure;
        await reload(failure);
      }
    },
  );

  /** What this form asks of the record's own fields may have been changed by somebody else. */
  async function reload(stale: RequestFailure) {
    try {
      const now = await provider.readRecord(type.name, record.id);
      const own = asked.filter(({ name }) => name in type.fields && name in touched);
      const held = (values: ShownValues) =>
        Object.fromEntries(own.map(({ name, field }) => [name, toForm(field, values[name])]));
      const found = meet(own, held(base.values), typed, held(now.values), lastBy(now, me.person.name));
      setMet(found);
      setBase(now);
      fail(
        found.clashes.length > 0
          ? clashProblems(found)
          : [{ path: "", message: t`${stale.message} What you filled in is kept.` }],
      );
    } catch (failure) {
      failed(failure);
    }
  }

  return (
    <form className="form" onSubmit={submit} noValidate>
      <ErrorSummary problems={summaryOf(form, asked, problems)} attempt={attempt} />
      <Before type={type} record={record} names={type.actions[action.name]?.shows ?? []} />
      <FormFields
        form={form}
        asked={asked}
        typed={typed}
        problems={problems}
        conditions={conditions}
        met={met}
        onChange={(name, value) => setTouched((before) => ({ ...before, [name]: value }))}
      />
      <div>
        <label className="field-label" htmlFor={`${form}-comment`}>
          {t`Comment`}
          <span className="quiet"> {t`(optional)`}</span>
        </label>
        <p
          className="field-help"
          id={`${form}-comment-help`}
        >{t`Stands in the timeline, for whoever reads it later.`}</p>
        <textarea
          className="input"
          id={`${form}-comment`}
          aria-describedby={`${form}-comment-help`}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </div>
      {held && !busy && (
        <p className="note note-amber" role="status">
          {held}
        </p>
      )}
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy || held !== undefined}>
          {busy ? t`One moment…` : action.label}
        </button>
        {cancel && <button type="button" className="button" onClick={cancel} disabled={busy}>{t`Cancel`}</button>}
      </div>
    </form>
  );
}

/** What whoever does it should have before them; on a phone the record itself is a long way down. */
function Before({ type, record, names }: { type: RecordType; record: RecordDetail; names: string[] }) {
  const given = names.flatMap((name) => {
    const field = type.fields[name];
    return field && !isBlank(record.values[name]) ? [{ name, field }] : [];
  });
  if (given.length === 0) return null;
  const facts = given.map(({ name, field }) => ({
    ...{ name, label: field.label },
    value: <Shown field={field} value={record.values[name]} />,
  }));
  return <Facts of={facts} />;
}

/**
 * What stands in the form: what was typed; else a default, which follows the answers it is made from ("a year after
 * the date above") for as long as nobody typed over it; else what the record holds.
 */
function useAnswers(
  type: RecordType,
  record: RecordDetail,
  action: AvailableAction,
  touched: ShownValues,
): ShownValues {
  const session = useSession();
  const defaults = type.actions[action.name]?.defaults ?? {};
  const answers: ShownValues = {};
  const scope = {
    ...scopeIn(session, type),
    record: asRecordData(type, record),
    form: {} as Record<string, FieldValue>,
  };
  for (const { name, field, default: given } of action.form) {
    const rule = defaults[name];
    const made = rule !== undefined && valueNames(rule, "form") ? valueOf(rule, scope) : given;
    const own = name in touched ? touched[name] : undefined;
    const stored = toForm(field, rule === null ? null : record.values[name]);
    const prefilled: ShownValue = isBlank(made as ShownValue)
      ? stored
      : (namedIn(record, field, made ?? null, [name, ...fieldsOf(rule)]) ?? asShown(made ?? null, session.me.person));
    answers[name] = own !== undefined ? own : prefilled;
    scope.form[name] = toPlain(field, answers[name]);
  }
  return answers;
}

const fieldsOf = (rule: Value | undefined): string[] =>
  typeof rule === "object" && rule !== null && "field" in rule ? [rule.field] : [];

/** A default that names people and records comes as ids: where one of these fields holds the same, it has their names. */
const namedIn = (record: RecordDetail, field: Field, made: FieldValue, names: string[]): ShownValue | undefined =>
  names
    .map((name) => toForm(field, record.values[name]))
    .find((shown) => JSON.stringify(toPlain(field, shown)) === JSON.stringify(made));

/** A default that names the acting person comes as an id; every other is shown as it is. */
const asShown = (value: FieldValue, person: PersonRef): ShownValue =>
  value === person.id ? person : (value as ShownValue);
