import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createConnection } from "mysql2/promise";

const host = (name: string) => pathToFileURL(join(resolve(__dirname, "../../api/host"), name)).href;

/** Brings services up on argv[1], prints their addresses and stays until it is told to end. */
const keeper = `
  import { startServices } from "${host("services.mjs")}";
  import { main } from "${host("processes.mjs")}";
  await main(async () => {
    const { databaseUrl } = await startServices({ dataDir: process.argv[1], log: console.error });
    console.log(databaseUrl);
    await new Promise((resolve) => process.stdin.once("data", resolve));
  });
`;

/** Installs two packages with the apt-get on PATH and argv[1] as policy-rc.d. */
const installer = `
  import { installPackages } from "${host("packages.mjs")}";
  import { main } from "${host("processes.mjs")}";
  await main(async () => {
    const done = await installPackages(["one", "two"], { log: console.log, policyFile: process.argv[1] });
    console.log(done ? "installed" : "not installed");
  });
`;

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "duly-host-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) await end(child, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

function script(code: string, argument: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const given = { ...process.env, DATABASE_URL: "", REDIS_URL: "", ...env };
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, argument], { env: given });
  children.push(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "close");
}

/** The first line a child prints, or what it says on stderr when it ends without one. */
async function firstLine(child: ChildProcess): Promise<string> {
  let complaints = "";
  child.stderr?.on("data", (chunk) => (complaints += String(chunk)));
  if (!child.stdout) return "";
  for await (const line of createInterface({ input: child.stdout })) return line;
  return complaints.trim();
}

const pidOf = (file: string) => Number(readFileSync(join(folder, file), "utf8"));
/** A zombie has ended; only its number is kept until its parent asks. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, "utf8"));
}

describe("bringing services up", () => {
  test("two programs on one data folder share its servers, and the last one out stops them", async () => {
    const first = script(keeper, folder);
    const url = await firstLine(first);
    expect(url).toMatch(/^mysql:\/\/duly:\w{48}@127\.0\.0\.1:\d+\/duly$/);
    const [server, redis] = [pidOf("mysql/server.pid"), pidOf("redis/server.pid")];
    const second = script(keeper, folder);
    expect(await firstLine(second)).toBe(url);

    await end(first, "SIGINT");
    expect([isRunning(server), isRunning(redis)]).toEqual([true, true]);
    await end(second, "SIGINT");
    expect([isRunning(server), isRunning(redis)]).toEqual([false, false]);
  });

  test("what a killed run leaves running is taken over, with its data, and stopped in the end", async () => {
    const first = script(keeper, folder);
    const before = await createConnection(await firstLine(first));
    await before.query("CREATE TABLE kept (n INT)");
    await before.end();
    const server = pidOf("mysql/server.pid");
    await end(first, "SIGKILL");
    expect(isRunning(server)).toBe(true);

    const second = script(keeper, folder);
    const after = await createConnection(await firstLine(second));
    const [tables] = await after.query("SHOW TABLES");
    await after.end();
    expect(tables).toEqual([{ Tables_in_duly: "kept" }]);
    expect(pidOf("mysql/server.pid")).toBe(server);
    await end(second, "SIGTERM");
    expect(isRunning(server)).toBe(false);
  });

  test("nothing but the owner can read the passwords", async () => {
    await firstLine(script(keeper, folder));
    for (const file of ["services.json", "redis/redis.conf"]) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });

  test("a folder that is no database but may hold somebody's data is left as it is", async () => {
    mkdirSync(join(folder, "mysql/school"), { recursive: true });
    expect(await firstLine(script(keeper, folder))).toMatch(/is no complete database .* but holds school/);
    expect(readdirSync(join(folder, "mysql"))).toEqual(["school"]);
  });

  test("where nothing is to be had, one sentence names the choices", async () => {
    const env = { PATH: folder, DULY_PATH_ONLY: "1" };
    expect(await firstLine(script(keeper, folder, env))).toBe(
      "MariaDB and Redis are missing on this machine: install mariadb-server-core and redis-server (as root on Debian " +
        "or Ubuntu this happens by itself), or start Docker, or set DATABASE_URL and REDIS_URL.",
    );
  });
});

describe("installing packages", () => {
  const policy = () => join(folder, "policy-rc.d");
  const log = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

  /** An apt-get that writes down how it was called and what a package would be told about starting its service. */
  function fakeApt(more = ""): NodeJS.ProcessEnv {
    const text = `#!/bin/sh\nsh ${policy()}; echo "$? $DEBIAN_FRONTEND $*" >> ${folder}/log\n${more}\n`;
    writeFileSync(join(folder, "apt-get"), text, { mode: 0o755 });
    return { PATH: `${folder}:${process.env.PATH}` };
  }

  test("asks nothing, starts no service, and puts back the policy that stood there", async () => {
    writeFileSync(policy(), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    const child = script(installer, policy(), fakeApt());
    await once(child, "close");
    expect(log()).toEqual([
      "101 noninteractive -o DPkg::Lock::Timeout=300 -q update",
      "101 noninteractive -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install one two",
    ]);
    expect(readFileSync(policy(), "utf8")).toBe("#!/bin/sh\nexit 0\n");
    expect(readdirSync(folder).sort()).toEqual(["apt-get", "log", "policy-rc.d"]);
  });

  test("a failed install leaves no policy behind either", async () => {
    const child = script(installer, policy(), fakeApt("exit 100"));
    let said = "";
    child.stdout?.on("data", (chunk) => (said += String(chunk)));
    await once(child, "close");
    expect(said).toContain("not installed");
    expect(existsSync(policy())).toBe(false);
  });

  test("Ctrl-C waits for the package at hand, then restores the policy", async () => {
    const child = script(
      installer,
      policy(),
      fakeApt(`[ "$4" = update ] || { sleep 1; echo whole >> ${folder}/log; }`),
    );
    while (!existsSync(join(folder, "log")) || log().length < 2) await new Promise((done) => setTimeout(done, 20));
    await end(child, "SIGINT");
    expect(log().at(-1)).toBe("whole");
    expect(existsSync(policy())).toBe(false);
  });

  test("what a killed install left is cleared by the next", async () => {
    writeFileSync(policy(), "#!/bin/sh\nexit 0\n");
    const first = script(installer, policy(), fakeApt(`[ "$4" = update ] || sleep 1`));
    while (!existsSync(join(folder, "log")) || log().length < 2) await new Promise((done) => setTimeout(done, 20));
    await end(first, "SIGKILL");
    expect(readFileSync(policy(), "utf8")).toContain("exit 101");

    await once(script(installer, policy(), fakeApt()), "close");
    expect(readFileSync(policy(), "utf8")).toBe("#!/bin/sh\nexit 0\n");
  });
});
