/** Whom a step tells: one notice per person. */
import { calendar } from "../calendar";
import type { NoticeRule } from "../definition";
import { mailedAt } from "../mailing";
import { shownDay } from "../templateValues";
import { render, renderMarkdown, templateScope } from "../templates";
import { shorten } from "../text";
import type { TaskRow } from "../record";
import { barred, personsOf, withHolders } from "../who";
import type { Decision } from "./decision";

/** One notice per recipient. Returns their names. */
export function notify(
  d: Decision,
  rule: NoticeRule,
  about: { cause: string; because: string[]; dueOn: string | null },
  more: object = {},
): string[] {
  const template = d.type.notices?.[rule.template];
  if (!template) return [];
  d.retitle();
  const kept = barred(d.type, d.record, d.facts);
  // Who has done their part of a task sees it as long as it is open, and is told no more that it is to be done.
  const left = ({ holders, doneBy }: TaskRow) => holders.filter((person) => !doneBy.includes(person));
  const named = personsOf(rule.to, d.record, withHolders(d.facts, d.record, rule.to, left));
  const persons = named.filter((person) => !kept.has(person));
  // A field of the record goes before what every notice offers by the same name.
  const cal = calendar(d.facts.calendar);
  const due = about.dueOn ?? cal.dateOf(d.input.now);
  const scope = { due: shownDay(due), ...more, ...templateScope(d.type, d.record, d.facts) };
  const { school, mailing } = d.facts;
  const on = template.calendar ? d.dayIn(template.calendar.field) : null;
  for (const person of persons) {
    const own = { person: { name: d.facts.names[person] ?? "" }, ...scope };
    d.change.notices.push({
      id: d.input.newId(),
      organisation: d.record.organisation,
      type: d.type.name,
      record: d.record.id,
      ...about,
      person,
      template: rule.template,
      subject: shorten(render(template.subject, own) || d.record.reference, 500),
      body: renderMarkdown(template.body, own),
      sendAt: rule.urgent ? d.now : new Date(mailedAt(cal, d.input.now, school.mail, mailing[person])).toISOString(),
      urgent: rule.urgent ?? false,
      calendar:
        template.calendar && on !== null
          ? {
              on,
              summary: shorten(render(template.calendar.summary, own) || d.record.reference, 200),
              uid: `${d.record.id}.${template.calendar.field}`,
            }
          : null,
    });
  }
  return persons.map((person) => d.facts.names[person] ?? "somebody");
}
