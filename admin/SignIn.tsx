import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { graphql, RequestFailure } from "./graphql";
import { LanguageChoice } from "./i18n/LanguageChoice";
import { t } from "./i18n/t";
import { Crest, type Letterhead } from "./letterhead/letterhead";
import { PasswordInput } from "./PasswordInput";
import { ForgottenPassword } from "./start/ForgottenPassword";

const SIGN_IN = `mutation SignIn($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }`;

interface Props {
  signedIn: () => Promise<void>;
  /** Whose sign-in it is, where that could be asked. */
  of?: Letterhead | null | undefined;
  notice?: string;
  /** It stands over a page with what somebody typed: nothing here may load that page again. */
  covering?: boolean;
}

/** Paste and password managers work; the password may be shown; what is wrong takes the focus. */
export function SignIn({ signedIn, of, notice, covering = false }: Props) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [forgotten, setForgotten] = useState(false);
  const summary = useRef<HTMLParagraphElement>(null);

  const said = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    const before = document.title;
    document.title = `${t`Sign in`} – Duly`;
    return () => void (document.title = before);
  }, []);
  // What somebody was at is out of reach now: why is said to who cannot see it.
  useEffect(() => {
    if (covering) said.current?.focus();
  }, [covering]);
  useEffect(() => {
    if (problem) summary.current?.focus();
  }, [problem]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email") ?? "").trim();
    const password = String(form.get("password") ?? "");
    setProblem(undefined);
    if (!email || !password) return setProblem(t`Type your email address and your password.`);
    setBusy(true);
    try {
      await graphql(SIGN_IN, { email, password });
      await signedIn();
    } catch (failure) {
      setProblem(failure instanceof RequestFailure ? failure.message : t`Signing in did not work. Try again.`);
    } finally {
      setBusy(false);
    }
  }

  const brand = (
    <p className="brand">
      <Crest of={of} /> {of?.name ?? "Duly"}
    </p>
  );
  if (forgotten)
    return (
      <main className="sign-in">
        {brand}
        <ForgottenPassword back={() => setForgotten(false)} />
        {!covering && <LanguageChoice />}
      </main>
    );
  return (
    <main className="sign-in">
      {brand}
      <h1>{t`Sign in to Duly`}</h1>
      <p className="quiet">{t`What your school has to do, done when due.`}</p>
      {notice && !problem && (
        <p className="note note-blue" tabIndex={-1} ref={said}>
          {notice}
        </p>
      )}
      {problem && (
        <p className="note note-red" role="alert" tabIndex={-1} ref={summary} id="sign-in-problem">
          {problem}
        </p>
      )}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <label className="field-label" htmlFor="email">{t`Email address`}</label>
        <input
          className="input"
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? "sign-in-problem" : undefined}
          required
        />
        <label className="field-label" htmlFor="password">{t`Password`}</label>
        <PasswordInput
          id="password"
          autoComplete="current-password"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? "sign-in-problem" : undefined}
        />
        <button type="submit" className="button button-primary button-wide" disabled={busy}>
          {busy ? t`Signing in…` : t`Sign in`}
        </button>
      </form>
      <p>
        <button type="button" className="link" onClick={() => setForgotten(true)}>{t`Forgotten password`}</button>
      </p>
      {!covering && <LanguageChoice />}
    </main>
  );
}
