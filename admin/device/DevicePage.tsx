/**
 * What a shared device shows: who are you, what happened, thank you. Whoever named themselves is forgotten with their
 * report, or when nothing was typed for two minutes, and what they typed with them.
 */
import { type SubmitEvent, useCallback, useEffect, useRef, useState } from "react";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import { deviceApi, type DeviceApi, type Named, type ReportForm } from "./deviceApi";
import type { ThisDevice } from "./thisDevice";
import { Recorded } from "../record/QuickForm";
import { ReportPage } from "./ReportPage";

/** How often a typing person is said to be still there. */
const PING_MS = 20_000;
const WARNED = 30;

interface Props {
  device: ThisDevice;
  signIn: () => void;
  /** Another one only in tests. */
  api?: DeviceApi;
}

export default function DevicePage({ device: found, signIn, api = deviceApi }: Props) {
  const [device, setDevice] = useState(found);
  const [form, setForm] = useState<ReportForm>();
  const [done, setDone] = useState<{ reference: string; then: string }>();
  const forget = useCallback(() => {
    setForm(undefined);
    setDevice((now) => ({ ...now, person: null, secondsLeft: 0 }));
  }, []);
  const warned = useIdle(device, setDevice, api, forget);
  useEffect(() => {
    document.title = `${device.label} – ${device.organisation} – Duly`;
  }, [device.label, device.organisation]);

  const leave = () => {
    forget();
    api.leave().catch(() => undefined);
  };
  return (
    <main className="device">
      <p className="brand" aria-hidden="true">
        <span className="brand-mark" /> Duly
      </p>
      {device.person === null && done ? (
        <Thanks {...done} next={() => setDone(undefined)} />
      ) : device.person === null ? (
        <WhoAreYou device={device} api={api} named={setDevice} signIn={signIn} />
      ) : (
        <>
          <p className="head-line">
            <strong>{device.person}</strong>
            <button type="button" className="link" onClick={leave}>{t`That is not me, or I have finished`}</button>
          </p>
          {warned && (
            <p
              className="note note-amber"
              role="status"
            >{t`Still there? In half a minute this is cleared. Type or tap to go on.`}</p>
          )}
          {form ? (
            <ReportPage
              key={form.type}
              form={form}
              today={device.today}
              api={api}
              back={() => setForm(undefined)}
              sent={(answer) => {
                setDone(answer);
                forget();
              }}
            />
          ) : (
            <ChooseForm api={api} choose={setForm} />
          )}
        </>
      )}
    </main>
  );
}

/** Forgets the person in time; true shortly before. Typing and tapping put it off. */
function useIdle(
  { person, secondsLeft }: ThisDevice,
  changed: (device: ThisDevice) => void,
  api: DeviceApi,
  forget: () => void,
): boolean {
  const [warned, setWarned] = useState(false);
  const ends = useRef(0);
  const pinged = useRef(0);
  useEffect(() => {
    ends.current = performance.now() + secondsLeft * 1000;
    setWarned(false);
  }, [secondsLeft, person]);
  useEffect(() => {
    if (person === null) return undefined;
    pinged.current = performance.now();
    const tick = setInterval(() => {
      const now = Math.ceil((ends.current - performance.now()) / 1000);
      setWarned(now <= WARNED);
      if (now <= 0) forget();
    }, 1000);
    const active = () => {
      if (performance.now() - pinged.current < PING_MS) return;
      pinged.current = performance.now();
      api.still().then(
        (device) => {
          if (device.person === null) return forget();
          ends.current = performance.now() + device.secondsLeft * 1000;
          changed(device);
        },
        // Said when the report is sent, if it goes on.
        () => undefined,
      );
    };
    window.addEventListener("keydown", active);
    window.addEventListener("pointerdown", active);
    return () => {
      clearInterval(tick);
      window.removeEventListener("keydown", active);
      window.removeEventListener("pointerdown", active);
    };
  }, [person, api, changed, forget]);
  return warned;
}

