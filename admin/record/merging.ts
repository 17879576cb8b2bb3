/** What to do when two people edited one record: untouched fields follow the other, a real clash is shown. */
import type { ShownValues } from "../provider";
import type { Asked } from "./FormFields";
import { sameValue } from "./values";

/** Fields both changed, to different values. */
export const clashesOf = (asked: Asked[], base: ShownValues, mine: ShownValues, theirs: ShownValues): Asked[] =>
  asked.filter(
    ({ name, field }) =>
      !sameValue(field, mine[name], base[name]) &&
      !sameValue(field, theirs[name], base[name]) &&
      !sameValue(field, mine[name], theirs[name]),
  );

/** Mine where I changed it, theirs elsewhere. */
export const rebase = (asked: Asked[], base: ShownValues, mine: ShownValues, theirs: ShownValues): ShownValues =>
  Object.fromEntries(
    asked.map(({ name, field }) => [
      name,
      (sameValue(field, mine[name], base[name]) ? theirs[name] : mine[name]) ?? null,
    ]),
  );
