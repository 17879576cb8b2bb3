/** Meetings of the governors, and policies from their first ratification to the next review; guidance and its editions. */
import { person, record, type Sought, type Target, theOne, type Told } from "../../../../script";
import { markdownOf } from "../../../../modelTexts";
import { texts } from "../../texts";
import { assistant, chair, clerk, deputy, head, leadGovernor, manager, office, viceChair } from "./cast";
import { anyOf, type Diary, found } from "./diary";
import { ownTexts } from "./policyTexts";

const board = [chair, viceChair, leadGovernor, "Piers Hollowell", "Nadia Fenwright", "Maud Lenham"];
/** School days of the year on which the governors meet in the evening; those to come count from today. */
const met = [18, 48, 80, 110, 142, 172];
const toCome = [12, 44, 76];

export interface Meeting {
  name: string;
  key: string;
  day: string;
  agenda: Told[];
}

export const mobile: Sought = found("policy", { title: "Mobile and Smart Technology Policy" });
export const social: Sought = found("policy", { title: "Social Media Policy" });

export function meetings(diary: Diary): Meeting[] {
  const days = [...met.map((n) => diary.day(n)), ...toCome.map((n) => diary.after(diary.ago(1), n))];
  return days.map((day, n) => ({
    key: `meeting ${n + 1}`,
    name: n % 3 === 1 ? "Safeguarding and curriculum committee" : "Full governing body",
    day,
    agenda: [],
  }));
}

/** The first that is held on this day or later. */
const nextMeeting = (all: Meeting[], day: string): Meeting | undefined => all.find((meeting) => meeting.day >= day);

/** Enters the meetings at the beginning, each with what it came to decide. */
export function holdMeetings(diary: Diary, all: Meeting[]): void {
  for (const [n, meeting] of all.entries()) {
    const { key, name, day, agenda } = meeting;
    const papersOn = diary.calendar.add(day, "-6 school days").date;
    const entered = n < 5 ? diary.day(1) : diary.day(150);
    diary.create(entered, `09:${20 + n}`, clerk, "governorsMeeting", key, {
      name,
      heldOn: day,
      papersOn,
      otherAgenda: "Minutes of the last meeting. Safeguarding report. Health and safety walk.",
    });
    if (agenda.length) diary.update(papersOn, "13:40", clerk, key, { agenda });
    diary.act(papersOn, "14:05", clerk, key, "sendPapers");
    const absent = diary.random.some(board.slice(1), diary.random.within(0, 2));
    diary.act(diary.after(day, 1), "10:15", clerk, key, "recordHeld", {
      present: board.filter((name) => !absent.includes(name)).map(person),
      apologies: absent.map(person),
      minutes: `Governors' shared drive, minutes of ${day}`,
    });
  }
}

interface Plan {
  key: string;
  title: string;
  text: string;
  owner: string;
  audience: string[];
  /** Which meeting ratifies it first, and after how many months it is reviewed; or at the next one to come. */
  meeting: number;
  months: number | "next";
  related?: string[];
  reliesOn?: string[];
}

const model = (name: string): { title: string; text: string } => {
  const text = texts.find((one) => one.name === name);
  if (!text) throw new Error(`There is no model text ${name}.`);
  return { title: text.title, text: markdownOf(text) };
};
const own = (name: keyof typeof ownTexts): { title: string; text: string } => {
  const { title, sections } = ownTexts[name];
  const parts = sections.map(([heading, text]) => ({ heading, text }));
  return { title, text: markdownOf({ title, sections: parts }) };
};

const adults = ["governors", "leaders", "teachers", "supportStaff", "contractors", "volunteers"];
const everybody = ["pupils", "parents", ...adults, "visitors"];

/** How many school days ago the review began that waits for the governors now. */
const underReview = 20;

