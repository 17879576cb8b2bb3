// node database.mjs FOLDER [PORT]: starts the MariaDB of this folder, as `npm start` does, and prints where it is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findDatabase, startDatabase } from "../../api/host/database.mjs";

const [folder = "", port] = process.argv.slice(2);
const programs = findDatabase();
if (!programs) throw new Error("MariaDB is missing.");
let state = { password: "recovery", ...(port ? { port: Number(port) } : {}) };
const { url } = await startDatabase(
  programs,
  folder,
  state,
  (next) => (state = next),
  () => {},
  { samePort: Boolean(port) },
);
const pid = Number(readFileSync(join(folder, "mysql", "server.pid"), "utf8"));
process.stdout.write(JSON.stringify({ url, pid, port: state.port }));
process.exit(0);
