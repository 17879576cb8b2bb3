/** Finds and locks one record for a verb. What the person may not see is not found, whatever else is wrong. */
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import { lockRecords } from "../store/records";
import { maySee } from "./may";
import { activeType } from "./pinned";
import type { Run } from "./run";

/** @throws NOT_FOUND. */
export async function lockRecord(run: Run, type: string, id: string): Promise<RecordData> {
  activeType(run.registry, type);
  const [record] = await lockRecords(run.tx, run.registry, [{ type, id }]);
  if (!record || !(await maySee(run, record))) throw new Failure("NOT_FOUND", "There is no such record.");
  return record;
}
