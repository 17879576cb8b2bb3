// Prepares the database, and says who may sign in to what it holds.
import { root } from "./prepare.mjs";
import { HostError, run } from "./processes.mjs";

/** Migrates, publishes the pack and fills an empty database; resolves with the people of the demo school. */
export async function migrate(args, env) {
  const { code, output } = await run(process.execPath, args, { cwd: root, env });
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  if (code !== 0) throw new HostError(`The database could not be prepared:\n${lines.slice(-30).join("\n")}`);
  const people = lines.find((line) => line.startsWith('{"signIn"'));
  return people ? JSON.parse(people).signIn : [];
}

/** The lines that tell a person how to sign in. */
export function signInLines(people, env) {
  if (people.length === 0 || env.DULY_DEMO === "0") return [];
  const width = (key) => Math.max(...people.map((person) => String(person[key] ?? "").length));
  const row = ({ role, name, email }) =>
    `  ${String(role ?? "").padEnd(width("role"))}  ${String(name ?? "").padEnd(width("name"))}  ${email}`;
  return ["", `Sign in with the password ${env.DULY_DEMO_PASSWORD} as one of`, ...people.map(row)];
}
