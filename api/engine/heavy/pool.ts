/**
 * Work whose cost its input decides (reading documents and sheets, making PDFs and ZIPs) runs in processes of its own,
 * never on the event loop and never inside a transaction. A job is bounded in time and memory: what exceeds either ends
 * its process, fails that job with a sentence, and nothing else. Not threads: a thread whose heap is full takes the whole
 * process with it where it asks for much at once, as a picture of 79 bytes did.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Failure, type FailureCode, type Problem } from "../../../schema/failure";
import type { Jobs } from "./jobs";

const PROCESSES = 2;
const MAX_WAITING = 20;
/** Of one person's at a time, running and waiting. */
const MAX_PER_OWNER = 4;
/** Each; what a file unpacks to is bounded besides (unpack.ts), since buffers are not of the heap. */
const MAX_HEAP_MB = 320;
/** Half of what a system gives a process, so that what is nested too deep is an error and not a fault. */
const STACK_KB = 3_900;
/** Loading its code takes one, and on a busy machine many. */
const START_SECONDS = 30;
/** An idle one keeps some 50 MB. */
const IDLE_MS = 30_000;

export type JobName = keyof Jobs;
export type JobInput<J extends JobName> = Parameters<Jobs[J]>[0];
export type JobResult<J extends JobName> = Awaited<ReturnType<Jobs[J]>>;

/** What a worker answers. */
export type Answer =
  | { result: unknown }
  | { failure: { code: FailureCode; message: string; problems: Problem[] } }
  | { exhausted: string }
  /** Nothing to do with the job: its process could not be started, or was ended from outside. */
  | { unable: string }
  | { fault: string };

const TOO_MUCH_TO_READ = "is too large or too complicated to read. Split it, or save it as plain text";
const TOO_MUCH_TO_MAKE = "is too large or too complicated to be made into a file. Ask for less of it";

/** How long each may take, and what is said where it takes more. */
export const bounds: Record<JobName, { seconds: number; refusal: string }> = {
  policyDocument: { seconds: 20, refusal: `This document ${TOO_MUCH_TO_READ}.` },
  sheet: {
    seconds: 20,
    refusal:
      "This sheet is too large or too complicated to read. Delete the empty rows and columns around its table, or save it as CSV.",
  },
  crestIsDrawable: { seconds: 10, refusal: "This picture is too large or too complicated to read. Save it anew." },
  textPdf: { seconds: 30, refusal: "This text is too large or too complicated to be made into a PDF." },
  reportPdf: { seconds: 60, refusal: `This report ${TOO_MUCH_TO_MAKE}.` },
  reportZip: { seconds: 60, refusal: `This report ${TOO_MUCH_TO_MAKE}.` },
};

