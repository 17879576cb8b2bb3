/**
 * Day, month, year: a browser's own date field follows its own country, and puts the month first in some. The month is
 * chosen by its name, or by its figure from the keyboard; the weekday says whether it is the day that was meant.
 */
import { type ComponentProps, type KeyboardEvent, useRef, useState } from "react";
import { parseDay, weekdayOf } from "../schema/epochDay";
import { type DateParts, datePartsOf, dateText, readTime } from "./dateParts";
import { t } from "./i18n/t";
import { months, weekdays } from "./words";

export interface DateBoxesProps {
  id: string;
  /** As `dateText` has it: also what is not whole yet. */
  value: string;
  onChange: (value: string) => void;
  /** The day may stay empty, and so may the month, where nobody knows better. */
  partial?: boolean;
  /** In a line, where the boxes say themselves what they are for. */
  brief?: boolean;
  required?: boolean | undefined;
  invalid?: boolean | undefined;
}

/** Controls of one question: whoever draws them puts a legend or another name around them. */
export function DateBoxes({ id, value, onChange, partial = false, brief = false, required, invalid }: DateBoxesProps) {
  const [typed, setTyped] = useState({ value, ...datePartsOf(value) });
  // A value that came from elsewhere (a default, a merge) replaces what stood here.
  const shown = typed.value === value ? typed : { value, ...datePartsOf(value) };
  const change = (part: Partial<DateParts>) => {
    const next = { ...shown, ...part };
    const made = dateText(next);
    setTyped({ ...next, value: made });
    onChange(made);
  };
  const month = useMonthKeys((figure) => change({ month: figure }));
  const weekday = parseDay(value);
  const shared = { "aria-invalid": invalid ? true : undefined, "aria-required": required ? true : undefined };
  const said = brief ? "visually-hidden" : undefined;
  return (
    <div className="parts" id={id}>
      <div>
        <label className={said} htmlFor={`${id}-day`}>{t`Day`}</label>
        <input
          {...shared}
          id={`${id}-day`}
          className={brief ? "input part-day part-named" : "input part-day"}
          inputMode="numeric"
          maxLength={2}
          placeholder={brief ? t`Day` : undefined}
          value={shown.day}
          onChange={(event) => change({ day: event.target.value.replace(/\D/g, "") })}
        />
      </div>
      <div>
        <label className={said} htmlFor={`${id}-month`}>{t`Month`}</label>
        <select
          {...shared}
          {...month}
          id={`${id}-month`}
          className="input part-month"
          value={shown.month}
          onChange={(event) => change({ month: event.target.value })}
        >
          <option value="">{partial ? t`Not known` : brief ? t`Month` : ""}</option>
          {months().map((name, at) => (
            <option key={name} value={monthText(at + 1)}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label className={said} htmlFor={`${id}-year`}>{t`Year`}</label>
        <input
          {...shared}
          id={`${id}-year`}
          className="input part-year"
          inputMode="numeric"
          maxLength={4}
          placeholder={brief ? t`Year` : undefined}
          value={shown.year}
          onChange={(event) => change({ year: event.target.value.replace(/\D/g, "") })}
          // Few write the century.
          onBlur={() => /^\d\d$/.test(shown.year) && change({ year: `20${shown.year}` })}
        />
      </div>
      {/* There before it says anything, so that it is heard. */}
      <span className="part-weekday quiet" aria-live="polite">
        {weekday !== undefined && value >= "1000" && weekdays()[weekdayOf(weekday)]?.name}
      </span>
    </div>
  );
}

const monthText = (month: number): string => String(month).padStart(2, "0");

/** A choice finds its options by how they begin. Figures find a month too: "5" is May, and "1", "2" December. */
function useMonthKeys(choose: (month: string) => void) {
  const figures = useRef("");
  return {
    onFocus: () => void (figures.current = ""),
    onKeyDown({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) {
      if (!/^\d$/.test(key) || ctrlKey || altKey || metaKey) return;
      const both = Number(figures.current + key);
      const month = both > 12 ? Number(key) : both;
      figures.current = String(month);
      if (month > 0) choose(monthText(month));
    },
  };
}

/** The same in a form that is read as a whole: the date stands under `name`, as `DateBoxes` has it. */
export function DateAnswer({
  name,
  initial = "",
  ...boxes
}: Omit<DateBoxesProps, "value" | "onChange"> & { name: string; initial?: string }) {
  const [value, setValue] = useState(initial);
  return (
    <>
      <input type="hidden" name={name} value={value} />
      <DateBoxes {...boxes} value={value} onChange={setValue} />
    </>
  );
}

interface TimeBoxProps extends ComponentProps<"input"> {
  value: string;
  write: (value: string) => void;
}

/** A time of day on the 24-hour clock, "14:30"; put into that form once it is typed. */
export const TimeBox = ({ value, write, ...own }: TimeBoxProps) => (
  <input
    {...own}
    className="input input-time"
    inputMode="numeric"
    value={value}
    onChange={(event) => write(event.target.value)}
    onBlur={() => write(readTime(value))}
  />
);

/** The same in a form that is read as a whole. */
export function TimeAnswer({
  name,
  initial = "",
  ...own
}: Omit<TimeBoxProps, "value" | "write"> & { initial?: string }) {
  const [value, setValue] = useState(initial);
  return (
    <>
      <input type="hidden" name={name} value={readTime(value)} />
      <TimeBox {...own} value={value} write={setValue} />
    </>
  );
}
