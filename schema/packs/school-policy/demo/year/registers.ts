/** Registers in use: devices and loans, work numbers, phones handed in, calls home, confiscations and searches. */
import { person, record } from "../../../../script";
import { assistant, type Child, deputy, head, manager, office, starters, teachers } from "./cast";
import type { Diary } from "./diary";
import { pupilKey } from "./groundwork";

/** Everybody on the staff has agreed to what a loan asks for by this school day. */
const lendableFrom = 36;

const kinds = [
  { kind: "tablet", word: "Tablet", count: 12 },
  { kind: "laptop", word: "Laptop", count: 9 },
  { kind: "phone", word: "School phone", count: 3 },
  { kind: "camera", word: "Camera", count: 2 },
];
const deviceKey = (word: string, n: number): string => `${word} ${n}`;

export function keepRegisters(diary: Diary, pupils: Child[]): void {
  keepDevices(diary);
  lend(diary);
  issueNumbers(diary);
  // Who goes home alone brings a phone: the older ones.
  const older = pupils.filter(({ yearGroup }) => yearGroup >= 5);
  handIn(diary, older);
  callHome(diary, pupils);
  confiscate(diary, older);
  search(diary, older);
}

function keepDevices(diary: Diary): void {
  let tag = 100;
  for (const { kind, word, count } of kinds)
    for (let n = 1; n <= count; n++) {
      tag++;
      const key = deviceKey(word, n);
      diary.create(diary.day(1), `10:${String(tag - 95).padStart(2, "0")}`, manager, "schoolDevice", key, {
        name: key,
        assetTag: `CR-${tag}`,
        kind,
        serialNumber: `SN${4_000 + tag * 37}`,
        socialMedia: word === "School phone" ? "allowed" : "blocked",
      });
      // Two cameras can hold no code, and one laptop has still to be given one.
      const locked = kind !== "camera" && key !== "Laptop 9";
      if (locked) diary.act(diary.day(2 + (tag % 4)), diary.between(9, 12), office, key, "confirmLock");
    }
  diary.act(diary.day(71), "15:40", "Gwen Otterpool", "Tablet 11", "reportMissing", {
    lastSeen: "In the trolley in the hall after the assembly on Friday",
  });
  diary.act(diary.day(73), "08:50", office, "Tablet 11", "found");
  diary.act(diary.day(128), "11:15", office, "Tablet 12", "retire");
  diary.act(diary.ago(6), "14:20", "Rafe Bilting", "Camera 2", "reportMissing", {
    lastSeen: "On the Year 3 walk to the church, in the green rucksack",
  });
}

interface Loan {
  device: string;
  to: string;
  purpose: string;
  /** School day of the year, and of the return; `back` without `returned` is overdue. */
  from: number;
  back?: number;
  returned?: number;
}

