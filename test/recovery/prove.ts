/**
 * npm run prove -- faults [SCHEDULES [FIRST SEED]]: seeded schedules of faults over one installation, and what an oracle
 * finds lost, doubled or early. `--hurry` shortens the product's pauses, for a quick look.
 */
import { isRight, newYear, runSchedule, told } from "./schedule";
import { type Stack, startStack } from "./stack";

/** One after another on the same installation, whose years fill a disk that is small enough to be filled by a fault. */
const ON_ONE_STACK = 20;

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const [schedules = 20, first = 0] = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  const hurry = args.includes("--hurry");
  let stack: Stack | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => void Promise.resolve(stack?.close()).then(() => process.exit(130)));
  const sum = { occurrences: 0, effects: 0, lost: 0, doubled: 0, early: 0, repeated: 0, late: 0, passed: 0, failed: 0 };
  try {
    for (let from = first; from < first + schedules; from += ON_ONE_STACK) {
      await stack?.close();
      const here = (stack = await startStack({ hurry }));
      const school = newYear();
      for (let seed = from; seed < Math.min(from + ON_ONE_STACK, first + schedules); seed++) {
        const outcome = await runSchedule(here, school, seed);
        console.log(told(outcome));
        sum.occurrences += outcome.occurrences;
        sum.effects += outcome.effects;
        sum.lost += outcome.lost.length;
        sum.doubled += outcome.doubled.length;
        sum.early += outcome.early.length;
        sum.repeated += outcome.repeated;
        sum.late = Math.max(sum.late, outcome.worstLateMs);
        if (isRight(outcome)) sum.passed++;
        else sum.failed++;
      }
    }
  } finally {
    await stack?.close();
  }
  console.log(
    `${sum.occurrences} occurrences, ${sum.effects} effects, ${sum.doubled} doubled, ${sum.lost} lost, ${sum.early} early, ` +
      `worst ${(sum.late / 1_000).toFixed(1)} s late; ${sum.repeated} emails left twice under one Message-ID because their first answer was lost`,
  );
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exit(sum.failed ? 1 : 0);
}

main().catch((error: unknown) => {
  console.error(error);
  console.log("0 passed, 1 failed");
  process.exit(1);
});
