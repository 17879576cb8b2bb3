/** Incidents of the year, from a report to the last lesson: closed ones, and one or more at each stage on the way. */
import { person, record, theOne, type Told, type Values } from "../../../../script";
import { assistant, type Child, deputy, head } from "./cast";
import { anyOf, type Diary, found } from "./diary";
import { pupilKey } from "./groundwork";
import { social } from "./policies";

interface Lesson {
  what: string;
  change: "policy" | "curriculum" | "training" | "practice";
  owner: string;
  /** What is done for it; for a policy, its review is asked for instead. */
  action?: string;
  result: string;
  curriculum?: string;
}

interface Case {
  key: string;
  /** School days before today on which it is reported. */
  ago: number;
  by: string;
  about: "pupil" | "staff" | "visitor" | "unknown";
  subject?: string;
  pupils?: number;
  summary: string;
  details: string;
  place: string;
  category: string;
  severity: "high" | "medium" | "low";
  routes: string[];
  /** How far it has come, and after how many school days each. */
  until?: "reported" | "investigating" | "awaitingDebrief" | "lessonsInHand" | "noBreach";
  found?: string;
  measures?: string[];
  noBreach?: string;
  removed?: { access: string; weeks: number };
  advice?: { question: string; answer?: string };
  lessons?: Lesson[];
  noLessons?: string;
}

