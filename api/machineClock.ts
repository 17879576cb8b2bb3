/**
 * The machine's own time in milliseconds since 1970, for what school time does not govern: sessions, tokens, back-off,
 * heartbeats, ids. Everything a school sees takes its time as an argument, so that a moved clock moves it too.
 */
export function machineNow(): number {
  return Date.now();
}

/** Milliseconds that only ever go forward, for how long something took or waited: a clock that is set does not move them. */
export const elapsedMs = (): number => performance.now();
