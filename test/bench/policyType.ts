/** What the benchmark measures on: a policy with the school's own grants, one clock, one task and one message. */
import { field, type RecordType, recordType, role, system } from "../../schema/definition";
import schoolPolicyType from "../../schema/packs/school-policy/policy";

const owner = field("owner");
export const states = ["draft", "inReview", "awaitingRatification", "ratified", "reviewDue"] as const;

/** One clock: at eight on the review date the policy becomes due, its owner gets a task and a message. */
export const benchPolicy: RecordType = recordType({
  name: "benchPolicy",
  plural: "benchPolicies",
  label: "Policy",
  pluralLabel: "Policies",
  reference: "POL-{year}-{n}",
  title: "{{ title }}",
  entries: { new: "draft" },
  fields: {
    title: { kind: "text", label: "Title", required: true, index: true },
    owner: { kind: "person", label: "Owner", required: true, index: true },
    leadGovernor: { kind: "person", label: "Lead governor", index: true },
    publishedOn: { kind: "date", precision: true, label: "Published" },
    ratifiedOn: { kind: "date", precision: true, label: "Ratified" },
    reviewBy: { kind: "date", precision: true, label: "Next review", index: true },
    text: { kind: "longText", label: "Text" },
    note: { kind: "text", label: "Note", maxLength: 190 },
  },
  states: {
    draft: { label: "Draft" },
    inReview: { label: "In review" },
    awaitingRatification: { label: "Awaiting ratification" },
    ratified: { label: "Ratified" },
    reviewDue: { label: "Review due" },
    archived: { label: "Archived", end: true },
  },
  actions: {
    startReview: { label: "Start", from: ["draft", "reviewDue"], to: "inReview", who: [owner] },
    submit: { label: "Submit", from: ["inReview"], to: "awaitingRatification", who: [owner] },
    ratify: { label: "Ratify", from: ["awaitingRatification"], to: "ratified", who: [role("chair")] },
    reviewDue: {
      label: "Review due",
      from: ["ratified"],
      to: "reviewDue",
      who: [system],
      effects: [{ notice: { to: [owner], template: "reviewDue" } }],
    },
    archive: { label: "Archive", from: ["reviewDue"], to: "archived", who: [role("clerk")] },
  },
  tasks: {
    review: {
      label: "Review {{ title }}",
      opens: "reviewDue",
      to: [owner],
      due: { field: "reviewBy" },
      actions: ["startReview"],
    },
  },
  timers: {
    openReview: {
      label: "The review falls due",
      anchor: field("reviewBy"),
      steps: ["P0D"],
      at: "08:00",
      while: ["ratified"],
      late: "fire",
      event: "reviewDue",
    },
  },
  notices: {
    reviewDue: { subject: "Review {{ title }}", body: "{{ title }} is due for review on {{ reviewBy }}: {{ url }}" },
  },
  grants: schoolPolicyType.grants,
  views: { all: { label: "All", columns: ["title", "state", "reviewBy", "owner"], sort: "reviewBy" } },
});

/** The same policy with ten clocks that wait: what a school's reminders leave in the database for months. */
export const patientPolicy: RecordType = recordType({
  ...benchPolicy,
  name: "patientPolicy",
  plural: "patientPolicies",
  timers: {
    remind: {
      label: "Reminder",
      anchor: field("reviewBy"),
      steps: ["-P10D", "-P9D", "-P8D", "-P7D", "-P6D", "-P5D", "-P4D", "-P3D", "-P2D", "-P1D"],
      at: "08:00",
      while: ["ratified"],
      notice: { to: [owner], template: "reviewDue" },
    },
  },
});