const cases: Case[] = [
  {
    key: "lunchPhone",
    ago: 176,
    by: "Nell Sheldwich",
    about: "pupil",
    pupils: 1,
    summary: "A phone was used behind the bike shed at lunch",
    details:
      "Two children stood round a third, who was showing them a game on a phone. It went back into the bag when I came.",
    place: "playground",
    category: "pupilPhone",
    severity: "low",
    routes: ["behaviour"],
    found: "A game, nothing more. The phone had not been handed in for a week because the office was busy at drop-off.",
    measures: ["warned"],
    lessons: [
      {
        what: "Phones are handed in at a second table by the gate until ten to nine",
        change: "practice",
        owner: "Harriet Stowting",
        action: "Put a second table and a locked box at the gate",
        result: "Two tables since January; nobody waits longer than a minute.",
      },
    ],
  },
  {
    key: "groupChat",
    ago: 158,
    by: "Tomas Elmstead",
    about: "pupil",
    pupils: 3,
    summary: "Unkind messages in a class group chat over the weekend",
    details:
      "A parent showed me her screen: one child had been called names for two days, and somebody had set up a poll.",
    place: "offSite",
    category: "bullying",
    severity: "medium",
    routes: ["antiBullying", "behaviour"],
    found:
      "Five children had written, three of them repeatedly. All admitted it. The group was set up by an older cousin.",
    measures: ["sanction", "support"],
    advice: {
      question: "How far the school acts on messages written at home",
      answer: "Where it spills into school. Work with the parents, keep a note, look again after two weeks.",
    },
    lessons: [
      {
        what: "Year 5 and 6 learn what a group chat does to somebody left out of it",
        change: "curriculum",
        owner: "Tomas Elmstead",
        result: "Taught in both classes, with parents invited to the last session.",
        curriculum: "PSHE, Years 5 and 6, Term 3: Kind in a group chat",
      },
    ],
  },
  {
    key: "staffPhoto",
    ago: 139,
    by: "Yasmin Chilham",
    about: "staff",
    subject: "Marta Saltwood",
    summary: "A picture of a display was taken with somebody's own phone",
    details:
      "The display has children's first names on it. The picture was on their private account for an hour and was taken down when I said so.",
    place: "classroom",
    category: "privatePictures",
    severity: "low",
    routes: ["codeOfConduct"],
    found: "A mistake, put right at once. The account is private; eleven people could have seen it.",
    measures: ["warned", "support"],
    lessons: [
      {
        what: "A camera lies ready in each corridor, so that nobody reaches for their own",
        change: "practice",
        owner: assistant,
        action: "Put the two cameras on hooks by the staff room, with a sign-out sheet",
        result: "Both cameras hang by the staff room and are used most days.",
      },
    ],
  },
  {
    key: "visitorPhone",
    ago: 121,
    by: "Connie Stourmouth",
    about: "visitor",
    summary: "A visitor was on the phone in the corridor by the nursery toilets",
    details: "I asked him to finish outside and he did. He said nobody had told him at the desk.",
    place: "elsewhereOnSite",
    category: "visitorDevice",
    severity: "low",
    routes: ["acceptableUse"],
    found: "The sign at the side entrance had come down when the door was painted.",
    measures: ["none"],
    noLessons: "The sign was put back the same day, and the termly check of signs would have found it.",
  },
  {
    key: "underAge",
    ago: 102,
    by: "Gwen Otterpool",
    about: "pupil",
    pupils: 1,
    summary: "A seven-year-old has an account on a service for over-thirteens",
    details: "She told the class that four hundred people watch her dance. She does not know most of them.",
    place: "offSite",
    category: "underAge",
    severity: "high",
    routes: ["childProtection", "onlineSafety"],
    found: "An older sister had set it up. Parents closed it the same evening and were glad to be told.",
    measures: ["support"],
    advice: {
      question: "Whether an open account of a seven-year-old needs a referral",
      answer: "No referral where parents act at once. Ask again in a month, and keep the note in the child's file.",
    },
    lessons: [
      {
        what: "Parents of Years 1 to 3 hear each autumn about ages of services",
        change: "practice",
        owner: deputy,
        action: "Plan an evening for parents of Years 1 to 3",
        result: "Held in the first week of term with forty-one families.",
      },
    ],
  },
  {
    key: "wrongPost",
    ago: 86,
    by: "Della Brabourne",
    about: "staff",
    subject: "Jude Fordwich",
    summary: "A post on the PTFA page named a child whose parents had said no",
    details: "First name and class were under the picture of the cake stall. I took it down within ten minutes.",
    place: "online",
    category: "channelContent",
    severity: "medium",
    routes: ["codeOfConduct", "onlineSafety"],
    found: "The list of consents used was last term's. Nobody else had read the post before it went out.",
    measures: ["warned", "support"],
    removed: { access: "channel", weeks: 4 },
    lessons: [
      {
        what: "Every picture is checked against the consent list of the day",
        change: "training",
        owner: deputy,
        action: "Show all channel managers where today's consent list is",
        result: "All four have been shown; the list opens from the page on which a post is agreed.",
      },
    ],
  },
  {
    key: "noPicture",
    ago: 70,
    by: "Sorrel Wye",
    about: "unknown",
    summary: "A drone hovered over the field during sports practice",
    details: "It stayed for a minute or two and flew off towards the allotments.",
    place: "playground",
    category: "other",
    severity: "low",
    routes: ["behaviour"],
    until: "noBreach",
    noBreach:
      "The allotment society was filming its open day and had drifted. They have promised to tell us beforehand.",
  },
  {
    key: "gamingChat",
    ago: 40,
    by: "Jonah Appledore",
    about: "pupil",
    pupils: 2,
    summary: "Threats in the voice chat of a game, carried on in the playground",
    details: "They would not line up together on Monday. One of them says he was told what would happen at home time.",
    place: "offSite",
    category: "bullying",
    severity: "medium",
    routes: ["antiBullying", "behaviour"],
    until: "lessonsInHand",
    found: "Both had said things they regret. The families know each other and have agreed times without the game.",
    measures: ["sanction", "support"],
    lessons: [
      {
        what: "The social media policy says what we do about games with chat",
        change: "policy",
        owner: deputy,
        result: "The policy names games with chat since its last review.",
      },
      {
        what: "Playground staff know which children are to be kept apart this week",
        change: "practice",
        owner: "Nell Sheldwich",
        action: "A card for the playground bag, renewed each Monday",
        result: "The card is in the bag every Monday.",
      },
    ],
  },
  {
    key: "teachingCall",
    ago: 20,
    by: "Rafe Bilting",
    about: "staff",
    subject: "Idris Lympne",
    summary: "A personal call was taken during a lesson",
    details: "It was short, and the door was open. The class carried on reading.",
    place: "classroom",
    category: "socialNearChildren",
    severity: "low",
    routes: ["codeOfConduct"],
    until: "awaitingDebrief",
    found: "A family emergency. An exception would have been granted, had it been asked for.",
    measures: ["support"],
  },
  {
    key: "fakeAccount",
    ago: 12,
    by: "Ada Elham",
    about: "unknown",
    summary: "An account pretends to be the school and writes to parents",
    details: "It has our logo and asks for a deposit for the residential. Three parents in our class had the message.",
    place: "online",
    category: "offence",
    severity: "high",
    routes: ["onlineSafety"],
    until: "investigating",
    advice: { question: "How to have an account taken down that pretends to be a school" },
  },
  {
    key: "tablets",
    ago: 5,
    by: "Connie Stourmouth",
    about: "pupil",
    pupils: 1,
    summary: "Somebody got round the filter on a school tablet",
    details: "A game site was open that is blocked on all others. The child says it was open already.",
    place: "classroom",
    category: "deviceContent",
    severity: "low",
    routes: ["acceptableUse", "onlineSafety"],
    until: "investigating",
  },
  {
    key: "carPark",
    ago: 1,
    by: "Owen Pluckley",
    about: "visitor",
    summary: "Somebody filmed from a car by the gate at home time",
    details: "A grey estate, window half down. It drove off when I walked up. I have part of the number.",
    place: "elsewhereOnSite",
    category: "visitorDevice",
    severity: "medium",
    routes: ["childProtection"],
    until: "reported",
  },
];

