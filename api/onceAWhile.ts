/** Trouble that comes again and again is said at once, and then once a while with how often it came. */
import { machineNow } from "./machineClock";

const PAUSE_MS = 60_000;
/** Different things that are remembered: beyond that, the oldest may be said again early. */
const REMEMBERED = 200;

/** `say` hears each distinct `what` at most once a minute; `times` is how often it came since it was last said. */
export function onceAWhile(
  say: (what: string, times: number) => void,
  pauseMs = PAUSE_MS,
  now: () => number = machineNow,
): (what: string) => void {
  const said = new Map<string, { at: number; since: number }>();
  return (what) => {
    const known = said.get(what);
    if (known && Math.abs(now() - known.at) < pauseMs) return void known.since++;
    if (!known && said.size >= REMEMBERED) said.delete(said.keys().next().value ?? "");
    said.set(what, { at: now(), since: 0 });
    say(what, (known?.since ?? 0) + 1);
  };
}
