/**
 * One flood as a process of its own, at the lowest priority: whoever floods a school has another machine. Says "ready",
 * floods when it is told to, and says how it was answered when it is told to stop.
 */
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { floods, type Ground } from "./floods";

const WARM_MS = 2_000;
/** How many it sends at once. */
const LANES = 16;

async function main(): Promise<void> {
  setPriority(19);
  const flood = floods.find(({ name }) => name === process.env["FLOOD"]);
  const ground: Ground = { port: Number(process.env["FLOOD_PORT"]), cookie: process.env["FLOOD_COOKIE"] ?? "" };
  if (!flood) throw new Error("There is no such flood.");
  await flood.before?.(ground);
  const told = (word: string) =>
    new Promise<void>((resolve) => process.on("message", (message) => message === word && resolve()));
  const [go, stop] = [told("go"), told("stop")];
  let n = 0;
  // The server has seen such things before, as one that has run for a day: its code for them is compiled.
  const warm = performance.now() + WARM_MS;
  while (performance.now() < warm)
    await Promise.race([flood.one(ground, n++).catch(() => 0), sleep(WARM_MS, undefined, { ref: false })]);
  process.send?.("ready");
  await go;
  const statuses = new Map<number, number>();
  const lane = async (): Promise<void> => {
    for (;;) {
      const status = await flood.one(ground, n++).catch(() => 0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  for (let i = 0; i < LANES; i++) void lane();
  await stop;
  // What is under way is left: a large file takes minutes.
  process.send?.([...statuses], () => process.exit());
}

void main();
