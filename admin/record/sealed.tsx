/** A sealed field: that something is held is all anybody reads, until somebody opens it, each time for a reason. */
import { useDataProvider } from "ra-core";
import { type ComponentType, type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import type { Field, RecordType } from "../../schema/definition";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, Opened, RecordDetail } from "../provider";
import { inSentence, listed } from "../words";
import type { InputProps } from "./fieldProps";
import { isBlank } from "./values";

/** On the record's page: "Sealed", and for those it names a way to open it. What is shown is gone with the page. */
export function Sealed({
  type,
  record,
  name,
  field,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  name: string;
  field: Field;
  changed: () => Promise<void>;
}) {
  const [asking, setAsking] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const open = (what: Opened) => {
    setAsking(false);
    setOpened(what);
    void changed();
  };
  if (opened) return <ShownOnce opened={opened} hide={() => setOpened(undefined)} />;
  if (asking)
    return (
      <AskReason
        ask={(provider, reason) => provider.openSealed(type.name, record.id, name, reason)}
        opened={open}
        cancel={() => setAsking(false)}
      />
    );
  return (
    <span className="head-line">
      {t`Sealed`}
      {record.permissions.opens.includes(name) && (
        <button type="button" className="button button-small" onClick={() => setAsking(true)}>
          {t`Open ${(<span className="visually-hidden">{inSentence(field.label)}</span>)}`}
        </button>
      )}
    </span>
  );
}

function ShownOnce({ opened, hide }: { opened: Opened; hide: () => void }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <div className="note note-blue" role="status" tabIndex={-1} ref={note}>
      <p style={{ whiteSpace: "pre-wrap" }}>{opened.value}</p>
      <p>
        {opened.told.length > 0
          ? t`Told of it: ${listed(opened.told.map((person) => person.name))}.`
          : t`The timeline says that you opened it.`}
      </p>
      <button type="button" className="link" onClick={hide}>{t`Hide it`}</button>
    </div>
  );
}

function AskReason({
  ask,
  opened,
  cancel,
}: {
  ask: (provider: DulyProvider, reason: string) => Promise<Opened>;
  opened: (what: Opened) => void;
  cancel: () => void;
}) {
  const provider = useDataProvider<DulyProvider>();
  const id = useId();
  const reason = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => reason.current?.focus(), []);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    try {
      opened(await ask(provider, reason.current?.value ?? ""));
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
      reason.current?.focus();
    }
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)} noValidate>
      <div className={problem ? "field-bad" : undefined}>
        <label className="field-label" htmlFor={id}>{t`Why must it be opened?`}</label>
        <p
          className="field-help"
          id={`${id}-help`}
        >{t`Stands in the timeline with your name, and those who look after it are told.`}</p>
        {problem && (
          <p className="field-problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
        <textarea
          className="input"
          id={id}
          ref={reason}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-help${problem ? ` ${id}-problem` : ""}`}
          aria-required
        />
      </div>
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? t`Opening…` : t`Open it`}
        </button>
        <button type="button" className="button" onClick={cancel} disabled={busy}>{t`Cancel`}</button>
      </div>
    </form>
  );
}

/** In a form: what is held stays unless somebody types another or clears it, and both can be taken back. */
export const sealedInput = (plain: (field: Field) => ComponentType<InputProps>) =>
  function SealedInput(props: InputProps) {
    const { id, field, value, onChange, required } = props;
    const [held] = useState(value === true);
    const [way, setWay] = useState<"keep" | "replace" | "clear">(held ? "keep" : "replace");
    const choose = (next: typeof way) => {
      setWay(next);
      onChange(next === "clear" ? null : true);
    };
    if (way === "keep")
      return (
        <p className="head-line" id={id}>
          <span>{t`One is held, sealed. It stays as it is.`}</span>
          <button type="button" className="link" onClick={() => choose("replace")}>{t`Replace it`}</button>
          {!required && <button type="button" className="link" onClick={() => choose("clear")}>{t`Clear it`}</button>}
        </p>
      );
    const Input = plain(field);
    return (
      <>
        {way === "clear" ? (
          <p id={id}>{t`What is held goes when you save.`}</p>
        ) : (
          <>
            <label className="visually-hidden" htmlFor={id}>
              {held ? t`New ${inSentence(field.label)}` : field.label}
            </label>
            {/* Nothing typed is nothing changed: only “Clear it” empties the field. */}
            <Input
              {...props}
              value={value === true ? "" : value}
              onChange={(next) => onChange(held && isBlank(next) ? true : next)}
            />
          </>
        )}
        {held && <button type="button" className="link" onClick={() => choose("keep")}>{t`Keep what is held`}</button>}
      </>
    );
  };
