/** What facts are loaded by, whatever they are for: as the run began, for whoever acts. */
import { personOf } from "../../schema/who";
import type { FactsRequest } from "../store/facts";
import type { Run } from "./run";

export const factsRequest = (run: Run): Omit<FactsRequest, "timers"> => ({
  registry: run.registry,
  publicUrl: run.world.publicUrl,
  accessEdition: run.accessEdition,
  now: run.now,
  actor: personOf(run.actor),
});
