// Prepares the database, and says who may sign in to what it holds.
import { root } from "./prepare.mjs";
import { HostError, run } from "./processes.mjs";

/** Migrates, publishes the pack and fills an empty database; resolves with `signIn`, the people of the demo school, or
 * `found`, the link by which a school of its own begins. */
export async function migrate(args, env) {
  // What it says in plain words is shown as it comes; entries of its log are for the error.
  const log = (text) => text.split("\n").forEach((line) => line && !line.startsWith("{") && console.log(line));
  const { code, output } = await run(process.execPath, args, { cwd: root, env, log });
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  if (code !== 0) throw new HostError(`The database could not be prepared:\n${lines.slice(-30).join("\n")}`);
  const answer = lines.find((line) => line.startsWith('{"signIn"') || line.startsWith('{"found"'));
  return { signIn: [], ...(answer && JSON.parse(answer)) };
}

/** The lines that tell a person how to sign in, or how to found the school there is to sign in to. */
export function signInLines({ signIn: people, found }, env) {
  if (found) return ["", "There is no school here yet. Open this link to found yours; it works once:", `  ${found}`];
  if (people.length === 0 || env.DULY_DEMO === "0") return [];
  const width = (key) => Math.max(...people.map((person) => String(person[key] ?? "").length));
  const row = ({ role, name, email }) =>
    `  ${String(role ?? "").padEnd(width("role"))}  ${String(name ?? "").padEnd(width("name"))}  ${email}`;
  return ["", `Sign in with the password ${env.DULY_DEMO_PASSWORD} as one of`, ...people.map(row)];
}
