/** Fields: what their kind allows, their conditions, and whether a table can hold them. */
import { Checking } from "./checking";
import { checkAssigned, checkCondition } from "./checkCondition";
import { checkName } from "./checkNames";
import { checkNotice } from "./checkNotices";
import { covers, isAlways } from "./access";
import { type Field, icons, type Option, type Who } from "./definition";
import { isSensitive, lendsItself } from "./fields";
import { INDEXED_LENGTH, TEXT_LENGTH } from "./parseValue";
import type { ImportValues } from "./policyDocument";
import { at } from "./shape";
import { tableProblems } from "./tableLimits";
import { visitValue } from "./walk";

const WORD = 64;

export function checkFields(checking: Checking): void {
  const { type } = checking;
  if (!Object.keys(type.fields).length) checking.say("fields", "A record type needs at least one field.");
  for (const [name, field] of Object.entries(type.fields)) {
    checkField(checking, field, at("fields", name));
    checkFilled(checking, name, field, at("fields", name));
  }
  if (type.icon !== undefined) checking.known("icon", type.icon, [...icons], "icon");
  for (const problem of tableProblems(type)) checking.say("fields", problem);
  for (const part of ["bars", "conflicts"] as const)
    checking.each(type[part], part, (name, path) => checking.personField(name, path, { parties: true }));
}

/** A field of the record, or of an action's `asks`; only there is a `form`: the answers that its conditions may name. */
export function checkField(checking: Checking, field: Field, path: string, form?: Record<string, Field>): void {
  checkKind(checking, field, path);
  checkIndex(checking, field, path);
  const place = { tier: "form" as const, type: checking.type, ...(form && { form }) };
  for (const key of ["required", "visible", "editable"] as const) {
    const condition = field[key];
    if (typeof condition === "object") checkCondition(checking, condition, place, at(path, key));
  }
  if (field.default !== undefined) checkAssigned(checking, field, field.default, place, at(path, "default"));
  checkSealed(checking, field, path);
  for (const key of ["see", "edit"] as const) field[key]?.forEach((who, i) => checking.who(who, at(at(path, key), i)));
}

/** What a document gives to the fields of a policy that is imported, and the kinds that take it: see policyDocument.ts. */
const importable: Record<keyof ImportValues, Field["kind"][]> = {
  ...{ title: ["text", "longText"], version: ["text"], templateSource: ["text", "longText"] },
  ...{ authorship: ["longText", "text"], licence: ["longText", "text"] },
  ...{ owner: ["person"], leadGovernor: ["person"], dsl: ["people", "person"], deputyDsl: ["people", "person"] },
  ...{ writtenOn: ["date"], agreedOn: ["date"], ratifiedOn: ["date"], publishedOn: ["date"] },
  ...{ reviewBy: ["date"], endsOn: ["date"], text: ["document"] },
  ...{ audience: ["choices"], technology: ["choices"], linkedPolicies: ["list"], guidance: ["list"] },
};

/** Somebody or something can fill it in, in the order in which a new record is made. */
function checkFilled(checking: Checking, name: string, field: Field, path: string): void {
  const { fields, grants } = checking.type;
  const later = Object.keys(fields).slice(Object.keys(fields).indexOf(name));
  if (field.default !== undefined)
    visitValue(field.default, {
      value: (part) => {
        if (
          typeof part === "object" &&
          part !== null &&
          "field" in part &&
          later.includes(part.field.split(".")[0] ?? "")
        )
          checking.say(
            at(path, "default"),
            `${part.field} is filled in after ${name}: put it before, or take the default from elsewhere.`,
          );
      },
    });
  const byHand = grants.some(({ may }) => may.includes("create"));
  if (byHand && field.required === true && field.editable === false && field.default === undefined)
    checking.say(
      path,
      `${field.label} is required of every new record and nobody may fill it in: give it a default, let it be edited, or do not require it.`,
    );
  if (field.imports === undefined) return;
  if (!checking.known("part of a document", field.imports, Object.keys(importable), at(path, "imports"))) return;
  const kinds = importable[field.imports as keyof ImportValues];
  if (!kinds.includes(field.kind))
    checking.say(
      at(path, "imports"),
      `${field.imports} of a document goes into ${kinds.join(" or ")}, and this is ${field.kind}.`,
    );
}

/** Sealed: a text that named persons open, and whom that tells. */
function checkSealed(checking: Checking, field: Field, path: string): void {
  if (!field.sealed) {
    if (field.tells) checking.say(at(path, "tells"), "Only opening a sealed field tells anybody: say “sealed” too.");
    return;
  }
  if (field.kind !== "text" && field.kind !== "longText")
    checking.say(at(path, "sealed"), `A field of kind ${field.kind} cannot be sealed: only a text can.`);
  if (!field.see?.length) checking.say(at(path, "see"), "Say who may open this sealed field.");
  field.see?.forEach((who, i) => checking.who(who, at(at(path, "see"), i), "persons"));
  if (field.tells) checkNotice(checking, field.tells, at(path, "tells"));
}

