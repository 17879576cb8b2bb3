/**
 * The forms of `Anchor`: what a clock is counted from. Everything that the language says of a form stands in its entry, and
 * the compiler asks for an entry for each.
 */
import { calendar } from "../calendar";
import { isInstantOfAll } from "../condition";
import { dueOn, parsePartialDate } from "../dates";
import type { Anchor, Anchors, RecordType } from "../definition";
import { openTasks } from "../missing";
import type { Facts, RecordData } from "../record";
import { at, isTrue, keyed, listOf, object, optional, type Shape, shapesOf, text } from "../shape";
import type { Checker } from "./checker";
import { linkedBy } from "./who";

/** One of those of which the first counts, or the only one. */
export type OneAnchor = Exclude<Anchor, Anchors["earliestOf"]>;

export interface AnchorPoint {
  /** With step and n, the occurrence. Of a task it begins with its id, which `taskCounted` reads. */
  value: string;
  /** Local date counted from. */
  date: string;
  /** Present where the anchor is an instant: hours and minutes count from it. */
  at?: number;
}

/** Another type of the definition, by name. */
type TypeNamed = (name: string) => RecordType | undefined;

interface AnchorForm<A> {
  shape: Shape<A>;
  check(anchor: A, path: string, checking: Checker): void;
  /** Undefined where there is nothing to count from yet. */
  point(anchor: A, record: RecordData, facts: Facts): AnchorPoint | undefined;
  /** Does it give an instant, from which hours can be counted, and not just a day? */
  isInstant(anchor: A, type: RecordType, typeNamed: TypeNamed): boolean;
  /** Does a change of this field of the record move it? */
  isMovedBy(anchor: A, field: string, type: RecordType): boolean;
  /** The date of another record that it reads. */
  reads?(anchor: A): Anchors["link"];
}

const forms: { [K in keyof Anchors]: AnchorForm<Anchors[K]> } = {
  earliestOf: {
    shape: object({ earliestOf: listOf((...args) => singleShape(...args)) }),
    check({ earliestOf }, path, checking) {
      if (earliestOf.length < 2) checking.say(at(path, "earliestOf"), "Name at least two to choose from.");
      earliestOf.forEach((one, i) => checkAnchor(one, at(at(path, "earliestOf"), i), checking));
    },
    point({ earliestOf }, record, facts) {
      const cal = calendar(facts.calendar);
      const when = (point: AnchorPoint) => point.at ?? cal.at(point.date, "00:00");
      const points = earliestOf.flatMap((one) => anchorPoint(one, record, facts) ?? []);
      return points.sort((a, b) => when(a) - when(b))[0];
    },
    isInstant: ({ earliestOf }, type, typeNamed) => earliestOf.every((one) => isInstant(one, type, typeNamed)),
    isMovedBy: ({ earliestOf }, field, type) => earliestOf.some((one) => isMovedBy(one, field, type)),
  },
  link: {
    shape: object({ link: text, field: text }),
    check({ link, field }, path, checking) {
      const found = checking.fieldNamed(link, at(path, "link"));
      if (!found) return;
      if (found.kind !== "link") return checking.say(at(path, "link"), `${link} is no link to one record.`);
      const linked = checking.linkedType(found.to);
      if (linked) checking.dateField(field, at(path, "field"), linked);
    },
    point({ link, field }, record, facts) {
      const linked = linkedBy(link, record, facts);
      const value = linked ? dateIn(linked, field) : null;
      return linked && value ? datePoint(`${linked.id}:${value}`, value, facts) : undefined;
    },
    isInstant({ link, field }, { fields }, typeNamed) {
      const found = Object.hasOwn(fields, link) ? fields[link] : undefined;
      return isInstantField(field, found?.kind === "link" ? typeNamed(found.to) : undefined);
    },
    isMovedBy: ({ link }, field) => link === field,
    reads: (anchor) => anchor,
  },
  field: {
    shape: object({ field: text }),
    check: ({ field }, path, checking) => checking.dateField(field, at(path, "field")),
    point({ field }, record, facts) {
      const value = dateIn(record, field);
      return value ? datePoint(value, value, facts) : undefined;
    },
    isInstant: ({ field }, type) => isInstantField(field, type),
    // Whatever changes moves the last change.
    isMovedBy: ({ field }, changed) => field === "updatedAt" || field === changed,
  },
  state: {
    shape: object({ state: text }),
    check: ({ state }, path, checking) =>
      void checking.known("state", state, Object.keys(checking.type.states), at(path, "state")),
    point({ state }, { entered }, facts) {
      const entry = entered[state];
      return entry && instantPoint(`${state}#${entry.visit}`, entry.at, facts);
    },
    isInstant: () => true,
    isMovedBy: () => false,
  },
  task: {
    shape: object({ task: text, due: optional(isTrue) }),
    check({ task, due }, path, checking) {
      const { tasks = {} } = checking.type;
      checking.known("task", task, Object.keys(tasks), at(path, "task"));
      if (due && tasks[task] && !tasks[task].due)
        checking.say(at(path, "due"), `The task ${task} is not due on any day.`);
    },
    point({ task: name, due }, record, facts) {
      const task = openTasks(facts, record).find((open) => open.rule === name && open.state === "open");
      if (!task || !due) return task && instantPoint(task.id, task.openedAt, facts);
      return task.dueOn === null ? undefined : datePoint(`${task.id}:${task.dueOn}`, task.dueOn, facts);
    },
    isInstant: ({ due }) => !due,
    isMovedBy({ task, due }, changed, type) {
      const rule = due && type.tasks?.[task]?.due;
      return rule !== undefined && "field" in rule && (rule.field === changed || rule.field === "updatedAt");
    },
  },
};

