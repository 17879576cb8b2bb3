/**
 * What definitions mean. `step` is pure: a definition, a record, an event, facts, an actor and now give the change to
 * write. Throws Failure: FORBIDDEN, WRONG_STATE, INVALID_INPUT, STALE (another text was read), NOT_FOUND (no such action).
 */
import { valueOf } from "../condition";
import { Failure, type Problem } from "../failure";
import { fitted, isEmpty } from "../fields";
import type { Change, StepEvent, StepInput } from "../record";
import { mayEditField, maySeeField, namesOf, requiredProblems } from "../refusals";
import { brokenRules, countsOthers, ruleProblem, ruleProblems } from "../rules";
import { listed, lower } from "../text";
import { movesTimers } from "../timers";
import { personsOf } from "../who";
import { Decision } from "./decision";
import { act, enter } from "./actions";
import { deriveClocks } from "./clocks";
import { fire } from "./fire";
import { becauseOf, changedValues, countVersion, sayChanged } from "./history";
import { notify } from "./notices";
import { fillRosters } from "./rosters";
import { movesTasks, reviseTasks, tick } from "./tasks";
import { attach, setTexts, takeAsInForce } from "./texts";
import { pullTriggers } from "./triggers";

/** Decides everything one event does to one record. */
export function step(input: StepInput): Change {
  const decision = new Decision(input);
  const { event } = input;
  switch (event.kind) {
    case "create":
      create(decision, event);
      break;
    case "update":
      update(decision, event);
      break;
    case "action":
      act(decision, event);
      break;
    case "timer":
      fire(decision, event.timer);
      break;
    case "task":
      tick(decision, event.task, event.comment);
      break;
    case "open":
      open(decision, event.field, event.reason);
      break;
    case "rederive":
      decision.reason = event.reason;
  }
  return finish(decision);
}

function create(d: Decision, event: Extract<StepEvent, { kind: "create" }>): void {
  const state = event.entry === "imported" ? (d.type.entries.imported ?? d.type.entries.new) : d.type.entries.new;
  const scope = d.scope();
  attach(d, d.type.fields, event.values);
  for (const [name, field] of Object.entries(d.type.fields)) {
    const given = event.values[name] ?? (field.default === undefined ? null : valueOf(field.default, scope));
    d.record.fields[name] = fitted(field, given);
  }
  setTexts(d, event.texts);
  // Empty required fields of an import are findings for a person, not refusals.
  if (event.entry === "new") d.refuse(requiredProblems(d.type, d.record, d.scope(), "input"));
  d.change.changed = Object.keys(d.type.fields).filter((name) => !isEmpty(d.record.fields[name]));
  d.record.state = state;
  // What a paper says of itself is a finding too; what it would do to other records is refused.
  const broken = brokenRules(d.type, d.scope(), d.change.changed, true);
  const refusing = event.entry === "new" ? broken : broken.filter(({ must }) => countsOthers(must));
  d.refuseMade(refusing.map((rule) => ruleProblem(d.type, rule)));
  d.change.doubts = broken.map((rule) => ruleProblem(d.type, rule));
  if (event.entry === "imported") takeAsInForce(d, state);
  d.retitle();
  d.note(event.entry === "imported" ? "imported" : "created", `entry:${event.entry}`, d.type.because ?? [], {
    summary: event.origin ?? `${d.type.label} created`,
    detail: { values: changedValues(d) },
  });
  enter(d, state);
}

function update(d: Decision, event: Extract<StepEvent, { kind: "update" }>): void {
  const scope = d.scope();
  const before = { ...d.record, fields: { ...d.record.fields } };
  const problems: Problem[] = [];
  for (const name of [...Object.keys(event.values), ...Object.keys(event.texts)]) {
    const field = d.type.fields[name];
    if (field && !mayEditField(field, scope, d.facts, d.record, d.input.actor))
      problems.push({ path: `input.${name}`, message: `${field.label} cannot be changed ${d.whileState()}.` });
  }
  d.refuse(problems);
  attach(d, d.type.fields, event.values);
  d.setFields(event.values);
  setTexts(d, event.texts);
  d.refuse(requiredProblems(d.type, d.record, d.scope(), "input", { before, changed: d.change.changed }));
  if (!d.change.changed.length) return;
  d.refuse(ruleProblems(d.type, d.scope(), d.change.changed, false));
  const labels = d.change.changed.map((name) => d.type.fields[name]?.label ?? name);
  d.note("updated", "update", becauseOf(d, d.change.changed), {
    summary: `${listed(labels)} changed`,
    detail: { values: changedValues(d), ...(event.reason ? { reason: event.reason } : {}) },
  });
  d.reason = `${listed(labels).toLowerCase()} changed`;
}

/** Somebody reads what is sealed: the history says so, and those are told whom the field names. */
function open(d: Decision, name: string, reason: string): void {
  const field = d.type.fields[name];
  if (!field?.sealed) throw new Failure("NOT_FOUND", `There is no sealed field “${name}”.`);
  if (!maySeeField(field, d.record, d.facts, d.input.actor)) {
    const who = namesOf(personsOf(field.see ?? [], d.record, d.facts), d.facts);
    throw new Failure("FORBIDDEN", `${field.label} is opened by ${who}.`);
  }
  if (isEmpty(d.record.fields[name])) throw new Failure("WRONG_STATE", `Nothing is held under ${lower(field.label)}.`);
  const because = field.because ?? [];
  const opening = { by: d.input.actor.name, reason };
  const told = field.tells
    ? notify(d, field.tells, { cause: `opened:${d.input.newId()}`, because, dueOn: null }, opening)
    : [];
  d.note("opened", `open:${name}`, because, {
    summary: `${field.label} opened`,
    detail: { field: name, reason, told },
  });
}

/** What follows from whatever has been decided. */
function finish(d: Decision): Change {
  // Reading a sealed field changes nothing but the history.
  if (d.input.event.kind === "open") return countVersion(d);
  pullTriggers(d);
  d.retitle();
  sayChanged(d);
  // Most edits set nothing going: the engine reads neither tasks nor clocks for those that can move none.
  const edited = d.input.event.kind === "update" ? d.change.changed : undefined;
  if (!edited || d.goesOn || movesTasks(d.type, edited)) reviseTasks(d);
  fillRosters(d);
  if (!edited || d.goesOn || movesTimers(d.type, edited)) deriveClocks(d);
  return countVersion(d);
}
