import { Failure } from "../../schema/failure";
import type { Field } from "../../schema/definition";
import type { RecordData } from "../../schema/record";
import { isEvent } from "../../schema/who";
import { stateRefusal } from "../../schema/refusals";
import { type Input, readInput, uniqueFailure } from "./input";
import { lockRecord } from "./lock";
import { pinnedType } from "./pinned";
import { applyTo } from "./pipeline";
import type { Run } from "./run";
import { mustSeeWritten } from "./unseenFields";
import { refuseStale } from "./updateRecord";

export interface ActInput {
  type: string;
  id: string;
  action: string;
  expectedVersion?: number | null;
  input?: Input;
  textHash?: string | null;
  comment?: string | null;
}

/**
 * Does an action of the record's workflow. Acting has its own rule (`who`, `decides`) and needs only that one may see.
 * @throws NOT_FOUND, FORBIDDEN, WRONG_STATE, INVALID_INPUT, STALE.
 */
export async function act(run: Run, input: ActInput): Promise<RecordData> {
  const record = await lockRecord(run, input.type, input.id);
  const type = pinnedType(run.registry, record);
  const action = type.actions[input.action];
  if (!action || isEvent(action)) throw new Failure("NOT_FOUND", "There is no such action.");
  const misplaced = stateRefusal(type, record, action);
  if (misplaced) throw new Failure(misplaced.code, misplaced.message);
  const fields: Record<string, Field> = {};
  for (const name of action.form ?? []) {
    const field = action.asks?.[name] ?? type.fields[name];
    if (field) fields[name] = field;
  }
  const own = Object.keys(input.input ?? {}).filter((name) => !action.asks?.[name]);
  const leftVisible = await mustSeeWritten(run, record, type.name, own);
  const { values, texts, files } = await readInput(run, fields, input.input ?? {}, record);
  if (input.expectedVersion !== undefined && input.expectedVersion !== null)
    await refuseStale(
      run,
      record,
      input.expectedVersion,
      Object.keys(values).filter((name) => !action.asks?.[name]),
      values,
    );
  try {
    const after = await applyTo(run, record, {
      kind: "action",
      name: input.action,
      answers: values,
      texts,
      files,
      ...(input.textHash ? { textHash: input.textHash } : {}),
      ...(input.comment ? { comment: input.comment } : {}),
    });
    await leftVisible(after);
    return after;
  } catch (error) {
    throw uniqueFailure(run, type, error);
  }
}
