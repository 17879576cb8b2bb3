/** Where a one-time link leads: who it is for, and a password to choose. Opening it has changed nothing. */
import { type SubmitEvent, useEffect, useState } from "react";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import { askLink, choosePassword, type LinkHolder } from "./doors";
import { DoorFrame, DoorShut } from "./DoorFrame";
import { PasswordField } from "./PasswordField";

export default function WelcomePage({ secret, entered }: { secret: string; entered: () => Promise<void> }) {
  const [holder, setHolder] = useState<LinkHolder | null>();
  const [failure, setFailure] = useState<unknown>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    askLink(secret).then(setHolder, setFailure);
  }, [secret]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setBusy(true);
    setProblem(undefined);
    try {
      await choosePassword(secret, password);
      await entered();
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
      document.getElementById("welcome-password")?.focus();
    }
  }
  if (failure !== undefined) return <DoorShut failure={failure} />;
  if (holder === undefined) return <DoorFrame title={t`Welcome to Duly`}>{t`Looking at your link…`}</DoorFrame>;
  if (holder === null)
    return (
      <DoorFrame title={t`This link has ended`}>
        <p>{t`It has been used, or is more than a fortnight old.`}</p>
        <p>{t`If you have chosen a password, ${(<a href="#/">{t`sign in`}</a>)} with it. Otherwise ask your school’s administrator for another link.`}</p>
      </DoorFrame>
    );
  return (
    <DoorFrame title={t`Welcome, ${holder.name}`}>
      <p className="quiet">{t`${holder.school} keeps here what its policies ask for. Choose a password; you sign in with it and with ${holder.email}.`}</p>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <input type="hidden" name="username" autoComplete="username" value={holder.email} readOnly />
        <PasswordField id="welcome-password" problem={problem} />
        <button type="submit" className="button button-primary button-wide" disabled={busy}>
          {busy ? t`Signing in…` : t`Choose this password`}
        </button>
      </form>
    </DoorFrame>
  );
}
