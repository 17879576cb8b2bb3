/** Checks, reviews, training and teaching of the year, with what they found in the action plan. */
import { person } from "../../../../script";
import { assistant, deputy, head, leadGovernor, manager, office, staff, starters, teachers } from "./cast";
import { anyOf, type Diary, found } from "./diary";

/** Checks, reviews and updates come round by themselves from this school year on; until then they are planned by hand. */
const itself = "2026-09-07";

export function monitor(diary: Diary): void {
  spotChecks(diary);
  filtering(diary);
  signs(diary);
  train(diary);
  teach(diary);
  plan(diary);
  induct(diary);
}

const seenOnWalks = [
  "Quiet. One phone on a desk in Year 3, in a drawer when I looked again.",
  "Classrooms clear. Two coats by the hall with phones ringing in them.",
  "The new table at the gate works; nobody brought a phone past it.",
  "A supply teacher had not been told. The office tells them at the desk from now on.",
  "Nothing to note. The Year 6 box was locked and the list was right.",
];

function spotChecks(diary: Diary): void {
  diary.days.forEach((day, n) => {
    const walk = n % 31 === 24;
    const browser = n % 21 === 12;
    if (!walk && !browser) return;
    const by = walk ? assistant : head;
    const key = `check ${n}`;
    const byItself = anyOf("spotCheck", { kind: walk ? "walk" : "browser" }, "due");
    const planned = day < itself;
    if (planned) diary.create(diary.day(n - 8), "09:05", by, "spotCheck", key, { kind: walk ? "walk" : "browser" });
    const issue = n % 4 === 0;
    diary.act(day, diary.between(10, 12), by, planned ? key : byItself, "record", {
      place: walk ? "All corridors, both playgrounds, staff room" : "Six tablets and the staff room computer",
      asked: walk
        ? ["places", "pupilPhones", "handedIn", "visitors", "staffSocial"]
        : ["workInfo", "underAge", "schoolHours"],
      seen: walk
        ? diary.random.oneOf(seenOnWalks)
        : "Nothing that should not be there; two searches talked over with the class.",
      ...(issue
        ? {
            issues: [
              {
                what: walk
                  ? `Remind the ${diary.random.oneOf(["kitchen", "lunch", "cleaning"])} team where phones go`
                  : "Clear the history of the trolley tablets each Friday",
                owner: person(walk ? manager : "Jude Fordwich"),
              },
            ],
          }
        : {}),
    });
    if (!issue) return;
    const task = anyOf("actionItem", { owner: person(walk ? manager : "Jude Fordwich") }, "toDo");
    diary.act(diary.after(day, 9), diary.between(13, 16), walk ? manager : "Jude Fordwich", task, "finish", {
      outcome: walk
        ? "Said at their briefing, and put on the door."
        : "Done each Friday since; it is on the list by the trolley.",
    });
  });
}

function filtering(diary: Diary): void {
  const findings = {
    leader: person(head),
    governor: person(leadGovernor),
    blocked:
      "Everything the standard names, and social media on pupils' devices. Tested on nine devices of four kinds.",
    socialMedia: "Open on the office computer and one school phone, for the two pages. Closed everywhere else.",
    consistent: false,
    issues: [{ what: "The older tablets ask for certificates and then let anything through", owner: person(manager) }],
  };
  diary.create(diary.day(16), "10:30", head, "filteringReview", "filtering", { dueOn: diary.day(36) });
  diary.act(diary.day(33), "14:40", head, "filtering", "record", findings);
  diary.act(diary.day(52), "11:50", manager, anyOf("actionItem", { owner: person(manager) }, "toDo"), "finish", {
    outcome: "Renewed by the provider on all older tablets, and tested again.",
  });
}

function signs(diary: Diary): void {
  [10, 42, 74, 105, 136, 166].forEach((n, nth) => {
    const planned = diary.day(n) < itself;
    const key = `signs ${nth + 1}`;
    if (planned) diary.create(diary.day(n - 6), "08:45", manager, "signCheck", key, {});
    const missing = nth === 2 ? "The sign at the side entrance" : null;
    diary.act(diary.day(n), "09:50", office, planned ? key : anyOf("signCheck", {}, "due"), "finish", {
      places: [
        { place: "Main entrance and desk" },
        { place: "Side entrance", ...(missing ? { missing } : {}) },
        { place: "Both playground gates" },
        { place: "Staff room" },
      ],
      visitorUse: nth === 2 ? "spokenTo" : "no",
      mender: person("Owen Pluckley"),
    });
    if (missing)
      diary.act(diary.day(n + 3), "07:55", "Owen Pluckley", found("actionItem", { what: missing }, "toDo"), "finish", {
        outcome: "Put up again, higher than the door.",
      });
  });
}

const sessions = [
  {
    day: 20,
    topic: "Where phones go, and how we look",
    shared: "The two policies on one page each; the quick report.",
  },
  { day: 52, topic: "Group chats, and what we do on a Monday", shared: "Three cases, told without names." },
  { day: 84, topic: "Running the school's pages", shared: "Consent of the day, second reader, no private messages." },
  { day: 116, topic: "When a picture must not be looked at", shared: "What to say, what not to touch, whom to fetch." },
  { day: 143, topic: "The new guidance in half an hour", shared: "What changed in September, and what it means here." },
];

