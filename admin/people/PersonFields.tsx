import { type FieldProblem, messageOf } from "../Failure";
import { RequestFailure } from "../graphql";
import { t } from "../i18n/t";

export interface PersonForm {
  name: string;
  email: string | null;
  externalId: string | null;
}

const fields = () =>
  [
    { name: "name", label: t`Name`, help: undefined, type: "text" },
    { name: "email", label: t`E-mail address`, help: t`They sign in with it, and are reminded there.`, type: "email" },
    {
      name: "externalId",
      label: t`Number in your school’s system (optional)`,
      help: t`By it they are found again when its list is brought in.`,
      type: "text",
    },
  ] as const;

export const readPersonForm = (data: FormData): PersonForm => {
  const given = (name: string) => String(data.get(name) ?? "").trim();
  return { name: given("name"), email: given("email") || null, externalId: given("externalId") || null };
};

/** The API's problems, each at its field. */
export const personProblems = (failure: unknown): FieldProblem[] =>
  failure instanceof RequestFailure && failure.problems.length > 0
    ? failure.problems.map(({ path, message }) => ({ message, control: `person-${path}` }))
    : [{ message: messageOf(failure) }];

export function PersonFields({ person, problems }: { person?: PersonForm; problems: FieldProblem[] }) {
  return fields().map(({ name, label, help, type }) => {
    const id = `person-${name}`;
    const problem = problems.find(({ control }) => control === id);
    return (
      <div key={name} className={problem ? "field-bad" : undefined}>
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        {help && (
          <p className="field-help" id={`${id}-help`}>
            {help}
          </p>
        )}
        {problem && (
          <p className="field-problem" id={`${id}-problem`}>
            {problem.message}
          </p>
        )}
        <input
          className="input"
          {...{ id, name, type }}
          defaultValue={person?.[name] ?? ""}
          autoComplete="off"
          aria-invalid={problem ? true : undefined}
          aria-describedby={[help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined}
        />
      </div>
    );
  });
}
