/** Rules, warnings, triggers, rosters, charts, the quick form and guests: what they name exists and can happen. */
import { isSensitive, lendsItself } from "./fields";
import { checkCondition, relatedType, typeOfValue } from "./checkCondition";
import { Checking, own } from "./checking";
import { checkTemplateText } from "./checkNotices";
import { checkMade } from "./checkMade";
import { checkOffset } from "./checkTimers";
import type { Action, Chart, Guests, Quick, RecordType, Roster, Trigger } from "./definition";
import { at } from "./shape";
import { isEvent } from "./who";

export function checkRules(checking: Checking): void {
  const { type } = checking;
  const guard = { tier: "guard" as const, type };
  for (const [name, rule] of Object.entries(type.rules ?? {})) {
    const path = at("rules", name);
    checkCondition(checking, rule.must, guard, at(path, "must"));
    if (rule.field !== undefined) checking.fieldNamed(rule.field, at(path, "field"));
    checking.each(rule.fields, at(path, "fields"), (field, place) => void checking.fieldNamed(field, place));
    checking.states(rule.in, at(path, "in"));
  }
  for (const [name, warning] of Object.entries(type.warnings ?? {})) {
    const path = at("warnings", name);
    checkCondition(checking, warning.when, guard, at(path, "when"));
    checkTemplateText(checking, warning.message, at(path, "message"));
    checking.states(warning.in, at(path, "in"));
  }
  for (const [name, trigger] of Object.entries(type.triggers ?? {}))
    checkTrigger(checking, trigger, at("triggers", name));
  for (const [name, roster] of Object.entries(type.rosters ?? {})) checkRoster(checking, roster, at("rosters", name));
  for (const [name, chart] of Object.entries(type.charts ?? {})) checkChart(checking, chart, at("charts", name));
  if (type.quick) checkQuick(checking, type.quick, "quick");
  if (type.guests) checkGuests(checking, type.guests, "guests");
}

function checkTrigger(checking: Checking, trigger: Trigger, path: string): void {
  const { type } = checking;
  checkCondition(checking, trigger.when, { tier: "guard", type }, at(path, "when"));
  checking.states(trigger.while, at(path, "while"));
  const place = at(path, "event");
  if (!checking.known("event", trigger.event, Object.keys(type.actions), place)) return;
  const action = type.actions[trigger.event];
  if (!action) return;
  if (!isEvent(action))
    checking.say(place, `${trigger.event} is done by people: an event has “who”: [{ "system": true }].`);
  // Sent again at every step for as long as it stays, it would never end.
  if (action.to === undefined || trigger.while.includes(action.to))
    checking.say(place, `${trigger.event} must lead out of the states in which it is asked for.`);
  if (trigger.while.includes(type.entries.new) && makesAnother(checking, action, type))
    checking.say(
      place,
      `${trigger.event} makes a record that at once makes another ${type.label}, and so on without end: let people or a timer do one of these.`,
    );
  for (const state of trigger.while)
    if (!action.from.includes(state)) checking.say(at(path, "while"), `${trigger.event} is not accepted in ${state}.`);
}

/** Does what this event makes come, through triggers of new records alone, to another record of the type? */
function makesAnother(checking: Checking, action: Action, type: RecordType, seen = new Set<string>()): boolean {
  return (action.effects ?? []).some((effect) => {
    if (!("create" in effect)) return false;
    if (effect.create.type === type.name) return true;
    const made = checking.linkedType(effect.create.type);
    if (!made || seen.has(made.name)) return false;
    seen.add(made.name);
    return Object.values(made.triggers ?? {}).some(({ event, while: states }) => {
      const next = states.includes(made.entries.new) ? own(made.actions, event) : undefined;
      return next !== undefined && makesAnother(checking, next, type, seen);
    });
  });
}

