/** A school device in somebody's hands: handed over only to staff who agreed to the rules, and only when locked. */
import { field, recordType, role, setting, system, type Condition } from "../../definition";
import { leadership, office } from "./circles";

const agreedTo = (kind: string): Condition => ({
  exists: { type: "acknowledgement", match: { person: field("borrower"), kind, state: "agreed" } },
});

export default recordType({
  name: "deviceLoan",
  plural: "deviceLoans",
  label: "Loan of a device",
  pluralLabel: "Loans of devices",
  icon: "devices",
  group: "Registers",
  help: "Who has which school device, since when. Handing over asks whether it may be handed over at all.",
  reference: "LOAN-{year}-{n}",
  title: "{{ device }} to {{ borrower }}",
  entries: { new: "prepared" },
  because: ["O26", "O28", "O29", "O30", "M4"],
  fields: {
    device: { kind: "link", to: "schoolDevice", label: "Device", required: true, because: ["O28"] },
    borrower: { kind: "person", label: "For", required: true, index: true, because: ["O28"] },
    purpose: { kind: "text", label: "What for", maxLength: 160, because: ["O26"] },
    dueBackOn: {
      kind: "date",
      label: "Due back on",
      help: "Empty where it is theirs for as long as they work here.",
      because: ["O28"],
    },
    handedOverOn: { kind: "date", label: "Handed over on", editable: false, because: ["O28"] },
    returnedOn: { kind: "date", label: "Returned on", editable: false, because: ["O28"] },
    condition: { kind: "longText", label: "Condition on return", because: ["O28"] },
  },
  states: {
    prepared: { label: "To be handed over", rag: "amber", help: "Waits for what is missing." },
    out: { label: "With them", rag: "green", resting: true, help: "They answer for it." },
    toReturn: { label: "To be returned", rag: "red", help: "Its time is up, or they no longer work here." },
    returned: { label: "Returned", rag: "grey", end: true, help: "Back in stock." },
    cancelled: { label: "Not lent", rag: "grey", end: true, help: "It was not handed over." },
  },
  actions: {
    handOver: {
      label: "Give it to them",
      from: ["prepared"],
      to: "out",
      who: office,
      separate: ["borrower"],
      needs: {
        staffOnly: {
          must: { holds: [field("borrower"), [role("staff")]] },
          refusal: "School devices are lent to staff only, never to a pupil or visitor (Mobile policy, section 4).",
          because: ["O28", "M4"],
        },
        rulesAgreed: {
          must: { all: [agreedTo("staffAup"), agreedTo("codeOfConduct")] },
          refusal:
            "They have not agreed to the acceptable use policy and the code of conduct as they stand now: ask for both first (Mobile policy, section 4).",
          because: ["O29", "O26", "M4"],
        },
        monitoringTold: {
          must: agreedTo("monitoringNotice"),
          refusal:
            "They have not confirmed the notice of monitoring: nobody uses a school device before being told (Mobile policy, section 4).",
          because: ["O30", "M4"],
        },
        locked: {
          must: { eq: [field("device.lock"), "confirmed"] },
          refusal:
            "Its lock has not been confirmed: set a passcode, then confirm it on the device's page (Mobile policy, section 4).",
          because: ["O27", "M4"],
        },
        inStock: {
          must: { eq: [field("device.state"), "inStock"] },
          refusal: "This device is not in stock: somebody else has it, or it is missing.",
          because: ["O28"],
        },
      },
      effects: [{ set: { handedOverOn: { today: true } } }, { send: { link: "device", event: "lend" } }],
      because: ["O28", "O29", "O30", "M4"],
    },
    timeIsUp: { label: "Its time is up", from: ["out"], to: "toReturn", who: [system], because: ["O28"] },
    holderLeft: { label: "They no longer work here", from: ["out"], to: "toReturn", who: [system], because: ["O28"] },
    takeBack: {
      label: "Take back",
      from: ["out", "toReturn"],
      to: "returned",
      who: office,
      form: ["condition"],
      effects: [{ set: { returnedOn: { today: true } } }, { send: { link: "device", event: "takeBack" } }],
      because: ["O28"],
    },
    cancel: { label: "Do not lend", from: ["prepared"], to: "cancelled", who: office, because: ["O28"] },
  },
  tasks: {
    handOver: {
      label: "Hand {{ device }} to {{ borrower }}",
      opens: "prepared",
      to: [role("officeStaff")],
      due: { after: setting("handOverWithin") },
      actions: ["handOver", "cancel"],
      because: ["O28"],
    },
    collect: {
      label: "Get {{ device }} back from {{ borrower }}",
      opens: "toReturn",
      to: [role("officeStaff")],
      due: { after: setting("collectWithin") },
      actions: ["takeBack"],
      because: ["O28"],
    },
  },
  timers: {
    dueBack: {
      label: "It is due back",
      anchor: field("dueBackOn"),
      steps: ["P0D"],
      roll: "nextOpenDay",
      open: "school",
      while: ["out"],
      event: "timeIsUp",
      because: ["O28"],
    },
  },
  triggers: {
    holderLeft: {
      when: { not: { holds: [field("borrower"), [role("staff")]] } },
      event: "holderLeft",
      while: ["out"],
      because: ["O28"],
    },
  },
  settings: {
    handOverWithin: {
      label: "A prepared loan is handed over within",
      kind: "offset",
      value: "5 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O28"],
    },
    collectWithin: {
      label: "A device is got back within",
      kind: "offset",
      value: "2 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O28"],
    },
  },
  grants: [
    { to: office, may: ["see", "create", "edit"], because: ["O28"] },
    { to: [...leadership, { field: "borrower" }], may: ["see"], because: ["O28"] },
  ],
  views: {
    out: {
      label: "Lent",
      columns: ["device", "borrower", "handedOverOn", "dueBackOn"],
      where: { eq: [field("state"), "out"] },
      sort: "dueBackOn",
    },
    toReturn: {
      label: "To be returned",
      columns: ["device", "borrower", "dueBackOn"],
      where: { eq: [field("state"), "toReturn"] },
      sort: "dueBackOn",
    },
    all: { label: "All", columns: ["device", "borrower", "state", "handedOverOn", "returnedOn"], sort: "-createdAt" },
  },
  form: [
    { label: "Loan", fields: ["device", "borrower", "purpose", "dueBackOn"] },
    { label: "Hand-over and return", fields: ["handedOverOn", "returnedOn", "condition"] },
  ],
});
