/** Where a task stands in My work, and what is said about it. */
import { parseDay } from "../../schema/epochDay";
import { t } from "../i18n/t";
import type { PersonRef, TaskItem, TimerItem } from "../provider";
import { distance, listed, longDate, sentence, shortDate } from "../words";

export interface WorkLists {
  now: TaskItem[];
  /** By week, soonest first; what has no date comes last. */
  weeks: { label: string; tasks: TaskItem[] }[];
}

/** Monday is 0. 1 January 1970 was a Thursday. */
const weekday = (day: number): number => (day + 3) % 7;

function weekLabel(due: string | null, today: number): string {
  const day = due === null ? undefined : parseDay(due);
  if (day === undefined) return t`No date`;
  const monday = (each: number) => each - weekday(each);
  const weeks = (monday(day) - monday(today)) / 7;
  if (weeks === 0) return t`This week`;
  if (weeks === 1) return t`Next week`;
  return t`Week of ${shortDate(new Date(monday(day) * 86_400_000).toISOString().slice(0, 10))}`;
}

export function workLists(tasks: TaskItem[], today: string): WorkLists {
  const todayDay = parseDay(today) ?? 0;
  const isNow = ({ dueOn, overdue }: TaskItem) => overdue || (dueOn !== null && dueOn <= today);
  const later = tasks
    .filter((task) => !isNow(task))
    .sort((a, b) => (a.dueOn ?? "9999").localeCompare(b.dueOn ?? "9999"));
  const weeks = new Map<string, TaskItem[]>();
  for (const task of later) {
    const label = weekLabel(task.dueOn, todayDay);
    weeks.set(label, [...(weeks.get(label) ?? []), task]);
  }
  return { now: tasks.filter(isNow), weeks: [...weeks].map(([label, members]) => ({ label, tasks: members })) };
}

/** "2 days late", "Due today", "Due Friday 12 March 2027, in 3 school days". */
export function whenInWords({ dueOn, dueInWords, overdue }: TaskItem, today: string): string {
  if (dueOn === null) return t`No date set`;
  const near = dueInWords ?? distance(dueOn, today);
  if (overdue) return sentence(near ?? t`Overdue`);
  if (dueOn === today) return t`Due today`;
  return near ? t`Due ${longDate(dueOn)}, ${near}` : t`Due ${longDate(dueOn)}`;
}

/** "Ben Okafor, for Ada Shah", or that nobody has it. */
export function holdersInWords({ holders, passed }: Pick<TaskItem, "holders" | "passed">): string {
  if (holders.length === 0) return t`nobody has it yet`;
  return listed(
    holders.map(({ id, name }) => {
      const part = passed.find(({ to }) => to?.id === id);
      if (!part?.from) return name;
      return part.away ? t`${name} for ${part.from.name}, who is away` : t`${name} for ${part.from.name}`;
    }),
  );
}

/** What an empty list says: when the next thing comes, or that nothing is planned. */
export function nothingToDo(next: { dueOn: string } | undefined): string {
  return next ? t`Nothing to do before ${shortDate(next.dueOn)}.` : t`Nothing to do, and nothing is planned for you.`;
}

/** The first date that anything of mine comes up: a later task, or a clock that tells me or gives me something. */
export function nextDate(
  tasks: TaskItem[],
  timers: TimerItem[],
  { today, person }: { today: string; person: PersonRef },
  dateOf: (instant: string) => string,
) {
  const dates = [
    ...tasks.flatMap(({ dueOn }) => (dueOn && dueOn > today ? [dueOn] : [])),
    ...timers
      .filter(({ holds, recipients }) => holds && recipients.some(({ id }) => id === person.id))
      .map(({ dueAt }) => dateOf(dueAt))
      .filter((date) => date > today),
  ].sort();
  return dates[0] === undefined ? undefined : { dueOn: dates[0] };
}
