/** A work number or address for staff who are in touch with families, so that nobody uses their own. */
import { field, recordType, role, setting, system } from "../../definition";
import { leadership, office } from "./circles";

export default recordType({
  name: "workNumber",
  plural: "workNumbers",
  label: "Work number",
  pluralLabel: "Work numbers and addresses",
  icon: "phone",
  group: "Registers",
  help: "Numbers and addresses that belong to the school, and who has each.",
  reference: "NUM-{n}",
  title: "{{ number }}",
  entries: { new: "free" },
  because: ["O25", "O34", "O38", "M4", "M5"],
  fields: {
    number: {
      kind: "text",
      label: "Number or address",
      required: true,
      unique: true,
      maxLength: 160,
      because: ["O25"],
    },
    kind: {
      kind: "choice",
      label: "Kind",
      required: true,
      options: [
        { value: "phone", label: "Phone number" },
        { value: "email", label: "Email address" },
      ],
      because: ["O25", "M4"],
    },
    holder: { kind: "person", label: "Who has it", editable: false, because: ["O25", "M4"] },
    since: { kind: "date", label: "Since", editable: false, because: ["O25"] },
  },
  states: {
    free: { label: "Free", rag: "grey", resting: true, help: "Nobody has it." },
    issued: { label: "In use", rag: "green", resting: true, help: "Somebody on the staff uses it with families." },
    toCollect: { label: "To be taken back", rag: "red", help: "Who had it no longer works here." },
    closed: { label: "Closed", rag: "grey", end: true, help: "No longer a number of the school." },
  },
  actions: {
    issue: {
      label: "Issue",
      from: ["free"],
      to: "issued",
      who: office,
      form: ["holder"],
      required: ["holder"],
      when: { holds: [{ form: "holder" }, [role("staff")]] },
      refusal: "Work numbers are for staff: choose somebody who works here (Mobile policy, section 4).",
      effects: [{ set: { since: { today: true } } }],
      because: ["O25", "O34", "O38", "M4"],
    },
    holderLeft: { label: "Who had it has left", from: ["issued"], to: "toCollect", who: [system], because: ["O25"] },
    takeBack: {
      label: "Take back",
      from: ["issued", "toCollect"],
      to: "free",
      who: office,
      effects: [{ set: { holder: null, since: null } }],
      because: ["O25"],
    },
    close: { label: "Close", from: ["free", "toCollect"], to: "closed", who: office, because: ["O25"] },
  },
  tasks: {
    collect: {
      label: "Take back {{ number }}",
      opens: "toCollect",
      to: [role("officeStaff")],
      due: { after: setting("collectWithin") },
      actions: ["takeBack", "close"],
      because: ["O25"],
    },
  },
  triggers: {
    holderLeft: {
      when: { not: { holds: [field("holder"), [role("staff")]] } },
      event: "holderLeft",
      while: ["issued"],
      because: ["O25"],
    },
  },
  settings: {
    collectWithin: {
      label: "A number is taken back within",
      kind: "offset",
      value: "2 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O25"],
    },
  },
  grants: [
    { to: office, may: ["see", "create", "edit"], because: ["O25"] },
    { to: [...leadership, role("staff")], may: ["see"], because: ["O25"] },
  ],
  views: { all: { label: "All", columns: ["number", "kind", "holder", "state", "since"], sort: "number" } },
  form: [{ label: "Number or address", fields: ["number", "kind", "holder", "since"] }],
});
