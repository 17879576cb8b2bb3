/**
 * What the school's two policies oblige it to, in our own words: the mobile policy (M), the social media policy (SM), the
 * cover and the key details of both. The social media policy numbers its sections twice over: its unnumbered section is
 * SM-Gen here, and "Official use", the second section 4, is SM-4off.
 */
import type { Letter, Obligation, SourceSection } from "../../definition";

/** Conduct out of a computer's sight: what is enforced is a rule people agreed to, asked about in a check. */
const conduct = new Set([21, 26, 34, 36, 37, 44, 46, 67, 91, 100, 102, 122, 124, 127]);

const obligation = (number: number, letters: string, from: string, text: string): Obligation => ({
  number,
  letters: letters.split("/") as Letter[],
  sections: from ? from.split(", ") : [],
  text,
  ...(conduct.has(number) ? { byAgreement: true } : {}),
});

export const sections: SourceSection[] = [
  { code: "Cover", label: "Cover of the policies" },
  { code: "Key details", label: "Key details of both policies" },
  { code: "Disclaimer", label: "Disclaimer of the template" },
  { code: "M1", label: "Mobile policy, section 1: aims and scope" },
  { code: "M2", label: "Mobile policy, section 2: links with other policies" },
  { code: "M3", label: "Mobile policy, section 3: safe use" },
  { code: "M4", label: "Mobile policy, section 4: devices the school provides" },
  { code: "M5", label: "Mobile policy, section 5: staff" },
  { code: "M6", label: "Mobile policy, section 6: pupils" },
  { code: "M6.1", label: "Mobile policy, section 6.1: screening, searching and confiscation" },
  { code: "M7", label: "Mobile policy, section 7: visitors" },
  { code: "M8", label: "Mobile policy, section 8: monitoring and review" },
  { code: "M9", label: "Mobile policy, section 9: responding to breaches" },
  { code: "SM1", label: "Social media policy, section 1: aims and scope" },
  { code: "SM2", label: "Social media policy, section 2: links with other policies" },
  { code: "SM-Gen", label: "Social media policy, unnumbered section: everybody" },
  { code: "SM3", label: "Social media policy, section 3: staff" },
  { code: "SM4.1", label: "Social media policy, section 4.1: reputation" },
  { code: "SM4.2", label: "Social media policy, section 4.2: pupils and their families" },
  { code: "SM-4off", label: "Social media policy, second section 4: official channels" },
  { code: "SM5", label: "Social media policy, section 5: pupils" },
  { code: "SM6", label: "Social media policy, section 6: monitoring and review" },
  { code: "SM7", label: "Social media policy, section 7: responding to breaches" },
];

