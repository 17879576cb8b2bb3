/** When a notice may be mailed: in the school's morning with everything else of the day, or at once, outside quiet hours. */
import type { Calendar, DayKind } from "./calendar";
import type { Problem } from "./failure";
import { DAY_MS, HOUR_MS, isTime, msOf, timeText } from "./zone";

/** `digest`: one mail a day, in the morning. `atOnce`: each as it comes. What is urgent goes at once either way. */
export const mailPaces = ["digest", "atOnce"] as const;
export type MailPace = (typeof mailPaces)[number];
export const mailDays = ["working", "school", "all"] as const satisfies readonly DayKind[];

/** How an organisation mails. Outside `from` to `to` ("07:30", exclusive) are its quiet hours. */
export interface MailRules {
  pace: MailPace;
  from: string;
  to: string;
  /** The digest leaves at this time of day. */
  digestAt: string;
  /** The days on which anything but the urgent is mailed. */
  days: (typeof mailDays)[number];
}

/** What a person has chosen for themselves; null leaves it to the organisation. */
export interface MailChoice {
  pace: MailPace | null;
  from: string | null;
  to: string | null;
}

/**
 * What comes up within this time of the digest's hour still goes with it, if the person has had none that day: clocks
 * that fall due at the hour fire a moment after it.
 */
const digestHours = 2;

export const paceOf = (rules: MailRules, choice: MailChoice | undefined): MailPace => choice?.pace ?? rules.pace;

/** The first instant, not before `now` (epoch ms), at which a notice that is not urgent may reach this person. */
export function mailedAt(calendar: Calendar, now: number, rules: MailRules, choice: MailChoice | undefined): number {
  const { days, digestAt } = rules;
  const [from, to] = choice?.from && choice.to ? [choice.from, choice.to] : [rules.from, rules.to];
  if (paceOf(rules, choice) === "atOnce") return calendar.sendWindow(now, { from, to, days });
  const at = digestAt < from || digestAt >= to ? from : digestAt;
  const until = plusHours(at, digestHours);
  return calendar.sendWindow(now, { from: at, to: until < to ? until : to, days });
}

/** The next digest after the one of this day. */
export const nextDigest = (calendar: Calendar, now: number, rules: MailRules, choice: MailChoice | undefined): number =>
  mailedAt(calendar, calendar.at(calendar.add(calendar.dateOf(now), "P1D").date, "00:00"), rules, choice);

/** Never later than the end of the day. */
const plusHours = (time: string, hours: number): string => timeText(Math.min(msOf(time) + hours * HOUR_MS, DAY_MS));

/** What is wrong with the hours of a rule or a choice, by path. Both ends or neither are given. */
export function hoursProblems({ from, to }: { from: string | null; to: string | null }): Problem[] {
  if (from === null && to === null) return [];
  const problems: Problem[] = [];
  for (const [path, value] of Object.entries({ from, to }))
    if (value === null || !isTime(value)) problems.push({ path, message: "Give a time of day, such as 07:30." });
  if (!problems.length && from !== null && to !== null && from >= to)
    problems.push({ path: "to", message: "Mail must be allowed at some time of the day: end later than you begin." });
  return problems;
}

export const timeProblem = (path: string, value: string): Problem[] =>
  isTime(value) ? [] : [{ path, message: "Give a time of day, such as 08:00." }];
