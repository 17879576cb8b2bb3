/** Seeded edits of the pack's definitions, each checked, put in force and driven, and reduced to the least that fails. */
import { Random } from "../../schema/packs/school-policy/demo/year/random";
import type { RecordType } from "../../schema/definition";
import { drive, type Driven, type Finding } from "./drive";
import { edited, type Edit, inWords, someEdit, someTypes, Vocabulary } from "./edits";
import { Stage } from "./stage";

export interface Outcome {
  /** Edits tried, those that the check let through, and sets of up to five of these that were put in force and driven. */
  edits: number;
  passed: number;
  driven: number;
  failed: number;
  /** How many records were made, and how many moves were done. */
  made: number;
  done: number;
  findings: { seed: number; edits: string[]; finding: Finding }[];
}

/** A place is given up after so many edits that the check refuses. */
const MOST_TRIES = 6;

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
      const random = new Random(seed);
      // Half are as on a new installation, half follow what is in force, with records in flight.
      const trial = { seed, follows: random.happens(0.5) };
      const edits = grow(stage, random, trial, words, outcome);
      const tried = edits && (await drivenBy(stage, trial, edits));
      if ((seed - first + 1) % 100 === 0) say(`… ${told(outcome)}, ${outcome.failed} failed`);
      if (!tried) continue;
      outcome.driven++;
      outcome.made += tried.made;
      outcome.done += tried.done;
      const [finding] = tried.findings;
      if (!finding) continue;
      outcome.failed++;
      const times = (known.get(finding.kind) ?? 0) + 1;
      known.set(finding.kind, times);
      const least = times > 2 ? edits : await reduced(stage, trial, edits);
      outcome.findings.push({ seed, edits: least.map(inWords), finding });
      say(`seed ${seed}: ${finding.kind}\n  ${least.map(inWords).join("\n  ")}\n  ${finding.detail}`);
    }
    say(told(outcome));
    return outcome;
  } finally {
    await stage.end();
  }
}

const told = ({ edits, passed, driven, made, done }: Outcome): string =>
  `${edits} edits tried, ${passed} passed the check, ${driven} sets of them driven with ${made} records and ${done} moves`;

interface Trial {
  seed: number;
  follows: boolean;
}

const changedBy = (stage: Stage, edits: Edit[]): RecordType[] =>
  edited(stage.types, edits).filter((type, i) => {
    const before = stage.types[i];
    return type !== before && JSON.stringify(type) !== JSON.stringify(before);
  });

/** A few edits that the check lets through together; undefined where it refused all that were tried. */
function grow(stage: Stage, random: Random, trial: Trial, words: Vocabulary, outcome: Outcome): Edit[] | undefined {
  const set = someTypes(stage.types, random);
  let edits: Edit[] = [];
  for (let places = random.within(1, 5); places > 0; places--)
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const more = [...edits, someEdit(random.oneOf(edited(set, edits)), stage.types, words, random)];
      const changed = changedBy(stage, more);
      if (!changed.length || JSON.stringify(changed) === JSON.stringify(changedBy(stage, edits))) continue;
      outcome.edits++;
      if (stage.problems(changed, trial.follows).length) continue;
      outcome.passed++;
      edits = more;
      break;
    }
  return edits.length ? edits : undefined;
}

/** Undefined where the check refuses them, or nothing is other than before. */
async function drivenBy(stage: Stage, { seed, follows }: Trial, edits: Edit[]): Promise<Driven | undefined> {
  const changed = changedBy(stage, edits);
  if (!changed.length || stage.problems(changed, follows).length) return undefined;
  const random = new Random(seed + 1_000_000);
  const names = changed.map(({ name }) => name);
  const inFlight = random.happens(0.5) ? "MOVE" : "STAY";
  try {
    if (!follows) await stage.found(changed);
    return await drive(stage, random, names, follows ? () => stage.publish(changed, inFlight) : undefined);
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return {
      findings: [{ kind: `publish: ${cause.message.slice(0, 200)}`, detail: cause.stack ?? "" }],
      made: 0,
      done: 0,
    };
  } finally {
    await stage.clear(names);
  }
}

/** Those of the edits without which nothing fails. */
async function reduced(stage: Stage, trial: Trial, edits: Edit[]): Promise<Edit[]> {
  let least = edits;
  for (const edit of edits) {
    const fewer = least.filter((each) => each !== edit);
    if (!fewer.length) break;
    if ((await drivenBy(stage, trial, fewer))?.findings.length) least = fewer;
  }
  return least;
}
