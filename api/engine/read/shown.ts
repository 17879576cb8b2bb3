/** What hangs on a record and tells the value of a field: not shown to a reader from whom that field is hidden. */
import type { RecordType } from "../../../schema/definition";
import { anchorsOf } from "../../../schema/timers";
import type { FindingView } from "../../store/noticeQuery";
import type { TimerView } from "../../store/workQuery";
import type { Reader } from "./reader";
import { seesEverywhere } from "./readRecord";

/** A clock tells the date it is counted from. */
export function shownTimers(reader: Reader, timers: TimerView[]): TimerView[] {
  return timers.filter(({ type: name, rule }) => {
    const versions = reader.registry.types.get(name);
    if (!versions || !restrictsAny(versions.active.type)) return true;
    const { active } = versions;
    // A record may still live by an older version, whose rule of this name counts from another field.
    const rules = [active, ...versions.versions.values()].flatMap(({ type }) => type.timers?.[rule] ?? []);
    return rules
      .flatMap(({ anchor }) => anchorsOf(anchor))
      .every((part) => !("field" in part) || seesEverywhere(active.type, part.field, reader.access));
  });
}

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
