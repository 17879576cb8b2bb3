/** The ports of our own servers: they come back on the same one while others ask for it. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const processes = pathToFileURL(join(resolve(__dirname, "../../api/host"), "processes.mjs")).href;
const asked = <T>(expression: string): T =>
  JSON.parse(
    execFileSync(process.execPath, [
      "--input-type=module",
      "-e",
      `import * as processes from "${processes}"; console.log(JSON.stringify(await (${expression})))`,
    ]).toString("utf8"),
  ) as T;

test("a port for a server is none that the system gives to whoever asks for it, also where one was kept from before", () => {
  const { first, last } = asked<{ first: number; last: number }>("processes.outgoingPorts()");
  const ports = asked<number[]>("Promise.all(Array.from({ length: 200 }, () => processes.freePort()))");
  for (const port of ports) expect(port < first || port > last).toBe(true);
  expect(asked<null | undefined>(`processes.freePort(${first + 5}).then((port) => port ?? null)`)).toBeNull();
});
