import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import { byLink } from "../engine/guests";
import { onDevice } from "../engine/sharedDevice";
import { hiddenInHistory } from "../engine/read/readRecord";
import { type HistoryRow, readHistory } from "../store/history";
import type { ReadRow } from "../store/recordQuery";
import { hiddenClocks } from "../store/sight";
import { type Context, loadersOf, readerOf } from "./context";
import { Person } from "./people";
import { DateTime, Json } from "./scalars";

@ObjectType({ description: "Who did it: a person, a token or shared device acting for one, or the system." })
export class Actor {
  @Field(() => String, { simple: true }) kind!: string;
  id!: string | null;
  /** The shared device it was done on. */
  device!: string | null;
}

@ObjectType({ description: "One link of a record's chain." })
export class History {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => Int, { simple: true }) seq!: number;
  @Field(() => DateTime, { simple: true, description: "School time." }) at!: string;
  @Field(() => String, { simple: true }) kind!: string;
  @Field(() => String, { simple: true }) rule!: string;
  @Field(() => [String], { simple: true }) because!: string[];
  @Field(() => String, { simple: true, nullable: true, description: "Null where it was erased." }) summary!:
    string | null;
  @Field(() => Json, { simple: true, nullable: true }) detail!: unknown;
  @Field(() => Boolean, {
    simple: true,
    description: "`detail` quotes long texts, of which only the beginning stands here.",
  })
  isShortened!: boolean;
  @Field(() => Actor, { simple: true }) actor!: Actor;
  @Field(() => String, { simple: true }) hash!: string;
}

export interface HistoryArgs {
  first: number;
  before?: number | null;
  whole: boolean;
}

/**
 * Newest first. The record has been seen; of its restricted fields only those its reader sees in every one there. What the
 * entries tell is read where it is asked for (`tells`).
 */
export async function historyOf(
  context: Context,
  record: Pick<ReadRow, "id" | "type" | "organisation">,
  { first, before, whole }: HistoryArgs,
  tells: boolean,
): Promise<History[]> {
  const reader = readerOf(context);
  const hidden = hiddenInHistory(reader.registry, record, reader.access);
  const clocks = hiddenClocks(reader).get(record.type) ?? [];
  const rows = await readHistory(reader.db, record.id, {
    limit: Math.min(Math.max(1, first), 200),
    detail: !tells ? "none" : whole ? "whole" : "shortened",
    ...(before === null || before === undefined ? {} : { before }),
  });
  return rows.map((row) => view({ ...row, detail: withoutClocks(row, clocks) }, hidden));
}

/** When a clock moved to, or was due, tells the date that it counts from. */
function withoutClocks({ kind, rule, detail }: HistoryRow, hidden: readonly string[]): HistoryRow["detail"] {
  if (!detail || !hidden.length) return detail;
  if (kind === "timer" && hidden.includes(rule)) return { ...detail, dueAt: null };
  if (kind !== "moved") return detail;
  const moves = (detail["moves"] ?? []) as { rule: string }[];
  return { ...detail, moves: moves.filter((move) => !hidden.includes(move.rule)) };
}

function view({ actor, actorKind, device, detail, ...row }: HistoryRow, hidden: Set<string>): History {
  return {
    ...row,
    detail: hidden.size ? without(detail, hidden) : detail,
    actor: { kind: actorKind, id: actor, device },
  };
}

/** Values stand under the field's name at any depth of a detail. */
function without(detail: unknown, hidden: Set<string>): unknown {
  if (typeof detail !== "object" || detail === null) return detail;
  if (Array.isArray(detail)) return detail.map((part) => without(part, hidden));
  return Object.fromEntries(
    Object.entries(detail).flatMap(([name, value]) => (hidden.has(name) ? [] : [[name, without(value, hidden)]])),
  );
}

@Resolver(() => Actor)
export class ActorResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() actor: Actor, @Ctx() context: Context): Promise<Person | null> | null {
    return actor.id === null || actor.kind === "system" ? null : loadersOf(context).person(actor.id);
  }

  @FieldResolver(() => String)
  async name(@Root() actor: Actor, @Ctx() context: Context): Promise<string> {
    const name = (await this.person(actor, context))?.name ?? (actor.kind === "system" ? "Duly" : "Somebody");
    if (actor.kind === "guest") return byLink(name);
    return actor.device ? `${name}${onDevice(actor.device)}` : name;
  }
}
