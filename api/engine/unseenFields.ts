/**
 * Nobody writes a field they cannot see: not over what stands there, and not into an empty one that would then be
 * hidden from them. A sealed field is not among these: everybody sees whether it is held, and `edit` says who fills it.
 */
import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { isEmpty } from "../../schema/fields";
import type { RecordData } from "../../schema/record";
import { seesField } from "../../schema/refusals";
import { activeType } from "./pinned";
import { handled } from "./mayHold";
import type { Run } from "./run";

const restricted = ({ fields }: RecordType, names: string[]): string[] =>
  names.filter((name) => Object.hasOwn(fields, name) && fields[name]?.see && !fields[name].sealed);

/** @throws FORBIDDEN with a problem for each of these fields that the actor may not see on this record. */
async function mustSee(run: Run, record: RecordData, names: string[]): Promise<void> {
  if (!names.length || run.actor.kind === "system") return;
  const { type } = activeType(run.registry, record.type).active;
  const facts = (await handled(run, record))?.facts;
  const hidden = names.filter((name) => {
    const field = type.fields[name];
    return field && !(facts && seesField(field, record, facts, run.actor));
  });
  if (!hidden.length) return;
  const labels = hidden.map((name) => type.fields[name]?.label ?? name);
  throw new Failure(
    "FORBIDDEN",
    `${labels[0]} is not yours to see here, so it is not yours to change.`,
    hidden.map((name, at) => ({ path: `input.${name}`, message: `${labels[at]} is not yours to see here.` })),
  );
}

/**
 * Asked before anything is compared with what stands there. Returns what to ask of the record as it was left.
 * @throws FORBIDDEN.
 */
export async function mustSeeWritten(
  run: Run,
  record: RecordData | undefined,
  typeName: string,
  names: string[],
): Promise<(after: RecordData) => Promise<void>> {
  const guarded = restricted(activeType(run.registry, typeName).active.type, names);
  const empty = guarded.filter((name) => !record || isEmpty(record.fields[name]));
  if (record)
    await mustSee(
      run,
      record,
      guarded.filter((name) => !empty.includes(name)),
    );
  return (after) =>
    mustSee(
      run,
      after,
      empty.filter((name) => !isEmpty(after.fields[name])),
    );
}
