/** Incidents for the stories: reported by somebody of the staff, looked at by a safeguarding lead, and told on. */
import type { Story, Values } from "./world";

/** What a report must say; the rest is told by the story. */
const report = { about: "pupil", summary: "Something happened", images: false, atRisk: false };
/** A reading of it that starts no clock but the parents'. */
const judgement = { category: "pupilPhone", severity: "low", routes: ["behaviour"], offence: false };

export const reportIncident = (s: Story, said: Values = {}, by = "Owen Pluckley"): Promise<string> =>
  s.as(by).create("incident", { ...report, ...said });

export const triage = (s: Story, id: string, judged: Values = {}, by = "Callum Birchwood"): Promise<string> =>
  s.as(by).act("incident", id, "triage", { ...judgement, ...judged });

/** Reported and looked at: who did the latter leads it. */
export async function incident(s: Story, said: Values = {}, judged: Values = {}): Promise<string> {
  const id = await reportIncident(s, said);
  await triage(s, id, judged);
  return id;
}

export const parentsTold = { parentsAt: "2026-11-24T15:10:00Z", parentsContact: "Petra Swingfield, by phone" };
export const outcome = { found: "It happened once, and is over.", measures: ["sanction", "support"] };

/** A pupil's incident whose investigation has ended: its debrief is due. */
export async function toDebrief(s: Story, said: Values = {}): Promise<{ incident: string; debrief: string }> {
  const id = await incident(s, said);
  const callum = s.as("Callum Birchwood");
  await callum.act("incident", id, "parentsTold", parentsTold);
  await callum.act("incident", id, "recordOutcome", outcome);
  return { incident: id, debrief: await debriefOf(s, id) };
}

export async function debriefOf(s: Story, incident: string, by = "Callum Birchwood"): Promise<string> {
  const [found] = await s.as(by).records<{ id: string }>("debrief", "id", { incident: { eq: incident } });
  if (!found) throw new Error("No debrief was opened.");
  return found.id;
}

export const lessonsOf = (s: Story, incident: string): Promise<{ id: string; what: string; state: string }[]> =>
  s.as("Callum Birchwood").records("lesson", "id what state", { incident: { eq: incident } });

/** What waits for whom on a record: rules of tasks, in their order. */
export const waitingFor = async (s: Story, name: string, record: string): Promise<string[]> =>
  (await s.tasksOf(name, record)).map(({ rule }) => rule).sort();
