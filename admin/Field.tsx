import type { ReactNode } from "react";
import { DateAnswer } from "./DateBoxes";
import { t } from "./i18n/t";

/** What a control says of itself: spread over it. Of several in a group the group says what describes them. */
export interface Described {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

interface FieldProps {
  /** Of its control; of its box where it has several. */
  id: string;
  label: ReactNode;
  optional?: boolean;
  help?: ReactNode;
  problem?: string | undefined;
  /** Nothing else says the problem: no summary takes the focus. */
  alone?: boolean;
  /** Several controls: the label is their legend. */
  group?: boolean;
  /** At the end of the label's line. */
  beside?: ReactNode;
  /** Between the question and its control. */
  before?: ReactNode;
  children: (described: Described) => ReactNode;
}

/** A question of a form: its label, what helps to answer it, what is wrong with the answer, and its control. */
export function Field({
  id,
  label,
  optional = false,
  help,
  problem,
  alone = false,
  group = false,
  beside,
  before,
  children,
}: FieldProps) {
  const described = [help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const words = (
    <>
      {label}
      {optional && <span className="quiet"> {t`(optional)`}</span>}
    </>
  );
  const inner = (
    <>
      {beside && <span className="field-beside">{beside}</span>}
      {help && (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {problem && (
        <p className="field-problem" id={`${id}-problem`} role={alone ? "alert" : undefined}>
          {problem}
        </p>
      )}
      {before}
      {children({
        id,
        ...(described && !group && { "aria-describedby": described }),
        ...(problem && { "aria-invalid": true }),
      })}
    </>
  );
  const className = problem ? "field field-bad" : "field";
  return group ? (
    <fieldset className={className} aria-describedby={described || undefined}>
      <legend>{words}</legend>
      {inner}
    </fieldset>
  ) : (
    <div className={className}>
      <label className="field-label" htmlFor={id}>
        {words}
      </label>
      {inner}
    </div>
  );
}

/** A day, in a form that is read as a whole: under `name` as `dateText` has it, so that `dateProblem` must be asked. */
export const DayField = ({
  name,
  initial,
  ...field
}: Omit<FieldProps, "children" | "group"> & { name: string; initial?: string }) => (
  <Field {...field} group>
    {({ id, ...aria }) => (
      <DateAnswer
        {...{ id, name }}
        {...(initial !== undefined && { initial })}
        required={field.optional !== true}
        invalid={aria["aria-invalid"]}
      />
    )}
  </Field>
);