function lend(diary: Diary): void {
  const laptops: Loan[] = [
    "Tomas Elmstead",
    "Yasmin Chilham",
    "Gwen Otterpool",
    "Idris Lympne",
    "Sorrel Wye",
    assistant,
  ].map((to, n) => ({
    device: deviceKey("Laptop", n + 1),
    to,
    purpose: "Planning and reports",
    from: lendableFrom + n,
  }));
  const loans: Loan[] = [
    ...laptops,
    {
      device: "School phone 1",
      to: "Tomas Elmstead",
      purpose: "Year 6 residential",
      from: 131,
      back: 136,
      returned: 137,
    },
    { device: "School phone 2", to: deputy, purpose: "On call for trips", from: lendableFrom + 8 },
    { device: "School phone 1", to: "Sorrel Wye", purpose: "Museum trip", from: 158, back: 160, returned: 160 },
    { device: "School phone 3", to: "Jonah Appledore", purpose: "Theatre trip", from: 176, back: 178 },
    {
      device: "Tablet 1",
      to: "Connie Stourmouth",
      purpose: "Speech and language group",
      from: 60,
      back: 118,
      returned: 119,
    },
    { device: "Tablet 2", to: "Rafe Bilting", purpose: "Reading intervention", from: 61, back: 118, returned: 116 },
    { device: "Tablet 1", to: "Connie Stourmouth", purpose: "Speech and language group", from: 150 },
    { device: "Camera 1", to: "Yasmin Chilham", purpose: "Sports day", from: 126 },
  ];
  loans.forEach(({ device, to, purpose, from, back, returned }, n) => {
    const key = `loan ${n + 1}`;
    diary.create(diary.day(from), "08:35", office, "deviceLoan", key, {
      device: record(device),
      borrower: person(to),
      purpose,
      ...(back === undefined ? {} : { dueBackOn: diary.day(back) }),
    });
    // A camera without a lock is not handed over: the loan was dropped.
    if (device.startsWith("Camera")) diary.act(diary.day(from + 1), "10:05", office, key, "cancel");
    else diary.act(diary.day(from + 1), diary.between(9, 12), office, key, "handOver");
    if (returned !== undefined)
      diary.act(diary.day(returned), "15:35", office, key, "takeBack", {
        condition: "As it was; charged and checked.",
      });
  });
  // Prepared for the newest starter, who has still to confirm the notice of monitoring.
  const [, newest] = starters;
  if (newest)
    diary.create(diary.ago(4), "11:10", office, "deviceLoan", "loan of the newest", {
      device: record("Laptop 8"),
      borrower: person(newest.person.name),
      purpose: "Learning journals",
    });
}

function issueNumbers(diary: Diary): void {
  const holders = [head, deputy, assistant, manager, office, ...teachers];
  holders.forEach((holder, n) => {
    const key = `number ${n + 1}`;
    diary.create(diary.day(4), `13:${20 + n}`, manager, "workNumber", key, {
      number: `01227 496 0${31 + n}`,
      kind: "phone",
    });
    diary.act(diary.day(5), `09:${20 + n}`, office, key, "issue", { holder: person(holder) });
  });
  for (const n of [1, 2])
    diary.create(diary.day(4), `13:4${n}`, manager, "workNumber", `spare ${n}`, {
      number: `01227 496 09${n}`,
      kind: "phone",
    });
  diary.create(diary.day(30), "14:05", manager, "workNumber", "number of Priya", {
    number: "01227 496 050",
    kind: "phone",
  });
  diary.act(diary.day(31), "09:10", office, "number of Priya", "issue", { holder: person("Priya Tenterden") });
  // It came back when she had left.
  diary.act(diary.ago(60), "09:25", office, "number of Priya", "takeBack");
}

function handIn(diary: Diary, older: Child[]): void {
  const { random } = diary;
  diary.days.slice(-45).forEach((day, n, days) => {
    const last = n === days.length - 1;
    const children = random.some(older, last ? 4 : random.within(1, 3));
    children.forEach((child, nth) => {
      const key = `phone ${n} ${nth}`;
      diary.create(day, `08:${40 + 3 * nth}`, nth % 2 ? "Jude Fordwich" : office, "handIn", key, {
        pupil: record(pupilKey(child)),
        what: random.happens(0.2) ? "Smart watch" : "Phone",
        switchedOff: true,
        place: "Office cabinet, tray 2",
      });
      if (last && nth === 3) return;
      const forgotten = n % 17 === 8 && nth === 0;
      const [on, at] = forgotten ? [diary.after(day, 1), "08:32"] : [day, `15:${18 + 2 * nth}`];
      diary.act(on, at, office, key, "giveBack");
    });
  });
}

const reasons = [
  "Forgot the lunch box",
  "Feels sick",
  "Club is cancelled",
  "Will be picked up by a grandparent",
  "Lost the PE kit",
];

function callHome(diary: Diary, pupils: Child[]): void {
  const { random } = diary;
  diary.days.forEach((day, n) => {
    if (!random.happens(0.22)) return;
    const child = random.oneOf(pupils);
    diary.create(day, diary.between(9, 15), random.oneOf([...teachers, "Jude Fordwich"]), "callHome", `call ${n}`, {
      pupil: record(pupilKey(child)),
      reached: child.parents[0] ?? random.oneOf(["Mother", "Father", "Grandmother", "Nobody: message left"]),
      why: random.oneOf(reasons),
    });
  });
}