const noNames =
  "Leaders met with whoever had dealt with it. It was reported the same day, and everybody knew the rule.";

export function tellIncidents(diary: Diary, pupils: Child[]): void {
  for (const one of cases) tell(diary, one, pupils);
}

function tell(diary: Diary, one: Case, pupils: Child[]): void {
  const { key, ago, by, about, subject, summary, details, place, until } = one;
  const day = diary.ago(ago);
  const on = (n: number): string => diary.after(day, n);
  const children = diary.random.some(
    pupils.filter(({ yearGroup }) => yearGroup >= 2),
    one.pupils ?? 0,
  );
  diary.create(day, diary.between(10, 15), by, "incident", key, {
    about,
    summary,
    details,
    place,
    images: false,
    atRisk: false,
    foundOn: day,
    ...(subject ? { subject: person(subject) } : {}),
    ...(children.length ? { pupils: children.map((child) => record(pupilKey(child))) } : {}),
  });
  if (until === "reported") return;
  const lead = about === "staff" ? head : deputy;
  diary.act(day, "15:45", lead, key, "triage", {
    category: one.category,
    severity: one.severity,
    routes: one.routes,
    offence: one.category === "offence",
    lead: person(lead),
    ...(place === "offSite" ? { offSiteTests: ["disruption"] } : {}),
  });
  if (until === "noBreach") {
    diary.act(on(2), "14:20", lead, key, "endAsNoBreach", { noBreachWhy: one.noBreach ?? "" });
    return;
  }
  tellEverybody(diary, one, day, lead, children);
  if (one.advice) askAdvice(diary, key, one.advice, on(2), on(4), lead);
  diary.act(on(3), diary.between(13, 16), lead, key, "logStep", {
    contacts: [
      {
        on: on(3),
        who: about === "pupil" ? "The children, one by one" : "Whoever saw it",
        what: "Heard both sides and wrote them down",
      },
    ],
  });
  if (until === "investigating") return;
  recordOutcome(diary, one, on(8), lead);
  diary.act(on(9), "09:40", lead, key, "giveInformation", {
    informed: about === "pupil" ? ["pupil", "parents"] : about === "staff" ? ["staff"] : ["parents"],
    ...(about === "staff" ? { whistleblowing: true } : {}),
  });
  if (until === "awaitingDebrief") return;
  debrief(diary, one, on(14));
  one.lessons?.forEach((lesson, n) => seeThrough(diary, one, lesson, on(16 + n), until === "lessonsInHand"));
  if (until !== "lessonsInHand") diary.act(on(52), "15:15", lead, key, "close");
}

