/** Notices and the templates of titles, labels and mail: they parse, and what they name exists. */
import { Checking } from "./checking";
import { templateNames, templateProblem } from "./checkTemplate";
import type { Field, NoticeRule } from "./definition";
import { isFile, inheritedBy } from "./fields";
import { at } from "./shape";
import { isEvent } from "./who";

/** What every record offers to its templates, beside its fields: see templateScope. */
const ofEveryRecord = ["reference", "state", "recordTitle", "school", "url"];
/** What a notice has besides: who gets it, and when it is due. */
const ofNotices = ["due", "person"];
/** What it has where it tells of a sealed field's opening: who opened it, and why. */
const ofOpenings = ["by", "reason"];
const parts: Record<string, string[]> = { school: ["name"], person: ["name"] };

export function checkNotices(checking: Checking): void {
  const { type } = checking;
  checkTemplateText(checking, type.title, "title", []);
  for (const name of templateNames(type.title) ?? []) {
    if (type.fields[name]?.sensitive) checking.say("title", `“${name}” is sensitive: it cannot stand in the title.`);
  }
  const ofOpening = new Set(Object.values(type.fields).flatMap(({ tells }) => (tells ? [tells.template] : [])));
  for (const [name, { subject, body, calendar }] of Object.entries(type.notices ?? {})) {
    const path = at("notices", name);
    const offered = ofOpening.has(name) ? [...ofNotices, ...ofOpenings] : ofNotices;
    checkTemplateText(checking, subject, at(path, "subject"), offered);
    checkTemplateText(checking, body, at(path, "body"), offered);
    if (!calendar) continue;
    checking.dateField(calendar.field, at(path, "calendar.field"));
    checkTemplateText(checking, calendar.summary, at(path, "calendar.summary"), offered);
  }
  checkBounces(checking);
  checkFaults(checking);
}

/** What the engine makes of mail that comes back has the fields for it, and an event that another address sends. */
function checkBounces(checking: Checking): void {
  const { bounces } = checking.type;
  if (!bounces) return;
  const { changed, ...holds } = bounces;
  const kinds = { person: ["person"], address: ["text"], reason: ["text", "longText"] };
  checkMadeByEngine(checking, "bounces", holds, kinds);
  checkSentByEngine(checking, changed, at("bounces", "changed"));
}

/** The same of what it makes of faults. */
function checkFaults(checking: Checking): void {
  const { faults } = checking.type;
  if (!faults) return;
  checkMadeByEngine(checking, "faults", { what: faults.what }, { what: ["text", "longText"] });
  checkSentByEngine(checking, faults.settled, at("faults", "settled"));
}

/** `holds`: the fields that the engine fills, by part; `kinds`: what each may be. Nothing else is required. */
function checkMadeByEngine(
  checking: Checking,
  property: string,
  holds: Record<string, string>,
  kinds: Record<string, string[]>,
): void {
  for (const [part, name] of Object.entries(holds)) {
    const path = at(property, part);
    const field = checking.fieldNamed(name, path);
    const wanted = kinds[part] ?? [];
    if (field && !wanted.includes(field.kind))
      checking.say(path, `${name} holds ${field.kind}; here it must hold ${wanted.join(" or ")}.`);
  }
  for (const [name, field] of Object.entries(checking.type.fields))
    if (field.required === true && !Object.values(holds).includes(name))
      checking.say(property, `${field.label} is required, and nobody is there to fill it in.`);
}

function checkSentByEngine(checking: Checking, event: string, path: string): void {
  const { actions } = checking.type;
  if (!checking.known("event", event, Object.keys(actions), path)) return;
  const action = actions[event];
  if (action && !isEvent(action))
    checking.say(path, `${event} is done by people: an event has “who”: [{ "system": true }].`);
}

/** A Liquid template over the record, and over `more` names. */
export function checkTemplateText(checking: Checking, template: string, path: string, more: string[] = []): void {
  const problem = templateProblem(template);
  if (problem) return checking.say(path, `The template cannot be read: ${problem}.`);
  const { fields } = checking.type;
  const known = [...Object.keys(fields), ...ofEveryRecord, ...more];
  for (const name of templateNames(template) ?? []) {
    const [first = "", ...inner] = name.split(".");
    if (!checking.known("value", first, known, path)) continue;
    const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
    if (field) checkShown(checking, first, field, path);
    const offered = field ? partsOfField(field) : (parts[first] ?? []);
    for (const part of inner)
      if (!offered.includes(part))
        checking.say(path, `“${name}” has no meaning in a template: ${first} has no ${part} here.`);
  }
}

/** What a value offers to a template beside itself: "risk.level", "lines.size", "lines.first.amount". */
function partsOfField(field: Field): string[] {
  const ofLists = ["size", "first", "last"];
  if (field.kind === "riskGrid") return ["likelihood", "impact", "level", "mitigations"];
  if (field.kind === "list") return [...ofLists, ...Object.keys(field.of)];
  return ["choices", "people", "roles", "links"].includes(field.kind) ? ofLists : [];
}

/** What a template shows is kept and mailed as it is, to whoever its rule names. */
function checkShown(checking: Checking, name: string, field: Field, path: string): void {
  if (field.sealed) checking.say(path, `“${name}” is sealed: nothing shows it but opening it.`);
  else if (field.see)
    checking.say(
      path,
      `“${name}” may be seen by some only, and others read this. Leave it out, and let them open the record.`,
    );
  if (isFile(field)) checking.say(path, `“${name}” holds files: they have no words for a template.`);
  const linked = (field.kind === "link" || field.kind === "links") && checking.linkedType(field.to);
  if (linked && linked.confidential && inheritedBy(checking.type) !== name)
    checking.say(path, `“${name}” leads to a confidential ${linked.label}: its title cannot stand here.`);
}

export function checkNotice(checking: Checking, notice: NoticeRule, path: string): void {
  if (!notice.to.length) checking.say(at(path, "to"), "Say who gets this notice.");
  notice.to.forEach((who, i) => checking.named(who, at(at(path, "to"), i)));
  checking.known("notice template", notice.template, Object.keys(checking.type.notices ?? {}), at(path, "template"));
}
