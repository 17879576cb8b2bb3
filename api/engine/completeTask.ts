import { Failure } from "../../schema/failure";
import { listed } from "../../schema/text";
import { act } from "./act";
import type { Input } from "./input";
import { lockRecord } from "./lock";
import { pinnedType } from "./pinned";
import { applyTo } from "./pipeline";
import type { Run } from "./run";

/**
 * Completes a task: ticks it off, or does the one action that completes it.
 * @throws NOT_FOUND, FORBIDDEN, WRONG_STATE, INVALID_INPUT, STALE.
 */
export async function completeTask(
  run: Run,
  input: { id: string; comment?: string | null; textHash?: string | null; answers?: Input | null },
): Promise<{ id: string }> {
  const [row] = await run.tx.query("SELECT type, record, rule, state FROM task WHERE id = ?", [input.id]);
  const none = "There is no such task.";
  if (!row) throw new Failure("NOT_FOUND", none);
  const record = await lockRecord(run, String(row["type"]), String(row["record"]), none);
  if (row["state"] !== "open") throw new Failure("WRONG_STATE", "This task is no longer open.");
  const type = pinnedType(run.registry, record);
  const actions = type.tasks?.[String(row["rule"])]?.actions ?? [];
  const [only] = actions;
  if (only && actions.length === 1)
    await act(run, {
      type: record.type,
      id: record.id,
      action: only,
      input: input.answers ?? {},
      textHash: input.textHash ?? null,
      comment: input.comment ?? null,
    });
  else if (only)
    throw new Failure(
      "WRONG_STATE",
      `This task is done by ${listed(
        actions.map((name) => `“${type.actions[name]?.label ?? name}”`),
        "or",
      )} on the record.`,
    );
  else
    await applyTo(run, record, { kind: "task", task: input.id, ...(input.comment ? { comment: input.comment } : {}) });
  return { id: input.id };
}
