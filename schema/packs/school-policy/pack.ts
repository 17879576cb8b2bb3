import type { Pack } from "../../definition";
import actionItem from "./actionItem";
import adviceEntry from "./adviceEntry";
import { obligations, sections } from "./obligations";
import outsideBody from "./outsideBody";
import policy from "./policy";
import pupil from "./pupil";
import { roles } from "./roles";

export const schoolPolicy: Pack = {
  name: "schoolPolicy",
  label: "School policies",
  roles,
  types: [policy, pupil, outsideBody, adviceEntry, actionItem],
  obligations,
  sections,
};
