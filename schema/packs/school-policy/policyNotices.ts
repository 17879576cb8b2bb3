/** The pack's mail about policies, in its own words. Each says what to do first, then why, who else knows, and how to hand over. */
import type { NoticeTemplate } from "../../definition";

const reviewDate = { field: "reviewBy", summary: "Review due: {{ title }}" };

const toHandOver =
  "Not yours any more? Open the policy and change its owner or lead governor: what is still to come then goes to them.";

export const policyNotices: Record<string, NoticeTemplate> = {
  reviewDue: {
    subject: "Review due by {{ reviewBy | date }}: {{ title }}",
    body: [
      "Please see that **{{ title }}** ({{ reference }}) is reviewed and ratified by **{{ reviewBy | date }}**.",
      "[Open the policy]({{ url }})",
      "Why: {{ school.name }} reviews this policy at least once a year (Key details of the policy, and its section on monitoring and review).",
      "The owner of the policy and its lead governor both get this reminder. If the date passes, the chair and the clerk are told.",
      toHandOver,
    ].join("\n\n"),
    calendar: reviewDate,
    because: ["O7", "M8", "SM6"],
  },
  reviewOverdue: {
    subject: "Review overdue since {{ reviewBy | date }}: {{ title }}",
    body: [
      "Please ask the owner of **{{ title }}** ({{ reference }}) when its review will be finished. It was due by **{{ reviewBy | date }}** and has not been ratified.",
      "[Open the policy]({{ url }})",
      "Why: {{ school.name }} reviews this policy at least once a year (Key details of the policy, and its section on monitoring and review).",
      "The chair and the clerk get this message, again each month until the review is ratified. The owner and the lead governor were reminded before the date.",
      "The page shows how far the review has come and who has it now.",
    ].join("\n\n"),
    because: ["O7", "M8", "SM6"],
  },
  reviewAsked: {
    subject: "Review opened: {{ title }}",
    body: [
      "A review of **{{ title }}** ({{ reference }}) has been opened before its date. Why: {{ reviewReason }}",
      "[Open the policy]({{ url }})",
      "The owner of the policy and its lead governor both get this message. Our policies are looked at again after a concern, new guidance or a change of technology (Key details, and the section on monitoring and review).",
    ].join("\n\n"),
    because: ["O8", "O12", "M8", "SM6"],
  },
  linkedChanged: {
    subject: "A linked policy changed: see whether {{ title }} still fits",
    body: [
      "A policy that **{{ title }}** ({{ reference }}) is linked to has a new version in force. Please see whether they still agree.",
      "[Open your policy]({{ url }})",
      "If it needs to change, open a review early. The owner alone gets this message.",
    ].join("\n\n"),
    because: ["O13", "M2", "SM2"],
  },
  readyToRatify: {
    subject: "Ready to ratify: {{ title }}",
    body: [
      "**{{ title }}** ({{ reference }}) has been reviewed and waits for the governing body.",
      "[Read the text and decide]({{ url }})",
      "The page shows what changed since the version now in force. The decision is recorded with the meeting, the minute and who was present; it puts the exact text you read in force.",
      "The chair, the vice chair and the clerk get this message. The clerk is asked to put it on the next agenda.",
    ].join("\n\n"),
    because: ["O6"],
  },
};
