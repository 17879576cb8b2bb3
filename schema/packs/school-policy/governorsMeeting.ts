/** A meeting of the governing body: when, with which papers, who was there. Several policies may be ratified in it. */
import { field, recordType, role } from "../../definition";
import { governors, leadership } from "./circles";

const keepers = [role("clerk"), role("chair"), role("viceChair")];

export default recordType({
  name: "governorsMeeting",
  plural: "governorsMeetings",
  label: "Governors' meeting",
  pluralLabel: "Governors' meetings",
  icon: "calendar",
  group: "Policies",
  help: "Meetings at which policies are decided. Enter the year's dates: a policy whose review falls before any of them says so.",
  reference: "MTG-{year}-{n}",
  title: "{{ name }}, {{ heldOn | date }}",
  entries: { new: "planned" },
  because: ["O6", "O7"],
  fields: {
    name: { kind: "text", nameless: true, label: "Meeting", required: true, maxLength: 120, because: ["O6"] },
    heldOn: { kind: "date", label: "On", required: true, index: true, because: ["O6"] },
    papersOn: {
      kind: "date",
      label: "Papers go out on",
      help: "Governors should have a week to read what they decide.",
      because: ["O6"],
    },
    agenda: { kind: "links", to: "policy", label: "Policies to decide", because: ["O6"] },
    otherAgenda: { kind: "longText", label: "Also on the agenda", because: ["O6"] },
    present: { kind: "people", label: "Present", because: ["O6"] },
    apologies: { kind: "people", label: "Apologies", because: ["O6"] },
    minutes: { kind: "text", nameless: true, label: "Where the minutes are", maxLength: 190, because: ["O6"] },
  },
  states: {
    planned: { label: "Planned", rag: "blue", help: "Its papers are still to go out." },
    papersOut: { label: "Papers are out", rag: "blue", help: "Governors are reading." },
    held: { label: "Held", rag: "green", end: true, help: "Attendance is recorded." },
    cancelled: { label: "Cancelled", rag: "grey", end: true, help: "It did not take place." },
  },
  actions: {
    sendPapers: {
      label: "Papers are out",
      from: ["planned"],
      to: "papersOut",
      who: keepers,
      needs: {
        agenda: {
          must: { any: [{ not: { empty: field("agenda") } }, { not: { empty: field("otherAgenda") } }] },
          refusal: "The agenda is empty: name the policies to decide, or what else is on it.",
          because: ["O6"],
        },
      },
      effects: [{ notice: { to: [role("governor")], template: "papers" } }],
      because: ["O6"],
    },
    recordHeld: {
      label: "Record who was there",
      from: ["papersOut"],
      to: "held",
      who: keepers,
      form: ["present", "apologies", "minutes"],
      required: ["present"],
      because: ["O6"],
    },
    cancel: { label: "Cancel", from: ["planned", "papersOut"], to: "cancelled", who: keepers, because: ["O6"] },
  },
  tasks: {
    papers: {
      label: "Send out the papers of {{ name }}",
      opens: "planned",
      to: [role("clerk")],
      due: { field: "papersOn" },
      actions: ["sendPapers", "cancel"],
      because: ["O6"],
    },
    attendance: {
      label: "Record who was at {{ name }}",
      opens: "papersOut",
      to: [role("clerk")],
      due: { field: "heldOn" },
      actions: ["recordHeld", "cancel"],
      because: ["O6"],
    },
  },
  timers: {
    papers: {
      label: "Papers are due",
      anchor: field("papersOn"),
      steps: ["-P2D", "P1D"],
      roll: "previousOpenDay",
      while: ["planned"],
      late: "collapse",
      notice: { to: [role("clerk")], template: "papersDue" },
      because: ["O6"],
    },
  },
  notices: {
    papers: {
      subject: "Papers for {{ name }} on {{ heldOn | date }}",
      body: "The papers of **{{ name }}** are ready to read. It meets on {{ heldOn | date }}.\n\n[See the agenda]({{ url }})\n\nPolicies to decide show what changed since the version in force.",
      calendar: { field: "heldOn", summary: "{{ name }}" },
      because: ["O6"],
    },
    papersDue: {
      subject: "Papers go out on {{ papersOn | date }}: {{ name }}",
      body: "The papers of **{{ name }}** should go out on {{ papersOn | date }}.\n\n[Open the meeting]({{ url }})",
      because: ["O6"],
    },
  },
  rules: {
    papersFirst: {
      must: {
        any: [{ empty: field("papersOn") }, { empty: field("heldOn") }, { le: [field("papersOn"), field("heldOn")] }],
      },
      refusal: "The papers cannot go out after the meeting: bring their date forward.",
      field: "papersOn",
      because: ["O6"],
    },
  },
  grants: [
    { to: [role("clerk"), role("chair"), role("viceChair")], may: ["see", "create", "edit"], because: ["O6"] },
    { to: [...governors, ...leadership], may: ["see"], because: ["O6"] },
  ],
  views: {
    coming: {
      label: "Coming",
      columns: ["name", "heldOn", "papersOn", "state"],
      where: { in: [field("state"), ["planned", "papersOut"]] },
      sort: "heldOn",
    },
    all: { label: "All", columns: ["name", "heldOn", "state"], sort: "-heldOn" },
  },
  form: [
    { label: "Meeting", fields: ["name", "heldOn", "papersOn", "agenda", "otherAgenda"] },
    { label: "Attendance", fields: ["present", "apologies", "minutes"] },
  ],
});