function checkRoster(checking: Checking, roster: Roster, path: string): void {
  const { type } = checking;
  if (!roster.of.length) checking.say(at(path, "of"), "Say who the members are.");
  roster.of.forEach((who, i) => checking.named(who, at(at(path, "of"), i)));
  roster.except?.forEach((who, i) => checking.who(who, at(at(path, "except"), i), "compared"));
  checking.states(roster.while, at(path, "while"));
  const made = checking.typeNamed(roster.type, at(path, "type"));
  if (!made) return;
  relatedType(checking, `${roster.type}.${roster.link}`, at(path, "link"));
  const [first] = Object.values(type.rosters ?? {}).filter(
    (other) => other.type === roster.type && other.link === roster.link,
  );
  // Whose a member's record is, only its link tells.
  if (first && first !== roster)
    checking.say(
      path,
      `“${first.label}” makes a ${made.label} by ${roster.link} too, and each would end the other’s: name all the members in one “of”, or give this one a link of its own.`,
    );
  if (made.fields[roster.link]?.kind === "links")
    checking.say(
      at(path, "link"),
      `${roster.link} holds several records, and each member's belongs to this one: name a link to one.`,
    );
  const person = checking.fieldNamed(roster.person, at(path, "person"), made);
  if (person && person.kind !== "person") checking.say(at(path, "person"), `${roster.person} holds no one person.`);
  if (roster.per) {
    const kept = checking.fieldNamed(roster.per.field, at(path, "per.field"), made);
    if (kept && (kept.kind !== "text" || isSensitive(kept)))
      checking.say(
        at(path, "per.field"),
        `${roster.per.field} must be a text: it keeps which set a record belongs to.`,
      );
    typeOfValue(checking, roster.per.value, { tier: "guard", type }, at(path, "per.value"));
  }
  const given = [roster.link, roster.person, ...(roster.per ? [roster.per.field] : [])];
  checkMade(checking, made, roster.fields ?? {}, { tier: "guard", type, byItself: true }, at(path, "fields"), given);
  for (const name of given)
    if (made.fields[name]?.unique)
      checking.say(path, `${name} is unique, and several members' records hold the same: leave “unique” out there.`);
  if (roster.left === undefined) return;
  if (!checking.known("event", roster.left, Object.keys(made.actions), at(path, "left"))) return;
  const action = made.actions[roster.left];
  if (action && (!isEvent(action) || action.to === undefined || !made.states[action.to]?.end))
    checking.say(at(path, "left"), `${roster.left} must be an event that ends a ${made.label}.`);
}

function checkChart(checking: Checking, chart: Chart, path: string): void {
  const { type } = checking;
  if ((chart.by === undefined) === (chart.over === undefined))
    checking.say(path, "Say what is counted: “by” a field, or “over” the months of a date.");
  if (chart.by !== undefined) checkCounted(checking, chart.by, at(path, "by"));
  if (chart.over !== undefined) checking.dateField(chart.over, at(path, "over"));
  if (chart.where) checkCondition(checking, chart.where, { tier: "row", type }, at(path, "where"));
  checking.each(chart.for, at(path, "for"), (name, place) => checking.role(name, place));
}

export function checkCounted(checking: Checking, by: string, path: string): void {
  const field = by === "state" ? undefined : checking.fieldNamed(by, path);
  if (field && (!lendsItself(field, "charted") || isSensitive(field)))
    checking.say(path, `Records are not counted by ${by}, which is ${field.kind}.`);
}

function checkQuick(checking: Checking, quick: Quick, path: string): void {
  const { type } = checking;
  checking.each(quick.fields, at(path, "fields"), (name, place) => void checking.fieldNamed(name, place));
  for (const [name, field] of Object.entries(type.fields))
    if (field.required === true && field.default === undefined && !quick.fields.includes(name))
      checking.say(at(path, "fields"), `${field.label} (${name}) is needed and not asked for.`);
}

function checkGuests(checking: Checking, guests: Guests, path: string): void {
  const { type } = checking;
  checking.each(guests.to, at(path, "to"), (name, place) => checking.personField(name, place, { parties: true }));
  guests.by.forEach((who, i) => checking.who(who, at(at(path, "by"), i), "persons"));
  checking.each(guests.shows, at(path, "shows"), (name, place) => {
    const field = checking.fieldNamed(name, place);
    if (field && isSensitive(field))
      checking.say(place, `${name} is kept from whoever need not know it: it cannot stand on a guest's page.`);
  });
  checkOffset(checking, guests.within, at(path, "within"), "after");
  if (!guests.actions.length) checking.say(at(path, "actions"), "Say what a guest may answer.");
  checking.each(guests.actions, at(path, "actions"), (name, place) => {
    if (!checking.known("action", name, Object.keys(type.actions), place)) return;
    const action = type.actions[name];
    if (!action) return;
    if (isEvent(action)) checking.say(place, `${name} comes by itself: nobody does it by hand.`);
    for (const asked of action.form ?? []) {
      const field = action.asks?.[asked] ?? type.fields[asked];
      if (field && !lendsItself(field, "answered"))
        checking.say(place, `${name} asks for ${asked}, which is ${field.kind}: a guest's page cannot.`);
    }
  });
  if (guests.text !== undefined) checkGuestText(checking, guests.text, at(path, "text"));
}

function checkGuestText(checking: Checking, text: string, path: string): void {
  const [first = "", second] = text.split(".");
  const link = second === undefined ? undefined : checking.fieldNamed(first, path);
  if (second !== undefined && link?.kind !== "link") {
    if (link) checking.say(path, `${first} is no link to one record.`);
    return;
  }
  const owner = link?.kind === "link" ? checking.linkedType(link.to) : checking.type;
  const document = owner && checking.fieldNamed(second ?? first, path, owner);
  if (document && document.kind !== "document") checking.say(path, `${text} is no text, but ${document.kind}.`);
}
