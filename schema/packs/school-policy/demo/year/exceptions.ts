/** Exceptions asked for in the year: in force, to be decided, suspended, ended, refused, and one allowed at once. */
import { person, record, theOne, type Values } from "../../../../script";
import { assistant, chair, type Child, deputy, head, staff, teachers } from "./cast";
import { anyOf, type Diary } from "./diary";
import { pupilKey } from "./groundwork";
import { mobile } from "./policies";

const low = (mitigations: string): Values => ({ likelihood: 1, impact: 3, mitigations });
const medium = (mitigations: string): Values => ({ likelihood: 3, impact: 3, mitigations });

const terms = (what: string, misuse = false): string =>
  [
    "## What is agreed",
    what,
    "It holds for this device and this purpose, and for nobody else.",
    ...(misuse ? ["On misuse it stays at home, and we talk with the family the same day."] : []),
  ].join("\n\n");

interface Asked {
  key: string;
  ago: number;
  by: string;
  input: Values;
  terms: string;
  risk: Values;
  assessor?: string;
  decider?: string;
  /** Weeks from its first day. */
  weeks: number;
  more?: Values;
  contactThrough?: string;
  agrees: string;
  until?: "requested" | "toDecide" | "refused" | "awaitingAgreement";
  reasons: string;
  /** What the last look at its risk said; those before found it low. */
  lastLook?: "low" | "risen";
}

