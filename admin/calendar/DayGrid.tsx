/**
 * Weeks as rows. One day of the grid has the focus, and arrows move it; Enter or a click lays the day open beside the
 * grid, where its entries are links. The chips in the cells are the same links for whoever points.
 */
import { type KeyboardEvent, useRef, useState } from "react";
import { Link } from "react-router-dom";
import { plural, t } from "../i18n/t";
import type { DueItem, SchoolDays } from "../provider";
import { recordPath, useSession } from "../session";
import { Chip } from "../StateChip";
import { longDate, weekdays } from "../words";
import { briefWordsOf, meaningOf, wordsOf } from "./due";
import { type Moving, useMovable } from "./MoveDialog";
import { closedOn, daysOn, weeksOf } from "./range";

const CHIPS = 3;

interface GridProps {
  from: string;
  to: string;
  school: SchoolDays;
  byDay: Map<string, DueItem[]>;
  /** Days of which more is due than `byDay` has. */
  full: Set<string>;
  /** The day that has the focus when the grid gets it. */
  chosen: string;
  /** `open`: its entries are wanted, and the focus with them. */
  choose: (date: string, open: boolean) => void;
  /** Asks to when it moves. */
  move: (moving: Moving) => void;
}

const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function DayGrid({ from, to, school, byDay, full, chosen, choose, move }: GridProps) {
  const [dragged, setDragged] = useState<Moving["entry"]>();
  const grid = useRef<HTMLTableElement>(null);
  const weeks = weeksOf(from, to);
  const [first = from, last = to] = [weeks[0]?.[0], weeks.at(-1)?.[6]];
  const focused = chosen >= first && chosen <= last ? chosen : from;

  function pressed(event: KeyboardEvent, date: string) {
    const days = moves[event.key];
    const next = days === undefined ? undefined : daysOn(date, days);
    if (next === undefined || next < first || next > last) return;
    event.preventDefault();
    choose(next, false);
    grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus();
  }

  return (
    <table className="days" ref={grid}>
      <thead>
        <tr>
          {weekdays().map(({ name, brief }) => (
            <th key={name} scope="col" abbr={name}>
              <span className="weekday-long">{name}</span>
              <span className="weekday-short" aria-hidden="true">
                {brief}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((date) => (
              <Day
                key={date}
                date={date}
                outside={date < from || date > to}
                closed={closedOn(date, school)}
                entries={byDay.get(date) ?? []}
                full={full.has(date)}
                focused={date === focused}
                pressed={pressed}
                open={() => choose(date, true)}
                drag={setDragged}
                {...(dragged && dragged.on !== date && { drop: () => move({ entry: dragged, to: date }) })}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const dueInWords = (count: number, full: boolean): string => {
  if (count === 0) return t`nothing due`;
  return full ? t`more than ${count} due` : plural(count, "# due", "# due");
};

interface DayProps {
  date: string;
  outside: boolean;
  closed: string | undefined;
  entries: DueItem[];
  /** There are more than these. */
  full: boolean;
  focused: boolean;
  pressed: (event: KeyboardEvent, date: string) => void;
  open: () => void;
  drag: (entry: Moving["entry"] | undefined) => void;
  /** Present while something is dragged that stands on another day. */
  drop?: () => void;
}

function Day({ date, outside, closed, entries, full, focused, pressed, open, drag, drop }: DayProps) {
  const { me, types } = useSession();
  const isMovable = useMovable();
  const [over, setOver] = useState(false);
  const shown = entries.slice(0, entries.length > CHIPS ? CHIPS - 1 : CHIPS);
  const today = date === me.today;
  const words = [longDate(date), ...(today ? [t`today`] : []), ...(closed ? [closed] : [])];
  const number = Number(date.slice(8));
  return (
    <td
      className={[
        ...[outside && "day-outside", closed && "day-closed", today && "day-today"],
        ...[drop && over && "day-over"],
      ]
        .filter(Boolean)
        .join(" ")}
      // The button "Move" of the day's list is the way of those who do not drag.
      onDragOver={(event) => {
        if (!drop) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        drop?.();
      }}
    >
      <button
        type="button"
        className="day-number"
        data-day={date}
        tabIndex={focused ? 0 : -1}
        aria-label={`${words.join(", ")}: ${dueInWords(entries.length, full)}`}
        aria-current={today ? "date" : undefined}
        onKeyDown={(event) => pressed(event, date)}
        onClick={open}
      >
        {number}
        {number === 1 && <span className="day-month"> {longDate(date.slice(0, 7)).slice(0, 3)}</span>}
      </button>
      {closed && <span className="day-why">{closed}</span>}
      <span className="day-dots" aria-hidden="true">
        {entries.slice(0, 4).map((entry) => (
          <span key={`${entry.kind} ${entry.id}`} className={`dot bar-${meaningOf(entry, me.today).rag}`} />
        ))}
      </span>
      <div className="day-chips">
        {shown.map((entry) => (
          <Link
            key={`${entry.kind} ${entry.id}`}
            // The day's list is the way of the keyboard: a term of links would be a long way to tab.
            tabIndex={-1}
            draggable={isMovable(entry)}
            onDragStart={() => drag(isMovable(entry) ? entry : undefined)}
            onDragEnd={() => drag(undefined)}
            title={wordsOf(entry)}
            aria-label={wordsOf(entry)}
            to={recordPath(
              types.find(({ name }) => name === entry.type),
              entry.record,
            )}
          >
            <Chip meaning={meaningOf(entry, me.today).rag}>{briefWordsOf(entry)}</Chip>
          </Link>
        ))}
        {entries.length > shown.length && (
          <button type="button" className="link" tabIndex={-1} onClick={open}>
            {full
              ? t`${entries.length - shown.length}+ more`
              : plural(entries.length - shown.length, "# more", "# more")}
            <span className="visually-hidden"> {t`on ${longDate(date)}`}</span>
          </button>
        )}
      </div>
    </td>
  );
}
