import { useState } from "react";
import { Temporal } from "temporal-polyfill";
import { t } from "../i18n/t";
import { useSession } from "../session";
import { months } from "../words";

export interface PlainInputProps {
  id: string;
  value: string;
  onChange: (value: string) => void;
  invalid?: boolean;
  describedBy?: string;
}

/** What stands in the three boxes, as a date of whatever precision; text that is no date goes on as it is, to be refused with a sentence. */
export function partialOf(day: string, month: string, year: string): string {
  if (!day && !month && !year) return "";
  const parts = [year.padStart(4, "0"), month.padStart(2, "0"), day.padStart(2, "0")];
  if (day) return parts.join("-");
  return month ? parts.slice(0, 2).join("-") : (parts[0] ?? "");
}

/** Day, month, year: the day may stay empty, and so may the month, where nobody knows better. */
export function PartialDateInput({ id, value, onChange, invalid, describedBy }: PlainInputProps) {
  const [year = "", month = "", day = ""] = value.split("-");
  const [typed, setTyped] = useState({ value, day: day.replace(/^0/, ""), month, year });
  // A value that came from elsewhere (a default, a merge) replaces what stood here.
  const shown = typed.value === value ? typed : { value, day: day.replace(/^0/, ""), month, year };
  const change = (part: Partial<typeof typed>) => {
    const next = { ...shown, ...part };
    const made = partialOf(next.day, next.month, next.year);
    setTyped({ ...next, value: made });
    onChange(made);
  };
  const shared = { "aria-invalid": invalid ? true : undefined, "aria-describedby": describedBy };
  return (
    <div className="parts" id={id}>
      <label>
        {t`Day`}
        <input
          {...shared}
          className="input part-day"
          inputMode="numeric"
          maxLength={2}
          value={shown.day}
          onChange={(event) => change({ day: event.target.value.replace(/\D/g, "") })}
        />
      </label>
      <label>
        {t`Month`}
        <select
          {...shared}
          className="input"
          value={shown.month}
          onChange={(event) => change({ month: event.target.value })}
        >
          <option value="">{t`Not known`}</option>
          {months().map((name, at) => (
            <option key={name} value={String(at + 1).padStart(2, "0")}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t`Year`}
        <input
          {...shared}
          className="input part-year"
          inputMode="numeric"
          maxLength={4}
          value={shown.year}
          onChange={(event) => change({ year: event.target.value.replace(/\D/g, "") })}
        />
      </label>
    </div>
  );
}

export const DateInput = ({ id, value, onChange, invalid, describedBy }: PlainInputProps) => (
  <input
    className="input input-short"
    id={id}
    type="date"
    value={value}
    aria-invalid={invalid ? true : undefined}
    aria-describedby={describedBy}
    onChange={(event) => onChange(event.target.value)}
  />
);

/** Local to the school, whatever zone the browser is in; held as an instant. */
export function DateTimeInput({ id, value, onChange, invalid, describedBy }: PlainInputProps) {
  const { zone } = useSession();
  const local = value
    ? Temporal.Instant.from(value).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "minute" })
    : "";
  const change = (text: string) =>
    onChange(text ? Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString() : "");
  return (
    <input
      className="input"
      id={id}
      type="datetime-local"
      value={local}
      aria-invalid={invalid ? true : undefined}
      aria-describedby={describedBy}
      onChange={(event) => change(event.target.value)}
    />
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
