import { Failure, invalid } from "../../schema/failure";
import { normal } from "../../schema/text";
import { personOf } from "../../schema/who";
import { datetime } from "../store/database";
import { noteHistory } from "../store/change";
import { lockRecord } from "./lock";
import { changeContext } from "./changeContext";
import { mustEdit } from "./may";
import type { Run } from "./run";

/**
 * Answers a doubtful reading of an import. What the answer changes is changed on the record itself.
 * @throws NOT_FOUND, FORBIDDEN, WRONG_STATE (answered already), INVALID_INPUT.
 */
export async function answerFinding(
  run: Run,
  input: { id: string; answer: string; origin?: string },
): Promise<{ id: string }> {
  const [row] = await run.tx.query("SELECT type, record, state, message FROM finding WHERE id = ?", [input.id]);
  if (!row) throw new Failure("NOT_FOUND", "There is no such finding.");
  const record = await lockRecord(run, String(row["type"]), String(row["record"]));
  await mustEdit(run, record);
  if (row["state"] !== "open") throw new Failure("WRONG_STATE", "This has been answered already.");
  const answer = normal(input.answer).slice(0, 2000);
  if (!answer) throw invalid([{ path: "answer", message: "Say what you found, or what you decided." }]);
  await run.tx.execute(
    "UPDATE finding SET state = 'answered', answer = ?, answered_by = ?, answered_at = ? WHERE id = ?",
    [answer, personOf(run.actor), datetime(run.nowIso), input.id],
  );
  await noteHistory(run.tx, changeContext(run), record, {
    kind: "finding",
    rule: "finding",
    because: [],
    summary: input.origin ?? "A reading of the import was answered",
    detail: { finding: String(row["message"]), answer, version: record.version },
  });
  return { id: input.id };
}
