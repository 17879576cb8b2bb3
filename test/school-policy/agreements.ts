/** Texts in force and agreed to, as stories about devices, channels and visitors need them: by the school's own steps. */
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import type { Story } from "./world";

export const quorum = ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"];

const dayOf = async (s: Story): Promise<string> => (await s.clock.now()).slice(0, 10);
export const hourLater = async (s: Story): Promise<void> =>
  s.clock.to(new Date(Date.parse(await s.clock.now()) + 3_600_000).toISOString());

/** Takes a policy that is being reviewed to the governors and has it ratified today. */
export async function ratify(s: Story, policy: string, input: Record<string, unknown> = {}): Promise<void> {
  await s.as("Zoe King").act("policy", policy, "submitForRatification", { writtenOn: await dayOf(s) });
  await s.as("Rowan Ashdown").act("policy", policy, "ratify", {
    ratifiedOn: await dayOf(s),
    meeting: "Full governing body",
    minuteReference: "7.2",
    present: quorum.map(s.person),
    ...input,
  });
}

/** A policy of our own words, ratified. `name` is a model text's. */
export async function textInForce(s: Story, name: string): Promise<string> {
  const model = schoolPolicy.texts?.find((text) => text.name === name);
  if (!model) throw new Error(`There is no model text ${name}.`);
  const text = model.sections.map((part) => `## ${part.heading}\n\n${part.text}`).join("\n\n");
  const head = s.as("Zoe King");
  const policy = await head.create("policy", { title: model.title, owner: s.person("Zoe King"), text });
  await head.act("policy", policy, "startReview");
  await ratify(s, policy);
  return policy;
}

/** Puts a model text in force and before an audience. `name` is also the kind of agreement. */
export async function campaign(
  s: Story,
  name: string,
  audience: { roles?: string[]; people?: string[] },
): Promise<{ policy: string; campaign: string }> {
  const policy = await textInForce(s, name);
  const office = s.as("Harriet Stowting");
  const id = await office.create("agreementCampaign", {
    title: `Agreement ${name}`,
    kind: name,
    policy,
    statement: "You have read this and work by it.",
    audience: audience.roles ?? [],
    people: (audience.people ?? []).map(s.person),
  });
  await office.act("agreementCampaign", id, "start");
  await hourLater(s);
  return { policy, campaign: id };
}

/** What somebody is asked to answer, of a kind. */
export async function askedOf(s: Story, name: string, kind: string): Promise<string> {
  const asked = await s.as("Zoe King").records<{ id: string }>("acknowledgement", "id", {
    person: { eq: s.person(name) },
    kind: { eq: kind },
    state: { in: ["asked"] },
  });
  const [found] = asked;
  if (!found) throw new Error(`${name} is not asked for ${kind}.`);
  return found.id;
}

export const agree = async (s: Story, name: string, kind: string): Promise<void> =>
  void (await s.as(name).act("acknowledgement", await askedOf(s, name, kind), "agree"));
