/** An exception from being asked for to its decision; and the way for what cannot wait. */
import { field, role, system, type Action, type Need } from "../../definition";
import { headOrChair, leadership, safeguarding } from "./circles";
import {
  assessors,
  concerned,
  emergencies,
  emergencyDeciders,
  ending,
  holders,
  low,
  forKinds,
  onlyLow,
  requester,
  user,
} from "./exceptionBasics";
import { beingAsked } from "./exceptionFields";

const notOwnChild: Need = {
  must: { not: { holds: [{ actor: true }, [field("pupil.parents")]] } },
  refusal: "It is for your own child, so somebody else does this.",
  because: ["M6"],
};

export const untilDecided: Record<string, Action> = {
  assess: {
    label: "Record the risk assessment",
    help: "How likely and how bad, with what makes it less; and the terms it would be on.",
    from: ["requested"],
    to: "toDecide",
    who: assessors,
    separate: ["requestedBy", "forWhom", "involved"],
    form: ["risk", "terms", "plan", "discussedWith", "discussedOn", "advice", "involved"],
    required: ["risk"],
    needs: {
      notOwnChild,
      platform: {
        must: forKinds(["learningPlatform"], { holds: [{ actor: true }, [...safeguarding, role("headteacher")]] }),
        refusal:
          "A platform for learning is assessed by the safeguarding lead or the headteacher (Social media policy, unnumbered section): ask one of them.",
        because: ["O89", "SM-Gen"],
      },
    },
    effects: [{ set: { assessedBy: { actor: true }, assessedOn: { today: true }, parents: field("pupil.parents") } }],
    because: ["O22", "O39", "O71", "O89", "M3", "M5", "M7", "SM-Gen"],
  },
  grant: {
    label: "Grant exception",
    help: "Grants it on the terms you read, word for word. It begins once they are agreed to.",
    from: ["toDecide", ...emergencies],
    to: "awaitingAgreement",
    decides: headOrChair,
    ratifies: "terms",
    shows: ["what", "why", "risk", "plan"],
    form: [
      "startsOn",
      "until",
      "conditions",
      "reasons",
      "contactThrough",
      "tell",
      "discussedWith",
      "discussedOn",
      "advice",
    ],
    required: ["startsOn", "until", "reasons"],
    needs: {
      low: {
        must: low,
        refusal: onlyLow,
        because: ["O22", "O33", "O38", "O39", "O48", "O70", "M3", "M5"],
      },
      agreementHeld: {
        must: forKinds(["visitorDevice"], {
          any: [
            { not: { holds: [user, [role("regularVisitor"), role("contractor"), role("volunteer")]] } },
            { exists: { type: "acknowledgement", match: { person: user, kind: "visitorAup", state: "agreed" } } },
          ],
        }),
        refusal:
          "Regular visitors agree to the acceptable use policy first (Mobile policy, section 7): ask them to, or record their signature.",
        because: ["O69", "M7"],
      },
    },
    effects: [
      {
        set: {
          decidedBy: { actor: true },
          decidedOn: { today: true },
          agreed: null,
          parents: field("pupil.parents"),
        },
      },
    ],
    because: ["O22", "O33", "O38", "O39", "O48", "O49", "O50", "O70", "O71", "O105", "O134", "M3", "M5", "M6", "M7"],
  },
  refuse: {
    label: "Refuse",
    from: ["requested", "toDecide"],
    to: "refused",
    decides: headOrChair,
    form: ["reasons"],
    required: ["reasons"],
    effects: [
      { set: { decidedBy: { actor: true }, decidedOn: { today: true } } },
      { notice: { to: [requester, ...holders], template: "refused" } },
    ],
    because: ["O22", "O105", "O134", "M3"],
  },
  sendBack: {
    label: "Ask for more",
    from: ["requested", "toDecide"],
    to: "moreNeeded",
    decides: headOrChair,
    form: ["whatIsMissing"],
    asks: { whatIsMissing: { kind: "longText", label: "What is missing", required: true, because: ["O50"] } },
    required: ["whatIsMissing"],
    because: ["O50", "M3"],
  },
  answer: {
    label: "Answer and ask again",
    help: "Change what you asked first if you need to.",
    from: ["moreNeeded"],
    to: "requested",
    who: [requester, ...holders],
    form: ["why"],
    because: ["O50", "M3"],
  },
  withdraw: {
    label: "Withdraw",
    from: [...beingAsked, "toDecide", "awaitingAgreement"],
    to: "withdrawn",
    who: [requester, ...holders],
    because: ["O50", "M3"],
  },
  lapse: {
    label: "Nothing more came",
    from: ["moreNeeded"],
    to: "withdrawn",
    who: [system],
    effects: [{ set: { endReason: "Nothing more came to what was asked." } }],
    because: ["O50", "M3"],
  },
};

export const inAnEmergency: Record<string, Action> = {
  allowAtOnce: {
    label: "Allow at once (emergency)",
    help: "For what cannot wait. It holds for a day at most; the headteacher or the chair decides on it afterwards.",
    from: ["requested", "toDecide"],
    to: "emergency",
    who: leadership,
    separate: ["requestedBy", "forWhom", "involved", "parents"],
    form: ["emergencyReason", "risk", "agreedOnTheSpot", "tell"],
    required: ["emergencyReason", "risk", "agreedOnTheSpot"],
    needs: { notOwnChild },
    effects: [
      {
        set: {
          emergencyBy: { actor: true },
          emergencyOn: { today: true },
          assessedBy: { actor: true },
          assessedOn: { today: true },
          parents: field("pupil.parents"),
        },
      },
      { notice: { to: [...concerned, role("headteacher"), role("dsl")], template: "emergency", urgent: true } },
    ],
    because: ["O33", "O51", "O134", "M5", "M6"],
  },
  emergencyOver: {
    label: "The day is over",
    from: ["emergency"],
    to: "emergencyOver",
    who: [system],
    effects: [{ notice: { to: concerned, template: "emergencyOver", urgent: true } }],
    because: ["O33", "M5"],
  },
  confirmEmergency: {
    label: "Confirm that it was right",
    help: "Nothing more is needed: it ends, and the record says that it was right.",
    from: emergencies,
    to: "ended",
    decides: emergencyDeciders,
    form: ["reasons", "doneMeanwhile"],
    required: ["reasons"],
    effects: [{ set: { decidedBy: { actor: true }, decidedOn: { today: true } } }, ...ending],
    because: ["O33", "O134", "M5"],
  },
  refuseAfterwards: {
    label: "Refuse it afterwards",
    help: "It ends at once. What was done under it until now is kept.",
    from: emergencies,
    to: "refused",
    decides: emergencyDeciders,
    form: ["reasons", "doneMeanwhile"],
    required: ["reasons", "doneMeanwhile"],
    effects: [
      { set: { decidedBy: { actor: true }, decidedOn: { today: true }, endReason: field("reasons") } },
      ...ending,
    ],
    because: ["O33", "O134", "M5"],
  },
};