function WhoAreYou({
  device,
  api,
  named,
  signIn,
}: {
  device: ThisDevice;
  api: DeviceApi;
  named: (device: ThisDevice) => void;
  signIn: () => void;
}) {
  const [typed, setTyped] = useState("");
  /** Undefined before they are asked for and found. */
  const [names, setNames] = useState<Named[]>();
  const [chosen, setChosen] = useState<Named>();
  const [problem, setProblem] = useState<string>();
  const search = typed.trim();
  useEffect(() => {
    if (search.length < 2) return setNames(undefined);
    let stale = false;
    api.names(search).then(
      (found) => !stale && (setNames(found), setProblem(undefined)),
      (failure: unknown) => !stale && setProblem(messageOf(failure)),
    );
    return () => {
      stale = true;
    };
  }, [search, api]);

  if (chosen) return <TypePin person={chosen} api={api} named={named} back={() => setChosen(undefined)} />;
  return (
    <>
      <h1>{t`Report something`}</h1>
      <p className="quiet">
        {device.label}, {device.organisation}
      </p>
      <label className="field-label" htmlFor="device-name">{t`Who are you?`}</label>
      <p className="field-help" id="device-name-help">{t`Type two letters of your name, then choose it.`}</p>
      <input
        className="input"
        id="device-name"
        autoComplete="off"
        aria-describedby="device-name-help"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div role="status">
        {names?.length === 0 && (
          <p className="empty">{t`Nobody of this name has a PIN. You set yours in Duly, under your own name.`}</p>
        )}
      </div>
      <ul className="reset choices">
        {names?.map((each) => (
          <li key={each.id}>
            <button type="button" className="button button-wide" onClick={() => setChosen(each)}>
              {each.name}
            </button>
          </li>
        ))}
      </ul>
      <p className="group">
        <button type="button" className="link" onClick={signIn}>{t`Sign in with a password instead`}</button>
      </p>
    </>
  );
}

function TypePin({
  person,
  api,
  named,
  back,
}: {
  person: Named;
  api: DeviceApi;
  named: (device: ThisDevice) => void;
  back: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => input.current?.focus(), []);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const pin = input.current?.value ?? "";
    if (!pin) return setProblem(t`Type your PIN.`);
    setBusy(true);
    try {
      named(await api.name(person.id, pin));
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
      if (input.current) input.current.value = "";
      input.current?.focus();
    }
  }
  return (
    <>
      <h1>{person.name}</h1>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <div className={problem ? "field-bad" : undefined}>
          <label className="field-label" htmlFor="device-pin">{t`Your PIN`}</label>
          {problem && (
            <p className="field-problem" role="alert" id="device-pin-problem">
              {problem}
            </p>
          )}
          <input
            className="input input-short"
            id="device-pin"
            ref={input}
            type="password"
            inputMode="numeric"
            autoComplete="off"
            maxLength={8}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? "device-pin-problem" : undefined}
          />
        </div>
        <div className="form-buttons">
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? t`One moment…` : t`Go on`}
          </button>
          <button type="button" className="button" onClick={back} disabled={busy}>{t`Somebody else`}</button>
        </div>
      </form>
    </>
  );
}

function ChooseForm({ api, choose }: { api: DeviceApi; choose: (form: ReportForm) => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [forms, setForms] = useState<ReportForm[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    heading.current?.focus();
    api.forms().then(setForms, (failure: unknown) => setProblem(messageOf(failure)));
  }, [api]);
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>{t`What is it?`}</h1>
      {problem && (
        <p className="note note-red" role="alert">
          {problem}
        </p>
      )}
      {forms?.length === 0 && <p className="empty">{t`There is nothing that you may report here.`}</p>}
      <ul className="reset choices">
        {forms?.map((form) => (
          <li key={form.type}>
            <button type="button" className="button button-wide" onClick={() => choose(form)}>
              {form.label}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Thanks({ reference, then, next }: { reference: string; then: string; next: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>{t`Thank you`}</h1>
      <Recorded reference={reference} then={then} />
      <button type="button" className="button button-primary button-wide" onClick={next}>{t`Next person`}</button>
    </>
  );
}
