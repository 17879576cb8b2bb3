/**
 * What is in force when a change begins is in force until it is committed: definitions, figures, calendars, roles. Whoever
 * changes a record holds that, shared; whoever changes what clocks and tasks are made from waits for them before it looks
 * for what it reaches, since it sees nothing that is not committed. Taken before the locks of records.
 */
import { holdInForce, nextInForce } from "../store/held";
import { Restart } from "../store/trouble";
import type { Run } from "./run";

/** Once a transaction. Begins again where something came into force since it began. */
export async function keepInForce({ tx, inForce }: Run): Promise<void> {
  if (inForce.held) return;
  inForce.held = "kept";
  mustBeThat(await holdInForce(tx), inForce.edition);
}

/** Changes what is in force: once those have ended that go by what was, and until this transaction ends nobody begins. */
export async function changeInForce({ tx, inForce }: Run): Promise<void> {
  if (inForce.held === "changed") return;
  inForce.held = "changed";
  mustBeThat(await nextInForce(tx), inForce.edition + 1);
}

function mustBeThat(found: number, known: number): void {
  if (found !== known) throw new Restart("Something else has come into force since the transaction began.");
}
