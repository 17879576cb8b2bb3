/** Short policies of the demo school's own, beside the model texts of the pack and the two that are imported. */
export interface DemoText {
  title: string;
  sections: readonly (readonly [heading: string, text: string])[];
}

export const ownTexts = {
  childProtection: {
    title: "Child Protection and Safeguarding Policy",
    sections: [
      [
        "What we hold to",
        "Every child at Canterbury Road has a right to be safe and to be heard. Whoever works or helps here acts on a worry the same day, and never waits to be sure.",
      ],
      [
        "Who leads",
        "The headteacher is the designated safeguarding lead, and the deputy head stands in. One of them can be reached whenever children are on site, and by telephone on trips.",
      ],
      [
        "What is written where",
        "What a child has said goes into the safeguarding system on the day, in the child's words. Elsewhere, Duly among other places, stands only that it exists and who holds it.",
      ],
      [
        "When it is about an adult",
        "An allegation against anybody who works here goes to the headteacher, and one against the headteacher to the chair of governors. The local authority's officer hears of it within a working day.",
      ],
    ],
  },
  behaviour: {
    title: "Behaviour Policy, with Searching and Confiscation",
    sections: [
      [
        "Three rules",
        "Be kind, be ready, be safe. They hold in lessons, on the playground, on the way home and online.",
      ],
      [
        "What follows",
        "A reminder, then a talk, then a consequence that fits. Parents hear of anything that would surprise them to learn later.",
      ],
      [
        "Searching and keeping things",
        "Only the headteacher and those authorised by her search, and always with a witness. What is taken is written down, kept locked and given back to a parent, unless the police need it.",
      ],
    ],
  },
  antiBullying: {
    title: "Anti-bullying Policy",
    sections: [
      [
        "What it is",
        "Hurting somebody on purpose, again and again, where they cannot easily defend themselves: with hands, with words, or with a phone.",
      ],
      [
        "What we do",
        "We listen to both, tell both families, and look again after two weeks and after six. What happened online counts as much as what happened in the yard.",
      ],
      ["How it is prevented", "Each class talks about it in Anti-bullying Week and whenever it is needed."],
    ],
  },
  onlineSafety: {
    title: "Online Safety Policy",
    sections: [
      [
        "What we teach",
        "From Reception on, in steps: whom to tell, what to keep to oneself, how to judge what one sees, how to be good company online.",
      ],
      [
        "What we filter and watch",
        "The network blocks what is harmful and reports attempts to the safeguarding leads. A governor and a leader test it each year and write down what they find.",
      ],
      ["What parents can count on", "An evening each year, and an answer to any question within two school days."],
    ],
  },
  imageUse: {
    title: "Image Use Policy",
    sections: [
      [
        "Consent",
        "No picture of a child is published without a parent's written consent, which may be withdrawn at any time.",
      ],
      [
        "Cameras",
        "Pictures are taken with the school's cameras and tablets and moved to the school's drive the same week. Parents may film their own child at events, and share no other.",
      ],
      ["Names", "A picture and a full name never stand together."],
    ],
  },
  dataProtection: {
    title: "Data Protection Policy",
    sections: [
      [
        "What we keep",
        "What the law asks for and what teaching needs, for as long as the retention schedule says and no longer.",
      ],
      [
        "When something is lost",
        "Whoever notices tells the business manager at once. She decides with our data protection officer whether it must be reported within 72 hours.",
      ],
      ["Asking to see it", "Anybody may ask what we hold of them, and has an answer within a month."],
    ],
  },
  generatedText: {
    title: "Generative AI in School",
    sections: [
      [
        "What it is about",
        "Programs that write, draw or talk when asked. Staff may use those that the business manager has approved; nobody puts a child's data into any of them.",
      ],
      ["Still to be settled", "Whether Year 6 may use one in computing, and how we say that something was made so."],
    ],
  },
} as const satisfies Record<string, DemoText>;
