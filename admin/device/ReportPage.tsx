/** The quick form of a type on a shared device: what it asks, and nothing of what the school holds beyond its choices. */
import { QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { AdminContext } from "react-admin";
import { ownFigures, plainCalendar } from "../../schema/condition";
import type { Scope } from "../../schema/scope";
import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import type { DulyProvider, Session } from "../provider";
import type { Asked } from "../record/fieldProps";
import { defaultsOf } from "../record/FormFields";
import { QuickForm } from "../record/QuickForm";
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
    ...{
      organisations: [],
      roles: [],
      administers: false,
      confirms: false,
      demo: false,
      held: null,
      now: "",
      types: [],
    },
    today,
  },
  types: [type],
  roles: [],
  zone: "Europe/London",
  calendar: { zone: "Europe/London", terms: [], closures: [] },
  figures: { [type.name]: ownFigures(type) },
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

/** No figures, no calendar and nobody are known on a shared device. */
const unknownSchool = (type: RecordType, today: string): Scope => ({
  ...{ type, today, actor: null },
  ...{ settings: {}, calendar: plainCalendar },
});

function Questions({ form: { label, form }, today, type, api, back, sent }: Props & { type: RecordType }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = form.quick.fields.flatMap((name): Asked[] => {
    const { because: _, ...field } = form.fields[name] ?? { kind: undefined };
    // What a rule comes from stands on a page that is closed here.
    return field.kind ? [{ name, field }] : [];
  });
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>
        {label}
      </h1>
      <QuickForm
        type={type}
        asked={asked}
        start={defaultsOf(asked, unknownSchool(type, today), null)}
        send={async (input) => sent(await api.report(type.name, input))}
        beside={(busy) => (
          <button type="button" className="button" onClick={back} disabled={busy}>{t`Something else`}</button>
        )}
      />
    </>
  );
}
