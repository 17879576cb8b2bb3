/** Texts put before their audiences: most agree, some on paper, one asks, one declines, and a few have not answered. */
import { person, record, type Told } from "../../../../script";
import { caretaker, deputy, head, manager, office, parents, staff, starters } from "./cast";
import { type Diary, found } from "./diary";
import { scan } from "./paper";

interface Campaign {
  kind: string;
  title: string;
  statement: string;
  audience: string[];
  people?: string[];
  /** Who is asked, by name. */
  asked: string[];
  /** The school day of the year on which it begins. */
  from: number;
  /** Who signs a printed copy in the office. */
  paper?: string[];
  /** Who answers only when the office puts a printed copy before them. */
  silent?: string[];
}

const visitors = ["Felix Hythecroft", "Ines Nackington", "Rosa Postling", "Bram Patrixbourne", "Della Brabourne"];
const governors = ["Lindsey Glanville", "Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell", "Nadia Fenwright"];

const campaigns: Campaign[] = [
  {
    kind: "staffAup",
    title: "Acceptable use, all staff",
    statement: "I have read how we use technology here, and work by it.",
    audience: ["staff"],
    asked: [...staff, "Priya Tenterden"],
    from: 22,
    paper: ["Nell Sheldwich"],
  },
  {
    kind: "codeOfConduct",
    title: "Code of conduct, all staff",
    statement: "I have read the code of conduct and keep to it, online as well.",
    audience: ["staff"],
    asked: [...staff, "Priya Tenterden"],
    from: 22,
    paper: ["Nell Sheldwich"],
  },
  {
    kind: "monitoringNotice",
    title: "What we monitor: staff and governors",
    statement: "I know that the school's devices and network are monitored, and why.",
    audience: ["staff", "governor"],
    asked: [...staff, "Priya Tenterden", ...governors, "Maud Lenham"],
    from: 23,
    paper: ["Nell Sheldwich"],
    silent: ["Nadia Fenwright"],
  },
  {
    kind: "visitorAup",
    title: "Phones and devices: regular visitors and volunteers",
    statement: "I have read where phones may be used, and keep mine away from children.",
    audience: ["regularVisitor", "contractor", "volunteer", "ptfaMember"],
    asked: [...visitors, "Tamsin Selling", "Ada Elham"],
    from: 53,
    paper: ["Rosa Postling", "Bram Patrixbourne"],
  },
  {
    kind: "pupilAup",
    title: "Phones and being online: families",
    statement: "We have read this with our child, and keep to it.",
    audience: ["parent"],
    asked: parents,
    from: 56,
    paper: ["Dilys Kennington", "Marcus Challock"],
    silent: ["Freya Hothfield"],
  },
  {
    kind: "socialMediaAup",
    title: "Running the school's social media",
    statement: "I write for the school only as this says.",
    audience: [],
    people: [deputy, "Yasmin Chilham", "Jude Fordwich", "Della Brabourne"],
    asked: [deputy, "Yasmin Chilham", "Jude Fordwich", "Della Brabourne"],
    from: 55,
  },
];

const declines = "Samir Boughton";
const asks = "Idris Lympne";

export const campaignKey = (kind: string): string => `campaign ${kind}`;
const answerOf = (kind: string, name: string, ...states: string[]) =>
  found("acknowledgement", { campaign: record(campaignKey(kind)), person: person(name) }, ...states);

export function askForAgreement(diary: Diary): void {
  for (const campaign of campaigns) {
    const { kind, title, statement, audience, from } = campaign;
    const key = campaignKey(kind);
    diary.create(diary.day(from), "10:20", manager, "agreementCampaign", key, {
      title,
      kind,
      policy: record(kind),
      statement,
      audience,
      people: (campaign.people ?? []).map((name): Told => person(name)),
    });
    diary.act(diary.day(from), "10:45", manager, key, "start");
    answers(diary, campaign);
  }
  talkItOver(diary);
  for (const {
    person: { name },
    comes,
  } of starters) {
    // Asked by itself on the day they come; the newest starter has still one text to read.
    const kinds = ["staffAup", "codeOfConduct", "monitoringNotice"].slice(0, comes > 20 ? 3 : 2);
    for (const [n, kind] of kinds.entries())
      diary.act(diary.after(diary.ago(comes), 2 + 2 * n), diary.between(12, 13), name, answerOf(kind, name), "agree");
  }
}

function answers(diary: Diary, { kind, title, statement, asked, from, paper = [], silent = [] }: Campaign): void {
  for (const name of asked) {
    if (name === declines || (name === asks && kind === "staffAup")) continue;
    const late = silent.includes(name);
    const day = diary.day(from + (late ? 24 : diary.random.within(1, 9)));
    if (late || paper.includes(name))
      diary.act(day, diary.between(9, 15), office, answerOf(kind, name), "recordOnPaper", {
        signedOn: day,
        witness: person(caretaker),
        signedPaper: [
          scan(`Signed ${title}.pdf`, [title, statement, `Signed on ${day}: ${name}`, `Witness: ${caretaker}`]),
        ],
      });
    else diary.act(day, diary.between(8, 17), name, answerOf(kind, name), "agree");
  }
}

function talkItOver(diary: Diary): void {
  const question = answerOf("staffAup", asks);
  diary.act(diary.day(25), "12:40", asks, question, "askException", {
    question:
      "My daughter's nursery can only reach me on my own phone. Where may it be on Thursdays, when I teach all day?",
  });
  diary.act(diary.day(27), "15:50", deputy, question, "answerQuestion", {
    answer:
      "The nursery may ring the office, and Bea fetches you at once. If that is not enough, ask for an exception.",
  });
  diary.act(diary.day(29), "12:35", asks, question, "agree");
  const refusal = answerOf("pupilAup", declines);
  diary.act(diary.day(60), "20:15", declines, refusal, "decline", {
    declineReason: "We want our son to have his watch on the way home and do not wish to hand it in.",
  });
  diary.act(diary.day(66), "16:30", head, refusal, "acceptRefusal", {
    whatFollows:
      "The rules hold for their child all the same. We met on Tuesday; the watch stays in the office till three.",
  });
}
