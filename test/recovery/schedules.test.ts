/**
 * Seeded schedules of faults over one installation, held to what an oracle computes; `npm run prove -- faults 200` runs
 * many. That the oracle sees what it must is shown by three bugs, each planted in a running product.
 */
import { isRight, newYear, runSchedule, told } from "./schedule";
import { type Stack, startStack } from "./stack";

let stack: Stack;
const school = newYear();

beforeAll(async () => {
  stack = await startStack({ hurry: true });
}, 300_000);
afterAll(() => stack?.close(), 60_000);

test.each([1, 2, 3])(
  "schedule %i loses nothing, does nothing twice and nothing early",
  async (seed) => {
    const outcome = await runSchedule(stack, school, seed);
    expect(isRight(outcome) ? "" : told(outcome)).toBe("");
    expect(outcome.occurrences).toBeGreaterThan(400);
  },
  600_000,
);

const planted = [
  {
    bug: "skip the generation check",
    seen: "early",
    briefly: true,
    plan: [
      { kind: "both workers are paused past their leases", at: 0, seconds: 7 },
      { kind: "the calendar changes", at: 1, seconds: 1 },
    ],
  },
  {
    bug: "send before commit",
    seen: "doubled",
    briefly: true,
    plan: [{ kind: "the workers' connections are reset as they COMMIT emails", at: 0, seconds: 20 }],
  },
  {
    // Until all has fallen due: a single wake-up afterwards would have everything looked for.
    bug: "trust the job",
    seen: "lost",
    briefly: true,
    plan: [{ kind: "Redis is away", at: 0, seconds: 20 }],
  },
] as const;

test.each(planted)(
  "a product that would $bug is caught by what is $seen",
  async ({ bug, seen, plan, briefly }) => {
    await stack.plant(bug);
    const outcome = await runSchedule(stack, school, 100 + planted.findIndex((one) => one.bug === bug), {
      plan: [...plan],
      briefly,
      patienceSeconds: 10,
    });
    expect(outcome[seen].length).toBeGreaterThan(0);
  },
  600_000,
);
