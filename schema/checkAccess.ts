/** Grants, views and the form's sections: who sees what, and what the lists and pages show. */
import { checkCondition } from "./checkCondition";
import { FARTHEST, seeingChain } from "./access";
import { Checking } from "./checking";
import { pseudoFields } from "./condition";
import type { Grant, View } from "./definition";
import { isSortable, isSensitive, inheritedBy } from "./fields";
import { at } from "./shape";

/** What a list may show of every record, beside its fields. */
const listed = [...pseudoFields, "recordTitle"];
const sorted = ["state", "reference", "createdAt", "updatedAt", "recordTitle"];

export function checkAccess(checking: Checking): void {
  const { type } = checking;
  checkConfidential(checking);
  type.grants.forEach((grant, i) => checkGrant(checking, grant, at("grants", i)));
  if (inheritedBy(type) === undefined && !type.grants.some((grant) => grant.may.includes("see") && grant.to.length))
    checking.say("grants", "Nobody may see these records: grant “see” to a role or a person field.");
  for (const [name, view] of Object.entries(type.views ?? {})) checkView(checking, view, at("views", name));
  type.form?.forEach((section, i) =>
    checking.each(section.fields, at(at("form", i), "fields"), (name, path) => void checking.fieldNamed(name, path)),
  );
}

/** The link along which confidentiality comes: it leads somewhere, and to an end. */
function checkConfidential(checking: Checking): void {
  const { type, context } = checking;
  const name = inheritedBy(type);
  const path = at("confidential", "from");
  const field = name === undefined ? undefined : checking.fieldNamed(name, path);
  if (field && field.kind !== "link") checking.say(path, `${name} is no link to one record but ${field.kind}.`);
  else if (field && field.required !== true)
    checking.say(path, `${field.label} must be required: nobody would see a record without it.`);
  if (field && type.imports === "policyDocument")
    checking.say("imports", `An import may leave ${field.label} empty, and nobody would see such a record.`);
  const typeNamed = (other: string) => checking.linkedType(other);
  for (const each of [type, ...context.types.filter((other) => other.name !== type.name)]) {
    const chain = seeingChain(each, typeNamed).map((one) => one.name);
    if (!chain.includes(type.name) || chain.length <= FARTHEST + 1) continue;
    checking.say(
      path,
      new Set(chain).size < chain.length
        ? `Who sees these would be said in a circle: ${[...new Set(chain)].join(" → ")} → …`
        : `Who sees a ${each.label} would be said too far away: at most ${FARTHEST} links from it.`,
    );
    break;
  }
}

function checkGrant(checking: Checking, grant: Grant, path: string): void {
  grant.to.forEach((to, i) => {
    const place = at(at(path, "to"), i);
    if ("role" in to) checking.role(to.role, at(place, "role"));
    else if ("field" in to) checking.personField(to.field, at(place, "field"));
    else if ("task" in to) checking.known("task", to.task, Object.keys(checking.type.tasks ?? {}), at(place, "task"));
    else if (checking.type.confidential === true && grant.may.some((permission) => permission !== "create"))
      checking.say(place, "A confidential record is not opened to anyone: name a field.");
  });
  if (inheritedBy(checking.type) !== undefined && grant.may.includes("see"))
    checking.say(
      at(path, "may"),
      `Who sees these is said by the record at ${inheritedBy(checking.type)}: grant create or edit here.`,
    );
  if (!grant.to.length) checking.say(at(path, "to"), "Say to whom this is granted.");
  if (grant.may.includes("count") && grant.when)
    checking.say(at(path, "may"), "“count” is of all records of the type: no condition can stand beside it.");
  if (grant.when) checkCondition(checking, grant.when, { tier: "row", type: checking.type }, at(path, "when"));
}

export function checkView(checking: Checking, view: View, path: string): void {
  const { type } = checking;
  const columns = [...Object.keys(type.fields), ...listed];
  if (!view.columns.length) checking.say(at(path, "columns"), "A list needs at least one column.");
  checking.each(view.columns, at(path, "columns"), (name, place) => void checking.known("field", name, columns, place));
  if (view.where) checkCondition(checking, view.where, { tier: "row", type }, at(path, "where"));
  if (view.sort !== undefined) checkSort(checking, view.sort, at(path, "sort"));
}

export function checkSort(checking: Checking, sort: string, place: string): void {
  const { type } = checking;
  const name = sort.replace(/^-/, "");
  if (sorted.includes(name) || !checking.known("field", name, [...Object.keys(type.fields), ...sorted], place)) return;
  const field = type.fields[name];
  if (field && !isSortable(field))
    checking.say(
      place,
      isSensitive(field)
        ? `${name} is sensitive and held encrypted: lists cannot be sorted by it.`
        : `Lists cannot be sorted by ${name}, which is ${field.kind}.`,
    );
}
