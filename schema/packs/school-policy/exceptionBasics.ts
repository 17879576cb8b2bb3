/** Whom an exception concerns, its stretches of states and its conditions: named once for its actions, clocks and rules. */
import { field, role, type Condition, type Effect, type Who } from "../../definition";
import { headOrChair, safeguarding } from "./circles";
import { aboutPupil, isOneOf } from "./exceptionFields";

export const [requester, user] = [field("requestedBy"), field("forWhom")];
/** Whose exception it is: they agree, extend and hand back. */
export const holders = [user, field("parents")];
/** Told as it begins and ends. */
export const concerned: Who[] = [requester, ...holders, field("tell")];
export const assessors = [...safeguarding, role("seniorLeader"), role("headteacher")];

export const holding = ["inForce", "suspended"];
/** What was allowed at once is decided by somebody, though headteacher, chair and vice chair are all involved. */
export const emergencyDeciders = [...headOrChair, role("governor")];
export const emergencies = ["emergency", "emergencyOver"];

/** The person has agreed; where a pupil is concerned, one parent. Nobody else can be in the list. */
export const everybodyAgreed: Condition = {
  any: [
    { all: [aboutPupil, { not: { empty: field("agreed") } }] },
    { all: [{ not: aboutPupil }, { includes: [field("agreed"), user] }] },
  ],
};
/** Whoever is to agree has asked, and nobody has answered. */
export const questionWaits: Condition = { all: [{ not: { empty: field("question") } }, { empty: field("answer") }] };
export const itsDayHasCome: Condition = { le: [field("startsOn"), { today: true }] };

export const low: Condition = { eq: [field("risk.level"), "low"] };
export const onlyLow =
  "Only a low risk can be granted (Mobile policy, section 3): find what makes it less and have it assessed again, or refuse it.";

/** Of these kinds it must be so; of others it need not. */
export const forKinds = (kinds: string[], must: Condition): Condition => ({ any: [{ not: isOneOf(kinds) }, must] });

/** What ends: those who were told of its beginning hear of it, and nobody looks at its risk any more. */
export const ending: Effect[] = [
  { set: { endedOn: { today: true }, followUpDueOn: null } },
  { notice: { to: concerned, template: "ended", urgent: true } },
  { send: { link: "riskFollowUp.exception", event: "noLongerNeeded" } },
];
/** What was granted and never came into force: nobody else was told that it would. */
export const neverBegan: Effect[] = [
  { set: { endedOn: { today: true } } },
  { notice: { to: [requester, ...holders], template: "neverBegan", urgent: true } },
];
export const decided: Effect = { set: { decidedBy: { actor: true }, decidedOn: { today: true } } };