function train(diary: Diary): void {
  sessions.forEach(({ day, topic, shared }, n) => {
    const key = `session ${n + 1}`;
    const held = diary.day(day);
    const missed = diary.random.some(
      staff.filter((name) => name !== head && name !== deputy),
      3,
    );
    const planned = held < itself;
    if (planned) diary.create(diary.day(day - 15), "11:40", deputy, "trainingSession", key, { topic, dueOn: held });
    diary.act(held, "16:45", deputy, planned ? key : anyOf("trainingSession", {}, "toPlan"), "record", {
      shared,
      monitoringExplained: n % 2 === 0,
      attendees: staff.filter((name) => !missed.includes(name)).map(person),
    });
    missed.forEach((name, nth) => {
      const target = anyOf("trainingAttendance", { learner: person(name) }, "toRead");
      diary.act(diary.day(day + 2 + 3 * nth), diary.between(12, 17), name, target, "read");
    });
    if (n < 4 && planned) diary.act(diary.day(day + 24), "10:25", deputy, key, "file");
  });
}

const units: [yearGroup: number, topic: string, subject: string, advice: string[]][] = [
  [0, "Ask before you tap", "assembly", ["help"]],
  [1, "What is mine to tell", "pshe", ["sharing", "help"]],
  [2, "A name is not a friend", "computing", ["friends", "block"]],
  [3, "Passwords that a puppy could not guess", "computing", ["passwords"]],
  [4, "Why some things are for older children", "pshe", ["age", "help"]],
  [5, "Kind in a group chat", "pshe", ["sharing", "block", "help"]],
  [6, "Pictures: before you send", "rse", ["sharing", "meeting", "help"]],
  [6, "Who wrote this, and why", "citizenship", ["friends", "block"]],
  [4, "Meeting somebody from a game", "assembly", ["meeting", "help"]],
  [5, "What an app knows about you", "computing", ["sharing", "passwords"]],
  [2, "Blocking and telling", "pshe", ["block", "help"]],
  [3, "Made by a machine?", "computing", ["help"]],
];

function teach(diary: Diary): void {
  units.forEach(([yearGroup, topic, subject, adviceCovered], n) => {
    const teacher = teachers[n % teachers.length] ?? "";
    const day = 28 + 13 * n;
    const key = `unit ${n + 1}`;
    diary.create(diary.day(day - 20), "16:05", assistant, "curriculumUnit", key, {
      topic,
      yearGroup,
      subject,
      teacher: person(teacher),
      teachBy: diary.day(day),
    });
    // The last has not been taught in time.
    if (n === units.length - 1) return;
    diary.act(diary.day(day - 2), "15:20", teacher, key, "record", {
      evidence: `Most of the class could say ${diary.random.oneOf(["whom they would tell", "what they would do first", "why it matters"])}; three need it again.`,
      adviceCovered,
    });
  });
  const next = diary.after(diary.ago(1), 14);
  for (const [n, topic] of ["Safer Internet Day assembly", "Games with strangers"].entries())
    diary.create(diary.ago(10), `16:1${n}`, assistant, "curriculumUnit", `unit to come ${n + 1}`, {
      topic,
      yearGroup: 4 + n,
      subject: n ? "pshe" : "assembly",
      teacher: person(teachers[n] ?? ""),
      teachBy: next,
    });
}

function plan(diary: Diary): void {
  const actions = [
    {
      ago: 120,
      what: "Label the charging cabinet and give each class a shelf",
      by: manager,
      owner: "Owen Pluckley",
      weeks: 3,
      done: 10,
    },
    {
      ago: 92,
      what: "Put the reporting page on the staff room wall as a code to scan",
      by: deputy,
      owner: "Jude Fordwich",
      weeks: 2,
      done: 7,
    },
    {
      ago: 66,
      what: "Ask the network provider for a weekly report by year group",
      by: deputy,
      owner: manager,
      weeks: 4,
      done: 22,
    },
    {
      ago: 38,
      what: "Replace the padlock of the phone box at the gate",
      by: manager,
      owner: "Owen Pluckley",
      weeks: 3,
    },
    {
      ago: 11,
      what: "Translate the visitors' leaflet into the four languages most used here",
      by: manager,
      owner: office,
      weeks: 4,
    },
    {
      ago: 4,
      what: "Agree with the club providers where their staff keep phones",
      by: assistant,
      owner: assistant,
      weeks: 3,
    },
  ];
  actions.forEach(({ ago, what, by, owner, weeks, done }, n) => {
    const day = diary.ago(ago);
    const key = `action ${n + 1}`;
    diary.create(day, diary.between(9, 16), by, "actionItem", key, {
      what,
      owner: person(owner),
      origin: n % 2 ? "Leaders' meeting" : "Health and safety walk",
      dueOn: diary.weeksAfter(day, weeks),
    });
    if (done !== undefined)
      diary.act(diary.after(day, done), diary.between(9, 16), owner, key, "finish", {
        outcome: "Done, and shown to the team.",
      });
  });
}

function induct(diary: Diary): void {
  for (const { person: starter, comes } of starters) {
    const { name } = starter;
    const by = comes > 20 ? deputy : assistant;
    const induction = anyOf("induction", { starter: person(name) }, "toDo");
    diary.act(diary.after(diary.ago(comes), 7), "15:30", by, induction, "complete", { socialMedia: true });
    // The newest starter has still to read what the others heard in September.
    if (comes > 20)
      diary.act(
        diary.ago(comes - 8),
        "12:25",
        name,
        anyOf("trainingAttendance", { learner: person(name) }, "toRead"),
        "read",
      );
  }
}
