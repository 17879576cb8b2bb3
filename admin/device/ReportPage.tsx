/** The quick form of a type on a shared device: what it asks, and nothing of what the school holds beyond its choices. */
import { QueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { AdminContext } from "react-admin";
import { valueOf } from "../../schema/condition";
import type { RecordType } from "../../schema/definition";
import { ErrorSummary } from "../Failure";
import { t } from "../i18n/t";
import { useProblems } from "../problems";
import type { DulyProvider, Session, ShownValue, ShownValues } from "../provider";
import type { Asked } from "../record/fieldProps";
import { FormFields, summaryOf, unready, useConditions } from "../record/FormFields";
import { isBlank, toPlain } from "../record/values";
import { SessionContext } from "../session";
import { darkTheme, lightTheme } from "../theme";
import type { DeviceApi, ReportForm } from "./deviceApi";

interface Props {
  form: ReportForm;
  /** The school's date. */
  today: string;
  api: DeviceApi;
  back: () => void;
  sent: (answer: { reference: string; then: string }) => void;
}

/** As much of a definition as a form reads. */
const typeOf = ({ type, label, form: { fields } }: ReportForm): RecordType => ({
  ...{ name: type, plural: type, label, pluralLabel: label, reference: "", title: "" },
  ...{ entries: { new: "" }, fields, states: {}, actions: {}, grants: [] },
});

/** As much of a session: nobody is signed in. */
const sessionOf = (type: RecordType, today: string): Session => ({
  me: {
    person: { id: "", name: "" },
    organisation: { id: "", name: "" },
    ...{ organisations: [], roles: [], administers: false, demo: false, now: "", types: [] },
    today,
  },
  types: [type],
  roles: [],
  zone: "Europe/London",
  edition: "",
});

/** The pickers ask for people and records; here both are the choices of the field that holds such. */
function choicesOf({ type, form: { fields } }: ReportForm, api: DeviceApi): DulyProvider {
  const fieldFor = (kinds: string[], to?: string) =>
    Object.keys(fields).find((name) => {
      const field = fields[name];
      return field && kinds.includes(field.kind) && (to === undefined || ("to" in field && field.to === to));
    }) ?? "";
  const only: Pick<DulyProvider, "people" | "listRecords"> = {
    people: async (search) => ({
      nodes: await api.choices(type, fieldFor(["person", "people"]), search),
      next: null,
    }),
    listRecords: async (to, { search = "" }) => {
      const found = await api.choices(type, fieldFor(["link", "links"], to), search);
      const blank = { type: to, version: 0, state: "", createdAt: "", updatedAt: "", createdBy: null, values: {} };
      return { nodes: found.map(({ id, name }) => ({ ...blank, id, recordTitle: name, reference: "" })), next: null };
    },
  };
  return only as DulyProvider;
}

export function ReportPage(props: Props) {
  const { form, today, api } = props;
  const type = useMemo(() => typeOf(form), [form]);
  const session = useMemo(() => sessionOf(type, today), [type, today]);
  const provider = useMemo(() => choicesOf(form, api), [form, api]);
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false } } }));
  return (
    <SessionContext value={session}>
      <AdminContext dataProvider={provider} queryClient={queryClient} theme={lightTheme} darkTheme={darkTheme}>
        <Questions {...props} type={type} />
      </AdminContext>
    </SessionContext>
  );
}

function Questions({ form: { label, form }, today, type, api, back, sent }: Props & { type: RecordType }) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = form.quick.fields.flatMap((name): Asked[] => {
    const { because: _, ...field } = form.fields[name] ?? { kind: undefined };
    // What a rule comes from stands on a page that is closed here.
    return field.kind ? [{ name, field }] : [];
  });
  const [typed, setTyped] = useState<ShownValues>(() =>
    Object.fromEntries(
      asked.flatMap(({ name, field }): [string, ShownValue][] => {
        // Who is named is the server's to fill in.
        const value = field.default === undefined ? null : valueOf(field.default, { type, today, actor: null });
        return isBlank(value as ShownValue) ? [] : [[name, value as ShownValue]];
      }),
    ),
  );
  const { problems, attempt, fail, failed, clear } = useProblems();
  const [busy, setBusy] = useState(false);
  const conditions = useConditions(type, undefined, typed);
  useEffect(() => heading.current?.focus(), []);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const lacking = unready(asked, typed, conditions);
    if (lacking.length > 0) return fail(lacking);
    setBusy(true);
    clear();
    try {
      const given = asked.filter((each) => conditions.visible(each) && !isBlank(typed[each.name]));
      const input = Object.fromEntries(given.map(({ name, field }) => [name, toPlain(field, typed[name])]));
      sent(await api.report(type.name, input));
    } catch (failure) {
      failed(failure);
      setBusy(false);
    }
  }
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>
        {label}
      </h1>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={summaryOf(id, asked, problems)} attempt={attempt} />
        <FormFields
          form={id}
          asked={asked}
          typed={typed}
          problems={problems}
          conditions={conditions}
          onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
        />
        <div className="form-buttons">
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? t`Sending…` : t`Send the report`}
          </button>
          <button type="button" className="button" onClick={back} disabled={busy}>{t`Something else`}</button>
        </div>
      </form>
    </>
  );
}
