/** What every row of history says beside its change: who acts and when. A file of its own, since `pipeline` imports stand-ins. */
import type { ChangeContext } from "../store/change";
import { isoOf } from "../store/database";
import type { Run } from "./run";

export const changeContext = (run: Run): ChangeContext => ({
  actor: run.actor,
  nowIso: run.nowIso,
  machineIso: isoOf(run.machineNow),
  accessEdition: run.accessEdition,
  newId: run.newId,
});
