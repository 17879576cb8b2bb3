/** An exception from its grant to its end: agreed to, in force, looked at again, extended, over. */
import { field, role, setting, system, type Action, type Field, type Need } from "../../definition";
import { headOrChair, office } from "./circles";
import {
  assessors,
  concerned,
  ending,
  everybodyAgreed,
  holders,
  holding,
  itsDayHasCome,
  low,
  neverBegan,
  onlyLow,
  questionWaits,
  requester,
} from "./exceptionBasics";
import { beingAsked } from "./exceptionFields";

const readIt: Need = {
  must: { eq: [{ form: "readVersion" }, field("terms.inForce")] },
  refusal: "These are not the words that were granted: read the terms again, then answer.",
  because: ["O51", "M6"],
};
const readVersion: Field = {
  kind: "text",
  label: "Version read",
  required: true,
  help: "Filled in by the page that shows the terms.",
  because: ["O50", "M6"],
};

export const agreement: Record<string, Action> = {
  agree: {
    label: "I have read the terms and agree",
    from: ["awaitingAgreement", "inForce"],
    who: holders,
    form: ["readVersion"],
    asks: { readVersion },
    defaults: { readVersion: field("terms.inForce") },
    needs: {
      sameWords: readIt,
      once: {
        must: { not: { includes: [field("agreed"), { actor: true }] } },
        refusal: "You have agreed already.",
        because: ["M6"],
      },
    },
    effects: [
      {
        set: {
          agreed: { added: [field("agreed"), { actor: true }] },
          agreedOn: { today: true },
          wording: field("terms.inForce"),
        },
      },
    ],
    because: ["O50", "O51", "M6"],
  },
  ask: {
    label: "I have a question about the terms",
    help: "The school answers by mail. You agree, or do not, once you know.",
    from: ["awaitingAgreement"],
    who: holders,
    form: ["yourQuestion"],
    asks: {
      yourQuestion: { kind: "longText", label: "What would you like to know?", required: true, because: ["O50"] },
    },
    required: ["yourQuestion"],
    needs: {
      oneAtATime: {
        must: { not: questionWaits },
        refusal: "A question about these terms waits for its answer already: yours can be asked after it.",
        because: ["M6"],
      },
    },
    effects: [{ set: { question: { form: "yourQuestion" }, questionBy: { actor: true }, answer: null } }],
    because: ["O50", "M6"],
  },
  reply: {
    label: "Answer the question",
    from: ["awaitingAgreement"],
    decides: headOrChair,
    shows: ["question", "questionBy"],
    form: ["reply"],
    asks: { reply: { kind: "longText", label: "Answer", required: true, because: ["O50"] } },
    required: ["reply"],
    needs: {
      asked: { must: questionWaits, refusal: "No question about the terms waits for an answer.", because: ["M6"] },
    },
    effects: [
      { set: { answer: { form: "reply" } } },
      { notice: { to: [field("questionBy")], template: "answered", urgent: true } },
    ],
    because: ["O50", "M6"],
  },
  decline: {
    label: "I do not agree to the terms",
    from: ["awaitingAgreement"],
    to: "toDecide",
    who: holders,
    form: ["whyNot"],
    asks: { whyNot: { kind: "longText", label: "Why not", required: true, because: ["O50"] } },
    required: ["whyNot"],
    effects: [
      { set: { agreed: null, questionBy: null, question: null, answer: null } },
      { notice: { to: [field("decidedBy")], template: "declined" } },
    ],
    because: ["O50", "M6"],
  },
  recordOnPaper: {
    label: "Record a signature on paper",
    help: "For somebody who signed a printed copy of these terms.",
    from: ["awaitingAgreement"],
    who: office,
    form: ["signer", "signedOn", "witness", "signedPaper", "readVersion"],
    asks: {
      signer: { kind: "person", label: "Who signed", required: true, because: ["O50"] },
      signedOn: { kind: "date", label: "Signed on", required: true, because: ["O50"] },
      readVersion: { ...readVersion, label: "Version signed" },
    },
    required: ["signer", "signedOn", "witness", "signedPaper", "readVersion"],
    defaults: { readVersion: field("terms.inForce") },
    needs: {
      sameWords: readIt,
      theirs: {
        must: { holds: [{ form: "signer" }, holders] },
        refusal:
          "The terms are agreed to by the person it is for; where a pupil is concerned, by a parent (Mobile policy, section 6).",
        because: ["O51", "M6"],
      },
      anotherWitness: {
        must: {
          all: [{ ne: [{ form: "witness" }, { form: "signer" }] }, { ne: [{ form: "signer" }, { actor: true }] }],
        },
        refusal: "Nobody witnesses or records their own signature: ask somebody else to.",
        because: ["O51", "M6"],
      },
      notAhead: {
        must: { le: [{ form: "signedOn" }, { today: true }] },
        refusal: "It cannot have been signed on a day to come.",
        because: ["M6"],
      },
    },
    effects: [
      {
        set: {
          agreed: { added: [field("agreed"), { form: "signer" }] },
          agreedOn: { form: "signedOn" },
          recordedBy: { actor: true },
          wording: field("terms.inForce"),
        },
      },
    ],
    because: ["O50", "M6"],
  },
};

