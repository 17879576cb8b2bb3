/** An address to which mail comes back: a reminder that does not arrive is no reminder, so somebody asks for another. */
import { field, recordType, role, setting, system } from "../../definition";
import { office } from "./circles";

const keepers = [role("administrator"), role("officeStaff")];

export default recordType({
  name: "failingAddress",
  plural: "failingAddresses",
  label: "Address that fails",
  pluralLabel: "Addresses that fail",
  icon: "warning",
  group: "School",
  help: "Mail to these people comes back. Until their address is put right they find what they owe in My work only.",
  reference: "ADR-{year}-{n}",
  title: "{{ whose }}: {{ address }}",
  entries: { new: "failing" },
  because: ["O18"],
  fields: {
    whose: { kind: "person", label: "Whose address", required: true, editable: false, because: ["O18"] },
    address: { kind: "text", label: "Address", required: true, editable: false, maxLength: 191, because: ["O18"] },
    reason: { kind: "longText", label: "What the other side said", editable: false, because: ["O18"] },
  },
  states: {
    failing: { label: "Mail comes back", rag: "red" },
    mended: { label: "Put right", rag: "green", end: true },
  },
  actions: {
    confirm: {
      label: "The address is right after all",
      help: "For a full mailbox or a fault on the other side that is over: mail goes on to the same address.",
      from: ["failing"],
      to: "mended",
      who: keepers,
      because: ["O18"],
    },
    addressChanged: {
      label: "Another address was entered",
      from: ["failing"],
      to: "mended",
      who: [system],
      because: ["O18"],
    },
  },
  tasks: {
    mend: {
      label: "Ask {{ whose }} for an address that works",
      help: "Enter the new address on the person’s page, or confirm the one they have. What they should have been told waits in their My work.",
      opens: "failing",
      to: keepers,
      tell: { template: "comesBack" },
      due: { after: setting("mendWithin") },
      actions: ["confirm", "addressChanged"],
      because: ["O18"],
    },
  },
  settings: {
    mendWithin: {
      label: "An address is put right within",
      kind: "offset",
      value: "3 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O18"],
    },
  },
  notices: {
    comesBack: {
      subject: "Mail to {{ whose }} comes back",
      body: "Mail to **{{ address }}** comes back: {{ reason }}\n\n[See what to do]({{ url }})\n\nUntil the address is put right, reminders do not reach them.",
      because: ["O18"],
    },
  },
  bounces: { person: "whose", address: "address", reason: "reason", changed: "addressChanged" },
  conflicts: [],
  grants: [{ to: [...keepers, ...office], may: ["see"], because: ["O18"] }],
  views: {
    open: {
      label: "Open",
      columns: ["whose", "address", "state", "createdAt"],
      where: { eq: [field("state"), "failing"] },
      sort: "-createdAt",
    },
    all: { label: "All", columns: ["whose", "address", "state", "createdAt"], sort: "-createdAt" },
  },
  form: [{ label: "Address", fields: ["whose", "address", "reason"] }],
});
