/** Moves the date that an entry of the calendar stands on: to when, why, and which clocks follow, before anything is done. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import type { Field, RecordType } from "../../schema/definition";
import { Dialog } from "../Dialog";
import { ErrorSummary, FailureNote, messageOf, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { useSending } from "../problems";
import type { ClockChange, DueItem, DulyProvider, RecordDetail, SchoolDays, ShownValues } from "../provider";
import type { Asked } from "../record/fieldProps";
import { FormFields, summaryOf, unready, useConditions } from "../record/FormFields";
import { readAnew } from "../refresh";
import { recordPath, useRecordType, useSession } from "../session";
import { longDate, longInstant, sentence } from "../words";
import { closedOn } from "./range";

/** An entry, and the day it was dropped on. */
export interface Moving {
  entry: DueItem & { field: string };
  to: string;
}

interface Props {
  moving: Moving;
  school: SchoolDays;
  close: () => void;
  moved: (words: string) => void;
}

/** May its day be changed by whoever looks, as far as the calendar knows? */
export function useMovable(): (entry: DueItem) => entry is Moving["entry"] {
  const { me } = useSession();
  return (entry): entry is Moving["entry"] =>
    entry.field !== null && me.types.find(({ name }) => name === entry.type)?.edit === true;
}

export function MoveDialog(props: Props) {
  const { entry } = props.moving;
  const provider = useDataProvider<DulyProvider>();
  const type = useRecordType(entry.type);
  const record = useQuery({
    queryKey: ["to-move", entry.type, entry.record],
    queryFn: () => provider.readRecord(entry.type, entry.record),
    staleTime: 0,
  });
  const field = type?.fields[entry.field];
  return (
    <Dialog wide title={t`Move: ${entry.recordTitle}`} left={props.close}>
      {record.error && <FailureNote failure={record.error} retry={() => void record.refetch()} />}
      {record.isPending && <Waiting />}
      {record.data &&
        type &&
        field &&
        (record.data.permissions.fields.includes(entry.field) ? (
          <MoveForm {...props} {...{ type, field, record: record.data }} />
        ) : (
          <>
            <p>{t`You may not change “${field.label}” as the record stands.`}</p>
            <div className="form-buttons">
              <Link className="button" to={recordPath(type, entry.record)}>{t`Open the record`}</Link>
              <button type="button" className="button" onClick={props.close}>{t`Close`}</button>
            </div>
          </>
        ))}
    </Dialog>
  );
}

const REASON = "reason";

interface FormProps extends Props {
  type: RecordType;
  field: Field;
  record: RecordDetail;
}

function MoveForm({ moving: { entry, to }, school, close, moved, type, field, record }: FormProps) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const form = useId();
  const asked: Asked[] = [
    { name: entry.field, field, required: true },
    { name: REASON, field: { kind: "text", label: t`Why it moves`, maxLength: 180 }, required: true },
  ];
  const [typed, setTyped] = useState<ShownValues>({ [entry.field]: to, [REASON]: "" });
  const conditions = useConditions(type, record, typed);
  const date = typed[entry.field];
  const input = { [entry.field]: date };
  const whole = typeof date === "string" && unready(asked.slice(0, 1), typed, conditions).length === 0;
  const preview = useQuery({
    queryKey: ["to-move", entry.type, entry.record, record.version, date],
    queryFn: () => provider.previewUpdate(type.name, record.id, record.version, input),
    enabled: whole,
    retry: false,
  });

  const { problems, attempt, busy, submit } = useSending(
    () => unready(asked, typed, conditions),
    async () => {
      await provider.updateRecord(type.name, record.id, record.version, input, String(typed[REASON]));
      close();
      void readAnew(client);
      moved(t`${entry.recordTitle} is moved to ${longDate(String(date))}.`);
    },
  );
  const closed = whole ? closedOn(date, school) : undefined;
  return (
    <form className="form" onSubmit={submit} noValidate>
      <p className="quiet">{t`It stands on ${longDate(entry.on)}.`}</p>
      <ErrorSummary problems={summaryOf(form, asked, problems)} attempt={attempt} />
      <FormFields
        {...{ form, asked, typed, problems, conditions }}
        onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
      />
      <div aria-live="polite">
        {closed && <p className="note note-amber">{t`The school is closed that day: ${closed}.`}</p>}
        {whole && preview.error && <p className="note note-amber">{messageOf(preview.error)}</p>}
        {/* The day it stands on moves nothing yet: that says nothing of the rule. */}
        {whole && date !== entry.on && preview.data && <Followers changes={preview.data} />}
        {date === entry.on && (
          <p className="quiet">{t`Choose another day, and you see here which clocks follow before anything moves.`}</p>
        )}
      </div>
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? t`Moving…` : t`Move it`}
        </button>
        <button type="button" className="button" onClick={close} disabled={busy}>{t`Cancel`}</button>
      </div>
    </form>
  );
}

function Followers({ changes }: { changes: ClockChange[] }) {
  const { zone } = useSession();
  if (changes.length === 0) return <p className="quiet">{t`No clock moves with it.`}</p>;
  return (
    <>
      <h3>{t`These clocks follow`}</h3>
      <ul className="clocks">
        {changes.map(({ label, stepInWords, from, to }) => (
          <li key={`${label} ${stepInWords} ${from ?? ""} ${to ?? ""}`}>
            <p>
              {label}
              {stepInWords && <span className="quiet"> · {sentence(stepInWords)}</span>}
            </p>
            <p className="clock-when">
              {from && to
                ? t`${longInstant(from, zone)} → ${longInstant(to, zone)}`
                : to
                  ? t`begins: ${longInstant(to, zone)}`
                  : t`ends, which was to go off ${longInstant(from ?? "", zone)}`}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
