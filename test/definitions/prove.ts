/**
 * npm run prove -- definitions [EDITS [FIRST SEED]]: so many seeded edits of the pack's definitions. What passes the check
 * is put in force and driven; what then fails is printed with its seed and the least of its edits.
 */
import { proveEdits } from "./proveEdits";

async function main(): Promise<void> {
  const [count = 3_000, first = 1] = process.argv.slice(2).map(Number);
  const { driven, failed } = await proveEdits(first, count, (line) => console.log(line));
  console.log(`${driven - failed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

void main();
