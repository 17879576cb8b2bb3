/** A seeded sample of what `npm run prove -- attack` sends whole: hostile values at every place of the schema. */
import { randomFrom } from "../recovery/random";
import { type Attack, openAttack, type Shot, told } from "./attack";

const SAMPLE = 300;

let attack: Attack;
beforeAll(async () => {
  attack = await openAttack();
}, 60_000);
afterAll(() => attack.close());

test("300 hostile values at places drawn from the whole schema are refused or harmless", async () => {
  const random = randomFrom(11);
  const wrong: string[] = [];
  for (let n = 0; n < SAMPLE; n++) {
    const shot: Shot = random.pick(attack.shots);
    const found = await attack.fire(shot);
    if (found) wrong.push(told(shot, found));
  }
  expect(wrong).toEqual([]);
  expect(await attack.aftermath()).toEqual([]);
}, 180_000);
