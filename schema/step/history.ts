/** What the history is told of a change. */
import type { Action, Field } from "../definition";
import { filesIn, isEmpty, isFile, isSensitive } from "../fields";
import type { Change, Fields, FieldValue, FileBrief } from "../record";
import type { Decision } from "./decision";

type Told = FieldValue | FileBrief | FileBrief[];

export function becauseOf(d: Decision, names: string[]): string[] {
  return [...new Set(names.flatMap((name) => d.type.fields[name]?.because ?? []))].slice(0, 12);
}

/** [from, to] by field. Sensitive values and texts are not repeated: a text is its hash. */
export function changedValues(d: Decision): Record<string, [Told, Told]> {
  return Object.fromEntries(
    d.change.changed.map((name) => {
      const field = d.type.fields[name];
      const told = (value: FieldValue | undefined): Told =>
        field && isSensitive(field) ? "(kept confidential)" : asTold(d, field, value ?? null);
      return [name, [told(d.change.before?.fields[name]), told(d.record.fields[name])]];
    }),
  );
}

export function toldAnswers(d: Decision, { asks }: Action, answers: Fields): Record<string, Told> {
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, asTold(d, asks?.[name], value)]));
}

/** A value as the history keeps it: files by name and hash, since they may be gone from the record when it is read. */
function asTold(d: Decision, field: Field | undefined, value: FieldValue): Told {
  if (isEmpty(value) || !isFile(field)) return value;
  const known = "files" in d.input.event ? (d.input.event.files ?? []) : [];
  const files = filesIn(field, value).flatMap((id) => known.find((file) => file.id === id) ?? []);
  return field?.kind === "file" ? (files[0] ?? null) : files;
}

/**
 * Last changed: when somebody last did something here, or a rule changed what it holds or its state. A clock that only
 * tells or opens a task is no change, or one that counts from the last change would set itself going again.
 */
export function sayChanged(d: Decision): void {
  const { changed, before, history } = d.change;
  const done = history.some(({ kind }) => !["opened", "timer", "moved", "event"].includes(kind));
  if (done || changed.length || before?.state !== d.record.state) d.record.updatedAt = d.now;
}

/** Counts the version, where anything of it has changed. */
export function countVersion(d: Decision): Change {
  const { change } = d;
  const stateChanged = change.before?.state !== d.record.state;
  if (change.before && (change.changed.length || stateChanged)) d.record.version++;
  // So that a later edit can tell what changed since the version it was read at.
  for (const entry of change.history) entry.detail["version"] = d.record.version;
  return change;
}
