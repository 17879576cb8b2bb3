/**
 * What can be said of an incident. The categories are breaches of a rule of the two policies, each citing it: for conduct
 * that no system sees, this and the agreed text are how the rule is enforced.
 */
import type { Option } from "../../definition";

/** "Staff" is meant as the policies mean it: whoever works or helps here. */
export const concerned: Option[] = [
  { value: "pupil", label: "A pupil", because: ["O79", "M9"] },
  { value: "staff", label: "Somebody who works or helps here", because: ["O41", "O95", "M5", "SM3"] },
  { value: "headteacher", label: "The headteacher", because: ["O134"] },
  { value: "visitor", label: "A parent or visitor", because: ["O72", "M7"] },
  { value: "myself", label: "Myself", because: ["O101", "SM4.1"] },
  { value: "unknown", label: "Nobody I know of", because: ["O90", "SM-Gen"] },
];

export const places: Option[] = [
  { value: "classroom", label: "In a classroom", because: ["M3"] },
  { value: "playground", label: "On the playground", because: ["M3"] },
  { value: "washing", label: "Changing room, toilets or pool", because: ["M3"] },
  { value: "elsewhereOnSite", label: "Elsewhere in school", because: ["M3"] },
  { value: "trip", label: "On a trip, at an event or residential", because: ["M6", "SM5"] },
  { value: "online", label: "Online, in school or on a school device", because: ["M8"] },
  { value: "offSite", label: "Online, out of school", because: ["O125", "SM5"] },
];

export const categories: Option[] = [
  { value: "noUseArea", label: "Device used where children are", because: ["O21", "M3"] },
  { value: "abusiveMessage", label: "Abusive or inappropriate message", because: ["O23", "M3"] },
  { value: "deviceContent", label: "Offensive, illegal or unfit content on a device", because: ["O24", "M3"] },
  { value: "remoteTeaching", label: "Remote teaching on own equipment", because: ["O26", "M4", "M5"] },
  { value: "privatePhone", label: "Pupil or parent reached on a private phone", because: ["O34", "M5"] },
  { value: "privatePictures", label: "Pupils pictured or filmed on private equipment", because: ["O36", "M5"] },
  { value: "privateInLesson", label: "Private equipment used with pupils", because: ["O37", "M5"] },
  { value: "pupilPhone", label: "Pupil used a phone on site", because: ["O44", "M6"] },
  { value: "pupilNotOff", label: "Pupil's device not off or not handed in", because: ["O45", "O46", "M6"] },
  { value: "examDevice", label: "Device in an exam", because: ["O53", "M6"] },
  { value: "indecentImage", label: "Possible indecent image of a child", because: ["O58", "M6.1"] },
  { value: "harmful", label: "Content that may put somebody at risk", because: ["O61", "M6.1"] },
  { value: "offence", label: "Possible crime", because: ["O42", "O66", "M5", "M6.1"] },
  { value: "visitorDevice", label: "Visitor used a device where children are", because: ["O67", "O72", "M7"] },
  { value: "socialNearChildren", label: "Staff's own use outside breaks or near children", because: ["O91", "SM3"] },
  { value: "staffMisuse", label: "Misuse of social media by staff", because: ["O92", "O95", "SM3"] },
  { value: "workInformation", label: "Work information put on social media", because: ["O100", "SM4.1"] },
  { value: "roleConflict", label: "Content that does not fit a role at school", because: ["O96", "O101", "SM4.1"] },
  { value: "privateAccount", label: "Pupil or family reached from a private account", because: ["O102", "SM4.2"] },
  { value: "channelPrivate", label: "Private message from an official channel", because: ["O122", "SM-4off"] },
  { value: "channelContent", label: "Criticism or bad content on a channel", because: ["O123", "SM-4off"] },
  { value: "pupilSocial", label: "Pupil's own social media in school time", because: ["O124", "SM5"] },
  { value: "underAge", label: "Account below a service's age", because: ["O127", "O132", "SM5"] },
  { value: "bullying", label: "Bullying online", because: ["O90", "O129", "SM-Gen", "SM5"] },
  { value: "excessiveUse", label: "Unfit or excessive use", because: ["O88", "SM-Gen"] },
  { value: "other", label: "Something else", because: ["O90", "SM-Gen"] },
];

export const routes: Option[] = [
  { value: "behaviour", label: "Behaviour", because: ["O54", "O78", "O129", "M6.1", "SM7"] },
  { value: "childProtection", label: "Child protection", because: ["O54", "O61", "O78", "O129", "M6.1", "M9"] },
  { value: "allegations", label: "Allegations against staff", because: ["O41", "O95", "M5", "SM3"] },
  { value: "codeOfConduct", label: "Code of conduct", because: ["O41", "O78", "O90", "M5", "M9"] },
  { value: "antiBullying", label: "Anti-bullying", because: ["O23", "O54", "O129", "M3", "SM5"] },
  { value: "homeSchool", label: "Home–school agreement", because: ["O90", "SM-Gen"] },
  { value: "acceptableUse", label: "Acceptable use", because: ["O90", "SM-Gen"] },
  { value: "onlineSafety", label: "Online safety", because: ["O54", "O78", "M6.1", "M9"] },
];

export const severities: Option[] = [
  { value: "high", label: "High", because: ["O81", "M9"] },
  { value: "medium", label: "Medium", because: ["O81", "M9"] },
  { value: "low", label: "Low", because: ["O81", "M9"] },
];

export const offSiteTests: Option[] = [
  { value: "threat", label: "It threatens or harms a child", because: ["O125", "SM5"] },
  {
    value: "disruption",
    label: "It disrupts school, and the pupil is known to be ours",
    because: ["O125", "SM5"],
  },
  { value: "reputation", label: "It harms the school's good name", because: ["O125", "SM5"] },
];

export const measures: Option[] = [
  { value: "sanction", label: "Sanction", because: ["O79", "O131", "M9", "SM5"] },
  { value: "support", label: "Pastoral support", because: ["O79", "O131", "M9", "SM5"] },
  { value: "accessRemoved", label: "Access removed for a time", because: ["O88", "SM-Gen"] },
  { value: "warned", label: "Warned of what may follow", because: ["O96", "SM4.1"] },
  { value: "disciplinary", label: "Disciplinary procedure", because: ["O41", "O96", "M5", "SM4.1"] },
  { value: "legal", label: "Civil or legal action", because: ["O131", "SM5"] },
  { value: "none", label: "Nothing more is needed", because: ["O81", "M9"] },
];

export const examOutcomes: Option[] = [
  { value: "noPenalty", label: "No penalty", because: ["O53", "M6"] },
  { value: "warning", label: "Warning", because: ["O53", "M6"] },
  { value: "onePaper", label: "Withdrawn from this exam", because: ["O53", "M6"] },
  { value: "allPapers", label: "Withdrawn from all exams", because: ["O53", "M6"] },
];

/** What can be taken from somebody for a time. */
export const kindsOfAccess: Option[] = [
  { value: "schoolDevice", label: "School devices", because: ["O88", "SM-Gen"] },
  { value: "internet", label: "The school's internet", because: ["O88", "SM-Gen"] },
  { value: "socialMedia", label: "Social media on school equipment", because: ["O87", "O88", "SM-Gen"] },
  { value: "channel", label: "Running an official channel", because: ["O88", "SM-Gen"] },
  { value: "ownDevice", label: "An own device in school", because: ["O51", "O88", "M6", "SM-Gen"] },
];
