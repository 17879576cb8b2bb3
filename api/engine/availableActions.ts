/** What may happen next to a record, for whoever asks: each action with its form, or the reason why not. */
import { valueOf } from "../../schema/condition";
import type { Field } from "../../schema/definition";
import { isEmpty } from "../../schema/fields";
import type { Facts, FieldValue, RecordData } from "../../schema/record";
import { isEvent } from "../../schema/who";
import { mayEditField, maySeeField, refusalOf, seesField, unmetNeed } from "../../schema/refusals";
import { scopeOf } from "../../schema/step/decision";
import type { Purpose } from "../../schema/factsRead";
import { type Advice, warningsOf } from "../../schema/rules";
import { type FactsSource, loadFacts, withFacts } from "../store/facts";
import { organisationFacts } from "../store/organisations";
import { loadRecords } from "../store/records";
import { may } from "./may";
import { pinnedType } from "./pinned";
import type { Identity } from "./run";
import type { World } from "./world";

export interface FormItem {
  name: string;
  field: Field;
  required: boolean;
  /** What is taken where nothing is answered. */
  default: FieldValue;
}

export interface AvailableAction {
  name: string;
  label: string;
  help: string | null;
  allowed: boolean;
  /** Why not, in a sentence. */
  reason: string | null;
  because: string[];
  form: FormItem[];
  /** The document field whose exact text this ratifies. */
  ratifies: string | null;
}

export interface Seen {
  record: RecordData;
  type: ReturnType<typeof pinnedType>;
  facts: Facts;
  source: FactsSource;
  now: number;
  organisation: NonNullable<Awaited<ReturnType<typeof organisationFacts>>["organisation"]>;
}

/** A record as somebody meets it, with the facts its rules read. The caller has made sure that they may see it. */
export async function meet(
  world: World,
  type: string,
  id: string,
  purpose: Purpose = "step",
): Promise<Seen | undefined> {
  const [record] = await loadRecords(world.db, world.registry, [{ type, id }]);
  if (!record) return undefined;
  const { installation, organisation } = await organisationFacts(world.db, record.organisation);
  if (!organisation) return undefined;
  const pinned = pinnedType(world.registry, record);
  const now = world.machineNow() + installation.clockOffsetMs;
  const source = { registry: world.registry, accessEdition: installation.accessEdition, now };
  const request = { ...source, publicUrl: world.publicUrl, purpose, timers: false };
  const facts = (await loadFacts(world.db, request, [{ type: pinned, record }])).get(id);
  return facts && { record, type: pinned, facts, source, now, organisation };
}

export async function availableActions(
  world: World,
  identity: Identity,
  type: string,
  id: string,
): Promise<AvailableAction[]> {
  const seen = await meet(world, type, id);
  return seen ? actionsOf(world, seen, identity) : [];
}

/** As `availableActions`, of a record that has been met. */
export const actionsOf = (
  { db }: Pick<World, "db">,
  seen: Seen,
  identity: Pick<Identity, "actor">,
): Promise<AvailableAction[]> => withFacts(db, seen.source, seen.facts, () => judged(seen, identity));

function judged(seen: Seen, identity: Pick<Identity, "actor">): AvailableAction[] {
  const { record, facts, now } = seen;
  const scope = scopeOf({ type: seen.type, actor: identity.actor, now, facts }, record);
  return Object.entries(seen.type.actions)
    .filter(([, action]) => !isEvent(action))
    .map(([name, action]) => {
      const defaults: Record<string, FieldValue> = {};
      const form = (action.form ?? []).flatMap((item): FormItem[] => {
        const asked = action.asks?.[item];
        const field = asked ?? seen.type.fields[item];
        if (!field) return [];
        const sees = (one: Field | undefined): boolean => !one || seesField(one, record, facts, identity.actor);
        // What stands there unseen would be written over.
        if (!asked && !field.sealed && !sees(field) && !isEmpty(record.fields[item])) return [];
        const given = action.defaults?.[item];
        const source = typeof given === "object" && given !== null && "field" in given ? given.field.split(".")[0] : "";
        const fallback =
          given === undefined || !sees(seen.type.fields[source ?? ""])
            ? null
            : valueOf(given, { ...scope, form: defaults });
        if (!isEmpty(fallback)) defaults[item] = fallback;
        const required = action.required?.includes(item) || action.asks?.[item]?.required === true;
        // A text is answered in words, and a record's facts hold its versions only.
        const apart = field.sealed || field.kind === "document";
        const empty = apart || given === null || !sees(field);
        return [{ name: item, field, required, default: fallback ?? (empty ? null : (record.fields[item] ?? null)) }];
      });
      let refusal = refusalOf({ type: seen.type, actor: identity.actor, now }, record, name, facts);
      if (!refusal && action.ratifies && isEmpty(record.fields[action.ratifies]))
        refusal = { code: "WRONG_STATE", message: "There is no text to ratify yet." };
      // What reads answers is asked when they are given.
      refusal ??= unmetNeed(action, scope, "before answers");
      return {
        name,
        label: action.label,
        help: action.help ?? null,
        allowed: !refusal,
        reason: refusal?.message ?? null,
        because: action.because ?? [],
        form,
        ratifies: action.ratifies ?? null,
      };
    });
}

/** May this identity edit the record, which of its fields now, and which sealed ones may it open? */
export async function permissionsOf(
  world: World,
  identity: Identity,
  type: string,
  id: string,
): Promise<{ edit: boolean; fields: string[]; opens: string[] }> {
  const seen = await meet(world, type, id);
  if (!seen) return { edit: false, fields: [], opens: [] };
  const { record, facts, source, now, organisation } = seen;
  const scope = scopeOf({ type: seen.type, actor: identity.actor, now, facts }, record);
  const asker = {
    identity,
    registry: world.registry,
    organisation,
    today: scope.today,
    actor: identity.actor,
    tx: world.db,
  };
  const edit = await may(asker, record, "edit");
  const which = (allowed: (field: Field, name: string) => boolean): string[] =>
    Object.keys(seen.type.fields).filter((name) => allowed(seen.type.fields[name] as Field, name));
  const mayChange = (field: Field, name: string): boolean =>
    mayEditField(field, scope, facts, record, identity.actor) &&
    (field.sealed === true || seesField(field, record, facts, identity.actor) || isEmpty(record.fields[name]));
  const mayOpen = (field: Field): boolean => field.sealed === true && maySeeField(field, record, facts, identity.actor);
  return {
    edit,
    fields: edit ? await withFacts(world.db, source, facts, () => which(mayChange)) : [],
    opens: await withFacts(world.db, source, facts, () => which(mayOpen)),
  };
}

/** What whoever looks at the record should know. The caller has made sure that they may see it. */
export async function warnings(world: World, identity: Identity, type: string, id: string): Promise<Advice[]> {
  if (!world.registry.types.get(type)?.active.type.warnings) return [];
  const seen = await meet(world, type, id, "warnings");
  if (!seen) return [];
  const scope = scopeOf({ type: seen.type, actor: identity.actor, now: seen.now, facts: seen.facts }, seen.record);
  return withFacts(world.db, seen.source, seen.facts, () => warningsOf(seen.type, seen.record, seen.facts, scope));
}
