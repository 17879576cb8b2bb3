/** A phone, tablet or laptop of the school: where it is, whether it is locked, and who checked. */
import { field, recordType, role, setting, system } from "../../definition";
import { governors, leadership, office } from "./circles";

export default recordType({
  name: "schoolDevice",
  plural: "schoolDevices",
  label: "School device",
  pluralLabel: "School devices",
  icon: "devices",
  group: "Registers",
  help: "Every device the school lends, with its lock. It is lent by a loan, never by changing its state here.",
  reference: "DEV-{n}",
  title: "{{ name }}",
  entries: { new: "inStock" },
  because: ["O27", "O28", "O87", "M4", "SM-Gen"],
  fields: {
    name: { kind: "text", label: "Name", required: true, maxLength: 120, help: "Such as Tablet 12.", because: ["O27"] },
    assetTag: { kind: "text", label: "Asset tag", unique: true, maxLength: 40, because: ["O27"] },
    kind: {
      kind: "choice",
      label: "Kind",
      required: true,
      options: [
        { value: "phone", label: "Phone" },
        { value: "tablet", label: "Tablet" },
        { value: "laptop", label: "Laptop" },
        { value: "camera", label: "Camera" },
        { value: "other", label: "Other" },
      ],
      because: ["O27"],
    },
    serialNumber: { kind: "text", label: "Serial number", maxLength: 80, because: ["O27"] },
    lock: {
      kind: "choice",
      label: "Lock",
      required: true,
      index: true,
      options: [
        { value: "confirmed", label: "Passcode, password or PIN set" },
        { value: "none", label: "Not locked" },
      ],
      default: "none",
      because: ["O27", "M4"],
    },
    lockCheckedOn: { kind: "date", label: "Lock checked on", editable: false, because: ["O27"] },
    socialMedia: {
      kind: "choice",
      label: "Access to social media",
      options: [
        { value: "blocked", label: "Blocked" },
        { value: "allowed", label: "Allowed for its purpose" },
      ],
      default: "blocked",
      because: ["O87", "SM-Gen"],
    },
    notes: { kind: "longText", label: "Notes", because: ["O27"] },
  },
  states: {
    inStock: { label: "In stock", rag: "grey", resting: true, help: "It can be lent." },
    lent: { label: "Lent", rag: "green", resting: true, help: "Somebody on the staff has it." },
    missing: { label: "Missing", rag: "red", help: "Somebody is looking for it." },
    retired: { label: "Retired", rag: "grey", end: true, help: "No longer used; wiped." },
  },
  actions: {
    confirmLock: {
      label: "Confirm the lock",
      help: "You have seen that it asks for a passcode, password or PIN.",
      from: ["inStock", "lent", "missing"],
      who: office,
      effects: [{ set: { lock: "confirmed", lockCheckedOn: { today: true } } }],
      because: ["O27", "M4"],
    },
    lend: { label: "Lent", from: ["inStock"], to: "lent", who: [system], because: ["O28"] },
    takeBack: { label: "Returned", from: ["lent", "missing"], to: "inStock", who: [system], because: ["O28"] },
    reportMissing: {
      label: "Report it missing",
      from: ["inStock", "lent"],
      to: "missing",
      who: [role("staff"), ...office],
      form: ["lastSeen"],
      asks: { lastSeen: { kind: "longText", label: "Where it was seen last", required: true } },
      required: ["lastSeen"],
      effects: [{ notice: { to: [role("businessManager"), role("dsl")], template: "missing", urgent: true } }],
      because: ["O27"],
    },
    found: { label: "It was found", from: ["missing"], to: "inStock", who: office, because: ["O27"] },
    retire: { label: "Retire", from: ["inStock", "missing"], to: "retired", who: office, because: ["O27"] },
  },
  tasks: {
    find: {
      label: "Find {{ name }}, or retire it",
      help: "If it held personal data, see whether the loss must be reported within 72 hours.",
      opens: "missing",
      to: [role("businessManager")],
      due: { after: setting("findWithin") },
      actions: ["found", "retire"],
      because: ["O27"],
    },
  },
  settings: {
    findWithin: {
      label: "A missing device is found or reported within",
      kind: "offset",
      value: "P3D",
      unit: "days",
      source: "UK GDPR article 33: a breach of personal data is reported within 72 hours where there is a risk",
      date: "2026-11-24",
      because: ["O27"],
    },
  },
  notices: {
    missing: {
      subject: "Missing: {{ name }}",
      body: "**{{ name }}** ({{ reference }}) has been reported missing.\n\n[Open it]({{ url }})\n\nIf it held personal data, the loss may have to be reported within 72 hours.",
      because: ["O27"],
    },
  },
  grants: [
    { to: [...office, role("headteacher")], may: ["see", "create", "edit"], because: ["O27"] },
    { to: [...leadership, ...governors, role("staff")], may: ["see"], because: ["O27"] },
  ],
  views: {
    all: { label: "All", columns: ["name", "assetTag", "kind", "state", "lock"], sort: "name" },
    unlocked: {
      label: "Not locked",
      columns: ["name", "assetTag", "state", "lockCheckedOn"],
      where: { all: [{ eq: [field("lock"), "none"] }, { ne: [field("state"), "retired"] }] },
      sort: "name",
      because: ["O27"],
    },
  },
  charts: {
    byState: {
      label: "Where are the devices?",
      by: "state",
      for: ["businessManager", "officeStaff"],
      because: ["O27"],
    },
  },
  form: [
    { label: "Device", fields: ["name", "assetTag", "kind", "serialNumber", "notes"] },
    { label: "Protection", fields: ["lock", "lockCheckedOn", "socialMedia"] },
  ],
});
