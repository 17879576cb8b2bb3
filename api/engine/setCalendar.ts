import { type CalendarData, calendarProblems, type Closure, type Term } from "../../schema/calendarData";
import { invalid } from "../../schema/failure";
import { type Moved, rederive } from "./rederive";
import { mustAdminister, type Run } from "./run";
import { bumpEdition } from "./setSetting";

/**
 * Replaces the acting organisation's terms and closures; every clock that counts school days follows.
 * @throws FORBIDDEN, INVALID_INPUT (paths `terms[0].from` and the like).
 */
export async function setCalendar(run: Run, input: { terms: Term[]; closures: Closure[] }): Promise<Moved> {
  mustAdminister(run);
  const data: CalendarData = { ...run.organisation.calendar, terms: input.terms, closures: input.closures };
  const problems = calendarProblems(data);
  if (problems.length) throw invalid(problems);
  const organisation = run.organisation.id;
  await run.tx.execute("DELETE FROM term WHERE organisation = ?", [organisation]);
  await run.tx.execute("DELETE FROM closure WHERE organisation = ?", [organisation]);
  for (const term of input.terms)
    await run.tx.execute("INSERT INTO term (organisation, id, name, from_on, to_on) VALUES (?, ?, ?, ?, ?)", [
      organisation,
      run.newId(),
      term.name,
      term.from,
      term.to,
    ]);
  for (const closure of input.closures)
    await run.tx.execute(
      "INSERT INTO closure (organisation, id, kind, name, from_on, to_on) VALUES (?, ?, ?, ?, ?, ?)",
      [organisation, run.newId(), closure.kind, closure.name, closure.from, closure.to],
    );
  await bumpEdition(run, "calendar_edition");
  return rederive(run, { kind: "calendar", organisation, type: null, reason: "the school calendar changed" });
}
