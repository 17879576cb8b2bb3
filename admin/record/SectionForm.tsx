/**
 * Editing one section in place. Only what was changed is sent, so that somebody else's change of another field stays.
 * Where both changed one field, both are shown and the person chooses; what was typed is never dropped.
 */
import { useDataProvider } from "ra-core";
import { useEffect, useId, useRef, useState } from "react";
import type { RecordType, Section } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { isStale } from "../graphql";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import type { DulyProvider, RecordDetail, ShownValues } from "../provider";
import { useSession } from "../session";
import { useUnsaved } from "../unsaved";
import type { Asked } from "./fieldProps";
import { FormFields, unready, summaryOf, useConditions } from "./FormFields";
import { clashProblems, Followed } from "./Merge";
import { lastBy, meet, type Met, rebased } from "./merging";
import { sameValue, toForm, toPlain } from "./values";

const held = (asked: Asked[], record: RecordDetail): ShownValues =>
  Object.fromEntries(asked.map(({ name, field }) => [name, toForm(field, record.values[name])]));

export function SectionForm({
  type,
  record,
  section,
  cancel,
  done,
}: {
  type: RecordType;
  record: RecordDetail;
  section: Section;
  cancel: () => void;
  done: () => Promise<void>;
}) {
  const provider = useDataProvider<DulyProvider>();
  const form = useId();
  const { me } = useSession();
  // As they were when the editing began: what may no longer be changed is said on saving, never dropped unsaid.
  const [asked] = useState(() =>
    section.fields.flatMap((name): Asked[] => {
      const field = type.fields[name];
      // A text is written on a page of its own.
      return field && field.kind !== "document" && record.permissions.fields.includes(name) ? [{ name, field }] : [];
    }),
  );
  // As it was when the editing began; a later version read in between must not pass for what the person saw.
  const [base, setBase] = useState(() => ({ version: record.version, values: held(asked, record) }));
  const [typed, setTyped] = useState(base.values);
  const [met, setMet] = useState<Met>();
  const conditions = useConditions(type, record, typed);
  const changed = asked.filter(({ name, field }) => !sameValue(field, typed[name], base.values[name]));

  useUnsaved(changed.length > 0);

  const { problems, attempt, fail, failed, busy, submit } = useSending(
    () => unready(asked, typed, conditions),
    async () => {
      if (changed.length === 0) return cancel();
      const input = Object.fromEntries(changed.map(({ name, field }) => [name, toPlain(field, typed[name])]));
      try {
        await provider.updateRecord(type.name, record.id, base.version, input);
        await done();
      } catch (failure) {
        if (!isStale(failure)) throw failure;
        await reload();
      }
    },
  );

  async function reload() {
    try {
      const now = await provider.readRecord(type.name, record.id);
      const values = held(asked, now);
      const found = meet(asked, base.values, typed, values, lastBy(now, me.person.name));
      setMet(found);
      setTyped(rebased(asked, found));
      setBase({ version: now.version, values });
      fail(clashProblems(found));
    } catch (failure) {
      failed(failure);
    }
  }

  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const id = `${form}-title`;
  return (
    <section aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id} tabIndex={-1} ref={heading}>
          {section.label}
        </h2>
      </div>
      <form className="form" onSubmit={submit} noValidate>
        <ErrorSummary problems={summaryOf(form, asked, problems)} attempt={attempt} />
        {met && <Followed met={met} />}
        <FormFields
          form={form}
          asked={asked}
          typed={typed}
          problems={problems}
          conditions={conditions}
          met={met}
          onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
        />
        <div className="form-buttons">
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? t`Saving…` : t`Save`}
          </button>
          <button type="button" className="button" onClick={cancel} disabled={busy}>{t`Cancel`}</button>
        </div>
      </form>
    </section>
  );
}