const { earliestOf: _several, ...single } = forms;
const tags = Object.keys(forms) as (keyof Anchors)[];
/** A linked record's date has a field as well: the first key that is there tells the form. */
const formOf = (anchor: Anchor): Omit<AnchorForm<Anchor>, "shape"> =>
  forms[tags.find((tag) => tag in anchor) ?? "field"] as Omit<AnchorForm<Anchor>, "shape">;

const singleShape = keyed(shapesOf<Omit<Anchors, "earliestOf">>(single), "an anchor");
export const anchorShape = keyed(shapesOf<Anchors>(forms), "an anchor");

export const checkAnchor = (anchor: Anchor, path: string, checking: Checker): void =>
  formOf(anchor).check(anchor, path, checking);
export const anchorPoint = (anchor: Anchor, record: RecordData, facts: Facts): AnchorPoint | undefined =>
  formOf(anchor).point(anchor, record, facts);
export const isInstant = (anchor: Anchor, type: RecordType, typeNamed: TypeNamed): boolean =>
  formOf(anchor).isInstant(anchor, type, typeNamed);
/** Does a change of this field of the record move it? */
export const isMovedBy = (anchor: Anchor, field: string, type: RecordType): boolean =>
  formOf(anchor).isMovedBy(anchor, field, type);
/** The date of another record that it reads; undefined for none. */
export const linkedDate = (anchor: OneAnchor): Anchors["link"] | undefined => formOf(anchor).reads?.(anchor);

/** What a rule is counted from: one, or each of those of which the first counts. */
export const anchorsOf = (anchor: Anchor): OneAnchor[] => ("earliestOf" in anchor ? anchor.earliestOf : [anchor]);

/** The id of the task that a point of this anchor was counted from; undefined where it was counted from something else. */
export const taskCounted = (anchor: Anchor, value: string): string | undefined =>
  anchorsOf(anchor).some((one) => "task" in one) ? /^(\w{26})(?::|$)/.exec(value)?.[1] : undefined;

/** The whole date that a point was counted from, of the record, a linked one or a task; null for an instant. */
export const dateCounted = (value: string): string | null => /(?:^|:)(\d{4}-\d{2}-\d{2})$/.exec(value)?.[1] ?? null;

/** A date or an instant of a record, its creation and its last change among them; null where it is empty. */
export function dateIn(record: RecordData, name: string): string | null {
  const value = isInstantOfAll(name) ? record[name] : record.fields[name];
  return typeof value === "string" && value ? value : null;
}

const isInstantField = (field: string, type: RecordType | undefined): boolean =>
  isInstantOfAll(field) ||
  (type !== undefined && Object.hasOwn(type.fields, field) && type.fields[field]?.kind === "dateTime");

function instantPoint(value: string, iso: string, facts: Facts): AnchorPoint {
  const instant = Date.parse(iso);
  return { value, date: calendar(facts.calendar).dateOf(instant), at: instant };
}

const datePoint = (value: string, date: string, facts: Facts): AnchorPoint =>
  parsePartialDate(date) ? { value, date: dueOn(date) } : instantPoint(value, date, facts);
