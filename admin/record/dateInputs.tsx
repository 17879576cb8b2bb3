import { useState } from "react";
import { Temporal } from "temporal-polyfill";
import { isTime } from "../../schema/zone";
import { DateBoxes, TimeBox } from "../DateBoxes";
import { dateProblem } from "../dateParts";
import { t } from "../i18n/t";
import { useSession } from "../session";

export interface PlainInputProps {
  id: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  invalid?: boolean;
  describedBy?: string;
}

/**
 * Local to the school, whatever zone the browser is in; held as an instant, and as `whenProblem` has it until it is one.
 */
export function DateTimeInput({ id, value, onChange, required, invalid }: PlainInputProps) {
  const { zone } = useSession();
  const local = value.endsWith("Z")
    ? Temporal.Instant.from(value).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "minute" })
    : value;
  const [date = "", time = ""] = local.split("T");
  const change = (day: string, hour: string) => {
    const whole = day && isTime(hour) && dateProblem(day) === undefined;
    if (whole) onChange(Temporal.PlainDateTime.from(`${day}T${hour}`).toZonedDateTime(zone).toInstant().toString());
    else onChange(day || hour ? `${day}T${hour}` : "");
  };
  return (
    <div className="parts" id={id}>
      <DateBoxes id={`${id}-date`} value={date} onChange={(next) => change(next, time)} {...{ required, invalid }} />
      <div>
        <label htmlFor={`${id}-time`}>{t`Time`}</label>
        <TimeBox
          id={`${id}-time`}
          value={time}
          write={(next) => change(date, next)}
          aria-invalid={invalid ? true : undefined}
          aria-required={required ? true : undefined}
        />
      </div>
    </div>
  );
}

const units = [
  { unit: "D", label: () => t`days`, time: false },
  { unit: "W", label: () => t`weeks`, time: false },
  { unit: "M", label: () => t`months`, time: false },
  { unit: "Y", label: () => t`years`, time: false },
  { unit: "H", label: () => t`hours`, time: true },
  { unit: "M", label: () => t`minutes`, time: true },
];

/** "P30D" as a number and a unit. */
export function DurationInput({ id, value, onChange, invalid, describedBy }: PlainInputProps) {
  const match = /^P(T?)(\d+)([DWMYH])$/.exec(value);
  const at = match ? units.findIndex(({ unit, time }) => unit === match[3] && time === (match[1] === "T")) : 0;
  const [chosen, setChosen] = useState(Math.max(at, 0));
  const number = match?.[2] ?? "";
  const change = (count: string, which: number) => {
    const { unit, time } = units[which] ?? { unit: "D", time: false };
    onChange(count ? `P${time ? "T" : ""}${Number(count)}${unit}` : "");
  };
  return (
    <div className="parts">
      <input
        className="input part-year"
        id={id}
        inputMode="numeric"
        value={number}
        aria-invalid={invalid ? true : undefined}
        aria-describedby={describedBy}
        onChange={(event) => change(event.target.value.replace(/\D/g, ""), chosen)}
      />
      <select
        className="input"
        aria-label={t`Unit`}
        value={chosen}
        onChange={(event) => {
          setChosen(Number(event.target.value));
          change(number, Number(event.target.value));
        }}
      >
        {units.map(({ label }, index) => (
          <option key={index} value={index}>
            {label()}
          </option>
        ))}
      </select>
    </div>
  );
}
