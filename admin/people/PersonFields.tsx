import type { FieldProblem } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { problemsIn } from "../useProblems";

export interface PersonForm {
  name: string;
  email: string | null;
  externalId: string | null;
}

const fields = () =>
  [
    { name: "name", label: t`Name`, help: undefined, type: "text", optional: false },
    {
      name: "email",
      label: t`Email address`,
      help: t`They sign in with it, and are reminded there.`,
      type: "email",
      optional: false,
    },
    {
      name: "externalId",
      label: t`Number in your school’s system`,
      help: t`By it they are found again when its list is brought in.`,
      type: "text",
      optional: true,
    },
  ] as const;

export const readPersonForm = (data: FormData): PersonForm => {
  const given = (name: string) => String(data.get(name) ?? "").trim();
  return { name: given("name"), email: given("email") || null, externalId: given("externalId") || null };
};

/** The API's problems, each at its field. */
export const personProblems = (failure: unknown): FieldProblem[] => problemsIn(failure, (path) => `person-${path}`);

export function PersonFields({ person, problems }: { person?: PersonForm; problems: FieldProblem[] }) {
  return fields().map(({ name, label, help, type, optional }) => {
    const id = `person-${name}`;
    const problem = problems.find(({ control }) => control === id)?.message;
    return (
      <Field key={name} {...{ id, label, help, problem, optional }}>
        {(described) => (
          <input
            className="input"
            {...{ name, type }}
            defaultValue={person?.[name] ?? ""}
            autoComplete="off"
            {...described}
          />
        )}
      </Field>
    );
  });
}
