/** How long each step after a report may take. The policies say "urgently" and "as soon as practicable": these are figures. */
import type { Setting } from "../../definition";

const date = "2026-11-24";
const ours = "Our own figure: the policies say no more than “immediately”, “urgently” or “as soon as practicable”";

const within = (label: string, value: string, more: Partial<Setting> & Pick<Setting, "unit" | "because">): Setting => ({
  label,
  kind: "offset",
  value,
  source: ours,
  date,
  ...more,
});

export const incidentSettings: Record<string, Setting> = {
  triageWithin: within("A report is looked at within", "P0D", {
    unit: "days: the same day",
    because: ["O101", "O135", "SM4.1"],
  }),
  triageChase: within("Whoever must look at it is asked again after", "PT2H", {
    unit: "hours",
    because: ["O101", "O135", "SM4.1"],
  }),
  safeguardingWithin: within("The safeguarding lead has it within", "P0D", {
    unit: "days: the same day",
    because: ["O58", "O130", "O135", "M6.1", "SM5"],
  }),
  safeguardingChase: within("The safeguarding lead is asked again after", "PT1H", {
    unit: "hours",
    because: ["O58", "O130", "O135", "M6.1", "SM5"],
  }),
  ladoWithin: within("The local authority's officer is told within", "1 working day", {
    unit: "working days from the day it was found out",
    source:
      "Local procedures for allegations (Sheffield, Bracknell Forest): one working day. Compare with those of your own local authority",
    verify: true,
    because: ["O42", "O135", "M5"],
  }),
  policeWithin: within("The police are told within", "P1D", {
    unit: "days from the day it was found out",
    because: ["O66", "O135", "M6.1"],
  }),
  policeChase: within("Whoever must tell the police is asked again after", "PT4H", {
    unit: "hours",
    because: ["O66", "O135", "M6.1"],
  }),
  chaseAgain: within("And again every", "PT24H", { unit: "hours", because: ["O66", "O101", "O135", "M6.1", "SM4.1"] }),
  headWithin: within("The headteacher is told within", "P0D", {
    unit: "days: the same day",
    because: ["O72", "O101", "O135", "M7", "SM4.1"],
  }),
  examBodyWithin: within("The examining body is told within", "1 working day", {
    unit: "working days",
    because: ["O53", "O135", "M6"],
  }),
  parentsWithin: within("Parents are told within", "1 school day", {
    unit: "school days",
    because: ["O79", "O132", "O135", "M9", "SM5"],
  }),
  investigateWithin: within("It is found out what happened within", "10 school days", {
    unit: "school days",
    because: ["O81", "O135", "M9"],
  }),
  informWithin: within("The complaints procedure is given within", "5 school days", {
    unit: "school days after the outcome",
    because: ["O83", "O135", "M9", "SM7"],
  }),
  lessonsWithin: within("Lessons are seen through within", "P13W", {
    unit: "weeks after the debrief",
    because: ["O80", "O135", "M9", "SM7"],
  }),
  quietHigh: within("Severity high: gone quiet after", "2 working days", {
    unit: "working days without a step",
    because: ["O81", "M9"],
  }),
  quietMedium: within("Severity medium: gone quiet after", "5 working days", {
    unit: "working days without a step",
    because: ["O81", "M9"],
  }),
  quietLow: within("Severity low: gone quiet after", "10 working days", {
    unit: "working days without a step",
    because: ["O81", "M9"],
  }),
};
