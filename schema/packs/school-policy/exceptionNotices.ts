/** The mail about exceptions: what to do first, then why. None says anything of anybody's health. */
import type { NoticeTemplate } from "../../definition";

const open = "[Open it]({{ url }})";
const mail = (subject: string, ...paragraphs: string[]): NoticeTemplate => ({
  subject,
  body: paragraphs.join("\n\n"),
  because: ["O50", "O105", "M3"],
});

export const exceptionNotices: Record<string, NoticeTemplate> = {
  toAssess: mail(
    "Please assess the risk by {{ due | date }}: {{ recordTitle }}",
    "{{ requestedBy }} asks for an exception: {{ what }}. Please assess its risk and write the terms it would be on.",
    open,
    "Only a low risk can be granted (Mobile policy, section 3), so say what would make it less.",
  ),
  toDecide: mail(
    "Please decide by {{ due | date }}: {{ recordTitle }}",
    "The risk of what {{ requestedBy }} asks has been assessed: {{ what }}. Read the terms, then grant it, refuse it or send it back.",
    open,
    "The headteacher decides; where the headteacher asks, benefits or is involved, the chair does.",
  ),
  stillOpen: mail(
    "Still waiting: {{ recordTitle }}",
    "{{ what }} was due to be dealt with and is not. Whoever asked is waiting, and may not use it meanwhile.",
    open,
  ),
  moreNeeded: mail(
    "More is needed: {{ recordTitle }}",
    "Before it can be decided, something more is needed of you. The page says what.",
    open,
    "It lapses where nothing comes for some weeks; you can then ask anew.",
  ),
  refused: mail(
    "Not granted: {{ recordTitle }}",
    "What you asked has not been granted. Reasons: {{ reasons }}",
    open,
    "Please go by the policy as it stands. You can ask anew if something changes.",
  ),
  terms: mail(
    "Please read and agree to the terms by {{ due | date }}: {{ recordTitle }}",
    "It has been granted from {{ startsOn | date }} until {{ until | date }}, on terms. It is not in force before you have agreed to them.",
    "[Read the terms]({{ url }})",
    "You can ask a question there, or say that you do not agree and why. The office can also record a signature on paper.",
  ),
  question: mail(
    "Please answer by {{ due | date }} a question about the terms: {{ recordTitle }}",
    "{{ questionBy }} has read the terms and asks something before agreeing to them.",
    "[Read the question and answer it]({{ url }})",
    "It is not in force before the terms are agreed to.",
  ),
  answered: mail(
    "Your question was answered: {{ recordTitle }}",
    "What you asked about the terms has been answered. Read the answer, then say whether you agree.",
    "[Read the answer]({{ url }})",
    "It is not in force before you have agreed.",
  ),
  declined: mail(
    "The terms were declined: {{ recordTitle }}",
    "The terms were not agreed to, so it is not in force. Change them, or refuse it.",
    open,
  ),
  began: mail(
    "In force from today: {{ recordTitle }}",
    "It is in force until {{ until | date }}, and ends by itself then.",
    "[Read the terms]({{ url }})",
    "You get this message because you use it, agreed to it or must know of it.",
  ),
  ending: mail(
    "Ends on {{ until | date }}: {{ recordTitle }}",
    "It ends by itself on {{ until | date }}. If it is still needed, ask for an extension now: that is a new decision, and takes some days.",
    open,
  ),
  ended: mail(
    "No longer in force: {{ recordTitle }}",
    "It has ended: please go by the policy as it stands. {{ endReason }}",
    open,
    "Whoever was told of its beginning gets this message too.",
  ),
  neverBegan: mail(
    "Does not come into force: {{ recordTitle }}",
    "It was granted, but has not begun and will not: please go by the policy as it stands. {{ endReason }}",
    open,
    "You can ask anew if it is still needed.",
  ),
  suspended: mail(
    "Stop for now: {{ recordTitle }}",
    "Its risk is no longer low, so it is suspended until it has been decided anew. Please do not use it meanwhile.",
    open,
  ),
  resumed: mail(
    "In force again: {{ recordTitle }}",
    "It has been decided anew and is in force again until {{ until | date }}.",
    open,
  ),
  emergency: mail(
    "Allowed at once: {{ recordTitle }}",
    "{{ emergencyBy }} has allowed it because it could not wait: {{ what }}. It holds for a day at most, or until it is decided.",
    open,
    "If it is refused afterwards, it ends at once. What was done under it until then is kept on the record.",
  ),
  decideEmergency: mail(
    "Please decide by {{ due | date }} on what was allowed in an emergency: {{ recordTitle }}",
    "{{ emergencyBy }} has allowed this because it could not wait: {{ what }}. Say whether it was right, and whether it should go on.",
    open,
    "If you refuse it, it ends at once and those who use it are told.",
  ),
  emergencyOver: mail(
    "The day is over: {{ recordTitle }}",
    "What was allowed in an emergency has run out, and is not in force until it has been decided. Please go by the policy as it stands.",
    open,
  ),
};
