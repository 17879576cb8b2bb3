/** A school year as twelve small months: how much is due in each, and on which days. A month opens in full. */
import { Link } from "react-router-dom";
import { plural, t } from "../i18n/t";
import type { DueItem, SchoolDays } from "../provider";
import { useSession } from "../session";
import { shortDate } from "../words";
import { meaningOf } from "./due";
import { closedOn, monthsOf, shownOn, weeksOf } from "./range";

export function YearGrid({
  from,
  to,
  school,
  byDay,
  full,
  monthAt,
}: {
  from: string;
  to: string;
  school: SchoolDays;
  byDay: Map<string, DueItem[]>;
  /** Days of which more is due than `byDay` has. */
  full: Set<string>;
  /** The address of a month. */
  monthAt: (month: string) => string;
}) {
  const { today } = useSession().me;
  return (
    <div className="year">
      {monthsOf(from, to).map((month) => {
        const entries = [...byDay].filter(([date]) => date.startsWith(month)).flatMap(([, due]) => due);
        const isFull = [...full].some((date) => date.startsWith(month));
        const late = entries.filter((entry) => meaningOf(entry, today).rag === "red").length;
        return (
          <section key={month} aria-labelledby={`month-${month}`}>
            <h2 id={`month-${month}`}>
              <Link to={monthAt(month)}>{shortDate(month)}</Link>
            </h2>
            <p className="quiet">
              {isFull
                ? t`More than ${entries.length} due`
                : entries.length > 0
                  ? plural(entries.length, "# due", "# due")
                  : t`Nothing due`}
              {late > 0 && `, ${plural(late, "# late", "# late")}`}
            </p>
            <Days month={month} school={school} byDay={byDay} />
          </section>
        );
      })}
    </div>
  );
}

const worst = ["red", "amber", "blue", "grey"];

/** For the eye: what it shows is said above it, and day by day in the list. */
function Days({ month, school, byDay }: { month: string; school: SchoolDays; byDay: Map<string, DueItem[]> }) {
  const { today } = useSession().me;
  const { from, to } = shownOn("month", `${month}-01`, []);
  return (
    <div className="mini" aria-hidden="true">
      {weeksOf(from, to)
        .flat()
        .map((date) => {
          if (date < from || date > to) return <span key={date} />;
          const rags = (byDay.get(date) ?? []).map((entry) => meaningOf(entry, today).rag);
          const rag = worst.find((each) => rags.some((one) => one === each));
          const looks = [
            rag && `bar-${rag}`,
            !rag && closedOn(date, school) && "mini-closed",
            date === today && "mini-today",
          ];
          return (
            <span key={date} className={looks.filter(Boolean).join(" ")}>
              {Number(date.slice(8))}
            </span>
          );
        })}
    </div>
  );
}
