/** Whether somebody may hold a task in another's place: the tests of SEMANTICS 5, the same for a stand-in. */
import { personsIn } from "../../schema/language/who";
import { barred, conflicted, personsOf } from "../../schema/who";
import { listed, lower } from "../../schema/text";
import type { TaskRow } from "../../schema/record";
import { loadFacts, withFacts } from "../store/facts";
import { recipients } from "../store/mails";
import type { RecordData } from "../../schema/record";
import { pinnedType } from "./pinned";
import { maySee } from "./may";
import { factsRequest } from "./factsRequest";
import { viewerOf } from "./read/viewerOf";
import type { Run } from "./run";

/** A record whose tasks change hands, with its facts; `names` of all whom they concern. */
export type Handled = NonNullable<Awaited<ReturnType<typeof handled>>>;

export async function handled(run: Run, record: RecordData) {
  const type = pinnedType(run.registry, record);
  const facts = (await loadFacts(run.tx, { ...factsRequest(run), timers: false }, [{ type, record }])).get(record.id);
  return facts && { record, type, facts };
}

/**
 * Why this person may not hold the task in somebody's place; undefined where they may. Whoever it is handed to must be
 * one whom its rule, its actions or `handOverTo` name; whoever stands in for somebody away, only where it is a decision.
 */
export async function refusalToHold(
  run: Run,
  { record, type, facts }: Handled,
  task: TaskRow,
  person: string,
  way: "handed over" | "away",
): Promise<string | undefined> {
  const found = (await recipients(run.tx, [person])).get(person);
  if (!found?.active) return "This person does not work here any more.";
  const { name } = found;
  // A holder has one row: when their own part came back it would meet the other's.
  if (task.principals.includes(person)) return `${name} has handed on their own part of it: nobody holds two.`;
  const rule = type.tasks?.[task.rule];
  const actions = (rule?.actions ?? []).flatMap((each) => type.actions[each] ?? []);
  const decides = task.decides || actions.some((action) => action.decides);
  if (barred(type, record, facts).has(person)) return `${name} may not see this record.`;
  if (decides && conflicted(type, record).has(person))
    return `${name} is a party to this ${lower(type.label)}: somebody else must decide it.`;
  const apart = (fields: string[] = []) => fields.find((field) => personsIn(record, field).includes(person));
  const parted = actions.length > 0 && actions.every(({ separate }) => apart(separate) !== undefined);
  if (parted) return `${name} is named in this ${lower(type.label)}: somebody else must do this.`;
  const named = [
    ...task.to,
    ...(rule?.handOverTo ?? []),
    ...actions.flatMap(({ who, decides: by }) => who ?? by ?? []),
  ];
  const open =
    actions.length === 0 || named.some((who) => "anyone" in who) || actions.some((a) => !a.who && !a.decides);
  if ((way === "handed over" || decides) && !open) {
    const rules = decides ? task.to : named;
    // The rule by which a task was opened may be no rule of the definition any more.
    const allowed = await withFacts(run.tx, factsRequest(run), facts, () => personsOf(rules, record, facts));
    if (!allowed.includes(person)) {
      const others = allowed
        .filter((each) => !task.holders.includes(each) && !task.principals.includes(each))
        .map((each) => facts.names[each] ?? "somebody");
      return `${name} may not do this. ${others.length ? `It may go to ${listed(others.slice(0, 8), "or")}.` : "Nobody else may."}`;
    }
  }
  return (await seesIt(run, person, name, record)) ? undefined : `${name} may not see this record.`;
}

async function seesIt(run: Run, person: string, name: string, record: RecordData): Promise<boolean> {
  const viewer = await viewerOf(run, person, record.organisation);
  if (!viewer) return false;
  const actor = { kind: "person" as const, id: person, name };
  return maySee({ ...run, actor, identity: { actor, access: viewer.access, administers: false } }, record);
}
