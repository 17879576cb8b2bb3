/** The figures of exceptions: how soon, how long, how often. */
import type { Setting } from "../../definition";

const ours = "Our own figure: the policies ask for it before use and leave the days to the school";
const figure = (label: string, value: string, unit: string): Setting => ({
  label,
  kind: "offset",
  value,
  unit,
  source: ours,
  date: "2026-11-24",
  because: ["O135", "M3"],
});

export const exceptionSettings: Record<string, Setting> = {
  assessWithin: figure("The risk is assessed within", "3 school days", "school days"),
  decideWithin: figure("It is decided within", "5 school days", "school days after the risk was assessed"),
  agreeWithin: figure("Terms are agreed to, and questions answered, within", "5 school days", "school days"),
  chaseEvery: figure("What is late is chased every", "P1W", "week"),
  lapseAfter: figure("A question that nobody answers lapses after", "P6W", "weeks"),
  longest: figure("An exception lasts at most", "P1Y", "year: after it, a new decision"),
  reminders: {
    ...figure("A reminder that it ends goes out", "", "days before its last day"),
    kind: "offsets",
    value: ["-P28D", "-P7D"],
  },
  endingWithin: figure("It counts as ending soon within", "P30D", "days"),
  followUpEvery: figure("Its risk is looked at again every", "P6W", "weeks, about once in each half of a term"),
  followUpSoon: figure("A look at the risk counts as due within", "P14D", "days"),
  suspendedWithin: figure("Where the risk has risen, it is decided within", "1 school day", "school day"),
  emergencyLasts: figure("What is allowed in an emergency lasts at most", "PT24H", "hours"),
  emergencyWithin: figure("It is decided afterwards within", "1 school day", "school day"),
  linkLasts: figure("A link for somebody without an account lasts", "P30D", "days"),
  misuseWords: {
    label: "Terms say what follows on misuse in one of these",
    kind: "texts",
    value: ["misuse", "break these terms", "breaks these terms", "sanction"],
    unit: "phrases looked for in the terms",
    source: "Mobile policy, section 6: terms of a pupil's use name the sanctions for misuse",
    date: "2026-11-24",
    because: ["O51", "M6"],
  },
};
