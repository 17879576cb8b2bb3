/** npm run prove -- attack [EVERY]: each hostile value at each place of the schema; with a number, every so many-th of them. */
import { openAttack, told } from "./attack";

/** After so many, the school is looked at: others are answered and email leaves. */
const BETWEEN = 5_000;

async function main(): Promise<void> {
  const every = Number(process.argv[2] ?? 1);
  const attack = await openAttack();
  const shots = attack.shots.filter((_, n) => n % every === 0);
  const places = new Set(shots.map(({ place }) => place.name)).size;
  const peak = { rss: 0 };
  let failed = 0;
  const tell = (line: string): void => {
    failed++;
    console.log(line);
  };
  for (const [n, shot] of shots.entries()) {
    const wrong = await attack.fire(shot);
    if (wrong) tell(told(shot, wrong));
    peak.rss = Math.max(peak.rss, process.memoryUsage.rss());
    if ((n + 1) % BETWEEN === 0 || n === shots.length - 1) {
      for (const line of await attack.aftermath()) tell(`After ${n + 1}: ${line}`);
      console.log(`${n + 1} of ${shots.length}`);
    }
  }
  await attack.close();
  console.log(`${places} places; the process held at most ${Math.round(peak.rss / 2 ** 20)} MB.`);
  console.log(`${shots.length - failed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

main().catch((error: unknown) => {
  console.error(error);
  console.log("0 passed, 1 failed");
  process.exit(1);
});
