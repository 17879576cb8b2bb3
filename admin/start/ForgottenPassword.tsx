/** Asks for a link to choose another password. It says the same whether or not anybody has the address. */
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { graphql, RequestFailure } from "../graphql";
import { t } from "../i18n/t";

const FORGOTTEN = `mutation ForgottenPassword($email: String!) { forgottenPassword(email: $email) }`;

export function ForgottenPassword({ back }: { back: () => void }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<{ email: string; mails: boolean }>();
  const note = useRef<HTMLParagraphElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.title;
    document.title = `${t`Forgotten password`} – Duly`;
    heading.current?.focus();
    return () => void (document.title = before);
  }, []);
  useEffect(() => {
    if (problem ?? asked) note.current?.focus();
  }, [problem, asked]);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    if (!email) return setProblem(t`Enter your email address.`);
    if (!email.includes("@")) return setProblem(t`“${email}” is no email address: it has no @.`);
    setProblem(undefined);
    setBusy(true);
    try {
      const { forgottenPassword: mails } = await graphql<{ forgottenPassword: boolean }>(FORGOTTEN, { email });
      setAsked({ email, mails });
    } catch (failure) {
      setProblem(failure instanceof RequestFailure ? failure.message : t`It did not work. Try again.`);
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>{t`Forgotten password`}</h1>
      {problem && (
        <p className="note note-red" role="alert" tabIndex={-1} ref={note} id="forgotten-problem">
          {problem}
        </p>
      )}
      {asked && !asked.mails && (
        <p className="note note-amber" role="status" tabIndex={-1} ref={note}>
          {t`No link was sent: no email leaves this Duly. Ask its administrator at your school for a link.`}
        </p>
      )}
      {asked?.mails && (
        <>
          <p className="note note-green" role="status" tabIndex={-1} ref={note}>
            {t`If somebody signs in with ${asked.email}, a link to choose another password goes there now. It works once, for 24 hours.`}
          </p>
          <p>{t`Nothing there? Check your junk or spam folder. If no email comes within the hour, ask your school’s administrator of Duly for a link.`}</p>
        </>
      )}
      {!asked && (
        <>
          <p className="quiet">{t`Enter the email address you sign in with. You get a link to choose another password.`}</p>
          <form onSubmit={(event) => void submit(event)} noValidate>
            <label className="field-label" htmlFor="forgotten-email">{t`Email address`}</label>
            <input
              className="input"
              id="forgotten-email"
              name="email"
              type="email"
              autoComplete="username"
              aria-invalid={problem ? true : undefined}
              aria-describedby={problem ? "forgotten-problem" : undefined}
              required
            />
            <button type="submit" className="button button-primary button-wide" disabled={busy}>
              {busy ? t`Sending…` : t`Send me a link`}
            </button>
          </form>
        </>
      )}
      <p>
        <button type="button" className="link" onClick={back}>{t`Back to signing in`}</button>
      </p>
    </>
  );
}