export function askExceptions(diary: Diary, pupils: Child[]): void {
  const [first, second] = pupils.filter(({ parents }) => parents.length);
  if (!first || !second) return;
  const aboutPupil = (child: Child): Values => ({
    kind: "pupilNeed",
    pupil: record(pupilKey(child)),
    place: "Classroom and hall",
  });
  const discussed = (day: string): Values => ({ discussedWith: person(head), discussedOn: day });
  const cases: Asked[] = [
    {
      key: "sensor",
      ago: 150,
      by: first.parents[0] ?? "",
      input: {
        ...aboutPupil(first),
        what: "A phone that reads a sensor",
        why: "It warns before a reading becomes dangerous.",
        adjustment: true,
        adjustmentReason: "A long-term condition.",
        carePlan: "MIS, care plan 14",
      },
      terms: terms("The phone lies in a pouch on the teacher's desk and runs the sensor's app and nothing else.", true),
      risk: low("In a pouch, silent, with notifications of the one app; staff have been shown."),
      weeks: 44,
      more: discussed(diary.ago(149)),
      agrees: first.parents[0] ?? "",
      reasons: "Needed for health, and kept apart from everything else.",
      lastLook: "low",
    },
    {
      key: "hearing",
      ago: 96,
      by: second.parents[0] ?? "",
      input: {
        ...aboutPupil(second),
        what: "A watch that passes the teacher's voice to hearing aids",
        why: "Without it half of each lesson is lost.",
        adjustment: true,
        adjustmentReason: "Hearing aids since September.",
        carePlan: "MIS, care plan 22",
      },
      terms: terms("The watch is in school mode: no messages and no camera.", true),
      risk: low("School mode is locked by a code that the office keeps."),
      weeks: 40,
      more: discussed(diary.ago(95)),
      agrees: second.parents[0] ?? "",
      reasons: "A reasonable adjustment.",
      lastLook: "risen",
    },
    {
      key: "boiler",
      ago: 128,
      by: "Owen Pluckley",
      input: {
        kind: "area",
        what: "A phone in the corridors",
        why: "The boiler's alarm rings it.",
        forWhom: person("Owen Pluckley"),
        place: "Corridors and plant room",
      },
      terms: terms("The phone is in a belt case and is answered in the plant room only."),
      risk: low("Camera covered; answered out of sight of children."),
      weeks: 26,
      agrees: "Owen Pluckley",
      reasons: "The alarm can ring nothing else until the new panel comes.",
      lastLook: "low",
    },
    {
      key: "nursery",
      ago: 90,
      by: "Idris Lympne",
      input: {
        kind: "teachingTime",
        what: "A phone on silent in the desk drawer on Thursdays",
        why: "The nursery must reach me, and the office is empty over lunch.",
        forWhom: person("Idris Lympne"),
        place: "Classroom",
        schoolKit: false,
      },
      terms: terms(
        "The phone stays in the drawer on vibrate. A call is taken in the corridor while a colleague is in the room.",
      ),
      risk: low("Never out in front of children; a colleague next door knows."),
      weeks: 5,
      agrees: "Idris Lympne",
      reasons: "For five weeks, until the nursery has moved.",
    },
    {
      key: "musician",
      ago: 72,
      by: "Ines Nackington",
      input: {
        kind: "visitorDevice",
        what: "A tablet for sheet music",
        why: "The scores are on it.",
        forWhom: person("Ines Nackington"),
        place: "Music room",
      },
      terms: terms("The tablet is in flight mode during lessons and shows scores only."),
      risk: low("Flight mode; the door has a window."),
      weeks: 38,
      more: discussed(diary.ago(70)),
      agrees: "Ines Nackington",
      reasons: "Her work needs it, and it never leaves the stand.",
      lastLook: "low",
    },
    {
      key: "snow",
      ago: 165,
      by: "Yasmin Chilham",
      input: {
        kind: "remoteTeaching",
        what: "Own laptop for teaching from home",
        why: "No school laptop is free this week.",
        forWhom: person("Yasmin Chilham"),
        schoolKit: false,
      },
      terms: terms("School account only, screen shared and camera towards a plain wall. Nothing is kept on it."),
      risk: low("Signed in to the school's cloud in a private window; a colleague is in each session."),
      weeks: 2,
      agrees: "Yasmin Chilham",
      reasons: "For the two weeks until laptops arrive.",
    },
    {
      key: "clips",
      ago: 60,
      by: "Sorrel Wye",
      input: {
        kind: "learningPlatform",
        what: "A class account for short films",
        why: "Children would show their experiments.",
        forWhom: person("Sorrel Wye"),
        platform: "ClipCircle",
      },
      terms: terms("One account, run by the teacher, without comments."),
      risk: medium("Comments can be closed, not reports by strangers."),
      assessor: head,
      weeks: 20,
      agrees: "Sorrel Wye",
      until: "refused",
      reasons: "The risk is not low: strangers could see and report it. The school's own gallery does the same.",
    },
    {
      key: "headsCall",
      ago: 44,
      by: head,
      input: {
        kind: "teachingTime",
        what: "A phone at hand in assemblies",
        why: "A relative is in hospital.",
        forWhom: person(head),
        place: "Hall",
        schoolKit: false,
      },
      terms: terms("On silent, face down on the lectern, and answered outside."),
      risk: low("Only in the hall, and a colleague takes over."),
      decider: chair,
      weeks: 3,
      agrees: head,
      reasons: "Decided by the chair, since it is the headteacher's own.",
    },
    {
      key: "cousin",
      ago: 34,
      by: "Connie Stourmouth",
      input: {
        kind: "relationship",
        what: "My sister's children are in Year 2 and Year 4",
        why: "We have a family group for birthdays and lifts.",
        forWhom: person("Connie Stourmouth"),
      },
      terms: terms("The family group stays a family group: nothing about school, colleagues or other children."),
      risk: low("The group has six members, all of the family."),
      weeks: 44,
      more: {
        ...discussed(diary.ago(33)),
        advice: "Keep school out of the group; tell us if that becomes hard.",
      },
      contactThrough: "family",
      agrees: "Connie Stourmouth",
      reasons: "Family life, openly said.",
    },
    {
      key: "orchard",
      ago: 9,
      by: "Jonah Appledore",
      input: {
        kind: "pupilLesson",
        what: "Year 6 phones for a map of the orchard",
        why: "The school's tablets have no positions.",
        forWhom: person("Jonah Appledore"),
        place: "Orchard",
      },
      terms: terms("For one afternoon, in pairs, with the phones handed in before and after."),
      risk: low("Two adults to fifteen children; flight mode but for positions."),
      weeks: 2,
      agrees: "Jonah Appledore",
      until: "toDecide",
      reasons: "",
    },
    {
      key: "visitorCamera",
      ago: 6,
      by: "Bram Patrixbourne",
      input: {
        kind: "visitorDevice",
        what: "Own camera for the history wall",
        why: "The school's cameras cannot take close pictures.",
        forWhom: person("Bram Patrixbourne"),
        place: "Hall",
      },
      terms: terms("Only the wall, after school, with no child in the room."),
      risk: low("After half past three, with the caretaker there."),
      weeks: 6,
      more: discussed(diary.ago(4)),
      agrees: "Bram Patrixbourne",
      until: "awaitingAgreement",
      reasons: "Nobody is in the picture.",
    },
    {
      key: "radio",
      ago: 2,
      by: "Marta Saltwood",
      input: {
        kind: "area",
        what: "Earphones with a phone at forest school",
        why: "The walkie-talkies do not reach the far hedge.",
        forWhom: person("Marta Saltwood"),
        place: "Woodland",
      },
      terms: "",
      risk: low(""),
      weeks: 8,
      agrees: "Marta Saltwood",
      until: "requested",
      reasons: "",
    },
  ];
  for (const one of cases) tell(diary, one);
  allowAtOnce(diary);
  diary.create(diary.ago(110), "12:30", "Gwen Otterpool", "exception", "quizzes", {
    kind: "pupilLesson",
    what: "Phones for a quiz at the end of term",
    why: "It is quicker than paper.",
    forWhom: person("Gwen Otterpool"),
    startsOn: diary.ago(100),
    policy: theOne(mobile),
  });
  diary.act(diary.ago(109), "08:25", "Gwen Otterpool", "quizzes", "withdraw");
}