const plans: Plan[] = [
  {
    key: "childProtection",
    ...own("childProtection"),
    owner: head,
    audience: everybody,
    meeting: 0,
    months: 12,
    reliesOn: ["kcsie", "workingTogether"],
  },
  {
    key: "behaviour",
    ...own("behaviour"),
    owner: deputy,
    audience: everybody,
    meeting: 0,
    months: 10,
    reliesOn: ["searching"],
  },
  {
    key: "staffAup",
    ...model("staffAup"),
    owner: manager,
    audience: adults,
    meeting: 0,
    months: 12,
    related: ["behaviour"],
  },
  { key: "codeOfConduct", ...model("codeOfConduct"), owner: head, audience: adults, meeting: 0, months: 12 },
  {
    key: "monitoringNotice",
    ...model("monitoringNotice"),
    owner: manager,
    audience: everybody,
    meeting: 0,
    months: 12,
  },
  {
    key: "visitorAup",
    ...model("visitorAup"),
    owner: manager,
    audience: ["visitors", "volunteers", "contractors"],
    meeting: 1,
    months: 12,
  },
  { key: "pupilAup", ...model("pupilAup"), owner: assistant, audience: ["pupils", "parents"], meeting: 1, months: 12 },
  {
    key: "socialMediaAup",
    ...model("socialMediaAup"),
    owner: deputy,
    audience: ["teachers", "supportStaff", "volunteers"],
    meeting: 1,
    months: 12,
  },
  {
    key: "onlineSafety",
    ...own("onlineSafety"),
    owner: assistant,
    audience: everybody,
    meeting: 1,
    months: 12,
    reliesOn: ["kcsie"],
    related: ["childProtection"],
  },
  {
    key: "imageUse",
    ...own("imageUse"),
    owner: assistant,
    audience: everybody,
    meeting: 1,
    months: "next",
    related: ["socialMediaAup"],
  },
  {
    key: "antiBullying",
    ...own("antiBullying"),
    owner: deputy,
    audience: everybody,
    meeting: 3,
    months: 12,
    related: ["behaviour"],
  },
  { key: "dataProtection", ...own("dataProtection"), owner: manager, audience: everybody, meeting: 3, months: 12 },
];

export function keepPolicies(diary: Diary, all: Meeting[]): void {
  keepGuidance(diary);
  plans.forEach((plan, n) => {
    const meeting = all[plan.meeting];
    if (!meeting) return;
    const begun = plan.meeting === 0 ? diary.day(2) : diary.calendar.add(meeting.day, "-24 school days").date;
    diary.create(begun, `10:${10 + n}`, clerk, "policy", plan.key, {
      title: plan.title,
      owner: person(plan.owner),
      leadGovernor: person(leadGovernor),
      versionLabel: "1",
      audience: plan.audience,
      text: plan.text,
      authorship: "Written by its owner with the staff, and read by the school council.",
      ...(plan.related ? { related: plan.related.map(record) } : {}),
      ...(plan.reliesOn ? { reliesOn: plan.reliesOn.map(record) } : {}),
    });
    diary.act(diary.after(begun, 2), "11:20", plan.owner, plan.key, "startReview");
    ratify(diary, all, record(plan.key), plan.key, plan.owner, diary.after(begun, 6), plan.months);
  });
  reviewTheImported(diary, all);
  reviewForNewGuidance(diary, all);
  // Sent in, and waiting for the governors' next evening.
  const imageUse = (state: string): Target => anyOf("policy", { title: ownTexts.imageUse.title }, state);
  diary.act(diary.ago(underReview), "15:50", assistant, imageUse("reviewDue"), "startReview");
  diary.act(diary.ago(7), "16:10", assistant, imageUse("inReview"), "submitForRatification");
  nextMeeting(all, diary.today)?.agenda.push(record("imageUse"));
  diary.create(diary.ago(13), "14:30", clerk, "policy", "generatedText", {
    ...own("generatedText"),
    owner: person(manager),
    leadGovernor: person(leadGovernor),
    versionLabel: "0.1",
    audience: adults,
  });
}

