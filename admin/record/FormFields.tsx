/** The fields of a form, each with its label, help and what is wrong with it. */
import { useState } from "react";
import type { Condition, Field as FieldDefinition, RecordType } from "../../schema/definition";
import { evaluate, valueOf } from "../../schema/condition";
import type { Scope } from "../../schema/scope";
import { parse } from "../../schema/fields";
import type { Problem } from "../../schema/failure";
import { dateProblem, whenProblem } from "../dateParts";
import { Field } from "../Field";
import { t } from "../i18n/t";
import type { ListRow, PersonRef, RecordItem, ShownValue, ShownValues } from "../provider";
import { scopeIn, useSession } from "../session";
import type { FieldProblem } from "../Failure";
import type { Asked } from "./fieldProps";
import { BothAnswers } from "./Merge";
import type { Met } from "./merging";
import { asRecordData, isBlank, isHeld, isSending, toPlain } from "./values";
import { useWhy } from "./Why";
import { widgetOf } from "./widgets";

export const controlId = (form: string, name: string): string => `${form}-${name}`;

/** Evaluates what the definition says about a field against the form as it stands. */
export function useConditions(
  type: RecordType,
  record: RecordItem | undefined,
  typed: ShownValues,
  asked: Asked[] = [],
) {
  const session = useSession();
  const answers = Object.fromEntries(asked.map(({ name, field }) => [name, toPlain(field, typed[name])]));
  const scope = { ...scopeIn(session, type), record: asRecordData(type, record, typed), form: answers };
  const holds = (rule: boolean | Condition | undefined, otherwise: boolean) =>
    rule === undefined ? otherwise : typeof rule === "boolean" ? rule : evaluate(rule, scope);
  return {
    visible: ({ field }: Asked) => holds(field.visible, true),
    required: ({ field, required }: Asked) => required === true || holds(field.required, false),
  };
}

/** The problem of a field among those the API named: "input.reviewBy" or "input.guidance[0].title". */
export const problemOf = (problems: Problem[], name: string): Problem | undefined =>
  problems.find(({ path }) => path === name || new RegExp(`^(input\\.)?${name}([.[]|$)`).test(path));

/** For the summary: those of fields on this form lead to their control, the others stand as sentences. */
export const summaryOf = (form: string, asked: Asked[], problems: Problem[]): FieldProblem[] =>
  problems.map((problem) => {
    const at = asked.find(({ name }) => problemOf([problem], name));
    return at
      ? { control: controlId(form, at.name), message: `${at.field.label}: ${problem.message}` }
      : { message: problem.message };
  });

/** What is missing or cannot be read, said before anything is sent, in the words the server has for it. */
export function unready(asked: Asked[], typed: ShownValues, conditions: ReturnType<typeof useConditions>): Problem[] {
  return asked.filter(conditions.visible).flatMap((each): Problem[] => {
    const { name, field } = each;
    const path = `input.${name}`;
    if (isBlank(typed[name])) return conditions.required(each) ? [{ path, message: t`This is needed.` }] : [];
    if (isHeld(field, typed[name])) return [];
    if (isSending(typed[name])) return [{ path, message: t`A file is still being sent. Wait for it, or remove it.` }];
    const undated = undatedIn(field, typed[name]);
    if (undated) return [{ path, message: undated }];
    const parsed = parse(field, toPlain(field, typed[name]));
    return "problem" in parsed ? [{ path, message: parsed.problem }] : [];
  });
}

/** What is wrong with a date that is being typed, also within the rows of a list. */
export function undatedIn(field: FieldDefinition, value: ShownValue | undefined): string | undefined {
  if (isBlank(value)) return undefined;
  if (field.kind === "date") return dateProblem(String(value), field.precision);
  if (field.kind === "dateTime") return whenProblem(String(value));
  if (field.kind !== "list") return undefined;
  for (const row of value as ListRow[])
    for (const [name, part] of Object.entries(field.of)) {
      const problem = undatedIn(part, row[name]);
      if (problem) return t`${part.label}: ${problem}`;
    }
  return undefined;
}

/** What stands in a new form: the defaults of what it asks. What the scope does not know is left to the server. */
export function defaultsOf(asked: Asked[], scope: Scope, me: PersonRef | null): ShownValues {
  return Object.fromEntries(
    asked.flatMap(({ name, field }): [string, ShownValue][] => {
      const value = field.default === undefined ? null : (valueOf(field.default, scope) as ShownValue);
      return isBlank(value) ? [] : [[name, me && value === me.id ? me : value]];
    }),
  );
}

/** What is sent: the answers to what is asked as the form stands. */
export const inputOf = (
  asked: Asked[],
  typed: ShownValues,
  { visible }: ReturnType<typeof useConditions>,
): Record<string, unknown> =>
  Object.fromEntries(
    asked
      .filter((each) => visible(each) && !isBlank(typed[each.name]))
      .map(({ name, field }) => [name, toPlain(field, typed[name])]),
  );

export function FormFields({
  form,
  asked,
  typed,
  problems,
  conditions,
  met,
  onChange,
}: {
  form: string;
  asked: Asked[];
  typed: ShownValues;
  problems: Problem[];
  conditions: ReturnType<typeof useConditions>;
  /** Somebody else's change of the same fields, where one was met. */
  met?: Met | undefined;
  onChange: (name: string, value: ShownValue) => void;
}) {
  return asked
    .filter(conditions.visible)
    .map((each) => (
      <FormField
        key={each.name}
        id={controlId(form, each.name)}
        asked={each}
        required={conditions.required(each)}
        value={typed[each.name] ?? null}
        problem={problemOf(problems, each.name)?.message}
        met={met?.clashes.some(({ name }) => name === each.name) ? met : undefined}
        onChange={(value) => onChange(each.name, value)}
      />
    ));
}

function FormField({
  id,
  asked,
  required,
  value,
  problem,
  met,
  onChange,
}: {
  id: string;
  asked: Asked;
  required: boolean;
  value: ShownValue;
  problem: string | undefined;
  met: Met | undefined;
  onChange: (value: ShownValue) => void;
}) {
  const { field } = asked;
  // Some inputs keep what is being typed to themselves: one chosen for them is a new one.
  const [choices, setChoices] = useState(0);
  const why = useWhy(field.because ?? [], field.label);
  const { Input, group = false } = widgetOf(field);
  const help = field.help && { help: field.help };
  return (
    <Field
      {...{ id, problem, group, ...help }}
      label={field.label}
      optional={!required}
      beside={why.button}
      before={
        <>
          {why.reasons}
          {met && (
            <BothAnswers
              asked={asked}
              met={met}
              value={value}
              choose={(answer) => {
                onChange(answer);
                setChoices((n) => n + 1);
              }}
            />
          )}
        </>
      }
    >
      {({ "aria-describedby": describedBy }) => (
        <Input
          key={choices}
          {...{ id, field, value, onChange, required }}
          invalid={problem !== undefined}
          {...(describedBy && { describedBy })}
        />
      )}
    </Field>
  );
}
