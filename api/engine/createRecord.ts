import { mayAtAll } from "../../schema/access";
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import { may } from "./may";
import { activeNamed, activeType } from "./pinned";
import { create } from "./pipeline";
import { type Input, readInput, uniqueFailure } from "./input";
import type { Run } from "./run";
import { mustSeeWritten } from "./unseenFields";

/**
 * Creates a record in the acting organisation, in the state its definition enters new ones.
 * @throws NOT_FOUND (type), FORBIDDEN, INVALID_INPUT.
 */
export async function createRecord(run: Run, input: { type: string; input: Input }): Promise<RecordData> {
  const { type } = activeType(run.registry, input.type).active;
  const { access } = run.identity;
  const here = access.organisations.filter(({ id }) => id === access.acting);
  if (!access.system && !mayAtAll(type, "create", here, activeNamed(run.registry)))
    throw new Failure("FORBIDDEN", `You may not create a ${type.label.toLowerCase()}.`);
  const leftVisible = await mustSeeWritten(run, undefined, type.name, Object.keys(input.input));
  const { values, texts, files } = await readInput(run, type.fields, input.input);
  try {
    const { after } = await create(run, type.name, access.acting, values, { texts, files });
    if (!(await may(run, after, "create")))
      throw new Failure("FORBIDDEN", `You may not create this ${type.label.toLowerCase()}.`);
    await leftVisible(after);
    return after;
  } catch (error) {
    throw uniqueFailure(run, type, error);
  }
}
