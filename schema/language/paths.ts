/** How a path of a value, "owner" or "policy.reviewBy", is called. */
import type { RecordType } from "../definition";
import { spaced } from "../text";

const pseudoFields: Record<string, string> = {
  state: "State",
  reference: "Reference",
  createdAt: "Created",
  updatedAt: "Last changed",
  createdBy: "Created by",
};

export function pathLabel(path: string, type: RecordType): string {
  const [first = "", rest] = path.split(".");
  const label = pseudoFields[first] ?? type.fields[first]?.label ?? first;
  return rest === undefined ? label : `${pseudoFields[rest] ?? spaced(rest)} of ${label}`;
}
