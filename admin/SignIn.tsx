import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { graphql, RequestFailure } from "./graphql";

const SIGN_IN = `mutation SignIn($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }`;

/** Paste and password managers work; the password may be shown; what is wrong takes the focus. */
export function SignIn({ signedIn, notice }: { signedIn: () => Promise<void>; notice?: string }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const summary = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    document.title = "Sign in – Duly";
  }, []);
  useEffect(() => {
    if (problem) summary.current?.focus();
  }, [problem]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email") ?? "").trim();
    const password = String(form.get("password") ?? "");
    setProblem(undefined);
    if (!email || !password) return setProblem("Type your email address and your password.");
    setBusy(true);
    try {
      await graphql(SIGN_IN, { email, password });
      await signedIn();
    } catch (failure) {
      setProblem(failure instanceof RequestFailure ? failure.message : "Signing in did not work. Try again.");
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <p className="brand" aria-hidden="true">
        <span className="brand-mark" /> Duly
      </p>
      <h1>Sign in to Duly</h1>
      <p className="quiet">What your school has to do, done when due.</p>
      {notice && !problem && <p className="note note-blue">{notice}</p>}
      {problem && (
        <p className="note note-red" role="alert" tabIndex={-1} ref={summary} id="sign-in-problem">
          {problem}
        </p>
      )}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <label className="field-label" htmlFor="email">
          Email address
        </label>
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
        <label className="field-label" htmlFor="password">
          Password
        </label>
        <div className="input-with-button">
          <input
            className="input"
            id="password"
            name="password"
            type={shown ? "text" : "password"}
            autoComplete="current-password"
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? "sign-in-problem" : undefined}
            required
          />
          <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
            <span className="visually-hidden"> password</span>
          </button>
        </div>
        <button type="submit" className="button button-primary button-wide" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
