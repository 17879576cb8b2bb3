/** The first page of a school of its own: what it is called, and who begins. */
import { type SubmitEvent, useEffect, useState } from "react";
import { ErrorSummary } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { problemsIn, useProblems } from "../useProblems";
import { askFounding, type Founding, foundSchool } from "./doors";
import { DoorFrame, DoorShut } from "./DoorFrame";
import { PasswordField } from "./PasswordField";

const controls: Record<string, string> = {
  school: "found-school",
  name: "found-name",
  email: "found-email",
  password: "found-password",
  roles: "found-roles",
};

export default function FoundPage({ secret, entered }: { secret: string; entered: () => Promise<void> }) {
  const [founding, setFounding] = useState<Founding>();
  const { problems, attempt, problemOf, fail, clear } = useProblems();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    askFounding(secret).then(setFounding, setFailure);
  }, [secret]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const given = (name: string) => String(data.get(name) ?? "").trim();
    setBusy(true);
    clear();
    try {
      await foundSchool({
        secret,
        school: given("school"),
        zone: "Europe/London",
        name: given("name"),
        email: given("email"),
        password: String(data.get("password") ?? ""),
        roles: data.getAll("role").map(String),
      });
      await entered();
    } catch (failure) {
      setBusy(false);
      fail(problemsIn(failure, (path) => controls[path]));
    }
  }
  if (failure !== undefined) return <DoorShut failure={failure} />;
  if (!founding) return <DoorFrame title={t`Begin with your school`}>{t`Looking at your link…`}</DoorFrame>;
  if (!founding.open)
    return (
      <DoorFrame title={founding.founded ? t`The school is founded` : t`This link is not whole`}>
        <p>
          {founding.founded ? (
            <>{t`This link has done its work. ${(<a href="#/">{t`Sign in`}</a>)}, or ask whoever began for an invitation.`}</>
          ) : (
            t`Copy it from the terminal once more, to its very end. It works once, on this installation alone.`
          )}
        </p>
      </DoorFrame>
    );
  return (
    <DoorFrame title={t`Begin with your school`}>
      <p className="quiet">{t`You become its first administrator. Nothing is mailed to anybody until the day you say: you can take your time, leave, and come back.`}</p>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <TextField id="found-school" name="school" label={t`Name of the school`} problem={problemOf("found-school")} />
        <TextField
          id="found-name"
          name="name"
          label={t`Your name`}
          autoComplete="name"
          problem={problemOf("found-name")}
        />
        <TextField
          id="found-email"
          name="email"
          label={t`Your email address`}
          type="email"
          autoComplete="username"
          problem={problemOf("found-email")}
        />
        <PasswordField id="found-password" problem={problemOf("found-password")} />
        <details id="found-roles">
          <summary>{t`What else you are at the school (optional)`}</summary>
          {founding.roles.map(({ name, label }) => (
            <label key={name} className="check">
              <input type="checkbox" name="role" value={name} />
              {label}
            </label>
          ))}
        </details>
        <button type="submit" className="button button-primary button-wide" disabled={busy}>
          {busy ? t`Laying out the registers…` : t`Found the school`}
        </button>
      </form>
    </DoorFrame>
  );
}

function TextField({
  id,
  name,
  label,
  problem,
  type = "text",
  autoComplete,
}: {
  id: string;
  name: string;
  label: string;
  problem: string | undefined;
  type?: "text" | "email";
  autoComplete?: string;
}) {
  return (
    <Field {...{ id, label, problem }}>
      {(described) => <input className="input" {...{ name, type, autoComplete }} {...described} required />}
    </Field>
  );
}
