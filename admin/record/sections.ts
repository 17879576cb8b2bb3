import type { RecordType, Section } from "../../schema/definition";
import { t } from "../i18n/t";

/** The definition's sections; fields it puts in none stand at the end. */
export function sectionsOf(type: RecordType): Section[] {
  const sections = type.form ?? [];
  const placed = new Set(sections.flatMap(({ fields }) => fields));
  const rest = Object.keys(type.fields).filter((name) => !placed.has(name));
  return rest.length > 0
    ? [...sections, { label: sections.length > 0 ? t`More` : t`Details`, fields: rest }]
    : sections;
}
