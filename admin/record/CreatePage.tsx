import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { readAnew } from "../refresh";
import { scopeIn, useSession } from "../session";
import { useUnsaved } from "../unsaved";
import { inSentence } from "../words";
import type { Asked } from "./fieldProps";
import { defaultsOf, FormFields, inputOf, summaryOf, unready, useConditions } from "./FormFields";
import { sectionsOf } from "./sections";

/** The whole form of a new record, section by section; what a person may never fill in is left out. */
export default function CreatePage({ type }: { type: RecordType }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const session = useSession();
  const form = useId();
  const asked = Object.entries(type.fields).flatMap(([name, field]): Asked[] =>
    field.editable === false ? [] : [{ name, field }],
  );
  const [given] = useState(() => defaultsOf(asked, scopeIn(session, type), session.me.person));
  const [typed, setTyped] = useState(given);
  const release = useUnsaved(typed !== given);
  const conditions = useConditions(type, undefined, typed);
  const { problems, attempt, busy, submit } = useSending(
    () => unready(asked, typed, conditions),
    async () => {
      const { id } = await provider.createRecord(type.name, inputOf(asked, typed, conditions));
      release();
      void readAnew(client);
      void navigate(`/${type.plural}/${id}`);
    },
  );

  return (
    <Page
      title={t`New ${inSentence(type.label)}`}
      below={
        (type.help || type.quick) && (
          <p className="quiet">
            {type.help} {type.quick && <Link to={`/${type.plural}/quick`}>{t`The short form`}</Link>}
          </p>
        )
      }
    >
      <form onSubmit={submit} noValidate>
        <ErrorSummary problems={summaryOf(form, asked, problems)} attempt={attempt} />
        {sectionsOf(type).map((section) => {
          const own = section.fields.flatMap((name) => asked.filter((each) => each.name === name));
          if (own.length === 0) return null;
          const id = `${form}-${section.label}`;
          return (
            <section key={section.label} className="group" aria-labelledby={id}>
              <h2 id={id}>{section.label}</h2>
              <div className="form">
                <FormFields
                  form={form}
                  asked={own}
                  typed={typed}
                  problems={problems}
                  conditions={conditions}
                  onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
                />
              </div>
            </section>
          );
        })}
        <div className="form-buttons group">
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? t`Creating…` : t`Create ${inSentence(type.label)}`}
          </button>
          <Link className="button" to={`/${type.plural}`}>{t`Cancel`}</Link>
        </div>
      </form>
    </Page>
  );
}