function checkKind(checking: Checking, field: Field, path: string): void {
  switch (field.kind) {
    case "text":
      return checkLength(checking, field, path);
    case "number":
      return checkNumber(checking, field, path);
    case "choice":
    case "choices":
      return checkOptions(checking, field.options, at(path, "options"));
    case "link":
    case "links":
      return void checking.typeNamed(field.to, at(path, "to"));
    case "list":
      return checkList(checking, field.of, at(path, "of"));
    case "document":
      return checkRatifiedOn(checking, field.ratifiedOn, at(path, "ratifiedOn"));
  }
}

function checkRatifiedOn(checking: Checking, name: string | undefined, path: string): void {
  if (name !== undefined && checking.type.fields[name]?.kind !== "date")
    checking.say(path, `${name} is no date field of this record type.`);
}

function checkLength(checking: Checking, field: Extract<Field, { kind: "text" }>, path: string): void {
  const most = field.unique || field.index ? INDEXED_LENGTH : TEXT_LENGTH;
  const { maxLength } = field;
  if (maxLength === undefined || (Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= most)) return;
  const why = most === INDEXED_LENGTH ? "a text that is unique or indexed" : "a text; longText takes more";
  checking.say(at(path, "maxLength"), `${maxLength} is no length: from 1 to ${most} for ${why}.`);
}

function checkNumber(checking: Checking, field: Extract<Field, { kind: "number" }>, path: string): void {
  const { decimals = 0, min, max } = field;
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 9)
    checking.say(at(path, "decimals"), `${decimals} is no number of decimals: from 0 to 9.`);
  if (min !== undefined && max !== undefined && min > max)
    checking.say(at(path, "min"), `No number is at least ${min} and at most ${max}.`);
}

function checkOptions(checking: Checking, options: Option[], path: string): void {
  if (!options.length) checking.say(path, "A choice needs at least one option.");
  const seen = new Set<string>();
  options.forEach(({ value }, i) => {
    if (seen.has(value)) checking.say(at(path, i), `The option “${value}” stands here twice.`);
    if (value.length > WORD || value !== value.trim())
      checking.say(
        at(path, i),
        `The option “${value.slice(0, WORD)}” is not a word of ${WORD} letters at most, without blanks at its ends.`,
      );
    seen.add(value);
  });
}

function checkList(checking: Checking, of: Record<string, Field>, path: string): void {
  if (!Object.keys(of).length) checking.say(path, "A list needs at least one field for its entries.");
  for (const [name, field] of Object.entries(of)) {
    const place = at(path, name);
    checkName(checking, name, place);
    if (!lendsItself(field, "entered")) {
      checking.say(
        at(place, "kind"),
        `An entry of a list cannot hold ${field.kind}: make it a record type of its own.`,
      );
      continue;
    }
    checkKind(checking, field, place);
    for (const key of [
      "unique",
      "index",
      "sensitive",
      "sealed",
      "visible",
      "editable",
      "default",
      "see",
      "edit",
    ] as const)
      if (field[key] !== undefined)
        checking.say(at(place, key), `“${key}” has no meaning within a list: say it of the list.`);
    if (typeof field.required === "object")
      checking.say(at(place, "required"), "Within a list a field is required always or never.");
  }
}

function checkIndex(checking: Checking, field: Field, path: string): void {
  for (const key of ["unique", "index"] as const) {
    if (!field[key]) continue;
    if (isSensitive(field))
      checking.say(at(path, key), "A sensitive field is held encrypted: it cannot be unique or indexed.");
    else if (!lendsItself(field, "indexed"))
      checking.say(at(path, key), `A field of kind ${field.kind} cannot be unique or indexed.`);
  }
  if (field.unique && !isSensitive(field)) checkUnique(checking, field, at(path, "unique"));
  if (isSensitive(field) && !lendsItself(field, "encrypted"))
    checking.say(
      at(path, "sensitive"),
      `A field of kind ${field.kind} cannot be sensitive: use “see”, or make the type confidential.`,
    );
}

/** A value that is refused tells that it stands in a record: whoever may write one must be able to read all. */
function checkUnique(checking: Checking, field: Field, path: string): void {
  if (field.see)
    checking.say(
      path,
      "A unique field is seen by everybody who sees the record: whoever may not see it would learn by trial what it holds. Leave out “see”, or “unique”.",
    );
  const { confidential, grants } = checking.type;
  if (!confidential) return;
  const rolesOf = (to: Who[]): string[] => to.flatMap((who) => ("role" in who ? [who.role] : []));
  const readers = new Set(
    confidential === true
      ? grants.flatMap((grant) => (covers(grant, "see") && isAlways(grant.when) ? rolesOf(grant.to) : []))
      : [],
  );
  const writes = grants.filter((grant) => covers(grant, "create") || covers(grant, "edit"));
  if (writes.some(({ to }) => to.some((who) => !("role" in who) || !readers.has(who.role))))
    checking.say(
      path,
      "Whoever may write a confidential record but not read all of them would learn by trial what the others hold. Leave out “unique”, or let only those write who read all.",
    );
}
