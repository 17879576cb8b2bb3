/** Grants, views and the form's sections: who sees what, and what the lists and pages show. */
import { checkCondition } from "./checkCondition";
import { Checking } from "./checking";
import { pseudoFields } from "./condition";
import type { Grant, View } from "./definition";
import { isSortable } from "./fields";
import { at } from "./shape";

/** What a list may show of every record, beside its fields. */
const listed = [...pseudoFields, "recordTitle"];
const sorted = ["state", "reference", "createdAt", "updatedAt", "recordTitle"];

export function checkAccess(checking: Checking): void {
  const { type } = checking;
  type.grants.forEach((grant, i) => checkGrant(checking, grant, at("grants", i)));
  if (!type.grants.some((grant) => grant.may.includes("see") && grant.to.length))
    checking.say("grants", "Nobody may see these records: grant “see” to a role or a person field.");
  for (const [name, view] of Object.entries(type.views ?? {})) checkView(checking, view, at("views", name));
  type.form?.forEach((section, i) =>
    checking.each(section.fields, at(at("form", i), "fields"), (name, path) => void checking.fieldNamed(name, path)),
  );
}

function checkGrant(checking: Checking, grant: Grant, path: string): void {
  grant.to.forEach((to, i) => {
    const place = at(at(path, "to"), i);
    if ("role" in to) checking.role(to.role, at(place, "role"));
    else if ("field" in to) checking.personField(to.field, at(place, "field"));
    else if (checking.type.confidential)
      checking.say(place, "A confidential record is not opened to anyone: name a field.");
  });
  if (!grant.to.length) checking.say(at(path, "to"), "Say to whom this is granted.");
  if (grant.when) checkCondition(checking, grant.when, { tier: "row", type: checking.type }, at(path, "when"));
}

function checkView(checking: Checking, view: View, path: string): void {
  const { type } = checking;
  const columns = [...Object.keys(type.fields), ...listed];
  if (!view.columns.length) checking.say(at(path, "columns"), "A list needs at least one column.");
  checking.each(view.columns, at(path, "columns"), (name, place) => void checking.known("field", name, columns, place));
  if (view.where) checkCondition(checking, view.where, { tier: "row", type }, at(path, "where"));
  if (view.sort === undefined) return;
  const name = view.sort.replace(/^-/, "");
  const place = at(path, "sort");
  if (sorted.includes(name) || !checking.known("field", name, [...Object.keys(type.fields), ...sorted], place)) return;
  const field = type.fields[name];
  if (field && !isSortable(field))
    checking.say(
      place,
      field.sensitive
        ? `${name} is sensitive and held encrypted: lists cannot be sorted by it.`
        : `Lists cannot be sorted by ${name}, which is ${field.kind}.`,
    );
}
