import type { Pack } from "../../definition";
import accessRemoval from "./accessRemoval";
import acknowledgement from "./acknowledgement";
import actionItem from "./actionItem";
import adviceEntry from "./adviceEntry";
import agreementCampaign from "./agreementCampaign";
import callHome from "./callHome";
import channelManager from "./channelManager";
import confiscation from "./confiscation";
import curriculumUnit from "./curriculumUnit";
import debrief from "./debrief";
import deviceLoan from "./deviceLoan";
import failingAddress from "./failingAddress";
import filteringReview from "./filteringReview";
import exception from "./exception";
import governorsMeeting from "./governorsMeeting";
import guidanceSource from "./guidanceSource";
import handIn from "./handIn";
import incident from "./incident";
import induction from "./induction";
import inductionProgramme from "./inductionProgramme";
import lesson from "./lesson";
import { obligations, sections } from "./obligations";
import outsideBody from "./outsideBody";
import personalContact from "./personalContact";
import policy from "./policy";
import pupil from "./pupil";
import pupilSearch from "./pupilSearch";
import { reports } from "./reports";
import { roles } from "./roles";
import ruleConflict from "./ruleConflict";
import schoolDevice from "./schoolDevice";
import socialChannel from "./socialChannel";
import socialPost from "./socialPost";
import spotCheck from "./spotCheck";
import riskFollowUp from "./riskFollowUp";
import signCheck from "./signCheck";
import technicalProblem from "./technicalProblem";
import { texts } from "./texts";
import trainingAttendance from "./trainingAttendance";
import trainingSession from "./trainingSession";
import workNumber from "./workNumber";

export const schoolPolicy: Pack = {
  name: "schoolPolicy",
  label: "School policies",
  roles,
  // What people see first stands first, in the menu as well.
  types: [
    policy,
    guidanceSource,
    governorsMeeting,
    ruleConflict,
    agreementCampaign,
    acknowledgement,
    exception,
    riskFollowUp,
    incident,
    debrief,
    lesson,
    adviceEntry,
    accessRemoval,
    schoolDevice,
    deviceLoan,
    workNumber,
    handIn,
    confiscation,
    pupilSearch,
    callHome,
    signCheck,
    socialChannel,
    channelManager,
    socialPost,
    personalContact,
    spotCheck,
    filteringReview,
    actionItem,
    trainingSession,
    trainingAttendance,
    inductionProgramme,
    induction,
    curriculumUnit,
    pupil,
    outsideBody,
    failingAddress,
    technicalProblem,
  ],
  obligations,
  sections,
  texts,
  reports,
};
