/** How the school mails, said by its administrators, and how a person wants to be mailed, said by themselves. */
import { invalid, type Problem } from "../../schema/failure";
import { hoursProblems, mailDays, mailPaces, type MailRules, timeProblem } from "../../schema/mailing";
import { type OwnMail, saveMailRules, saveOwnMail } from "../store/mailRules";
import { bumpAccessEdition } from "../store/people";
import { mustAdminister, type Run } from "./run";

export interface MailRulesInput extends Omit<MailRules, "pace" | "days"> {
  pace: string;
  days: string;
}

/** From the next notice on: what is planned already keeps its hour. @throws FORBIDDEN, INVALID_INPUT. */
export async function setMailRules(run: Run, input: MailRulesInput): Promise<void> {
  mustAdminister(run);
  const pace = mailPaces.find((each) => each === input.pace);
  const days = mailDays.find((each) => each === input.days);
  const problems: Problem[] = [...hoursProblems(input), ...timeProblem("digestAt", input.digestAt)];
  if (!pace) problems.push({ path: "pace", message: "Choose one mail a day, or each mail at once." });
  if (!days) problems.push({ path: "days", message: "Choose working days, school days or all days." });
  if (!problems.length && (input.digestAt < input.from || input.digestAt >= input.to))
    problems.push({ path: "digestAt", message: `The day’s mail must leave between ${input.from} and ${input.to}.` });
  if (problems.length || !pace || !days) throw invalid(problems);
  await saveMailRules(run.tx, run.organisation.id, { ...input, pace, days });
}

/** The acting person's own choice; null leaves it to the school. @throws FORBIDDEN, INVALID_INPUT. */
export async function chooseMail(
  run: Run,
  person: string,
  input: Omit<OwnMail, "pace"> & { pace: string | null },
): Promise<void> {
  const pace = mailPaces.find((each) => each === input.pace) ?? null;
  const problems = hoursProblems(input);
  if (input.pace !== pace) problems.push({ path: "pace", message: "Choose one mail a day, or each mail at once." });
  if (problems.length) throw invalid(problems);
  await saveOwnMail(run.tx, person, { ...input, pace });
  // Names and choices are remembered together, by this edition.
  await bumpAccessEdition(run.tx);
  run.afterCommit(() => run.world.announce("access"));
}
