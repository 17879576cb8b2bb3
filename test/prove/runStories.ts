/** Runs stories on packs without an element, many to a Jest file (see tell.cjs), all in one Jest. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Job {
  /** The element that is taken out; none to see which stories pass as things are. */
  without?: string;
  file: string;
  /** Only stories of these obligations are told. */
  numbers: number[];
}

export interface Told {
  stories: { story: string; passed: boolean; why: string }[];
  /** Why the file could not be run at all. */
  broken?: string;
}

const PATIENCE_MS = 15 * 60_000;
/** Loading the API takes as long as some ten stories. */
const JOBS_TO_A_FILE = 12;

/** The title of a job says its numbers; a story is told where its own name has one of them. */
const titleOf = ({ numbers }: Job, i: number): string => `${i}: ${numbers.map((number) => `O${number}`).join(" ")} |`;
const SAME_NUMBER = "\\bO(\\d+)\\b[^|]*\\|.*\\bO\\1\\b[^:]*:";

/** Jobs of one story file together, so that a file that does not load spoils no other's. */
function* shares(jobs: Job[]): Generator<Job[]> {
  for (const file of new Set(jobs.map((job) => job.file))) {
    const own = jobs.filter((job) => job.file === file);
    for (let i = 0; i < own.length; i += JOBS_TO_A_FILE) yield own.slice(i, i + JOBS_TO_A_FILE);
  }
}

/** Calls `told` as each job ends. `folder` is emptied. */
export async function runStories(
  root: string,
  folder: string,
  jobs: Job[],
  told: (job: Job, told: Told) => void,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map([...shares(jobs)].map((share, i) => [join(folder, `${i}.js`), share]));
  for (const [file, share] of files) {
    const titled = share.map((job, i) => ({ ...job, title: titleOf(job, i) }));
    writeFileSync(file, `require(${JSON.stringify(join(root, "test/prove/tell.cjs"))})(${JSON.stringify(titled)});\n`);
  }
  const { jest } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { jest: Record<string, unknown> };
  const config = join(folder, "jest.config.json");
  const own = {
    rootDir: root,
    roots: [folder],
    testMatch: [join(folder, "*.js")],
    modulePathIgnorePatterns: [join(root, "build")],
    reporters: [join(root, "test/prove/reporter.cjs")],
    // A story that runs out of time says nothing: on a busy machine it is given more.
    testTimeout: PATIENCE_MS,
  };
  writeFileSync(config, JSON.stringify({ ...jest, ...own }));
  const child = spawn(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--config", config, "-t", SAME_NUMBER, "--silent"],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_ENV: "test" } },
  );
  const stop = () => child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("{")) continue;
    const { file, stories, broken } = JSON.parse(line) as {
      file: string;
      stories: (Told["stories"][number] & { title: string })[];
      broken?: string;
    };
    const share = files.get(file) ?? [];
    files.delete(file);
    share.forEach((job, i) => told(job, { stories: stories.filter(({ title }) => title === titleOf(job, i)), broken }));
  }
  process.removeListener("SIGTERM", stop);
  if (files.size) throw new Error(`Jest did not run every story:\n${complaint}`);
}
