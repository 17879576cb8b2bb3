/** A call home on a school phone, with somebody beside the pupil. */
import { recordType, role } from "../../definition";
import { leadership, office } from "./circles";

const callers = [...office, role("classTeacher"), role("staff"), ...leadership];

export default recordType({
  name: "callHome",
  plural: "callsHome",
  label: "Call home",
  pluralLabel: "Calls home",
  icon: "phone",
  group: "Registers",
  help: "Pupils ring home on a school phone, never their own, and somebody stays with them.",
  reference: "CALL-{year}-{n}",
  title: "{{ pupil }}, {{ calledOn | date }}",
  entries: { new: "made" },
  because: ["O47", "O48", "M6"],
  fields: {
    pupil: { kind: "link", to: "pupil", label: "Pupil", required: true, because: ["O47"] },
    calledOn: { kind: "date", label: "On", required: true, default: { today: true }, because: ["O47"] },
    reached: { kind: "text", label: "Who was reached", maxLength: 120, because: ["O47"] },
    supervisedBy: {
      kind: "person",
      label: "Who stayed with them",
      required: true,
      default: { actor: true },
      because: ["O47", "M6"],
    },
    why: { kind: "text", label: "Why they called", maxLength: 160, because: ["O47"] },
  },
  states: { made: { label: "Made", rag: "green", end: true, help: "Nothing more is to do." } },
  actions: {},
  quick: {
    label: "Record a call home",
    fields: ["pupil", "reached", "supervisedBy", "why"],
    then: "It is kept with the register of calls; nothing more is to do.",
    because: ["O47"],
  },
  grants: [{ to: callers, may: ["see", "create", "edit"], because: ["O47", "M6"] }],
  views: {
    all: {
      label: "All",
      columns: ["pupil", "calledOn", "reached", "supervisedBy"],
      sort: "-createdAt",
      because: ["O47"],
    },
  },
  form: [{ label: "Call", fields: ["pupil", "calledOn", "reached", "supervisedBy", "why"] }],
});
