/** Triggers: what happens by itself once a condition holds. */
import { evaluate } from "../condition";
import type { Trigger } from "../definition";
import { RuleBroken } from "../failure";
import type { Decision } from "./decision";
import { sendEvent } from "./actions";

/** A trigger's event that would break a rule; `began`: its condition holds since this step. */
interface Refused {
  event: string;
  why: string;
  began: boolean;
}

/**
 * A trigger whose condition now holds, and whose event is accepted, sends it; what that changes is seen by the others, so
 * that a chain goes to its end. None is pulled twice in a step: those that set each other going end. Where one would break a
 * rule, whoever made its condition hold is refused; where nobody did, it is left and told of.
 */
export function pullTriggers(d: Decision): void {
  const triggers = Object.values(d.type.triggers ?? {});
  const pulled = new Set<Trigger>();
  let refused: Refused[] = [];
  const pullOne = (): Trigger | undefined => {
    // What was refused before another was pulled is asked again.
    refused = [];
    return triggers.find((trigger) => !pulled.has(trigger) && pull(d, trigger, refused));
  };
  for (let done = pullOne(); done; done = pullOne()) pulled.add(done);
  d.change.asked = triggers.map(({ event }) => event);
  d.change.refused = refused.map(({ event, why }) => ({ event, why }));
  for (const { event, why, began } of refused) if (began) noteRefused(d, event, why);
}

/** Did its event happen? */
function pull(d: Decision, { when, event, while: states }: Trigger, refused: Refused[]): boolean {
  if (!states.includes(d.record.state) || !evaluate(when, d.scope())) return false;
  const broken = tryEvent(d, event);
  if (broken === "done" || broken === "not accepted") return broken === "done";
  const { before } = d.change;
  const began = !before || !states.includes(before.state) || !evaluate(when, { ...d.scope(), record: before });
  if (d.input.actor.kind !== "system" && began) throw broken;
  refused.push({ event, why: broken.message, began });
  return false;
}

/** Sends an event to the record itself; where it would break a rule nothing of it is kept. */
function tryEvent(d: Decision, event: string): "done" | "not accepted" | RuleBroken {
  d.goesOn = true;
  const { change, record } = d;
  const kept = { fields: { ...record.fields }, changed: [...change.changed], attached: [...change.attached] };
  try {
    return sendEvent(d, undefined, event) === undefined ? "done" : "not accepted";
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    record.fields = kept.fields;
    Object.assign(change, { changed: kept.changed, attached: kept.attached });
    return error;
  }
}

function noteRefused(d: Decision, event: string, why: string): void {
  const label = d.type.actions[event]?.label ?? event;
  d.note("event", event, d.type.actions[event]?.because ?? [], {
    summary: `${label}: it did not happen. ${why}`,
    detail: { refused: true },
  });
}
