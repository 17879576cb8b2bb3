import { Failure } from "../../schema/failure";
import { canonicalJson } from "../../schema/text";
import type { RecordData } from "../../schema/record";
import { changedSince } from "../store/history";
import { lockRecord } from "./lock";
import { mustEdit } from "./may";
import { applyTo } from "./pipeline";
import { activeType } from "./pinned";
import { type Input, readInput, uniqueFailure } from "./input";
import type { Run } from "./run";
import { mustSeeWritten } from "./unseenFields";

/**
 * Changes fields of a record. Where the version differs, fields nobody else touched are merged; a real clash is STALE.
 * @throws NOT_FOUND, FORBIDDEN, INVALID_INPUT, STALE.
 */
export async function updateRecord(
  run: Run,
  input: { type: string; id: string; expectedVersion: number; input: Input; reason?: string | null },
): Promise<RecordData> {
  const { type } = activeType(run.registry, input.type).active;
  const record = await lockRecord(run, input.type, input.id);
  await mustEdit(run, record);
  const leftVisible = await mustSeeWritten(run, record, type.name, Object.keys(input.input));
  const { values, texts, files } = await readInput(run, type.fields, input.input, record);
  await refuseStale(run, record, input.expectedVersion, [...Object.keys(values), ...Object.keys(texts)], values);
  try {
    const after = await applyTo(run, record, {
      kind: "update",
      values,
      texts,
      files,
      ...(input.reason ? { reason: input.reason } : {}),
    });
    await leftVisible(after);
    return after;
  } catch (error) {
    throw uniqueFailure(run, type, error);
  }
}

/** @throws STALE where somebody else changed one of these fields to something else since. */
export async function refuseStale(
  run: Run,
  record: RecordData,
  expectedVersion: number,
  names: string[],
  values: Record<string, unknown> = {},
): Promise<void> {
  if (expectedVersion === record.version) return;
  if (expectedVersion > record.version)
    throw new Failure("STALE", "This is not a version of the record that was ever saved. Reload it.", [], {
      current: record.version,
    });
  const theirs = await changedSince(run.tx, record.id, expectedVersion);
  const clash = names.filter(
    (name) => theirs.has(name) && canonicalJson(record.fields[name] ?? null) !== canonicalJson(values[name] ?? null),
  );
  if (!clash.length) return;
  const { type } = activeType(run.registry, record.type).active;
  throw new Failure(
    "STALE",
    "Somebody else has changed this record meanwhile. Compare, then save again.",
    clash.map((name) => ({
      path: `input.${name}`,
      message: `${type.fields[name]?.label ?? name} was changed by somebody else.`,
    })),
    { current: record.version },
  );
}
