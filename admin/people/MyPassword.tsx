/** Another password, by the one I have. */
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { ErrorSummary, type FieldProblem } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { PasswordInput } from "../PasswordInput";
import type { DulyProvider } from "../provider";
import { Said } from "../Said";
import { useSession } from "../session";
import { problemsIn, useProblems } from "../useProblems";

const controls: Record<string, string> = { old: "password-old", password: "password-new" };

export default function MyPassword() {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const { problems, attempt, problemOf, fail, clear } = useProblems();
  const [changed, setChanged] = useState(0);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [old, password] = ["old", "password"].map((name) => String(data.get(name) ?? ""));
    const found: FieldProblem[] = [];
    if (!old) found.push({ control: "password-old", message: t`Enter the password you have now.` });
    if (!password) found.push({ control: "password-new", message: t`Enter a new password.` });
    if (found.length > 0) return fail(found);
    clear();
    try {
      await provider.changePassword(old ?? "", password ?? "");
      setChanged((n) => n + 1);
    } catch (failure) {
      fail(problemsIn(failure, (path) => controls[path]));
    }
  }
  return (
    <Page title={t`Change my password`}>
      {changed > 0 && <Said words={t`Your password is changed. You are signed out everywhere else.`} />}
      <form key={changed} className="form" onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <input type="hidden" autoComplete="username" value={me.person.email ?? ""} readOnly />
        <Field id="password-old" label={t`Current password`} problem={problemOf("password-old")}>
          {(described) => <PasswordInput name="old" autoComplete="current-password" {...described} />}
        </Field>
        <Field
          id="password-new"
          label={t`New password`}
          help={t`At least ten characters. Three or four words are easy to remember.`}
          problem={problemOf("password-new")}
        >
          {(described) => <PasswordInput name="password" autoComplete="new-password" {...described} />}
        </Field>
        <div className="form-buttons">
          <button type="submit" className="button button-primary">{t`Change my password`}</button>
        </div>
      </form>
    </Page>
  );
}
