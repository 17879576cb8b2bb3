/** Texts and files: a new version, one put in force, and files that come to belong to the record. */
import type { Field } from "../definition";
import { Failure, invalid } from "../failure";
import { filesIn } from "../fields";
import type { DocumentValue, Fields, NewText } from "../record";
import type { Decision } from "./decision";

export function setTexts(d: Decision, texts: Record<string, NewText>): void {
  for (const [field, text] of Object.entries(texts)) {
    const before = d.record.fields[field] as DocumentValue | null | undefined;
    if (before?.latest.hash === text.hash) continue;
    const version = { id: text.id, hash: text.hash, number: (before?.latest.number ?? 0) + 1 };
    d.record.fields[field] = { ...before, latest: version };
    d.facts.texts[version.id] = text.text;
    d.change.documents.push({ field, version: { ...version, text: text.text } });
    d.touch(field);
  }
}

export function putInForce(d: Decision, name: string, textHash: string | undefined): void {
  const value = d.record.fields[name] as DocumentValue;
  if (!textHash)
    throw invalid([{ path: "input.textHash", message: "The text that was read must be named by its hash." }]);
  if (textHash !== value.latest.hash)
    throw new Failure("STALE", "The text has changed since you read it. Read it again, then decide.", [
      { path: "input.textHash", message: "This is the hash of another version." },
    ]);
  d.change.inForce.push({ field: name, version: value.latest.id });
  d.record.fields[name] = { ...value, inForce: value.latest };
  d.touch(name);
}

/** A record imported into a state that is reached by ratifying a text holds that text in force. */
export function takeAsInForce(d: Decision, state: string): void {
  for (const { to, ratifies } of Object.values(d.type.actions)) {
    const value = ratifies === undefined ? null : (d.record.fields[ratifies] as DocumentValue | null);
    if (to !== state || ratifies === undefined || !value || value.inForce) continue;
    d.change.inForce.push({ field: ratifies, version: value.latest.id });
    d.record.fields[ratifies] = { ...value, inForce: value.latest };
  }
}

/** Files that were not in their field before come to belong to the record. */
export function attach(d: Decision, fields: Record<string, Field>, values: Fields): void {
  for (const [name, value] of Object.entries(values)) {
    const held = filesIn(fields[name], d.record.fields[name]);
    for (const file of filesIn(fields[name], value))
      if (!held.includes(file)) d.change.attached.push({ field: name, file });
  }
}
