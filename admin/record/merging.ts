/** What to do when two people edited one record: untouched fields follow the other, a real clash is shown. */
import { t } from "../i18n/t";
import type { RecordDetail, ShownValues } from "../provider";
import type { Asked } from "./fieldProps";
import { sameValue } from "./values";

/** What was found when somebody's change met another's. */
export interface Met {
  /** Who changed it meanwhile. */
  who: string;
  theirs: ShownValues;
  mine: ShownValues;
  /** Fields both changed, to different values: a person decides. */
  clashes: Asked[];
  /** Fields only they changed: they follow. */
  followed: Asked[];
}

export function meet(asked: Asked[], base: ShownValues, mine: ShownValues, theirs: ShownValues, who: string): Met {
  const changed = (values: ShownValues) => (each: Asked) => !sameValue(each.field, values[each.name], base[each.name]);
  const both = asked.filter(changed(theirs)).filter(({ name, field }) => !sameValue(field, mine[name], theirs[name]));
  return {
    ...{ who, theirs, mine },
    clashes: both.filter(changed(mine)),
    followed: both.filter((each) => !changed(mine)(each)),
  };
}

/** Mine where I changed it, theirs elsewhere. */
export const rebased = (asked: Asked[], { theirs, mine, followed }: Met): ShownValues =>
  Object.fromEntries(
    asked.map(({ name }) => [name, (followed.some((each) => each.name === name) ? theirs[name] : mine[name]) ?? null]),
  );

/** Whoever but this person changed it last. */
export const lastBy = (record: RecordDetail, me: string): string =>
  record.history.find(({ actor }) => actor?.kind !== "system" && actor?.name && actor.name !== me)?.actor?.name ??
  t`Somebody`;
