import type { Pack } from "../../definition";
import acknowledgement from "./acknowledgement";
import actionItem from "./actionItem";
import adviceEntry from "./adviceEntry";
import agreementCampaign from "./agreementCampaign";
import governorsMeeting from "./governorsMeeting";
import guidanceSource from "./guidanceSource";
import { obligations, sections } from "./obligations";
import outsideBody from "./outsideBody";
import policy from "./policy";
import pupil from "./pupil";
import { roles } from "./roles";
import ruleConflict from "./ruleConflict";
import { texts } from "./texts";

export const schoolPolicy: Pack = {
  name: "schoolPolicy",
  label: "School policies",
  roles,
  types: [
    policy,
    guidanceSource,
    governorsMeeting,
    ruleConflict,
    agreementCampaign,
    acknowledgement,
    pupil,
    outsideBody,
    adviceEntry,
    actionItem,
  ],
  obligations,
  sections,
  texts,
};
