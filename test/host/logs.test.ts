/** Logs of `npm start` are appended to, and never fill a disk. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = mkdtempSync(join(tmpdir(), "duly-logs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const logs = pathToFileURL(resolve(__dirname, "../../api/host/logs.mjs")).href;
const runScript = (script: string): string =>
  execFileSync(
    process.execPath,
    ["--input-type=module", "-e", `import { openLog, startLog } from "${logs}";\n${script}`],
    { encoding: "utf8" },
  );

test("a log goes on where it ended, begins anew before it is too large, and keeps its last few", () => {
  const path = join(folder, "api.log");
  writeFileSync(path, "from before\n");
  runScript(`
    const log = openLog(${JSON.stringify(path)}, 1_000);
    for (let n = 0; n < 1_000; n++) log.write("line " + n);
    log.write("x".repeat(1_000_000));
    log.close();
  `);
  const names = readdirSync(folder).sort();
  expect(names).toEqual(["api.log", "api.log.1", "api.log.2", "api.log.3", "api.log.4"]);
  const all = names.map((name) => readFileSync(join(folder, name), "utf8"));
  expect(all[1]).toContain("line 999");
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(20_000);
});

test("a log of before is not emptied", () => {
  const path = join(folder, "worker.log");
  writeFileSync(path, "from before\n");
  runScript(`const log = openLog(${JSON.stringify(path)}); log.write("after"); log.close();`);
  expect(readFileSync(path, "utf8")).toBe("from before\nafter\n");
});

test("what a server writes itself is begun anew at its start where it is large", () => {
  const path = join(folder, "mysql.log");
  writeFileSync(path, "x".repeat(2_000));
  runScript(`startLog(${JSON.stringify(path)}, 1_000);`);
  expect([statSync(path).size, statSync(`${path}.1`).size]).toEqual([0, 2_000]);
});

test("a disk that takes nothing costs lines, and ends nothing", () => {
  const said = runScript(`
    const log = openLog("/dev/full");
    log.write("lost");
    console.log("goes on");
  `);
  expect(said).toBe("goes on\n");
});

test("a folder that is gone for a while costs no older log twice, and a log begins again in it", () => {
  const path = join(folder, "gone", "api.log");
  const said = runScript(`
    import { mkdirSync, readdirSync, rmSync } from "node:fs";
    import { dirname } from "node:path";
    const path = ${JSON.stringify(path)};
    mkdirSync(dirname(path));
    const log = openLog(path, 1_000);
    rmSync(dirname(path), { recursive: true });
    for (let n = 0; n < 200; n++) log.write("line " + n);
    mkdirSync(dirname(path));
    for (let n = 0; n < 200; n++) log.write("line " + n);
    console.log(readdirSync(dirname(path))[0]);
    log.close();
  `);
  expect(said).toBe("api.log\n");
});
