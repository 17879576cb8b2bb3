/** Reports in turn: one person takes neither both places nor the whole line. */
import { inTurn } from "../../api/engine/report/inTurn";

test("one person's reports are made one after another, and others' beside them", async () => {
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const report = (owner: string) =>
    inTurn(owner, () => {
      begun.push(owner);
      return new Promise<void>((end) => ends.push(end));
    });
  const busy = Array.from({ length: 10 }, () => report("Ada").catch((error: Error) => error.message));
  const others = [report("Bea"), report("Cyd")];
  expect(begun).toEqual(["Ada", "Bea"]);
  while (ends.length) {
    ends.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(others);
  const answers = await Promise.all(busy);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(3);
  expect(answers.at(-1)).toBe("Many reports are being made just now. Try again in a minute.");
  expect(begun).toEqual(["Ada", "Bea", "Ada", "Cyd", "Ada"]);
});