/** Sent to the governors, decided in their next meeting, and published two days later. */
function ratify(
  diary: Diary,
  all: Meeting[],
  link: Told,
  target: Target,
  owner: string,
  ready: string,
  months: number | "next",
): void {
  const meeting = nextMeeting(all, diary.after(ready, 6));
  diary.act(ready, diary.between(13, 16), owner, target, "submitForRatification", {
    keepWording: "It says what we mean; the next review puts the sentence right.",
  });
  if (!meeting) return;
  meeting.agenda.push(link);
  diary.act(meeting.day, `19:${10 + meeting.agenda.length}`, chair, target, "ratify", {
    meeting: meeting.name,
    heldAt: record(meeting.key),
    minuteReference: `${meeting.day.slice(2, 4)}/${4 + meeting.agenda.length}`,
    present: board.slice(0, 4).map(person),
    // A review opens sixty days before; this one some days before it is begun.
    reviewBy:
      months === "next" ? diary.weeksAfter(diary.ago(underReview + 3), 8) : diary.monthsAfter(meeting.day, months),
  });
  diary.act(diary.after(meeting.day, 2), diary.between(9, 12), office, target, "publish", {
    where: "The school's website, Policies; a printed copy in the office",
  });
}

/** The two that were overdue when the school began. */
function reviewTheImported(diary: Diary, all: Meeting[]): void {
  for (const [n, target] of [mobile, social].entries()) {
    diary.act(diary.day(6 + n), "15:35", head, target, "startReview");
    ratify(diary, all, theOne(target), target, head, diary.day(66 + 2 * n), 12);
    diary.act(diary.day(94), `10:4${n}`, office, target, "creditTemplate");
  }
  diary.create(diary.day(9), "12:20", deputy, "ruleConflict", "lessonUse", {
    summary: "Pupils' own devices in lessons: banned on site, and allowed in a planned activity",
    policies: [theOne(mobile)],
    sections: "Mobile policy, section 6",
    oneRule: "Pupils do not use phones on the school site.",
    otherRule: "In a lesson a device may come out for an activity that a teacher has planned.",
  });
  diary.act(diary.day(14), "08:40", head, "lessonUse", "decideForNow", {
    meanwhile: "No own devices in lessons. A teacher who needs them asks for an exception.",
  });
  diary.create(diary.ago(12), "12:45", assistant, "ruleConflict", "wearables", {
    summary: "Smart watches: one policy counts them as devices, the behaviour policy does not name them",
    policies: [record("behaviour")],
    sections: "Mobile policy, section 1; Behaviour policy, section 3",
    oneRule: "Wearables that can message or record are handed in.",
    otherRule: "Phones and tablets are handed in; watches are not mentioned.",
  });
}

function keepGuidance(diary: Diary): void {
  const edition = Number(diary.day(0).slice(0, 4)) - (diary.day(0).slice(5, 7) < "09" ? 1 : 0);
  const guidance: [key: string, name: string, issuedBy: string, reach: string, edition: number][] = [
    ["kcsie", "Keeping Children Safe in Education", "Department for Education", "nationalGuidance", edition],
    ["workingTogether", "Working Together to Safeguard Children", "HM Government", "nationalGuidance", 2023],
    ["searching", "Searching, screening and confiscation", "Department for Education", "nationalGuidance", 2022],
    ["filteringStandards", "Filtering and monitoring standards", "Department for Education", "nationalGuidance", 2024],
    ["local", "Safeguarding procedures of our area", "Safeguarding children partnership", "localGuidance", 2024],
  ];
  guidance.forEach(([key, name, issuedBy, reach, year], n) => {
    diary.create(diary.day(1), `14:${10 + n}`, office, "guidanceSource", key, { name, issuedBy, reach, edition: year });
    // Looked up each quarter, once the task has come.
    let last = diary.day(1);
    for (let due = diary.monthsAfter(last, 3); diary.happened(due); due = diary.monthsAfter(last, 3)) {
      last = diary.after(diary.schoolDay(due), 2 + n);
      diary.act(last, diary.between(9, 15), office, key, "check");
    }
  });
}

/** A new edition comes each September: what relies on it goes into review. */
function reviewForNewGuidance(diary: Diary, all: Meeting[]): void {
  // In the first weeks of the year nothing relies on it yet.
  const september = diary.days.slice(60).find((day) => day.slice(5) >= "09-04" && day.slice(5) < "09-30");
  if (!september) return;
  diary.act(september, "08:35", head, "kcsie", "newEdition", {
    edition: Number(september.slice(0, 4)),
    publishedOn: `${september.slice(0, 4)}-09-01`,
    whatChanged: "More on filtering, on generated images, and on children who are absent from education.",
  });
  ratify(diary, all, record("childProtection"), "childProtection", head, diary.after(september, 16), 12);
}