export const course: Record<string, Action> = {
  begin: {
    label: "It begins",
    from: ["awaitingAgreement"],
    to: "inForce",
    who: [system],
    needs: {
      agreed: {
        must: everybodyAgreed,
        refusal: "The terms are not agreed to yet.",
        because: ["O33", "O39", "O49", "O51", "O70", "O89", "M6"],
      },
      day: { must: itsDayHasCome, refusal: "Its first day has not come.", because: ["M6"] },
    },
    effects: [
      { set: { beganOn: { today: true }, followUpDueOn: { plus: [{ today: true }, setting("followUpEvery")] } } },
      { notice: { to: concerned, template: "began", urgent: true } },
      {
        create: {
          type: "actionItem",
          each: field("plan"),
          fields: {
            what: { entry: "what" },
            owner: { entry: "owner" },
            dueOn: { entry: "dueOn" },
            origin: field("reference"),
          },
        },
      },
    ],
    because: ["O50", "M6"],
  },
  lookAgain: {
    label: "Its risk is to be looked at again",
    from: ["inForce"],
    who: [system],
    effects: [{ create: { type: "riskFollowUp", fields: { exception: { self: true } } } }],
    because: ["O71", "M3"],
  },
  stillLow: {
    label: "Its risk is still low",
    from: holding,
    who: [system],
    form: ["risk"],
    effects: [
      { set: { assessedOn: { today: true }, followUpDueOn: { plus: [{ today: true }, setting("followUpEvery")] } } },
    ],
    because: ["O71", "M3"],
  },
  suspend: {
    label: "Its risk has risen",
    from: ["inForce"],
    to: "suspended",
    who: [system],
    form: ["risk", "suspendedBecause"],
    effects: [
      { set: { assessedOn: { today: true }, followUpDueOn: null } },
      { notice: { to: concerned, template: "suspended", urgent: true } },
    ],
    because: ["O71", "M3"],
  },
  assessAgain: {
    label: "Record a new risk assessment",
    from: ["suspended"],
    who: assessors,
    separate: ["requestedBy", "forWhom", "involved"],
    form: ["risk"],
    required: ["risk"],
    effects: [{ set: { assessedBy: { actor: true }, assessedOn: { today: true } } }],
    because: ["O71", "M3"],
  },
  resume: {
    label: "Let it go on",
    from: ["suspended"],
    to: "inForce",
    decides: headOrChair,
    form: ["reasons"],
    needs: { low: { must: low, refusal: onlyLow, because: ["O22", "M3"] } },
    effects: [
      {
        set: {
          decidedBy: { actor: true },
          decidedOn: { today: true },
          suspendedBecause: null,
          followUpDueOn: { plus: [{ today: true }, setting("followUpEvery")] },
        },
      },
      { notice: { to: concerned, template: "resumed" } },
    ],
    because: ["O22", "O134", "M3"],
  },

  askToExtend: {
    label: "Ask to extend it",
    help: "A new request, with a new assessment and decision. This one still ends on its day.",
    from: holding,
    who: [requester, ...holders],
    form: ["extendUntil", "whyLonger"],
    asks: {
      extendUntil: { kind: "date", label: "Until", required: true, because: ["O50"] },
      whyLonger: { kind: "longText", label: "Why it is still needed", required: true, because: ["O50"] },
    },
    needs: {
      later: {
        must: { gt: [{ form: "extendUntil" }, field("until")] },
        refusal: "It lasts until then already: name a later day.",
        because: ["M3"],
      },
      once: {
        must: {
          none: {
            via: "exception.extends",
            where: { in: [field("state"), [...beingAsked, "toDecide", "awaitingAgreement"]] },
          },
        },
        refusal: "An extension has been asked for already: see that request.",
        because: ["M3"],
      },
    },
    effects: [
      {
        create: {
          type: "exception",
          fields: {
            ...Object.fromEntries(
              [
                ...["kind", "what", "forWhom", "pupil", "involved", "policy", "place", "platform", "schoolKit"],
                ...["exceptional", "adjustment", "adjustmentReason", "medicalDetail", "carePlan", "namedReaders"],
              ].map((name) => [name, field(name)]),
            ),
            why: { form: "whyLonger" },
            requestedBy: { actor: true },
            startsOn: { plus: [field("until"), "P1D"] },
            until: { form: "extendUntil" },
            extends: { self: true },
          },
        },
      },
    ],
    because: ["O22", "O50", "M3"],
  },
  handBack: {
    label: "No longer needed",
    from: holding,
    to: "ended",
    who: [requester, ...holders],
    form: ["endReason"],
    effects: ending,
    because: ["O50", "M3"],
  },
  revoke: {
    label: "Revoke",
    help: "It ends at once, and those who use it are told.",
    from: holding,
    to: "revoked",
    who: [role("headteacher"), role("dsl")],
    form: ["endReason"],
    required: ["endReason"],
    effects: ending,
    because: ["O22", "O51", "M3", "M6"],
  },
  takeBack: {
    label: "Take the grant back",
    help: "It does not come into force, and whoever waits for it is told.",
    from: ["awaitingAgreement"],
    to: "revoked",
    who: [role("headteacher"), role("dsl")],
    form: ["endReason"],
    required: ["endReason"],
    effects: neverBegan,
    because: ["O22", "O51", "M3", "M6"],
  },
  passBy: {
    label: "Its time passes before it begins",
    from: ["awaitingAgreement"],
    to: "ended",
    who: [system],
    effects: neverBegan,
    because: ["O50", "M3"],
  },
  expire: {
    label: "Its time is over",
    from: holding,
    to: "ended",
    who: [system],
    effects: ending,
    because: ["O50", "M3"],
  },
};
