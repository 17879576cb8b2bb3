/** Official channels, who runs them and what is posted; and what reached staff on accounts of their own. */
import { person, record } from "../../../../script";
import { assistant, type Child, deputy, head } from "./cast";
import type { Diary } from "./diary";
import { pupilKey } from "./groundwork";

interface Channel {
  key: string;
  by: string;
  name: string;
  service: string;
  aims: string;
  outcomes: string;
  likelihood: number;
  managers: string[];
  /** School day of the year on which it is proposed. */
  from: number;
}

const channels: Channel[] = [
  {
    key: "pageOfSchool",
    by: deputy,
    name: "School page",
    service: "FriendlyFaces, /canterburyroad",
    aims: "Show what children learn, and tell families what is coming.",
    outcomes: "Every family hears of events twice; new families find us.",
    likelihood: 1,
    managers: [deputy, "Yasmin Chilham", "Jude Fordwich"],
    from: 58,
  },
  {
    key: "pageOfPtfa",
    by: "Della Brabourne",
    name: "PTFA page",
    service: "FriendlyFaces, /canterburyroadptfa",
    aims: "Events and thanks of the PTFA.",
    outcomes: "More hands at events.",
    likelihood: 1,
    managers: ["Della Brabourne"],
    from: 62,
  },
  {
    key: "forestBlog",
    by: "Marta Saltwood",
    name: "Forest school diary",
    service: "A page of the school's own website",
    aims: "What each class found in the woods.",
    outcomes: "Parents ask better questions at tea.",
    likelihood: 1,
    managers: [],
    from: 185,
  },
];

const subjects = [
  ["World Book Day", "Sixty-two dragons, nine wizards and one very patient librarian. Thank you for the costumes."],
  ["Lost property", "Eleven jumpers without a name wait on the rail by the office until Friday."],
  ["Sports day", "Tuesday from ten o'clock, sun hats and water please. If it rains: Thursday."],
  ["Harvest", "Forty-one bags went to the food bank this morning. Thank you."],
  ["Year 4 at the river", "We measured its speed with oranges. All oranges came back."],
  ["Cake stall", "Three hundred and twelve pounds for new playground bats. Thank you, bakers."],
  ["Choir", "Twenty-four voices sang at the care home, and were asked to come again."],
  ["Term dates", "The dates of next year are on the website, under Families."],
  ["Science week", "A potato lit a lamp. It took nine of them."],
  ["New gate", "From Monday the side gate opens at twenty to nine."],
  ["Parents' evening", "Bookings open tonight at seven. The office helps whoever has no computer."],
  ["Chess club", "Second in the district, and first in handshakes."],
] as const;

export function runChannels(diary: Diary, pupils: Child[]): void {
  for (const channel of channels) open(diary, channel);
  post(diary, pupils);
  reachStaff(diary);
}

function open(diary: Diary, { key, by, name, service, aims, outcomes, likelihood, managers, from }: Channel): void {
  const day = diary.day(from);
  diary.create(day, "13:10", by, "socialChannel", key, {
    name,
    service,
    aims,
    outcomes,
    audience: "Families and neighbours. What matters is in the newsletter and at the gate as well.",
    withPupils: false,
    risk: {
      likelihood,
      impact: 3,
      mitigations: "Comments are read daily and can be closed; two people look after it.",
    },
    assessedBy: person(deputy),
    schoolAddress: `${key.toLowerCase()}@canterburyroad.invalid`,
    dedicated: true,
    protection: "Long password in the office safe, second factor on the school phone.",
    emergencyAccess: "Sealed envelope 3 in the headteacher's safe",
  });
  if (managers.length === 0) return;
  diary.act(diary.after(day, 3), "15:55", head, key, "approve");
  managers.forEach((manager, n) => {
    const managing = `${key} ${manager}`;
    diary.create(diary.after(day, 4), `10:0${n}`, "Harriet Stowting", "channelManager", managing, {
      channel: record(key),
      manager: person(manager),
      mayDo: "Post what was agreed, answer questions of fact, pass on everything else.",
    });
    diary.act(diary.after(day, 6), `16:0${n}`, head, managing, "authorise");
  });
}

function post(diary: Diary, pupils: Child[]): void {
  const consented = pupils.filter(({ consent }) => consent === "given");
  const first = diary.day(72);
  const days = diary.days.filter((day) => day >= first).filter((_, n) => n % 4 === 0);
  days.forEach((day, n) => {
    const [subject, wording] = subjects[n % subjects.length] ?? subjects[0];
    const ptfa = subject === "Cake stall" || subject === "Harvest";
    const author = ptfa ? "Della Brabourne" : n % 2 ? "Yasmin Chilham" : "Jude Fordwich";
    const key = `post ${n + 1}`;
    const shown = !ptfa && n % 3 === 0 ? diary.random.some(consented, 2) : [];
    diary.create(day, diary.between(9, 11), author, "socialPost", key, {
      channel: record(ptfa ? "pageOfPtfa" : "pageOfSchool"),
      subject,
      wording,
      ...(shown.length ? { pupils: shown.map((child) => record(pupilKey(child))) } : {}),
    });
    if (n === 11) {
      // The gate was frozen shut before anybody was up.
      diary.act(day, "11:05", author, key, "postUnread", {
        skippedReason: "The side gate could not be opened this morning, and nobody could be reached before drop-off.",
      });
      return;
    }
    if (n === days.length - 1) return;
    diary.act(day, "11:45", author, key, "submit");
    if (n === days.length - 2) return;
    if (n % 7 === 5) {
      diary.act(day, "12:30", assistant, key, "sendBack", { what: "Leave the surname out, please." });
      diary.act(day, "13:15", author, key, "submit");
    }
    diary.act(day, "14:20", assistant, key, "agree");
    diary.act(day, "15:05", author, key, "post");
  });
}

function reachStaff(diary: Diary): void {
  const contacts = [
    {
      day: diary.day(34),
      by: "Gwen Otterpool",
      from: "parent",
      service: "FriendlyFaces",
      what: "A parent asked to be friends, with a question about homework in it.",
      advice: "Do not answer there. I have written to her from the school's address.",
    },
    {
      day: diary.day(88),
      by: "Connie Stourmouth",
      from: "former",
      service: "PixShare",
      what: "A boy who left two years ago follows my account and writes that he misses us.",
      advice: "Thank you for saying so. Set it to private; we answer through the school's card to leavers.",
    },
    {
      day: diary.day(152),
      by: "Tomas Elmstead",
      from: "pupil",
      service: "A game",
      what: "A pupil of my class turned up in the same game and said hello by name.",
      advice: "Leave the game and say nothing. I have spoken with the parents, who had not known.",
    },
    {
      day: diary.ago(1),
      by: "Rafe Bilting",
      from: "parent",
      service: "FriendlyFaces",
      what: "A parent sent a picture of her child's rash and asked whether to come in.",
      advice: "",
    },
  ];
  contacts.forEach(({ day, by, from, service, what, advice }, n) => {
    diary.create(day, "12:50", by, "personalContact", `contact ${n + 1}`, {
      receivedOn: diary.calendar.add(day, "-P1D").date,
      from,
      service,
      whatHappened: what,
      answered: false,
    });
    if (advice) diary.act(day, "15:40", deputy, `contact ${n + 1}`, "advise", { adviceGiven: advice });
  });
}
