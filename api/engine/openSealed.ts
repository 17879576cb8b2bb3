import { Failure, invalid } from "../../schema/failure";
import { normal } from "../../schema/text";
import { readSealed } from "../store/records";
import { lockRecord } from "./lock";
import { apply, workOn } from "./pipeline";
import type { Run } from "./run";

const longestReason = 500;

export interface Opened {
  value: string;
  /** Ids of the persons who are told. */
  told: string[];
}

/**
 * What a sealed field holds, for whom it names. The history says who opened it and why, and those are told whom the
 * field names, in the transaction that reads it: there is no reading without.
 * @throws NOT_FOUND (record or field), FORBIDDEN, WRONG_STATE (nothing is held), INVALID_INPUT (no reason).
 */
export async function openSealed(
  run: Run,
  input: { type: string; id: string; field: string; reason: string },
): Promise<Opened> {
  const record = await lockRecord(run, input.type, input.id);
  const reason = normal(input.reason);
  if (!reason || reason.length > longestReason)
    throw invalid([{ path: "reason", message: `Say why it must be opened, in ${longestReason} letters at most.` }]);
  const [change] = await apply(run, [workOn(run, record, { kind: "open", field: input.field, reason })]);
  const held = await readSealed(run.tx, record, input.field);
  if (held === null) throw new Failure("WRONG_STATE", "Nothing is held here.");
  return { value: held, told: (change?.notices ?? []).map(({ person }) => person) };
}
