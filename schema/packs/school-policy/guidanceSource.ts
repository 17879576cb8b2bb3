/** Guidance that policies rely on, with its edition: a new one opens the review of every policy that relies on it. */
import { field, recordType, role } from "../../definition";
import { governors, leadership, office } from "./circles";
import { lookedAgain } from "./lookedAgain";

const keepers = [...office, role("headteacher"), role("dsl"), role("clerk")];

export default recordType({
  name: "guidanceSource",
  plural: "guidanceSources",
  label: "Guidance",
  pluralLabel: "Guidance",
  icon: "book",
  group: "Policies",
  help: "National and local guidance, each with the edition in use. Record a new edition here, and the reviews open by themselves.",
  reference: "GUI-{n}",
  title: "{{ name }}",
  entries: { new: "inUse" },
  because: ["O8", "O12", "M1", "SM1"],
  fields: {
    name: {
      kind: "text",
      nameless: true,
      label: "Title",
      required: true,
      index: true,
      maxLength: 190,
      because: ["O12"],
    },
    issuedBy: { kind: "text", nameless: true, label: "Issued by", maxLength: 120, because: ["O12"] },
    reach: {
      kind: "choice",
      label: "Where it applies",
      required: true,
      options: [
        { value: "nationalGuidance", label: "In the whole country" },
        { value: "localGuidance", label: "In our area" },
      ],
      because: ["O8", "O12"],
    },
    edition: {
      kind: "number",
      label: "Edition",
      min: 1900,
      max: 2200,
      required: true,
      editable: { empty: field("edition") },
      help: "The year on its cover. A new edition is recorded by its own button, so that the reviews open.",
      because: ["O12", "M1", "SM1"],
    },
    publishedOn: { kind: "date", label: "This edition came out on", precision: true, because: ["O12"] },
    whatChanged: { kind: "longText", label: "What changed in it", because: ["O8", "O12"] },
    checkedOn: {
      kind: "date",
      label: "Looked up on",
      required: true,
      default: { today: true },
      help: "When somebody last made sure that this is the newest edition.",
      because: ["O12"],
    },
  },
  states: {
    inUse: { label: "In use", rag: "green", help: "Policies may rely on it." },
    withdrawn: { label: "Withdrawn", rag: "grey", end: true, help: "Its issuer has withdrawn it." },
  },
  actions: {
    newEdition: {
      label: "Record a new edition",
      help: "Opens a review of every policy in force that relies on this guidance.",
      from: ["inUse"],
      who: keepers,
      form: ["edition", "publishedOn", "whatChanged", "checkedOn"],
      required: ["edition", "whatChanged"],
      defaults: { checkedOn: { today: true } },
      needs: {
        again: lookedAgain("O12"),
        newer: {
          must: { gt: [{ form: "edition" }, field("edition")] },
          refusal: "This is no newer edition: give the year on the cover of the new one.",
          because: ["O12"],
        },
      },
      effects: [
        {
          send: {
            link: "policy.reliesOn",
            event: "reviewAsked",
            with: { reviewTrigger: field("reach"), reviewReason: field("whatChanged") },
          },
        },
      ],
      because: ["O8", "O12", "M8", "SM6"],
    },
    check: {
      label: "Nothing newer",
      help: "Records that somebody looked and found no newer edition.",
      from: ["inUse"],
      who: keepers,
      form: ["checkedOn"],
      needs: {
        again: lookedAgain("O12"),
      },
      defaults: { checkedOn: { today: true } },
      because: ["O12"],
    },
    withdraw: { label: "Withdraw", from: ["inUse"], to: "withdrawn", who: keepers, because: ["O12"] },
  },
  tasks: {
    lookUp: {
      label: "See whether {{ name }} has a newer edition",
      to: [role("officeStaff")],
      due: { after: "P14D" },
      actions: ["newEdition", "check", "withdraw"],
      while: ["inUse"],
      because: ["O8", "O12"],
    },
  },
  timers: {
    lookUp: {
      label: "It is time to look for a newer edition",
      anchor: field("checkedOn"),
      steps: [{ setting: "lookUpEvery" }],
      roll: "nextOpenDay",
      while: ["inUse"],
      late: "collapse",
      task: "lookUp",
      because: ["O8", "O12"],
    },
  },
  settings: {
    lookUpEvery: {
      label: "New editions are looked for every",
      kind: "offset",
      value: "P3M",
      unit: "months",
      source: "Our own figure: national safeguarding guidance is renewed each September",
      date: "2026-11-24",
      because: ["O12"],
    },
  },
  grants: [
    { to: keepers, may: ["see", "create", "edit"], because: ["O12"] },
    { to: [...leadership, ...governors, role("staff")], may: ["see"], because: ["O12"] },
  ],
  views: {
    all: { label: "All", columns: ["name", "edition", "issuedBy", "checkedOn", "state"], sort: "name" },
  },
  form: [
    { label: "Guidance", fields: ["name", "issuedBy", "reach"] },
    { label: "Edition", fields: ["edition", "publishedOn", "whatChanged", "checkedOn"] },
  ],
});
