/** What records are counted by, in words. */
import { formatDate } from "../../schema/dates";
import type { RecordType } from "../../schema/definition";
import { type Context, loadersOf } from "./context";

/** `by` is "state", a field, or a date field whose months are counted. */
export function labelOf(
  context: Context,
  type: RecordType,
  by: string,
  value: string | null,
): string | Promise<string> {
  if (value === null) return "Not given";
  const field = type.fields[by];
  if (!field) return by === "state" ? stateLabel(context, type, value) : formatDate(value);
  switch (field.kind) {
    case "yesNo":
      return value === "1" ? "Yes" : "No";
    case "choice":
      return field.options.find((option) => option.value === value)?.label ?? value;
    case "role":
      return context.world.registry.roles.find((role) => role.name === value)?.label ?? value;
    case "person":
      return named(loadersOf(context).person(value), ({ name }) => name, "Somebody");
    case "link":
      return named(
        loadersOf(context).record(field.to, value),
        ({ recordTitle }) => recordTitle,
        "One not yours to see",
      );
    case "date":
    case "dateTime":
      return formatDate(value);
    default:
      return value;
  }
}

const named = async <T>(found: Promise<T | null>, name: (row: T) => string, unknown: string): Promise<string> => {
  const row = await found;
  return row === null ? unknown : name(row);
};

/** A state may be one of an older version, which some records still live by. */
function stateLabel(context: Context, type: RecordType, state: string): string {
  const versions = context.world.registry.types.get(type.name);
  const known = [type, ...[...(versions?.versions.values() ?? [])].map((version) => version.type)];
  return known.find((each) => each.states[state])?.states[state]?.label ?? state;
}
