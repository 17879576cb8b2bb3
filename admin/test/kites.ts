import { recordType } from "../../schema/definition";

/** A record type that no code knows: what the screens say of it can only come from here. */
export const kite = recordType({
  name: "kite",
  plural: "kites",
  label: "Kite",
  pluralLabel: "Kites",
  reference: "KIT-{year}-{n}",
  title: "{{ name }}",
  entries: { new: "packed" },
  fields: {
    name: { kind: "text", label: "Name", required: true },
    wind: {
      kind: "choice",
      label: "Wind it needs",
      options: [
        { value: "breeze", label: "A breeze" },
        { value: "gale", label: "A gale" },
      ],
    },
    strings: { kind: "number", label: "Strings", unit: "strings" },
    nextFlight: { kind: "date", precision: true, label: "Next flight" },
    pilot: { kind: "person", label: "Pilot" },
    licence: { kind: "text", label: "Licence", visible: { eq: [{ field: "wind" }, "gale"] } },
  },
  states: {
    packed: { label: "Packed away", rag: "grey" },
    flying: { label: "In the air", rag: "green" },
    lost: { label: "Lost", rag: "red", end: true },
  },
  actions: {
    launch: { label: "Launch", from: ["packed"], to: "flying" },
    lose: { label: "Lose it", from: ["flying"], to: "lost" },
  },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
  views: {
    all: { label: "All", columns: ["name", "state", "nextFlight", "pilot"], sort: "nextFlight" },
    gales: { label: "For gales", columns: ["name", "strings"], where: { eq: [{ field: "wind" }, "gale"] } },
  },
  form: [
    { label: "What it is", fields: ["name", "wind", "strings", "licence"] },
    { label: "Flying", fields: ["nextFlight", "pilot"] },
  ],
});
