/** What the registers name: pupils, bodies outside the school, and who comes and goes in the year. */
import { person } from "../../../../script";
import { type Child, leaver, manager, office, starters } from "./cast";
import type { Diary } from "./diary";

export const pupilKey = (child: Child): string => `pupil ${child.name}`;

export function layGround(diary: Diary, pupils: Child[]): void {
  pupils.forEach((child, n) => {
    const { name, className, yearGroup, bornOn, parents, consent } = child;
    diary.create(diary.day(0), `09:${String(10 + n).padStart(2, "0")}`, office, "pupil", pupilKey(child), {
      name,
      className,
      yearGroup,
      bornOn,
      parents: parents.map(person),
      imageConsent: consent,
      ...(consent === "given" ? { consentOn: diary.calendar.add(diary.day(0), "-P10W").date } : {}),
      systemReference: `MIS ${1040 + n * 7}`,
    });
  });
  keepBodies(diary);
  comeAndGo(diary);
}

function keepBodies(diary: Diary): void {
  const bodies: [key: string, name: string, kind: string, telephone: string, usedFor: string, monthsAgo: number][] = [
    ["lado", "Local authority designated officer", "lado", "03000 000101", "Allegations against adults", 0],
    ["police", "Neighbourhood policing team", "police", "101", "Evidence, threats, stolen devices", 0],
    [
      "safeguarding",
      "Education safeguarding service",
      "safeguardingService",
      "03000 000102",
      "Whenever we are not sure",
      4,
    ],
    ["networks", "Downland Schools Broadband", "other", "03000 000103", "Filtering and monitoring of the network", 7],
    ["template", "Demonstration Trust", "templateAuthor", "03000 000104", "Templates of our two device policies", 0],
  ];
  bodies.forEach(([key, name, kind, telephone, usedFor, monthsAgo], n) => {
    const checkedOn = diary.monthsAfter(diary.day(0), -monthsAgo);
    diary.create(diary.day(0), `13:${20 + n}`, office, "outsideBody", key, {
      name,
      kind,
      telephone,
      usedFor,
      checkedOn,
    });
    const due = diary.schoolDay(diary.monthsAfter(checkedOn, 12));
    diary.act(diary.after(due, 3), diary.between(10, 14), office, key, "check");
  });
}

function comeAndGo(diary: Diary): void {
  diary.create(diary.day(3), "11:05", manager, "inductionProgramme", "inductions", {
    name: "Your first fortnight at Canterbury Road",
    audience: ["staff"],
    topics: "Where phones go. Work numbers and accounts. Social media, for yourself and for the school. Whom to tell.",
  });
  diary.act(diary.day(3), "15:25", "Callum Birchwood", "inductions", "start");
  for (const { person: starter, roles, comes } of starters)
    diary.write(diary.ago(comes), "07:45", manager, { appoint: starter.name, roles });
  diary.write(diary.ago(leaver.goes), "16:20", manager, { leave: leaver.name });
}
