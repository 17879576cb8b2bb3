import { useId } from "react";
import type { Field as FieldDefinition } from "../../schema/definition";
import type { RiskGrid } from "../../schema/record";
import { Field } from "../Field";
import { t } from "../i18n/t";
import type { ListRow, ShownValue } from "../provider";
import { useRowFocus } from "../rowFocus";
import type { InputProps, Widget } from "./fieldProps";
import { useNamedRows } from "./rowNames";

/** Likelihood and impact; what level they give, the server says. */
export function RiskGridInput({ id, field, value, onChange, describedBy }: InputProps) {
  const size = field.kind === "riskGrid" ? (field.size ?? 3) : 3;
  const grid = (value ?? {}) as Partial<RiskGrid>;
  const steps = Array.from({ length: size }, (_, at) => at + 1);
  const change = (part: Partial<RiskGrid>) => onChange({ ...grid, ...part } as RiskGrid);
  const axes = [
    { name: "likelihood" as const, label: t`Likelihood, 1 is lowest` },
    { name: "impact" as const, label: t`Impact, 1 is lowest` },
  ];
  return (
    <div className="list-rows" id={id}>
      {axes.map(({ name, label }) => (
        <fieldset key={name} aria-describedby={describedBy}>
          <legend>{label}</legend>
          <div className="choice-row">
            {steps.map((step) => (
              <label key={step} className="check">
                <input
                  type="radio"
                  name={`${id}-${name}`}
                  checked={grid[name] === step}
                  onChange={() => change({ [name]: step })}
                />
                {step}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <label>
        {t`What is done about it`}
        <textarea
          className="input"
          value={grid.mitigations ?? ""}
          onChange={(event) => change({ mitigations: event.target.value })}
        />
      </label>
    </div>
  );
}

/** Rows of small fields: add, fill, remove. What asks for each of them is `widgetOf`'s to say. */
export const listInput = (widgetOf: (field: FieldDefinition) => Widget) =>
  function ListInput({ id, field, value, onChange }: InputProps) {
    const base = useId();
    const rows = Array.isArray(value) ? (value as ListRow[]) : [];
    const named = useNamedRows(field, rows);
    const { box, added, removed } = useRowFocus<HTMLDivElement>(rows.length);
    if (field.kind !== "list") return null;
    const parts = Object.entries(field.of);
    const change = (at: number, name: string, next: ShownValue) =>
      onChange(rows.map((row, index) => (index === at ? { ...row, [name]: next as ListRow[string] } : row)));
    return (
      <div id={id} ref={box}>
        <div className="list-rows">
          {named.map((row, at) => (
            <div
              key={`${base}-${at}`}
              className="list-row"
              role="group"
              aria-label={`${field.label}, ${at + 1}`}
              data-row={at}
              tabIndex={-1}
            >
              {parts.map(([name, part]) => {
                const { Input, group = false } = widgetOf(part);
                const control = `${base}-${at}-${name}`;
                return (
                  <Field key={name} id={control} label={part.label} group={group}>
                    {() => (
                      <Input
                        id={control}
                        field={part}
                        value={row[name] ?? null}
                        onChange={(next) => change(at, name, next)}
                      />
                    )}
                  </Field>
                );
              })}
              <div>
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    removed(at);
                    onChange(rows.filter((_, index) => index !== at));
                  }}
                >
                  {t`Remove ${(<span className="visually-hidden">{t`${at + 1} of ${field.label}`}</span>)}`}
                </button>
              </div>
            </div>
          ))}
        </div>
        <button
          type="button"
          className="button button-small"
          data-after
          onClick={() => {
            added();
            onChange([...rows, Object.fromEntries(parts.map(([name]) => [name, null]))]);
          }}
        >
          {t`Add one ${(<span className="visually-hidden">{t`to ${field.label}`}</span>)}`}
        </button>
      </div>
    );
  };
