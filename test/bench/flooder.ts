/**
 * One flood as a process of its own, at the lowest priority: whoever floods a school has another machine. Says "ready",
 * floods when it is told to, and says how it was answered when it is told to stop.
 */
import { setPriority } from "node:os";
import { floods, type Ground } from "./floods";

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
  process.send?.("ready");
  await go;
  const statuses = new Map<number, number>();
  let flooding = true;
  let n = 0;
  const lanes = Array.from({ length: LANES }, async () => {
    while (flooding) {
      const status = await flood.one(ground, n++).catch(() => 0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  await stop;
  flooding = false;
  await Promise.all(lanes);
  process.send?.([...statuses]);
  process.disconnect();
}

void main();
