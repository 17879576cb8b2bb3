/** What a new version of a record type may not change: columns, and forms that people hold open. */
import { Checking } from "./checking";
import type { Action, Field, RecordType } from "./definition";
import { columns, isSensitive } from "./fields";
import { INDEXED_LENGTH } from "./parseValue";
import { at } from "./shape";

export function checkChange(checking: Checking, previous: RecordType): void {
  const { type } = checking;
  if (previous.name !== type.name)
    checking.say("name", `The name “${previous.name}” cannot change: records are kept under it.`);
  for (const [name, before] of Object.entries(previous.fields)) {
    checkKept(checking, before, type.fields[name], at("fields", name));
    // The database would answer over records that whoever publishes may not see.
    if (previous.confidential && type.fields[name]?.unique && !before.unique)
      checking.say(
        at(at("fields", name), "unique"),
        `${before.label} cannot become unique: whether two confidential records hold the same is not told. Add another field.`,
      );
  }
  for (const [name, before] of Object.entries(previous.actions)) {
    const now = type.actions[name];
    if (now) checkFormKept(checking, { previous, before, now }, at("actions", name));
  }
}

function checkKept(checking: Checking, before: Field, now: Field | undefined, path: string): void {
  if (!now)
    return checking.say(
      path,
      `The field ${before.label} cannot be removed: records hold it. Take it off the form and the views.`,
    );
  if (now.kind !== before.kind)
    return checking.say(
      at(path, "kind"),
      `The field was ${before.kind} and cannot become ${now.kind}: add another field.`,
    );
  if (isSensitive(before) !== isSensitive(now))
    return checking.say(at(path, "sensitive"), "A field cannot become sensitive, or cease to be: add another field.");
  // A sensitive field may be sealed: it is stored alike, and fewer read it.
  if (before.sealed && !now.sealed)
    checking.say(at(path, "sealed"), "A sealed field cannot be unsealed: add another field.");
  if ("to" in before && "to" in now && before.to !== now.to)
    return checking.say(at(path, "to"), `The link leads to ${before.to} and cannot lead elsewhere: add another field.`);
  if (before.kind === "list" && now.kind === "list")
    for (const [name, part] of Object.entries(before.of))
      checkKept(checking, part, now.of[name], at(at(path, "of"), name));
  // Tables only grow: a column that must change its type would lock readers out, or lose what it holds.
  const kept = new Map(columns(now).map(({ suffix, ddl }) => [suffix, ddl]));
  const lost = columns(before).find(({ suffix, ddl }) => !serves(ddl, kept.get(suffix)));
  if (lost)
    checking.say(
      path,
      `The field is stored as ${lost.ddl} and this would change it${kept.has(lost.suffix) ? ` to ${kept.get(lost.suffix)}` : ""}: add another field.`,
    );
}

/** A text kept in a wide column may come to be indexed: its index then takes the beginning (`schema/indexes.ts`). */
const serves = (had: string, wanted: string | undefined): boolean =>
  had === wanted || (had === "TEXT" && wanted === `VARCHAR(${INDEXED_LENGTH})`);

const fieldOf = (type: RecordType, action: Action, name: string) => action.asks?.[name] ?? type.fields[name];
const isRequired = (type: RecordType, action: Action, name: string): boolean =>
  action.required?.includes(name) === true || fieldOf(type, action, name)?.required === true;

function checkFormKept(
  checking: Checking,
  { previous, before, now }: { previous: RecordType; before: Action; now: Action },
  path: string,
): void {
  const [had, has] = [new Set(before.form), new Set(now.form)];
  for (const name of had) {
    if (!has.has(name))
      checking.say(at(path, "form"), `“${name}” cannot leave the form while older records ask for it.`);
    const [was, is] = [fieldOf(previous, before, name), fieldOf(checking.type, now, name)];
    if (was && is && was.kind !== is.kind)
      checking.say(at(path, "form"), `“${name}” was ${was.kind} and cannot become ${is.kind}: ask under another name.`);
  }
  for (const name of has)
    if (isRequired(checking.type, now, name) && !(had.has(name) && isRequired(previous, before, name)))
      checking.say(at(path, "form"), `“${name}” may only be optional: older records have this action without it.`);
}
