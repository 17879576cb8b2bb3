/** Finds and locks one record for a verb. What the person may not see is not found, whatever else is wrong. */
import { isGranted } from "../../schema/access";
import { Failure } from "../../schema/failure";
import { parties } from "../../schema/fields";
import type { Permission } from "../../schema/definition";
import type { RecordData } from "../../schema/record";
import { scopeOf } from "../../schema/workflow";
import { lockRecords } from "../store/records";
import { activeType } from "./pinned";
import type { Run } from "./run";

/** @throws NOT_FOUND. */
export async function lockRecord(run: Run, type: string, id: string): Promise<RecordData> {
  activeType(run.registry, type);
  const [record] = await lockRecords(run.tx, run.registry, [{ type, id }]);
  if (!record || !maySee(run, record)) throw new Failure("NOT_FOUND", "There is no such record.");
  return record;
}

export const maySee = (run: Run, record: RecordData): boolean => may(run, record, "see");

/** Grants and bars of the acting person on this record. */
export function may(
  run: Pick<Run, "identity" | "registry" | "organisation" | "now" | "actor">,
  record: RecordData,
  permission: Permission,
): boolean {
  const { access } = run.identity;
  if (access.system) return true;
  const { type } = activeType(run.registry, record.type).active;
  const scope = scopeOf(
    { type, actor: run.actor, now: run.now, facts: { calendar: run.organisation.calendar } },
    record,
  );
  return isGranted(type, record, permission, access.organisations, parties(type, record.fields), scope);
}

/** @throws FORBIDDEN where the person sees the record but may not change it. */
export function mustEdit(run: Run, record: RecordData): void {
  if (!may(run, record, "edit")) throw new Failure("FORBIDDEN", "You may read this record but not change it.");
}
