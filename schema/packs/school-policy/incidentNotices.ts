/** Mail about incidents. It says which record and what to do, and nothing of what happened: mail travels. */
import type { NoticeTemplate } from "../../definition";
import { noticesOfTellings } from "./incidentTellings";

const open = "[Open it]({{ url }})";
const careful =
  "Where an indecent picture of a child may be involved: do not look, do not copy, do not pass it on. Keep the device as it is.";

export const incidentNotices: Record<string, NoticeTemplate> = {
  ...noticesOfTellings,
  reported: {
    subject: "Reported just now: {{ reference }}",
    body: ["Please look at **{{ reference }}** now and decide what follows.", open, careful].join("\n\n"),
    because: ["O58", "O72", "O101", "O130", "M6.1", "M7", "SM4.1", "SM5"],
  },
  waiting: {
    subject: "Still waiting for you: {{ reference }}",
    body: [
      "**{{ reference }}** was reported and nobody has looked at it yet, or the safeguarding lead has not taken it.",
      open,
      careful,
    ].join("\n\n"),
    because: ["O101", "O130", "SM4.1", "SM5"],
  },
  leading: {
    subject: "You lead {{ reference }}",
    body: [
      "Please find out what happened in **{{ reference }}** by {{ due | date }}. The page shows who must be told, and by when.",
      open,
      "Keep it to those who need to know: its page names everybody who opens it.",
    ].join("\n\n"),
    because: ["O81", "O82", "M9"],
  },
  deciding: {
    subject: "Yours to decide: {{ reference }}",
    body: ["**{{ reference }}** concerns a grown-up, so its outcome is yours to decide.", open].join("\n\n"),
    because: ["O134", "M5"],
  },
  tellingLate: {
    subject: "Somebody has still not been told: {{ reference }}",
    body: [
      "Somebody who must be told of **{{ reference }}** has not been, or it is not recorded. The page says who.",
      open,
    ].join("\n\n"),
    because: ["O42", "O53", "O130", "M5", "M6", "SM5"],
  },
  quiet: {
    subject: "Gone quiet: {{ reference }}",
    body: [
      "Nothing has happened in **{{ reference }}** since {{ lastStepOn | date }}. Record a step, or bring it to its end.",
      open,
    ].join("\n\n"),
    because: ["O81", "M9"],
  },
  lessonClosed: {
    subject: "A lesson of {{ reference }} is done",
    body: ["A lesson of **{{ reference }}** is done. Once all of them are, it can be closed.", open].join("\n\n"),
    optional: true,
    because: ["O80", "M9", "SM7"],
  },
};
