/**
 * What Prometheus reads. Workers have no port of their own: each sends its figures along with its heartbeat, and
 * whichever API process is asked adds them to its own.
 */
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { clockSkewMs, schoolNow } from "./engine/run";
import type { World } from "./engine/world";
import { faultKinds } from "../schema/faultKinds";
import { databaseMetrics, isoOf } from "./store/database";
import { countOpenFaults, oldestUrgentWaiting } from "./store/faults";
import { oldestDue } from "./store/observe";

const registry = new Registry();

export const timersFired = new Counter({
  name: "duly_timers_fired_total",
  help: "Timer occurrences handled",
  registers: [registry],
});
export const batchSize = new Histogram({
  name: "duly_timer_batch_size",
  help: "Timer occurrences handled in one transaction",
  buckets: [1, 2, 5, 10, 25, 50, 100, 200, 500],
  registers: [registry],
});
export const mailMetrics = new Counter({
  name: "duly_mails_total",
  help: "Mails by outcome; retried counts attempts",
  labelNames: ["outcome"] as const,
  registers: [registry],
});
export const httpSeconds = new Histogram({
  name: "duly_http_seconds",
  help: "Time to answer a request",
  labelNames: ["route", "status"] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [registry],
});
export const apiErrors = new Counter({
  name: "duly_api_errors_total",
  help: "Errors answered by the API, by code; INTERNAL ones are ours",
  labelNames: ["code"] as const,
  registers: [registry],
});
export const operationsCompiled = new Counter({
  name: "duly_operations_compiled_total",
  help: "Operations of the API that were asked twice, by whether they could be compiled",
  labelNames: ["outcome"] as const,
  registers: [registry],
});
const oldestDueAge = new Gauge({
  name: "duly_oldest_due_age_seconds",
  help: "How long the oldest waiting timer has been due, in school time",
  aggregator: "max",
  registers: [registry],
});
const clockSkew = new Gauge({
  name: "duly_clock_skew_seconds",
  help: "This process's clock minus the database's",
  aggregator: "average",
  registers: [registry],
});
const deadlockRestarts = new Gauge({
  name: "duly_transaction_restarts_total",
  help: "Transactions restarted after a deadlock or a lock wait",
  registers: [registry],
});
const hintsDropped = new Gauge({
  name: "duly_hints_dropped_total",
  help: "Wake-ups that Redis did not take; the sweep finds their timers",
  registers: [registry],
});

const urgentWaiting = new Gauge({
  name: "duly_urgent_waiting_seconds",
  help: "How long the oldest urgent notice or email has been waiting to leave, in school time",
  aggregator: "max",
  registers: [registry],
});
const faultsOpen = new Gauge({
  name: "duly_faults_open",
  help: "Work that failed and waits for a person, by kind",
  labelNames: ["kind"] as const,
  aggregator: "max",
  registers: [registry],
});

let withProcess = false;

/** Adds figures of the process itself (memory, event loop), labelled by its name. Called once per process. */
export function observeProcess(name: string): void {
  if (withProcess) return;
  withProcess = true;
  collectDefaultMetrics({ register: registry, labels: { process: name } });
}

/** What this process sends with its heartbeat, as JSON. */
export async function ownMetrics(world: World): Promise<string> {
  deadlockRestarts.set(databaseMetrics.restarts);
  hintsDropped.set(world.queue.dropped.hints);
  return JSON.stringify(await registry.getMetricsAsJSON());
}

/** Prometheus text of this process and all workers. Without MySQL or Redis: what is known without them. */
export async function allMetrics(world: World): Promise<{ contentType: string; body: string }> {
  await observeDatabase(world).catch((error: unknown) => world.log.warn({ error }, "Metrics without the database"));
  const own = await ownMetrics(world);
  const workers = await world.queue.workerReports().catch(() => []);
  const reports = [own, ...workers].flatMap(parseReport);
  return { contentType: registry.contentType, body: await AggregatorRegistry.aggregate(reports).metrics() };
}

type Report = Parameters<typeof AggregatorRegistry.aggregate>[0][number];

/** A worker of another version may say anything. */
function parseReport(text: string): Report[] {
  try {
    const report = JSON.parse(text) as unknown;
    return Array.isArray(report) ? [report as unknown as Report] : [];
  } catch {
    return [];
  }
}

async function observeDatabase(world: World): Promise<void> {
  clockSkew.set((await clockSkewMs(world)) / 1000);
  const now = await schoolNow(world);
  const since = (at: number | null): number => (at === null ? 0 : Math.max(0, (now - at) / 1000));
  oldestDueAge.set(since(await oldestDue(world.db)));
  urgentWaiting.set(since(await oldestUrgentWaiting(world.db, isoOf(now))));
  const open = await countOpenFaults(world.db);
  for (const kind of Object.keys(faultKinds))
    faultsOpen.set(
      { kind },
      open.filter((each) => each.kind === kind).reduce((sum, { count }) => sum + count, 0),
    );
}
