/** A pupil as the registers need one: a name, a class, who is told. Nothing here says what a record says of them. */
import { field, recordType, role } from "../../definition";
import { leadership, office } from "./circles";

const keepers = [...office, role("headteacher")];

export default recordType({
  name: "pupil",
  plural: "pupils",
  label: "Pupil",
  pluralLabel: "Pupils",
  icon: "people",
  group: "People",
  help: "A short entry for each pupil, so that registers can name them. Their file stays in the school's own system.",
  reference: "PUP-{n}",
  title: "{{ name }}",
  entries: { new: "onRoll" },
  roll: { keys: ["systemReference", "name"], leave: "leave", back: "returnToRoll" },
  because: ["O15", "O133", "M1", "SM1"],
  fields: {
    name: { kind: "text", label: "Name", required: true, index: true, maxLength: 120, because: ["O133"] },
    className: {
      kind: "text",
      label: "Class",
      index: true,
      maxLength: 40,
      help: "The class or form they are in this year.",
      because: ["O45", "M6"],
    },
    yearGroup: { kind: "number", label: "Year group", min: 0, max: 13, because: ["O43", "M6"] },
    bornOn: {
      kind: "date",
      label: "Date of birth",
      help: "Tells whether a service's age limit is met.",
      because: ["O127", "SM5"],
    },
    parents: {
      kind: "people",
      label: "Parents and carers",
      help: "They are told, and agree where terms need a parent.",
      because: ["O51", "O132", "M6", "SM5"],
    },
    imageConsent: {
      kind: "choice",
      label: "Consent to pictures and posts",
      options: [
        { value: "given", label: "Given in writing" },
        { value: "refused", label: "Refused" },
        { value: "notAsked", label: "Not asked yet" },
      ],
      default: "notAsked",
      help: "Written consent of a parent: asked for at each official post.",
      because: ["O116", "SM-4off"],
    },
    consentOn: {
      kind: "date",
      label: "Consent signed on",
      visible: { eq: [field("imageConsent"), "given"] },
      required: { eq: [field("imageConsent"), "given"] },
      because: ["O116", "SM-4off"],
    },
    consentPaper: {
      kind: "files",
      label: "The signed consent",
      visible: { eq: [field("imageConsent"), "given"] },
      see: keepers,
      help: "A scan, or photographs that can be read.",
      because: ["O116", "SM-4off"],
    },
    systemReference: {
      kind: "text",
      label: "Reference in the school's system",
      index: true,
      maxLength: 60,
      help: "Where their file is held: only a pointer is kept here.",
      because: ["O82", "M9"],
    },
  },
  states: {
    onRoll: { label: "On roll", rag: "green", resting: true, help: "A pupil of the school." },
    left: { label: "Left", rag: "grey", end: true, help: "No longer at the school." },
  },
  actions: {
    leave: {
      label: "Record that they left",
      from: ["onRoll"],
      to: "left",
      who: keepers,
      form: ["leftOn"],
      asks: { leftOn: { kind: "date", label: "Last day", required: true } },
      required: ["leftOn"],
      because: ["O106", "SM4.2"],
    },
    returnToRoll: {
      label: "Put back on roll",
      from: ["left"],
      to: "onRoll",
      who: keepers,
      because: ["O133"],
    },
  },
  warnings: {
    consentUnseen: {
      when: { all: [{ eq: [field("imageConsent"), "given"] }, { empty: field("consentPaper") }] },
      message: "The signed consent to pictures is not held here: add a scan of it.",
      in: ["onRoll"],
      because: ["O116", "SM-4off"],
    },
    leftOpen: {
      when: {
        any: [
          { exists: { via: "handIn.pupil", where: { eq: [field("state"), "held"] } } },
          { exists: { via: "confiscation.pupil", where: { in: [field("state"), ["taken", "held"]] } } },
          { exists: { via: "accessRemoval.pupil", where: { in: [field("state"), ["inForce", "over"]] } } },
          {
            exists: {
              via: "exception.pupil",
              where: { in: [field("state"), ["awaitingAgreement", "inForce", "emergency"]] },
            },
          },
        ],
      },
      message:
        "{{ name }} has left, and the school still holds a device of theirs, or an exception or a removal of access is not over. See what hangs together with this entry.",
      in: ["left"],
      because: ["O45", "O55", "O50", "M6"],
    },
  },
  grants: [
    { to: [...keepers], may: ["see", "create", "edit"], because: ["O133"] },
    { to: [...leadership, role("classTeacher"), role("staff")], may: ["see"], because: ["O45", "O82", "M9"] },
    { to: [field("parents")], may: ["see"], because: ["O49", "O51", "M6"] },
  ],
  views: {
    onRoll: {
      label: "On roll",
      columns: ["name", "className", "yearGroup", "imageConsent"],
      where: { eq: [field("state"), "onRoll"] },
      sort: "name",
    },
    noConsent: {
      label: "No consent to pictures",
      columns: ["name", "className", "imageConsent"],
      where: { all: [{ eq: [field("state"), "onRoll"] }, { not: { eq: [field("imageConsent"), "given"] } }] },
      sort: "name",
      because: ["O116"],
    },
  },
  form: [
    { label: "Who", fields: ["name", "className", "yearGroup", "bornOn", "parents", "systemReference"] },
    { label: "Consent", fields: ["imageConsent", "consentOn", "consentPaper"] },
  ],
});