export const obligations: Obligation[] = [
  // Document control
  obligation(1, "H", "Cover", "Both policies are registered apart, though published in one document, with a version."),
  obligation(
    2,
    "H",
    "Cover, Key details",
    "Six dates are kept apart: written, agreed, ratified, published, next review, and end of use.",
  ),
  obligation(3, "E", "Cover, Key details", "Dates that contradict each other are pointed out."),
  obligation(4, "H", "Key details, M6.1", "One or more safeguarding leads are named, and their deputies."),
  obligation(5, "H", "Key details", "The governor with lead responsibility is named."),
  obligation(6, "H", "Key details", "Ratification by the governing body is a step of its own, with its date."),
  obligation(
    7,
    "R",
    "Key details, M8, SM6",
    "Each policy is reviewed at least once a year, and governors hear of it before it is due.",
  ),
  obligation(
    8,
    "R",
    "Key details, M8, SM6",
    "A concern, changed guidance, something local or new technology opens a review as well.",
  ),
  obligation(
    9,
    "H",
    "Disclaimer",
    "Where the template came from, on what terms, and the task of telling its author that it is used.",
  ),
  obligation(10, "H", "Cover", "What changed since the last version is shown as changed."),
  obligation(11, "H", "M1, SM1", "Who wrote it, how staff and pupils took part, and what specialist advice was taken."),
  obligation(
    12,
    "H",
    "M1, SM1",
    "The guidance each policy relies on, with its edition; outdated or unequal editions are flagged.",
  ),
  obligation(
    13,
    "H",
    "M2, SM2",
    "The related policies are linked, and their owners are told when one that they are linked to changes.",
  ),
  obligation(14, "E", "M1, M7, SM1, SM5", "Template text left standing is found before a policy is approved."),
  obligation(15, "H", "M1, SM1", "Whom it binds: pupils, parents, and staff in the widest sense."),
  obligation(16, "H", "M1, SM1", "Which technology it covers: devices of every kind, and social media of every kind."),
  obligation(
    17,
    "H",
    "M1, SM1",
    "The safeguarding lead answers for online safety, also where that is the headteacher.",
  ),
  obligation(18, "H", "M1, SM1", "Every duty belongs to a role, so that a new person is one change."),

  // Rules on use and places
  obligation(19, "H", "M3", "A device is its user's own risk, and the school pays for no loss or damage: agreed to."),
  obligation(20, "H", "M3", "People are advised to protect their devices, with a PIN or password."),
  obligation(21, "H/E", "M3", "Devices are not used where children are or change, swim or wash."),
  obligation(
    22,
    "E",
    "M3",
    "Only the headteacher grants an exception: asked for, justified, and assessed as low risk.",
  ),
  obligation(23, "H", "M3", "Nobody sends abusive messages; where somebody does, the right procedure follows."),
  obligation(24, "H", "M3", "Devices hold nothing offensive, illegal or against the school's policies."),
  obligation(25, "H", "M4", "Staff who are in touch with parents have a work number and a work address."),
  obligation(26, "E", "M4, M5", "Staff teach from afar on the school's equipment, under the acceptable use policy."),
  obligation(27, "H", "M4", "School devices are registered, with whether each is locked by a code."),
  obligation(28, "E", "M4", "School devices go to staff, never to a pupil."),
  obligation(
    29,
    "E",
    "M4",
    "Whoever has a school device has agreed to the acceptable use policy, conduct code and this.",
  ),
  obligation(30, "E", "M4", "Staff know before first use that use may be monitored; without that no device goes out."),
  obligation(31, "H", "M5", "Staff use devices lawfully and as the school's other policies ask."),
  obligation(
    32,
    "H",
    "M5",
    "Staff are advised: locked away in school time, silent in lessons, no open connections, fitting content.",
  ),
  obligation(33, "E", "M5", "No own device in teaching time without the headteacher's written permission."),
  obligation(34, "E", "M5", "Staff do not reach pupils or parents on their own phones."),
  obligation(
    35,
    "H",
    "M5, SM4.2",
    "Relationships that existed before and stand in the way are discussed with the lead or head, and recorded.",
  ),
  obligation(36, "E", "M5", "Pupils are photographed and filmed on school equipment only, as the image policy says."),
  obligation(37, "E", "M5", "Lessons and activities with pupils use school equipment only."),
  obligation(38, "E", "M5", "Parents are contacted on school equipment, unless the head agrees to an exception."),
  obligation(
    39,
    "E",
    "M5",
    "An own device for remote teaching needs a formal risk assessment and the head's approval beforehand.",
  ),
  obligation(40, "H", "M5", "The acceptable use policy, and the one for remote learning, are followed."),
  obligation(41, "H", "M5", "A breach by staff goes by the conduct code and the procedure for allegations."),
  obligation(42, "E", "M5", "Where staff may have broken the law, police and the local authority's officer are told."),

  // Pupils and devices
  obligation(43, "H/P", "M6", "Pupils are taught safe use by age, and there is evidence of it."),
  obligation(44, "E", "M6", "Pupils use no phones on site; use in a lesson needs an approved activity."),
  obligation(45, "H", "M6", "Devices are handed in on arrival and given back, each logged."),
  obligation(46, "E", "M6", "Devices stay off from arrival to leaving, also at events and on residentials."),
  obligation(47, "H", "M6", "A school phone is there, supervised, for calls to parents."),
  obligation(48, "E", "M6", "A pupil's occasional use is by the head's permission."),
  obligation(49, "E", "M6", "Access for a reason such as health is discussed with the head before use."),
  obligation(50, "H", "M6", "Such an arrangement is written down."),
  obligation(
    51,
    "E",
    "M6",
    "Its terms, with what follows on misuse, are agreed by the pupil or parents before use begins.",
  ),
  obligation(52, "H", "M6", "Home learning on a pupil's device is under the acceptable use policy."),
  obligation(53, "E", "M6", "No devices in exams; one that is found is reported to the exam body, with the outcome."),

  // Searching and confiscation
  obligation(54, "H", "M6.1", "A concern goes the way of the policy it belongs to."),
  obligation(55, "H", "M6.1", "Staff may confiscate: who, when, why and which device."),
  obligation(56, "H", "M6.1", "The head keeps it in a safe place: where, and through whose hands."),
  obligation(57, "E", "M6.1", "The head decides on handing it to the parents: to whom and when."),
  obligation(
    58,
    "E",
    "M6.1",
    "A suspected indecent image is not looked at and cannot be uploaded; the safeguarding lead has it at once.",
  ),
  obligation(59, "E", "M6.1", "A device with suspected evidence of crime goes to the police, with a receipt."),
  obligation(60, "H", "M6.1", "A search happens only where needed, as the behaviour policy and guidance say."),
  obligation(61, "H", "M6.1", "What puts somebody at risk is answered by child protection."),
  obligation(62, "E", "M6.1", "The safeguarding lead is told of every search for a prohibited item."),
  obligation(63, "E", "M6.1", "The safeguarding lead is told without delay where a search shows a risk."),
  obligation(
    64,
    "E",
    "M6.1",
    "Content is looked at or erased rarely, by the head or those authorised, for a reason on record.",
  ),
  obligation(65, "H", "M6.1", "The staff authorised to search and to look at devices are listed."),
  obligation(66, "R", "M6.1", "A suspected serious offence goes to the police as soon as can be: its clock runs."),

  // Visitors
  obligation(67, "E", "M7", "Visitors use no devices where children are; the staff room in breaks is fine."),
  obligation(68, "H", "M7", "Signs and information hang where they should, and are checked."),
  obligation(
    69,
    "E",
    "M7",
    "Regular visitors agree to the acceptable use and child-protection policies, and again in time.",
  ),
  obligation(70, "E", "M7", "A visitor who needs a device discusses it with the head before use."),
  obligation(71, "H", "M7", "Access agreed for a visitor is written down, with a risk assessment where needed."),
  obligation(72, "H", "M7", "Staff challenge visitors, and report breaches quickly to the lead or head."),

  // Monitoring and review
  obligation(
    73,
    "R",
    "M8, SM6",
    "Internet use on the school's devices is checked regularly, and what was found is kept.",
  ),
  obligation(74, "P", "M8, SM6", "Whether the online-safety measures are applied alike is evaluated."),
  obligation(75, "E", "M8, SM6", "Every issue found becomes an action of the action plan."),
  obligation(
    76,
    "H",
    "M8, SM6",
    "The community knows how the school checks: training, spot checks, occasional searches.",
  ),
  obligation(77, "H", "M8, SM6", "Each spot check: where, when, by whom, what was seen and done."),

  // Breach to debrief
  obligation(78, "H", "M9, SM7", "Everybody knows that breaches must be reported, and by which way."),
  obligation(
    79,
    "H",
    "M9, SM7",
    "A pupil's breach: sanction or support, parents told as fits, child protection where there is risk.",
  ),
  obligation(
    80,
    "E",
    "M9, SM7",
    "After each investigation leaders debrief, name lessons and change what needs changing, before it closes.",
  ),
  obligation(81, "H", "M9, SM7", "Staff, parents and pupils work it out with the school: contacts are logged."),
  obligation(82, "E", "M9, SM7", "It stays confidential: only those who need to know, and each view is logged."),
  obligation(83, "H", "M9, SM7", "People are given the complaints procedure, and staff the one for whistleblowing."),
  obligation(84, "H", "M9, SM7", "In doubt the school asks the education safeguarding service, and keeps the advice."),

  // Social media: everyone
  obligation(85, "H", "SM-Gen", "Online as elsewhere people are kind and respectful."),
  obligation(86, "H", "SM-Gen", "People are advised not to post what threatens, hurts or defames."),
  obligation(87, "H/E", "SM-Gen", "Access to social media on school equipment is controlled: setting, owner, review."),
  obligation(88, "H", "SM-Gen", "Unfit or excessive use can end access or bring discipline: a decision with an end."),
  obligation(
    89,
    "E",
    "SM-Gen",
    "A platform for learning is risk assessed by lead or head before use, then under the agreement.",
  ),
  obligation(90, "H", "SM-Gen", "A concern about anybody's conduct goes to the policy it belongs to."),

  // Social media: staff
  obligation(
    91,
    "E",
    "SM3",
    "Own use stays in the staff room and out of children's presence, the phone locked otherwise.",
  ),
  obligation(92, "H", "SM3", "What is expected stands in the conduct code and the agreement, volunteers' too."),
  obligation(93, "E", "SM3", "Induction covers social media, for each new starter."),
  obligation(94, "R", "SM3", "Advice and training are renewed regularly and resources passed on."),
  obligation(95, "H", "SM3", "A complaint of misuse by staff goes to child protection or allegations."),
  obligation(
    96,
    "H",
    "SM4.1",
    "Staff are warned of what follows from harm to the school's name or a broken confidence.",
  ),
  obligation(97, "H", "SM4.1", "A list of privacy advice for staff."),
  obligation(98, "H", "SM4.1", "Staff are encouraged not to name the school on their own accounts."),
  obligation(99, "H", "SM4.1", "Use fits one's role and the law, and one thinks before posting."),
  obligation(100, "E", "SM4.1", "Nothing from work about pupils, families or colleagues goes on social media."),
  obligation(101, "R", "SM4.1", "Staff tell leaders at once of content that conflicts with their role."),
  obligation(102, "E", "SM4.2", "Own accounts are not used to reach pupils or their families."),
  obligation(103, "H", "SM4.2", "Staff are advised not to befriend pupils past or present, or their families."),
  obligation(104, "E", "SM4.2", "A contact on an own account is reported to the safeguarding lead."),
  obligation(105, "H", "SM4.2", "Earlier relationships: the decision and the advice are recorded formally."),
  obligation(106, "H", "SM4.2", "After leaving, contact is through the school's network or tools."),

  // Official channels
  obligation(107, "H", "SM-4off", "The official channels are registered: today the PTFA's page alone."),
  obligation(
    108,
    "E",
    "SM-4off",
    "A channel opens with aims, outcomes, a formal risk assessment and the head's approval, before use.",
  ),
  obligation(109, "H", "SM-4off", "It is protected well, and linked from the website where it can be."),
  obligation(110, "H", "SM-4off", "It has an account of its own, for official ends only."),
  obligation(111, "E", "SM-4off", "It is registered and run with the school's addresses."),
  obligation(112, "E", "SM-4off", "Leaders can reach the login in an emergency: sealed, each opening logged."),
  obligation(
    113,
    "H",
    "SM-4off",
    "It runs under the policies on bullying, images, data, confidentiality and protection.",
  ),
  obligation(
    114,
    "E",
    "SM-4off",
    "A post is read and agreed by another colleague where possible; where not, the reason is kept.",
  ),
  obligation(115, "H", "SM-4off", "Parents are told of official use with pupils."),
  obligation(
    116,
    "H",
    "SM-4off",
    "What pupils do there is moderated, with the parents' written consent, looked up for each post.",
  ),
  obligation(117, "H", "SM-4off", "Nobody is left out: there is another way for those who are not there."),
  obligation(118, "H", "SM-4off", "Staff who follow a channel are advised to use a professional account."),
  obligation(
    119,
    "E",
    "SM-4off",
    "Whoever runs a channel, staff or PTFA, has agreed to the social media acceptable use policy.",
  ),
  obligation(120, "H", "SM-4off", "The rules of conduct for those who run one are agreed to."),
  obligation(121, "E", "SM-4off", "Nobody speaks or commits for the school who is not authorised: there is a list."),
  obligation(122, "E", "SM-4off", "No private messages with pupils past or present or their families."),
  obligation(
    123,
    "H",
    "SM-4off",
    "Who runs one tells manager, lead or head of criticism, bad content, or pupils' contact.",
  ),

  // Social media: pupils
  obligation(124, "E", "SM5", "Pupils make no personal use in school hours, on trips or at events."),
  obligation(
    125,
    "H",
    "SM5",
    "What happens online off site is acted on where one of the tests is met: which, is recorded.",
  ),
  obligation(126, "H/P", "SM5", "Pupils learn safe use and resilience, as part of the curriculum."),
  obligation(127, "E", "SM5", "No accounts are made for pupils younger than the service allows."),
  obligation(128, "H", "SM5", "A list of advice for pupils."),
  obligation(129, "H", "SM5", "Concerns go to bullying, child protection or behaviour."),
  obligation(130, "E", "SM5", "The safeguarding lead responds wherever safeguarding is touched."),
  obligation(131, "H", "SM5", "Sanction or support follows, and civil or legal action where needed."),
  obligation(132, "H", "SM5", "Parents are told as fits, above all of use under age."),

  // Roles, decisions, clocks, conflicts
  obligation(133, "E", "", "Every role that is named exists; outside bodies are contacts, with a log."),
  obligation(
    134,
    "E",
    "M3, M5",
    "Nobody decides what benefits themselves: the headteacher's own case goes to the chair.",
  ),
  obligation(
    135,
    "R",
    "",
    "Every clock in the policies runs, and words like “at once” have a figure that the school can change.",
  ),
  obligation(136, "P", "M3, M5, M6, M9, SM-4off, SM7", "Where the policies contradict each other, it shows."),
];
