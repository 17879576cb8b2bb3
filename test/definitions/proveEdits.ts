/** Seeded edits of the pack's definitions, each checked, put in force and driven, and reduced to the least that fails. */
import { Random } from "../../schema/packs/school-policy/demo/year/random";
import type { RecordType } from "../../schema/definition";
import { drive, type Driven, type Finding } from "./drive";
import { edited, type Edit, inWords, someEdits, Vocabulary } from "./edits";
import { Stage } from "./stage";

export interface Outcome {
  edits: number;
  /** Those that the check let through, and of these those of which a record was made. */
  passed: number;
  driven: number;
  failed: number;
  /** How many records were made, and how many moves were done. */
  made: number;
  done: number;
  findings: { seed: number; edits: string[]; finding: Finding }[];
}

export async function proveEdits(
  first: number,
  count: number,
  say: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const stage = await Stage.open();
  try {
    const outcome: Outcome = { edits: 0, passed: 0, driven: 0, failed: 0, made: 0, done: 0, findings: [] };
    const words = new Vocabulary(stage.types);
    const known = new Map<string, number>();
    for (let seed = first; seed < first + count; seed++) {
      const edits = someEdits(stage.types, words, new Random(seed));
      outcome.edits++;
      const tried = await tryEdits(stage, seed, edits);
      if (outcome.edits % 100 === 0)
        say(
          `… ${outcome.edits} edits, ${outcome.passed} passed the check, ${outcome.driven} driven, ${outcome.done} moves, ${outcome.failed} failed`,
        );
      if (!tried) continue;
      outcome.passed++;
      outcome.made += tried.made;
      outcome.done += tried.done;
      if (tried.made) outcome.driven++;
      const [finding] = tried.findings;
      if (!finding) continue;
      outcome.failed++;
      const times = (known.get(finding.kind) ?? 0) + 1;
      known.set(finding.kind, times);
      if (times > 2) {
        say(`seed ${seed}: again ${finding.kind}`);
        continue;
      }
      const least = await reduced(stage, seed, edits);
      outcome.findings.push({ seed, edits: least.map(inWords), finding });
      say(
        `seed ${seed}: ${finding.kind}\n  ${least.map(inWords).join("\n  ") || "(without any edit)"}\n  ${finding.detail.split("\n").slice(0, 7).join("\n  ")}`,
      );
    }
    const { made, done } = outcome;
    say(
      `${outcome.edits} edits: ${outcome.passed} passed the check, ${outcome.driven} driven with ${made} records and ${done} moves`,
    );
    return outcome;
  } finally {
    await stage.close();
  }
}

/** Undefined where the check refuses them, or nothing is other than before. */
async function tryEdits(stage: Stage, seed: number, edits: Edit[]): Promise<Driven | undefined> {
  const after = edited(stage.types, edits);
  const changed = after.filter((type, i) => JSON.stringify(type) !== JSON.stringify(stage.types[i]));
  if (edits.length && !changed.length) return undefined;
  // Half are as on a new installation, half follow what is in force, with records in flight.
  const random = new Random(seed * 7 + 1);
  const follows = random.happens(0.5) && changed.every(({ name }) => stage.types.some((type) => type.name === name));
  const problems = thrown(() => stage.problems(changed, follows));
  if (problems instanceof Error)
    return { findings: [{ kind: `the check: ${problems.message}`, detail: problems.stack ?? "" }], made: 0, done: 0 };
  if (problems.length) return undefined;
  const names = changed.map(({ name }) => name);
  // An edit of none finds what fails as the pack stands.
  const driven = names.length ? names : edits.map(({ type }) => type);
  try {
    const put = follows
      ? () => stage.publish(changed, random.happens(0.5) ? "MOVE" : "STAY")
      : () => stage.found(changed);
    if (!follows) await put();
    return await drive(stage, random, driven, follows ? put : undefined);
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    return {
      findings: [{ kind: `publish: ${told.message.slice(0, 200)}`, detail: told.stack ?? "" }],
      made: 0,
      done: 0,
    };
  } finally {
    await stage.clear(namesOf(stage, changed));
  }
}

const namesOf = (stage: Stage, changed: RecordType[]): string[] =>
  [...new Set(changed.map(({ name }) => name))].sort((a, b) => a.localeCompare(b) || stage.types.length);

function thrown<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Those of the edits without which nothing fails. */
async function reduced(stage: Stage, seed: number, edits: Edit[]): Promise<Edit[]> {
  let least = edits;
  for (const edit of edits) {
    const fewer = least.filter((each) => each !== edit);
    if (!fewer.length) break;
    if ((await tryEdits(stage, seed, fewer))?.findings.length) least = fewer;
  }
  return least;
}