/** Those whom the category and the procedures ask to be told. */
function tellEverybody(
  diary: Diary,
  { key, about, severity, routes, category }: Case,
  day: string,
  lead: string,
  children: Child[],
): void {
  const next = diary.after(day, 1);
  if (routes.includes("childProtection") || routes.includes("onlineSafety"))
    diary.act(day, "16:05", lead, key, "safeguardingTold", {
      safeguardingAt: diary.instant(day, "16:00"),
      safeguardingBy: person(lead),
      fileSystem: "Safeguarding system",
      fileReference: `SG-${diary.random.within(2100, 2999)}`,
      fileHolder: lead,
    });
  if (about === "staff" || severity === "high")
    diary.act(day, "16:10", lead, key, "headTold", { headAt: diary.instant(day, "16:08"), headContact: head });
  if (category === "offence")
    diary.act(next, "09:15", lead, key, "policeTold", {
      policeAt: diary.instant(next, "09:05"),
      policeContact: "Desk officer, online crime",
      policeReference: "46/118820",
    });
  if (about === "pupil")
    diary.act(next, "08:50", lead, key, "parentsTold", {
      parentsAt: diary.instant(next, "08:45"),
      parentsContact: children[0]?.parents[0] ?? "Mother, by telephone",
    });
}

function askAdvice(
  diary: Diary,
  key: string,
  advice: NonNullable<Case["advice"]>,
  asked: string,
  answered: string,
  by: string,
): void {
  diary.act(asked, "11:10", by, key, "askAdvice", { body: record("safeguarding"), question: advice.question });
  if (advice.answer)
    diary.act(answered, "10:30", by, found("adviceEntry", { incident: record(key) }, "asked"), "answer", {
      advice: advice.answer,
      theirReference: `ESS ${diary.random.within(500, 899)}`,
    });
}

function recordOutcome(
  diary: Diary,
  { key, found: result, measures, removed, subject }: Case,
  day: string,
  lead: string,
): void {
  const access: Told[] =
    removed && subject
      ? [{ access: removed.access, person: person(subject), pupil: null, until: diary.weeksAfter(day, removed.weeks) }]
      : [];
  diary.act(day, "14:50", lead, key, "recordOutcome", {
    found: result ?? "",
    measures: [...(measures ?? []), ...(access.length ? ["accessRemoved"] : [])],
    ...(access.length ? { accessRemoved: access } : {}),
  });
  if (!removed) return;
  diary.tick(
    diary.after(day, 1),
    "09:30",
    "Harriet Stowting",
    found("accessRemoval", { incident: record(key) }),
    "takeAway",
  );
  const over = diary.schoolDay(diary.weeksAfter(day, removed.weeks));
  diary.act(
    diary.after(over, 2),
    "09:35",
    "Harriet Stowting",
    anyOf("accessRemoval", { incident: record(key) }, "over"),
    "giveBack",
  );
}

function debrief(diary: Diary, { key, lessons = [], noLessons, subject }: Case, day: string): void {
  const leaders = [head, deputy, assistant].filter((name) => name !== subject);
  diary.act(day, "16:15", head, found("debrief", { incident: record(key) }), "hold", {
    present: leaders.map(person),
    reflection: noNames,
    ...(noLessons ? { noLessons } : {}),
    ...(lessons.length
      ? {
          lessons: lessons.map(({ what, change, owner }, n) => ({
            what,
            change,
            owner: person(owner),
            dueOn: diary.weeksAfter(day, 6 + n),
          })),
        }
      : {}),
  });
}

function seeThrough(diary: Diary, { key }: Case, lesson: Lesson, day: string, open: boolean): void {
  const target = found("lesson", { incident: record(key), what: lesson.what });
  const { owner } = lesson;
  if (lesson.change === "policy") {
    diary.act(day, "10:45", owner, target, "askReview", { policy: theOne(social) });
    return;
  }
  const finish: Values = { result: lesson.result, ...(lesson.curriculum ? { curriculum: lesson.curriculum } : {}) };
  if (lesson.action) {
    const dueOn = diary.weeksAfter(day, 3);
    diary.act(day, "10:50", owner, target, "planActions", {
      actions: [{ what: lesson.action, owner: person(owner), dueOn }],
    });
    if (open) return;
    diary.act(diary.after(day, 12), "11:35", owner, found("actionItem", { what: lesson.action }, "toDo"), "finish", {
      outcome: lesson.result,
    });
  }
  diary.act(diary.after(day, 20), "15:55", owner, target, "finish", finish);
}