interface Task {
  job: JobName;
  input: unknown;
  owner: string;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

const waiting: Task[] = [];
const running = new Map<Worker, Task>();
const idle = new Set<Worker>();

/**
 * Runs a job in a worker, as soon as one is free. `owner` names whoever asks: one person's jobs run one after another,
 * so that they take neither all workers nor the whole queue.
 * @throws INVALID_INPUT (path `file`) where the job exceeds its bounds, UNAVAILABLE where too many wait, and what the job throws.
 */
export function heavily<J extends JobName>(job: J, input: JobInput<J>, owner: string): Promise<JobResult<J>> {
  const own = [...waiting, ...running.values()].filter((task) => task.owner === owner).length;
  if (own >= MAX_PER_OWNER || waiting.length >= MAX_WAITING)
    return Promise.reject(
      new Failure("UNAVAILABLE", "Many documents are being worked on just now. Try again in a minute."),
    );
  return new Promise<unknown>((resolve, reject) => {
    waiting.push({ job, input, owner, resolve, reject });
    next();
  }) as Promise<JobResult<J>>;
}

/** Ends the workers that do nothing; the others end after their job. */
export async function endIdleWorkers(): Promise<void> {
  await Promise.all([...idle].map((worker) => worker.end()));
}

function next(): void {
  if (running.size >= PROCESSES) return;
  const owners = new Set([...running.values()].map(({ owner }) => owner));
  const at = waiting.findIndex(({ owner }) => !owners.has(owner));
  const [task] = at < 0 ? [] : waiting.splice(at, 1);
  if (!task) return;
  const [free] = idle;
  let worker: Worker;
  try {
    worker = free ?? new Worker();
  } catch (error) {
    task.reject(unable(String(error)));
    return next();
  }
  idle.delete(worker);
  running.set(worker, task);
  void worker
    .run(task)
    .then(task.resolve, task.reject)
    .finally(() => {
      running.delete(worker);
      if (worker.lives) idle.add(worker);
      next();
    });
}

/** Compiled it is JavaScript beside this file; from the sources (tsx, Jest) it is TypeScript, which Node alone cannot load. */
function startProcess(): ChildProcess {
  const script = [require.resolve("tsx/cjs"), join(__dirname, "worker.ts")].map(
    (path) => `require(${JSON.stringify(path)})`,
  );
  const what = __filename.endsWith(".ts") ? ["-e", script.join(";")] : [join(__dirname, "worker.js")];
  // One thread: the low priority of a process (worker.ts) is that of the thread that asks for it, and V8's others, which
  // clear its garbage away, would have begun before.
  const limits = [`--max-old-space-size=${MAX_HEAP_MB}`, `--stack-size=${STACK_KB}`, "--single-threaded"];
  return spawn(process.execPath, [...limits, ...what], {
    // It needs no settings, and what reads strangers' files knows no passwords.
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

/** How a process ends whose heap or stack is full: V8 aborts, with a trap on some machines. */
const ownEnds = new Set(["SIGABRT", "SIGTRAP", "SIGILL", "SIGSEGV", "SIGBUS"]);

const unable = (why: string): Failure =>
  new Failure("UNAVAILABLE", "This cannot be worked on just now. Try again in a minute.", [], {
    cause: new Error(why),
  });

class Worker {
  lives = true;
  private readonly child = startProcess();
  private settle: ((answer: Answer) => void) | undefined;
  private retiring: NodeJS.Timeout | undefined;
  private began: (() => void) | undefined;
  /** Its code is loaded: that is no time of the job's. */
  private readonly ready = new Promise<void>((resolve) => (this.began = resolve));

  constructor() {
    const died = (answer: Answer): void => {
      this.lives = false;
      idle.delete(this);
      clearTimeout(this.retiring);
      this.began?.();
      this.settle?.(answer);
    };
    this.child.on("message", (answer: Answer | "ready") =>
      answer === "ready" ? this.began?.() : this.settle?.(answer),
    );
    this.child.on("error", (error: NodeJS.ErrnoException) => died({ unable: error.code ?? error.message }));
    this.child.on("exit", (code, signal) => {
      const why = `it ended with ${signal ?? code}`;
      died(ownEnds.has(signal ?? "") ? { exhausted: why } : { unable: why });
    });
  }

  async run({ job, input }: Task): Promise<unknown> {
    const { seconds, refusal } = bounds[job];
    clearTimeout(this.retiring);
    this.child.ref();
    this.child.channel?.ref();
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      this.settle = resolve;
      // One that has ended says so itself.
      this.child.send({ job, input }, () => undefined);
      const within = (limit: number, what: Answer): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          resolve(what);
          void this.end();
        }, limit * 1_000);
      };
      // A process that never comes about must not hold its place for ever.
      within(START_SECONDS, { unable: "its process did not start" });
      void this.ready.then(() => within(seconds, { exhausted: "time" }));
    });
    clearTimeout(timer);
    this.settle = undefined;
    // It keeps no process from ending.
    this.child.unref();
    this.child.channel?.unref();
    this.retiring = setTimeout(() => void this.end(), IDLE_MS).unref();
    if ("result" in answer) return answer.result;
    if ("failure" in answer) throw new Failure(answer.failure.code, answer.failure.message, answer.failure.problems);
    if ("fault" in answer) throw new Error(`The job ${job} failed: ${answer.fault}`);
    if ("unable" in answer) throw unable(answer.unable);
    throw new Failure("INVALID_INPUT", refusal, [{ path: "file", message: refusal }], {
      cause: new Error(`The job ${job} exceeded its bounds: ${answer.exhausted}`),
    });
  }

  async end(): Promise<void> {
    this.lives = false;
    idle.delete(this);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.ref();
    this.child.kill("SIGKILL");
    await ended;
  }
}
