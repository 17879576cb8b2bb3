import type { Pack } from "../../definition";
import { obligations, sections } from "./obligations";
import policy from "./policy";
import { roles } from "./roles";

export const schoolPolicy: Pack = {
  name: "schoolPolicy",
  label: "School policies",
  roles,
  types: [policy],
  obligations,
  sections,
};
