/** Rosters that a step may have changed. */
import type { Roster } from "../definition";
import { fieldOfWho } from "../language/who";
import type { Decision } from "./decision";

/** Asks for the rosters that this step may have changed: a worker fills them, page by page. */
export function fillRosters(d: Decision): void {
  const { before, after, changed } = d.change;
  const { kind } = d.input.event;
  for (const [name, roster] of Object.entries(d.type.rosters ?? {})) {
    const runs = roster.while.includes(after.state);
    const entered = before?.state !== after.state || !before;
    const reads = changed.some((field) => rosterReads(roster, field));
    if (runs && (entered || reads || kind === "rederive")) d.change.rosters.push(name);
  }
}

/** Does a roster's audience, or the set it makes, depend on this field? */
const rosterReads = ({ of, except, per }: Roster, field: string): boolean =>
  [...of, ...(except ?? [])].some((who) => fieldOfWho(who) === field) ||
  (typeof per?.value === "object" &&
    per.value !== null &&
    "field" in per.value &&
    per.value.field.split(".")[0] === field);
