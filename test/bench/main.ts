/**
 * The benchmark: Duly beside its limits on the same servers, in one run. Ratios are what it says; the figures beside
 * them hold for this machine and this run alone. `npm run bench -- [requests] [burst] [waiting] [pages] [growth] [attack [--only=WORDS]]
 * [--rounds=N]`.
 */
import { cpus, totalmem } from "node:os";
import { Redis } from "ioredis";
import mysql from "mysql2/promise";
import { benchAttack } from "./attack";
import { benchGrowth } from "./growth";
import { benchPages } from "./pages";
import { benchRequests } from "./requests";
import { benchBurst, benchWaiting } from "./timers";

async function versions(): Promise<string> {
  const server = await mysql.createConnection(process.env["TEST_DATABASE_URL"] ?? "");
  const [rows] = await server.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
  await server.end();
  const redis = new Redis(process.env["TEST_REDIS_URL"] ?? "");
  const redisVersion = /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
  redis.disconnect();
  return `Node ${process.version}, MySQL ${String(rows[0]?.["version"])}, Redis ${redisVersion}`;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const rounds = Number(/^--rounds=(\d+)$/.exec(args.find((arg) => arg.startsWith("--rounds")) ?? "")?.[1] ?? 5);
  const chosen = args.filter((arg) => !arg.startsWith("--"));
  const wanted = (name: string) => !chosen.length || chosen.includes(name);
  const processors = cpus();
  console.log(
    `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; ${await versions()}`,
  );
  console.log(
    `${rounds} interleaved rounds; medians ± half the range. Servers, load and database share this machine.\n`,
  );
  const print = (lines: string[]) => console.log(`${lines.join("\n")}\n`);
  if (wanted("requests")) print(await benchRequests({ rounds, forMs: 1_500, connections: 16 }));
  if (wanted("burst")) print(await benchBurst(Math.min(rounds, 3)));
  if (wanted("waiting")) print(await benchWaiting());
  // Takes minutes to load, so only where it is asked for: `npm run bench -- growth [--records=1000,100000]`.
  const records = /^--records=([\d,]+)$/.exec(args.find((arg) => arg.startsWith("--records")) ?? "")?.[1];
  if (chosen.includes("growth")) await benchGrowth(console.log, records?.split(",").map(Number));
  const only = /^--only=(.+)$/.exec(args.find((arg) => arg.startsWith("--only")) ?? "")?.[1];
  if (chosen.includes("attack")) await benchAttack(print, only);
  if (wanted("pages")) print(await benchPages(rounds));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
