/** Texts that a pack offers: a school takes one as a draft of its own, changes it as it likes, and has it ratified. */
import type { ModelText } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { markdownOf } from "../../schema/modelTexts";
import type { RecordData } from "../../schema/record";
import type { Registry } from "../store/definitions";
import { policyRegister } from "./importPolicies";
import { readInput } from "./input";
import { create } from "./pipeline";
import type { Run } from "./run";

export const modelTexts = ({ packs }: Pick<Registry, "packs">): ModelText[] => packs.flatMap(({ texts = [] }) => texts);

/** Whoever takes it owns it at first. @throws FORBIDDEN, NOT_FOUND. */
export async function takeModelText(run: Run, name: string): Promise<RecordData> {
  const text = modelTexts(run.registry).find((each) => each.name === name);
  if (!text) throw new Failure("NOT_FOUND", `There is no model text “${name}”.`);
  const type = policyRegister(run);
  const { person, acting } = run.identity.access;
  const held: Record<string, unknown> = { title: text.title, text: markdownOf(text), owner: person };
  const raw = Object.fromEntries(
    Object.entries(type.fields).flatMap(([field, { imports }]) =>
      imports !== undefined && imports in held ? [[field, held[imports]]] : [],
    ),
  );
  const { values, texts } = await readInput(run, type.fields, raw);
  const change = await create(run, type.name, acting, values, { texts, origin: `Taken from “${text.title}”` });
  return change.after;
}
