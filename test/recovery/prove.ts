/**
 * npm run prove -- faults [SCHEDULES [FIRST SEED]]: seeded schedules of faults over one installation, and what an oracle
 * finds lost, doubled or early. `--hurry` shortens the product's pauses, for a quick look.
 */
import { isRight, newYear, runSchedule, told } from "./schedule";
import { startStack } from "./stack";

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const [schedules = 20, first = 0] = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
  const stack = await startStack({ hurry: args.includes("--hurry") });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => void stack.close().then(() => process.exit(130)));
  const sum = { occurrences: 0, effects: 0, lost: 0, doubled: 0, early: 0, repeated: 0, late: 0, passed: 0, failed: 0 };
  try {
    const school = newYear();
    for (let seed = first; seed < first + schedules; seed++) {
      const outcome = await runSchedule(stack, school, seed);
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
  } finally {
    await stack.close();
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
