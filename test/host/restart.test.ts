/** What `npm start` runs is started again when it ends by itself: its own processes and its servers. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const host = (name: string) => pathToFileURL(join(resolve(__dirname, "../../api/host"), name)).href;
const folder = mkdtempSync(join(tmpdir(), "duly-restart-"));
const children: ChildProcess[] = [];

const keeper = `
  import { main } from "${host("processes.mjs")}";
  import { startProcess } from "${host("product.mjs")}";
  import { startServices } from "${host("services.mjs")}";
  await main(async () => {
    await startServices({ dataDir: process.argv[1], log: console.error });
    const say = () => console.log("child " + child.pid);
    const child = startProcess("child", ["-e", "setInterval(() => {}, 1000)"], { env: process.env, died: console.error, restarted: say });
    say();
    await new Promise(() => {});
  });
`;

afterAll(async () => {
  for (const child of children) {
    child.kill("SIGTERM");
    await new Promise((done) => child.once("close", done));
  }
  rmSync(folder, { recursive: true, force: true });
});

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 600) throw new Error(`It never came about that ${what}.`);
    await sleep(100);
  }
}

const pidOf = (file: string): number => {
  try {
    return Number(readFileSync(join(folder, file), "utf8"));
  } catch {
    return 0;
  }
};
const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

test("a process, the database and Redis that are killed are started again", async () => {
  const script = spawn(process.execPath, ["--input-type=module", "-e", keeper, folder], {
    env: { ...process.env, DATABASE_URL: "", REDIS_URL: "" },
  });
  children.push(script);
  let said = "";
  script.stdout.on("data", (chunk) => (said += String(chunk)));
  script.stderr.on("data", () => undefined);
  const pids = () => [...said.matchAll(/child (\d+)/g)].map((found) => Number(found[1]));
  await until(() => pids().length === 1, "the child runs");
  process.kill(pids()[0] ?? 0, "SIGKILL");
  await until(() => pids().length === 2 && lives(pids()[1] ?? 0), "the child runs again");
  for (const file of ["mysql/server.pid", "redis/server.pid"]) {
    const before = pidOf(file);
    expect(lives(before)).toBe(true);
    process.kill(before, "SIGKILL");
    await until(() => pidOf(file) > 0 && pidOf(file) !== before && lives(pidOf(file)), `${file} names another`);
  }
}, 120_000);
