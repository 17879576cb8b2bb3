/** What a school needs before it goes live: what is there already, seen from what is there, and what somebody said. */
import { invalid } from "../../schema/failure";
import type { Role } from "../../schema/definition";
import { parseDay } from "../../schema/epochDay";
import { datetime, type Sql } from "../store/database";
import type { Registry } from "../store/definitions";
import { peopleWithoutSignIn } from "../store/people";
import { keepLive } from "../store/powerRequests";
import { tableName } from "../store/recordTable";
import { type Moved, rederive } from "./rederive";
import { mustAdminister, type Run } from "./run";
import { bumpEdition } from "./setSetting";

/** What only a person can say is done: nothing shows it. */
export const saidSteps = ["people", "roles", "texts", "figures", "signIn"] as const;

export interface Readiness {
  goLiveOn: string | null;
  /** The last day of the last term that is known. */
  termsUntil: string | null;
  terms: number;
  closures: number;
  people: number;
  withoutSignIn: number;
  /** Roles of the staff that nobody holds. */
  unheld: Role[];
  /** Records of the type that policy documents become, and readings of them that wait for an answer. */
  texts: number;
  findings: number;
  saidDone: string[];
}

export async function readiness(sql: Sql, registry: Registry, organisation: string, today: string): Promise<Readiness> {
  const one = async (text: string, params: string[]) => (await sql.query(text, params))[0];
  const school = await one("SELECT go_live_on FROM organisation WHERE id = ?", [organisation]);
  const terms = await one("SELECT COUNT(*) AS n, MAX(to_on) AS until FROM term WHERE organisation = ?", [organisation]);
  const closures = await one("SELECT COUNT(*) AS n FROM closure WHERE organisation = ?", [organisation]);
  const held = await sql.query(
    `SELECT a.role, a.person FROM appointment a JOIN person p ON p.id = a.person AND p.active = 1
     WHERE a.organisation = ? AND (a.to_on IS NULL OR a.to_on >= ?)`,
    [organisation, today],
  );
  const roles = new Set(held.map((row) => String(row["role"])));
  const imported = [...registry.types.values()].find(({ active }) => active.type.imports === "policyDocument");
  const texts =
    imported &&
    (await one(`SELECT COUNT(*) AS n FROM ${tableName(imported.active.type.name)} WHERE organisation = ?`, [
      organisation,
    ]));
  const findings = await one("SELECT COUNT(*) AS n FROM finding WHERE organisation = ? AND state = 'open'", [
    organisation,
  ]);
  const said = await sql.query("SELECT step FROM ready_step WHERE organisation = ?", [organisation]);
  const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
  return {
    goLiveOn: text(school?.["go_live_on"]),
    termsUntil: text(terms?.["until"]),
    terms: Number(terms?.["n"] ?? 0),
    closures: Number(closures?.["n"] ?? 0),
    people: new Set(held.map((row) => row["person"])).size,
    withoutSignIn: (await peopleWithoutSignIn(sql, organisation, today)).length,
    unheld: registry.roles.filter(({ name, outside }) => !outside && !roles.has(name)),
    texts: Number(texts?.["n"] ?? 0),
    findings: Number(findings?.["n"] ?? 0),
    saidDone: said.map((row) => String(row["step"])),
  };
}

/** @throws FORBIDDEN, INVALID_INPUT for a step that is no one's to say. */
export async function sayReady(run: Run, input: { step: string; done: boolean }): Promise<void> {
  mustAdminister(run);
  if (!saidSteps.some((step) => step === input.step))
    throw invalid([{ path: "step", message: `“${input.step}” is not for anybody to say.` }]);
  const key = [run.organisation.id, input.step];
  await run.tx.execute("DELETE FROM ready_step WHERE organisation = ? AND step = ?", key);
  if (input.done)
    await run.tx.execute("INSERT INTO ready_step (organisation, step, person, at) VALUES (?, ?, ?, ?)", [
      ...key,
      run.identity.access.person ?? "",
      datetime(run.nowIso),
    ]);
}

/**
 * The day the school goes live: nothing fires before it, and what fell due till then comes to one open task and one
 * notice. Every clock is counted anew. @throws FORBIDDEN, INVALID_INPUT.
 */
export async function setGoLive(run: Run, input: { on: string }): Promise<Moved> {
  mustAdminister(run);
  if (parseDay(input.on) === undefined) throw invalid([{ path: "on", message: `“${input.on}” is not a date.` }]);
  // A day in the future does not make a school new again that has been live.
  await keepLive(run.tx, run.organisation.id, run.today);
  run.note({ kind: "goLiveChanged", detail: { before: run.organisation.goLiveOn, after: input.on } });
  await run.tx.execute("UPDATE organisation SET go_live_on = ? WHERE id = ?", [input.on, run.organisation.id]);
  run.organisation.goLiveOn = input.on;
  // Clocks hold the calendar's edition, and the day is part of what a calendar means to them.
  await bumpEdition(run, "calendar_edition");
  return rederive(run, {
    kind: "calendar",
    organisation: run.organisation.id,
    type: null,
    reason: "the day the school goes live changed",
  });
}
