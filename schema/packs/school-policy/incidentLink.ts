/** Where an entry of a register led to an incident, or came from one. */
import type { Because, Field } from "../../definition";

export const itsIncident = (because: Because): Field => ({
  kind: "link",
  to: "incident",
  label: "Its incident",
  help: "Shown to those who may see that incident.",
  because,
});
