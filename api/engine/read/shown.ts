/** A doubtful reading tells the value of a field: not shown to a reader from whom that field is hidden. */
import type { RecordType } from "../../../schema/definition";
import type { FindingView } from "../../store/noticeQuery";
import { seesEverywhere } from "../../store/sight";
import type { Reader } from "./reader";

const known = new WeakMap<RecordType, boolean>();
function restrictsAny(type: RecordType): boolean {
  let any = known.get(type);
  if (any === undefined) known.set(type, (any = Object.values(type.fields).some(({ see }) => see !== undefined)));
  return any;
}

/** A doubtful reading quotes what was read, and names the field by `path`. */
export function shownFindings(reader: Reader, findings: FindingView[]): FindingView[] {
  return findings.filter(({ type: name, path }) => {
    const type = reader.registry.types.get(name)?.active.type;
    if (!type || path === null || !restrictsAny(type)) return true;
    return Object.entries(type.fields)
      .filter(([field, { imports }]) => field === path || imports === path)
      .every(([field]) => seesEverywhere(type, field, reader.access));
  });
}