function tell(diary: Diary, one: Asked): void {
  const { key, ago, by, input, until, weeks, agrees } = one;
  const day = diary.ago(ago);
  const on = (n: number): string => diary.after(day, n);
  diary.create(day, diary.between(12, 14), by, "exception", key, {
    ...input,
    startsOn: on(5),
    ...(staff.includes(by) ? { policy: theOne(mobile) } : {}),
  });
  if (until === "requested") return;
  const assessor = one.assessor ?? deputy;
  diary.act(on(1), "15:50", assessor, key, "assess", { risk: one.risk, terms: one.terms, ...one.more });
  const decider = one.decider ?? head;
  if (until === "refused") diary.act(on(3), "16:20", decider, key, "refuse", { reasons: one.reasons });
  if (until === "refused" || until === "toDecide") return;
  diary.act(on(2), "16:25", decider, key, "grant", {
    startsOn: on(5),
    until: diary.weeksAfter(on(5), weeks),
    reasons: one.reasons,
    tell: teachers.slice(0, 2).map(person),
    ...(one.contactThrough ? { contactThrough: [one.contactThrough] } : {}),
  });
  if (until === "awaitingAgreement") return;
  diary.act(on(3), "18:10", agrees, key, "agree");
  if (one.lastLook) lookAgain(diary, one, on(5), assessor);
}

/** Its risk comes round every six weeks from the day it began, and from each look. */
function lookAgain(diary: Diary, { key, lastLook, weeks }: Asked, began: string, by: string): void {
  const ends = diary.weeksAfter(began, weeks);
  const next = (day: string): string => diary.after(diary.schoolDay(diary.weeksAfter(day, 6)), 3);
  for (let day = next(began); diary.happened(day) && day < ends; day = next(day)) {
    const risen = lastLook === "risen" && !diary.happened(next(day));
    diary.act(
      day,
      "14:10",
      by,
      anyOf("riskFollowUp", { exception: record(key) }, "due"),
      risen ? "sayRisen" : "confirmLow",
      {
        risk: risen
          ? medium("School mode can be left with a swipe since the last update.")
          : low("As before; looked at with whoever uses it."),
        whatChanged: risen
          ? "An update has taken the lock away. We have asked its maker."
          : "Nothing. The terms have been kept.",
      },
    );
  }
}

function allowAtOnce(diary: Diary): void {
  const day = diary.ago(83);
  diary.create(day, "08:15", "Rafe Bilting", "exception", "surgery", {
    kind: "teachingTime",
    what: "A phone at hand this morning",
    why: "The vet rings during an operation.",
    forWhom: person("Rafe Bilting"),
    place: "Library",
    schoolKit: false,
    startsOn: day,
  });
  diary.act(day, "08:25", assistant, "surgery", "allowAtOnce", {
    emergencyReason: "It is this morning or not at all.",
    risk: low("In the library, with no group before eleven."),
    agreedOnTheSpot: "Library only, until eleven. He said yes.",
  });
  diary.act(day, "15:30", head, "surgery", "confirmEmergency", { reasons: "Right for one morning." });
}