interface Taken {
  by: string;
  day: string;
  what: string;
  reason: string;
  suspicion?: "offence";
  /** School days until a parent has it again; never: it is still kept. */
  released?: number;
}

function confiscate(diary: Diary, older: Child[]): void {
  const cases: Taken[] = [
    {
      by: "Tomas Elmstead",
      day: diary.day(15),
      what: "Phone",
      reason: "Rang in assembly; it should have been in the office.",
      released: 0,
    },
    {
      by: "Jonah Appledore",
      day: diary.day(43),
      what: "Smart watch",
      reason: "Messages written under the table, twice after being asked.",
      released: 1,
    },
    {
      by: "Tomas Elmstead",
      day: diary.day(77),
      what: "Phone",
      reason: "Filming in the cloakroom queue; nothing was shown to me.",
      released: 1,
    },
    {
      by: "Gwen Otterpool",
      day: diary.day(104),
      what: "Phone",
      reason: "Found in a coat pocket, switched on.",
      released: 0,
    },
    {
      by: deputy,
      day: diary.day(135),
      what: "Phone",
      reason: "Said to hold threats sent to a pupil of another school.",
      suspicion: "offence",
    },
    {
      by: "Jonah Appledore",
      day: diary.day(163),
      what: "Phone",
      reason: "Taken out on the coach although all were to be in the box.",
      released: 1,
    },
    { by: "Tomas Elmstead", day: diary.ago(8), what: "Smart watch", reason: "Used to photograph the spelling test." },
  ];
  const children = diary.random.some(older, cases.length);
  cases.forEach(({ by, day, what, reason, suspicion, released }, n) => {
    const child = children[n % children.length];
    if (!child) return;
    const key = `taken ${n + 1}`;
    diary.create(day, "11:25", by, "confiscation", key, {
      pupil: record(pupilKey(child)),
      what,
      reason,
      suspicion: suspicion ?? "no",
      takenAt: "11:20, outside the classroom",
    });
    diary.act(day, "12:10", by, key, "lodge", { place: "Headteacher's safe", holder: person(head) });
    if (suspicion)
      diary.act(day, "14:35", head, key, "handToPolice", {
        policeReceipt: "Property reference KP/2291",
        officer: "PC Marden, neighbourhood team",
      });
    else if (released !== undefined)
      diary.act(diary.after(day, released), released ? "08:35" : "15:25", head, key, "release", {
        releasedTo: child.parents[0] ?? `Parent of ${child.name}`,
        decision: "A first time. Talked over with parent and child; it goes to the office from now on.",
      });
  });
}

function search(diary: Diary, older: Child[]): void {
  const cases = [
    { day: diary.day(78), by: deputy, witness: "Gwen Otterpool", result: "Nothing.", done: true },
    {
      day: diary.day(147),
      by: head,
      witness: "Connie Stourmouth",
      result: "A second phone, in the lining of a bag.",
      done: true,
    },
    { day: diary.ago(3), by: deputy, witness: "Sorrel Wye", result: "Nothing.", done: false },
  ];
  const children = diary.random.some(older, cases.length);
  cases.forEach(({ day, by, witness, result, done }, n) => {
    const child = children[n];
    if (!child) return;
    const key = `search ${n + 1}`;
    diary.create(day, "13:15", by, "pupilSearch", key, {
      pupil: record(pupilKey(child)),
      timeAndPlace: "13:05, deputy head's room",
      witness: person(witness),
      sameSex: true,
      consent: "agreed",
      soughtFor: ["schoolRules"],
      grounds: "Two children said separately that a phone was being passed round.",
      found: result,
      safeguardingRisk: false,
      specifiedOffence: false,
      dataExamined: "no",
    });
    diary.act(day, "13:40", by === head ? deputy : head, key, "confirmByDsl");
    if (!done) return;
    diary.act(day, "15:20", by, key, "tellParents", { how: "By telephone, before the end of the day" });
    diary.act(diary.after(day, 1), "08:45", deputy, key, "complete");
  });
}
