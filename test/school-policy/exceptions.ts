/** Exceptions as stories need them: asked for, assessed, granted and agreed to, by the school's own steps. */
import type { Story, Values } from "./world";

export const lowRisk = { likelihood: 1, impact: 3, mitigations: "The screen stays dark; a colleague knows." };
export const mediumRisk = { likelihood: 3, impact: 3, mitigations: "None yet." };
export const pupilTerms =
  "## Terms\n\nThe phone runs the sensor's app and nothing else.\n\nOn misuse it stays at home.";
export const staffTerms = "## Terms\n\nOne call, in the corridor, with nobody else there.";

/** A request in somebody's own name, for themselves unless it says otherwise. */
export const ask = (s: Story, by: string, input: Values = {}): Promise<string> =>
  s.as(by).create("exception", {
    kind: "area",
    what: "A phone in the hall",
    why: "The fire panel rings it.",
    ...("pupil" in input ? {} : { forWhom: s.person(by) }),
    startsOn: "2026-11-30",
    ...input,
  });

/** Assessed as low by the deputy, with terms to be read. */
export const assess = (s: Story, id: string, input: Values = {}): Promise<string> =>
  s.as("Callum Birchwood").act("exception", id, "assess", { risk: lowRisk, terms: staffTerms, ...input });

export const decision = { startsOn: "2026-11-30", until: "2027-02-12", reasons: "It is needed and safe." };

export const grant = (s: Story, id: string, input: Values = {}, by = "Zoe King"): Promise<string> =>
  s.as(by).act("exception", id, "grant", { ...decision, ...input });

/** A pupil in the register, with a name of their own for each story. */
export const pupil = (s: Story, name: string, parents: string[]): Promise<string> =>
  s.as("Bea Wickhurst").create("pupil", { name, className: "4 Oak", parents: parents.map(s.person) });

export const discussed = (s: Story): Values => ({ discussedWith: s.person("Zoe King"), discussedOn: "2026-11-23" });

/** A pupil's need, granted: the terms wait for a parent. */
export async function grantedNeed(s: Story, child: string, parents: string[], input: Values = {}): Promise<string> {
  const id = await ask(s, parents[0] ?? "", { kind: "pupilNeed", pupil: await pupil(s, child, parents) });
  await assess(s, id, { terms: pupilTerms, ...discussed(s) });
  await grant(s, id, { tell: [s.person("Tomas Elmstead")], ...input });
  return id;
}
