/** Every way of the generated API to ask by a field, or to write it, as far as its kind has one. */
import type { Field, RecordType } from "../../schema/definition";
import { filterOf, isSortable } from "../../schema/fields";

export interface Step {
  query: string;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

export function inputsIn(type: RecordType, name: string, field: Field): Step[] {
  const asked: string[] = [];
  if (filterOf(field)) {
    const filter = `filter: { ${name}: { empty: false } }`;
    asked.push(`${type.plural}(${filter}) { nodes { id } }`, `${type.plural}(${filter}) { totalCount }`);
    asked.push(`${type.name}Counts(by: STATE, ${filter}) { count }`);
  }
  if (isSortable(field)) asked.push(`${type.plural}(sort: [${snake(name)}_ASC]) { nodes { id } }`);
  return asked.map((each) => ({ query: `{ ${each} }` }));
}
