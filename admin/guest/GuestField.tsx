/** What a guest may be asked: the browser's own controls, for nothing needs to be looked up. */
import type { Problem } from "../../schema/failure";
import { DateAnswer } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { toPlain } from "../record/values";
import type { GuestItem } from "./guestApi";

/** Answers by name; null where nothing was given. */
export function answersIn(asked: GuestItem[], data: FormData): Record<string, unknown> {
  return Object.fromEntries(
    asked.map(({ name, field }) => {
      const given = data.getAll(name).map(String).filter(Boolean);
      const [first = null] = given;
      if (field.kind === "choices") return [name, given.length ? given : null];
      if (field.kind === "yesNo") return [name, first === null ? null : first === "yes"];
      return [name, toPlain(field, first?.trim())];
    }),
  );
}

/** What keeps an answer from being sent, said before it is. */
export function lackingIn(asked: GuestItem[], data: FormData): Problem[] {
  const answers = answersIn(asked, data);
  return asked.flatMap(({ name, field, required }): Problem[] => {
    const undated = field.kind === "date" && dateProblem(String(data.get(name) ?? ""), field.precision);
    if (undated) return [{ path: name, message: t`${field.label}: ${undated}` }];
    return required && answers[name] === null ? [{ path: name, message: t`${field.label} is needed.` }] : [];
  });
}

const yesNo = () => [
  { value: "yes", label: t`Yes` },
  { value: "no", label: t`No` },
];

interface Props {
  id: string;
  item: GuestItem;
  problem?: string;
}

export function GuestField({ id, item: { name, field, required }, problem }: Props) {
  const options =
    field.kind === "yesNo" ? yesNo() : field.kind === "choice" || field.kind === "choices" ? field.options : undefined;
  const group = field.kind === "date" || options !== undefined;
  return (
    <Field {...{ id, problem, group }} label={field.label} optional={!required} help={field.help}>
      {(described) => {
        if (field.kind === "date")
          return (
            <DateAnswer
              {...{ id, name, required }}
              partial={field.precision === true}
              invalid={described["aria-invalid"]}
            />
          );
        if (options)
          return (
            <div id={id}>
              {options.map((option) => (
                <label key={option.value} className="check">
                  <input type={field.kind === "choices" ? "checkbox" : "radio"} name={name} value={option.value} />
                  {option.label}
                </label>
              ))}
            </div>
          );
        const own = { ...described, name, className: "input", "aria-required": required };
        return field.kind === "longText" ? (
          <textarea {...own} rows={4} />
        ) : (
          <input
            {...own}
            type="text"
            {...(field.kind === "number" && { inputMode: "decimal" })}
            {...(field.kind === "text" && { maxLength: field.maxLength })}
          />
        );
      }}
    </Field>
  );
}
