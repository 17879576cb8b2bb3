/** What must hold of an exception, whichever way it changes, and what whoever looks at one should know. */
import { field, role, setting, type Condition, type Rule, type Warning } from "../../definition";
import { headOrChair, safeguarding } from "./circles";
import { emergencies, low, forKinds, onlyLow, requester, user } from "./exceptionBasics";
import { beingAsked, isOneOf, pupilKinds } from "./exceptionFields";

const isHead = (person: { field: string }): Condition => ({ holds: [person, [role("headteacher")]] });
const notThisOne: Condition = { ne: [field("reference"), { outer: "reference" }] };

export const exceptionRules: Record<string, Rule> = {
  kitFirst: {
    must: forKinds(["remoteTeaching"], { eq: [field("schoolKit"), false] }),
    field: "schoolKit",
    refusal:
      "The school's equipment comes first: your own is for when none is available (Mobile policy, section 5). Ask for a school device instead.",
    because: ["O39", "M5"],
  },
  exceptional: {
    must: forKinds(["parentContact"], { not: { empty: field("exceptional") } }),
    field: "exceptional",
    refusal:
      "Parents are contacted on the school's equipment, except in exceptional circumstances (Mobile policy, section 5): say what makes this one exceptional.",
    because: ["O38", "M5"],
  },
  order: {
    must: { any: [{ empty: field("until") }, { le: [field("startsOn"), field("until")] }] },
    field: "until",
    refusal: "It cannot end before it begins: put the last day later.",
    because: ["M3"],
  },
  notTooLong: {
    must: {
      any: [{ empty: field("until") }, { le: [field("until"), { plus: [field("startsOn"), setting("longest")] }] }],
    },
    field: "until",
    refusal:
      "It would last too long: name an earlier day. It can be extended by a new decision (setting: An exception lasts at most).",
    because: ["O22", "M3"],
  },
  lowAtOnce: {
    must: low,
    in: ["emergency"],
    field: "risk",
    refusal: onlyLow,
    because: ["O22", "M3"],
  },
  discussedWithHead: {
    must: forKinds(["pupilNeed", "visitorDevice"], {
      all: [{ holds: [field("discussedWith"), headOrChair] }, { not: { empty: field("discussedOn") } }],
    }),
    in: ["awaitingAgreement"],
    field: "discussedWith",
    refusal:
      "A pupil's need and a visitor's device are discussed with the headteacher before use (Mobile policy, sections 6 and 7): say who discussed it and when.",
    because: ["O49", "O70", "M6", "M7"],
  },
  discussedWithLead: {
    must: forKinds(["relationship"], {
      all: [
        { holds: [field("discussedWith"), [...safeguarding, ...headOrChair]] },
        { not: { empty: field("advice") } },
        { not: { empty: field("contactThrough") } },
      ],
    }),
    in: ["awaitingAgreement"],
    field: "advice",
    refusal:
      "A relationship from before is discussed with the safeguarding lead or the headteacher (Social media policy, section 4.2): record with whom, the advice, and through what contact goes.",
    because: ["O35", "O105", "M5", "SM4.2"],
  },
  parentKnown: {
    must: forKinds(pupilKinds, { not: { empty: field("parents") } }),
    in: ["awaitingAgreement"],
    field: "pupil",
    refusal:
      "A parent agrees to the terms before use (Mobile policy, section 6), and none is entered: put them into the pupil's entry first.",
    because: ["O51", "M6"],
  },
  misuse: {
    must: forKinds(pupilKinds, { phrase: { in: "terms", of: setting("misuseWords") } }),
    in: ["awaitingAgreement"],
    field: "terms",
    refusal:
      "The terms of a pupil's use say what follows on misuse (Mobile policy, section 6): add it to the terms, in plain words such as “misuse”.",
    because: ["O51", "M6"],
  },
};

export const exceptionWarnings: Record<string, Warning> = {
  lessonUse: {
    when: isOneOf(["pupilLesson"]),
    message:
      "The mobile policy's section 6 both bans pupils' devices on site and allows them in a lesson with staff's consent. Until the governors settle it, each such activity is decided here.",
    because: ["O44", "M6"],
  },
  forTheChair: {
    when: { any: [isHead(requester), isHead(user)] },
    in: [...beingAsked, "toDecide", ...emergencies, "suspended"],
    message: "It is the headteacher's own, so the chair decides.",
    because: ["O134", "M3", "M5"],
  },
  another: {
    when: {
      any: [
        { exists: { type: "exception", match: { pupil: field("pupil"), state: "inForce" }, where: notThisOne } },
        { exists: { type: "exception", match: { forWhom: user, state: "inForce" }, where: notThisOne } },
      ],
    },
    in: [...beingAsked, "toDecide", ...emergencies],
    message: "Another exception is in force for {{ forWhom }}{{ pupil }}.",
    because: ["O50", "M3"],
  },
};
