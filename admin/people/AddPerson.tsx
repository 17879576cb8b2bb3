/** Somebody by hand: who they are, and what they do here. Whoever holds no role is found nowhere, so one is asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { SubmitEvent } from "react";
import { Link, useNavigate } from "react-router-dom";
import { ErrorSummary, type FieldProblem } from "../Failure";
import { dateProblem } from "../dateParts";
import { DayField } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { useProblems } from "../useProblems";
import { PersonFields, personProblems, readPersonForm } from "./PersonFields";

export default function AddPerson() {
  const { me, roles } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { problems, attempt, problemOf, fail } = useProblems();
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const held = data.getAll("role").map(String);
    const person = readPersonForm(data);
    const found: FieldProblem[] = [];
    if (!person.name) found.push({ control: "person-name", message: t`A person needs a name.` });
    if (held.length === 0) found.push({ control: "person-roles", message: t`Choose at least one role.` });
    const from = String(data.get("from") ?? "") || me.today;
    const undated = dateProblem(from);
    if (undated) found.push({ control: "person-from", message: undated });
    if (found.length > 0) return fail(found);
    try {
      const { id } = await provider.createPerson({ ...person, roles: held, from });
      await readAnew(client);
      await navigate(`/people/${id}`);
    } catch (failure) {
      fail(personProblems(failure));
    }
  }
  return (
    <Page
      title={t`Add a person`}
      above={
        <p className="crumb">
          <Link to="/people">{t`People`}</Link>
        </p>
      }
    >
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary problems={problems} attempt={attempt} />
        <PersonFields problems={problems} />
        <fieldset id="person-roles">
          <legend>{t`What they do here`}</legend>
          <div className="check-columns">
            {roles.map(({ name, label }) => (
              <label key={name} className="check">
                <input type="checkbox" name="role" value={name} />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
        <DayField
          id="person-from"
          name="from"
          label={t`First day`}
          initial={me.today}
          problem={problemOf("person-from")}
        />
        <div className="form-buttons">
          <button type="submit" className="button button-primary">{t`Add them`}</button>
        </div>
      </form>
    </Page>
  );
}
