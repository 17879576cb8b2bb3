/** A pupil or parent wrote to somebody's personal account: reported to the safeguarding lead, who says what to do. */
import { field, recordType, role, setting } from "../../definition";
import { ownReport, safeguarding } from "./circles";
import { itsIncident } from "./incidentLink";

export default recordType({
  name: "personalContact",
  plural: "personalContacts",
  label: "Contact on a personal account",
  pluralLabel: "Contacts on personal accounts",
  icon: "phone",
  group: "Social media",
  help: "Somebody from a school family wrote to your own account. Do not answer there: say so here.",
  reference: "PCT-{n}",
  title: "Contact reported by {{ reporter }}",
  confidential: true,
  entries: { new: "reported" },
  because: ["O101", "O104", "O123", "SM4.1", "SM4.2"],
  fields: {
    reporter: {
      kind: "person",
      label: "Who was written to",
      default: { actor: true },
      because: ["O104"],
    },
    receivedOn: { kind: "date", label: "On", default: { today: true }, because: ["O104"] },
    from: {
      kind: "choice",
      label: "From",
      required: true,
      options: [
        { value: "pupil", label: "A pupil" },
        { value: "parent", label: "A parent or carer" },
        { value: "former", label: "A former pupil" },
      ],
      because: ["O104"],
    },
    service: { kind: "text", label: "Where", maxLength: 120, because: ["O104"] },
    whatHappened: { kind: "longText", label: "What was it about", required: true, because: ["O104"] },
    answered: { kind: "yesNo", label: "Have you answered?", required: true, because: ["O102", "O104"] },
    adviceGiven: {
      kind: "longText",
      label: "What the safeguarding lead says",
      editable: false,
      because: ["O104", "O105"],
    },
    incident: { ...itsIncident(["O104", "O123", "SM4.2"]), editable: false },
  },
  states: {
    reported: { label: "Reported", rag: "amber", help: "The safeguarding lead reads it." },
    answered: { label: "Answered", rag: "green", end: true, help: "The reporter knows what to do." },
  },
  rules: { ownReport },
  actions: {
    advise: {
      label: "Say what to do",
      from: ["reported"],
      to: "answered",
      who: [role("headteacher"), ...safeguarding],
      separate: ["reporter"],
      form: ["adviceGiven", "incident"],
      required: ["adviceGiven"],
      effects: [{ notice: { to: [field("reporter")], template: "advised" } }],
      because: ["O104", "O105", "SM4.2"],
    },
  },
  tasks: {
    read: {
      label: "Read {{ reference }} and say what to do",
      opens: "reported",
      to: [role("headteacher"), ...safeguarding],
      due: { after: setting("readWithin") },
      tell: { template: "reported", urgent: true },
      actions: ["advise"],
      because: ["O101", "O104", "SM4.2"],
    },
  },
  timers: {
    late: {
      label: "Nobody has answered yet",
      anchor: { task: "read", due: true },
      steps: ["P1D"],
      repeat: "P1D",
      roll: "nextOpenDay",
      while: ["reported"],
      late: "collapse",
      notice: { to: [role("headteacher"), ...safeguarding], template: "reported" },
      because: ["O101", "O104"],
    },
  },
  settings: {
    readWithin: {
      label: "A reported contact is read within",
      kind: "offset",
      value: "1 school day",
      unit: "school day",
      source: "Our own figure for “immediately” in the Social media policy, section 4.1",
      date: "2026-11-24",
      because: ["O101", "O104", "O135"],
    },
  },
  notices: {
    reported: {
      subject: "A contact was reported: {{ reference }}",
      body: "Somebody on the staff was written to on a personal account.\n\n[Read it and say what to do]({{ url }})",
      because: ["O101", "O104"],
    },
    advised: {
      subject: "What to do about {{ reference }}",
      body: "The contact that you reported has been read.\n\n[Read what to do]({{ url }})",
      because: ["O104"],
    },
  },
  quick: {
    label: "Report a contact on my own account",
    fields: ["from", "service", "whatHappened", "answered"],
    then: "The safeguarding lead has been told and will say what to do. Do not answer meanwhile.",
    because: ["O104"],
  },
  grants: [
    { to: [{ field: "reporter" }], may: ["see"], because: ["O104"] },
    { to: [role("staff"), role("volunteer"), role("ptfaMember")], may: ["create"], because: ["O104"] },
    {
      to: [role("headteacher"), ...safeguarding],
      may: ["see"],
      when: { in: [field("state"), ["reported", "answered"]] },
      because: ["O82", "O104"],
    },
  ],
  views: {
    open: {
      label: "To be read",
      columns: ["reference", "reporter", "receivedOn"],
      where: { eq: [field("state"), "reported"] },
      sort: "receivedOn",
    },
    all: { label: "All", columns: ["reference", "reporter", "state", "receivedOn"], sort: "-receivedOn" },
  },
  form: [
    { label: "What happened", fields: ["reporter", "receivedOn", "from", "service", "whatHappened", "answered"] },
    { label: "Advice", fields: ["adviceGiven", "incident"] },
  ],
});
