/**
 * `npm run duly -- coverage --prove`: takes each element that enforces or reminds out of a copy of the pack, and fails
 * unless a story of one of its obligations, which passes with it, fails without it. What was proved stays so while the
 * element's record type and its stories are unchanged; `--afresh` forgets that, as a change of the engine asks for.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { checkPack } from "../../schema/check";
import { provable } from "../../schema/coverage";
import { without } from "../../schema/elements";
import { schoolPolicy as pack } from "../../schema/packs/school-policy/pack";
import { canonicalJson } from "../../schema/text";
import { type Job, runStories, type Told } from "./runStories";
import { filesFor, type StoryFile, storyFiles } from "./stories";

interface Proof {
  path: string;
  label: string;
  numbers: number[];
  files: StoryFile[];
  /** What it was proved on: it holds while the definition is this, and the stories that proved it. */
  keyWith(file: string | undefined): string;
}
interface Verdict {
  proved: boolean;
  words: string;
  /** Of the story that proved it. */
  file?: string;
}

const root = process.cwd();
const folder = join(process.env["DULY_DATA"] ?? join(root, "var"), "prove");
const kept = join(folder, "proved.json");
const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const { values: asked } = parseArgs({
  options: {
    prove: { type: "boolean" },
    only: { type: "string" },
    element: { type: "string" },
    afresh: { type: "boolean" },
  },
  allowPositionals: true,
});
const only = asked.only?.split(",").map((code) => Number(code.replace(/^O/, "")));
const stories = storyFiles(join(root, "test/school-policy"));

const proofs = provable(pack)
  .filter(({ element }) => !asked.element || element.path === asked.element)
  .filter(({ numbers }) => !only || numbers.some((number) => only.includes(number)))
  .map(({ element: { path, label, type }, numbers }): Proof => {
    const files = filesFor(stories, numbers);
    const definition = pack.types.find(({ name }) => name === type) ?? pack.texts;
    return {
      path,
      label,
      numbers,
      files,
      keyWith(name) {
        const text = files.find(({ file }) => file === name)?.text;
        return createHash("sha256")
          .update(canonicalJson([path, numbers, definition, text]))
          .digest("hex");
      },
    };
  });

const before: Record<string, { key: string; words: string; file?: string }> =
  asked.afresh || !existsSync(kept) ? {} : (JSON.parse(readFileSync(kept, "utf8")) as typeof before);
const verdicts = new Map<Proof, Verdict>();

function conclude(proof: Proof, verdict: Verdict): void {
  verdicts.set(proof, verdict);
  const mark = verdict.proved ? "proved  " : "UNPROVED";
  print(`${String(verdicts.size).padStart(4)}/${proofs.length}  ${mark}  ${shown(proof)}: ${verdict.words}`);
  if (!verdict.proved) return;
  const { words, file } = verdict;
  before[proof.path] = { key: proof.keyWith(file), words, file };
  writeFileSync(kept, JSON.stringify(before, undefined, 1));
}

/** Where a place is only a number, what stands there. */
const shown = ({ path, label }: Proof): string => (path.endsWith("]") ? `${path} (${label})` : path);
const codes = (numbers: number[]): string => numbers.map((number) => `O${number}`).join(", ");

/** A story that ran out of time says nothing of the element: the machine was busy. */
const isLate = (why: string): boolean => why.includes("Exceeded timeout of");

/** What the stories of one file say, told with the element and without it; undefined where they notice nothing. */
function judge(file: string, whole: Told, less: Told): Verdict | undefined {
  const sound = new Set(whole.stories.filter(({ passed }) => passed).map(({ story }) => story));
  const failed = less.stories.find(({ story, passed, why }) => !passed && sound.has(story) && !isLate(why));
  const unfounded = /No school could be founded.*/.exec(failed?.why ?? less.broken ?? "");
  if (unfounded) return { proved: false, words: unfounded[0] };
  if (failed) return { proved: true, words: `“${failed.story}” fails without it`, file };
  const unsound = whole.broken ?? whole.stories.find(({ passed }) => !passed)?.story;
  return unsound
    ? { proved: false, words: `${relative(root, file)} does not pass as things are: ${unsound}` }
    : undefined;
}

/** One round: each element's next file of stories, told without it; and each of these files once as things are. */
async function round(pending: Proof[], turn: number): Promise<void> {
  const wholes = new Map<string, Job>();
  for (const { files, numbers } of pending) {
    const file = files[turn]?.file;
    if (!file) continue;
    const known = wholes.get(file)?.numbers ?? [];
    wholes.set(file, { file, numbers: [...new Set([...known, ...numbers])] });
  }
  const told = new Map<string, Told>();
  const jobs = new Map<string, Job>();
  const keyOf = (job: Job): string => JSON.stringify([job.without, job.file, job.numbers]);
  const pairs = pending.flatMap((proof) => {
    const file = proof.files[turn]?.file;
    const whole = wholes.get(file ?? "");
    if (!file || !whole) return [];
    const less: Job = { file, numbers: proof.numbers, without: proof.path };
    for (const job of [whole, less]) jobs.set(keyOf(job), job);
    return [{ proof, file, whole: keyOf(whole), less: keyOf(less) }];
  });
  await runStories(root, join(folder, "stories"), [...jobs.values()], (job, outcome) => {
    told.set(keyOf(job), outcome);
    for (const { proof, file, whole, less } of pairs) {
      const [with_, without_] = [told.get(whole), told.get(less)];
      if (verdicts.has(proof) || !with_ || !without_) continue;
      const verdict = judge(file, with_, without_);
      const last = turn + 1 >= proof.files.length;
      if (verdict?.proved || (verdict && last)) conclude(proof, verdict);
      else if (last)
        conclude(proof, { proved: false, words: `every story of ${codes(proof.numbers)} passes without it` });
    }
  });
}

async function main(): Promise<number> {
  if (!proofs.length) {
    print("No element that enforces or reminds is called so, or cites that: see `duly coverage`.");
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  for (const proof of proofs) {
    const known = before[proof.path];
    if (known && known.key === proof.keyWith(known.file)) {
      conclude(proof, { ...known, proved: true });
      continue;
    }
    const [problem] = checkPack(without(pack, proof.path));
    if (problem)
      conclude(proof, { proved: true, words: `refused by the checker (${problem.path}: ${problem.message})` });
    else if (!proof.files.length)
      conclude(proof, { proved: false, words: `there is no story of ${codes(proof.numbers)}` });
  }
  for (let turn = 0; ; turn++) {
    const pending = proofs.filter((proof) => !verdicts.has(proof));
    if (!pending.length || turn >= Math.max(...pending.map(({ files }) => files.length))) break;
    await round(pending, turn);
  }
  const unproved = proofs.filter((proof) => !verdicts.get(proof)?.proved);
  const untold = (pack.obligations ?? [])
    .map(({ number }) => number)
    .filter((number) => !only || only.includes(number))
    .filter((number) => !stories.some((file) => file.stories.has(number)));
  print();
  if (unproved.length) {
    print("Not proved:");
    for (const proof of unproved) print(`  ${proof.path}: ${verdicts.get(proof)?.words ?? "its stories did not end"}`);
  }
  if (untold.length && !asked.element) print(`No story carries ${codes(untold)}.`);
  print(`${proofs.length - unproved.length} of ${proofs.length} elements proved`);
  return unproved.length || (untold.length && !asked.element) ? 1 : 0;
}

void main().then((code) => {
  process.exitCode = code;
});
