import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import type { Who } from "../../schema/definition";
import { describeOffset } from "../../schema/offset";
import type { TimerState } from "../../schema/record";
import { pinnedType } from "../engine/pinned";
import { clockHolds } from "../engine/read/clockHolds";
import { countTimers, readTimers, type TimerArgs } from "../store/workQuery";
import { type Context, loadersOf, readerOf } from "./context";
import { instantOf } from "./instantOf";
import { countResolver } from "./countResolver";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { DateTime } from "./scalars";

export const TimerStates = {
  waiting: "waiting",
  fired: "fired",
  cancelled: "cancelled",
  skipped: "skipped",
  dead: "dead",
} as const;
registerEnumType(TimerStates, { name: "TimerState" });

@ObjectType({ description: "One occurrence: when a rule of the definition falls due for a record." })
export class Timer {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) type!: string;
  @Field(() => ID, { simple: true }) record!: string;
  @Field(() => String, { simple: true }) rule!: string;
  @Field(() => String, { simple: true, description: "Offset from the anchor: -P60D." }) step!: string;
  @Field(() => Int, { simple: true, description: "Which of a repeat, 0 for the step itself." }) n!: number;
  @Field(() => String, { simple: true, description: "What it is counted from." }) anchorValue!: string;
  @Field(() => DateTime, { simple: true }) dueAt!: string;
  @Field(() => TimerStates, { simple: true }) state!: TimerState;
  @Field(() => Boolean, { simple: true, description: "Counted beyond the known terms: it may still move." })
  provisional!: boolean;
  @Field(() => DateTime, { simple: true, nullable: true }) firedAt!: string | null;
  @Field(() => String, { simple: true, nullable: true }) outcome!: string | null;
}

@ObjectType()
export class TimerConnection {
  counting?: Promise<number>;
  @Field(() => [Timer], { simple: true }) nodes!: Timer[];
  @Field(() => PageInfo, { simple: true }) pageInfo!: PageInfo;
  asked!: TimerArgs;
}

export const TimerConnectionResolver = countResolver(TimerConnection, (reader, asked) =>
  countTimers(reader.db, reader, asked),
);

@Resolver(() => Timer)
export class TimerResolver {
  @Query(() => TimerConnection, { description: "What falls due, soonest first." })
  async timers(
    @Ctx() context: Context,
    @Arg("type", () => String, { nullable: true }) type: string | null,
    @Arg("record", () => ID, { nullable: true }) record: string | null,
    @Arg("state", () => TimerStates, { nullable: true }) state: TimerState | null,
    @Arg("from", () => DateTime, { nullable: true }) from: string | null,
    @Arg("to", () => DateTime, { nullable: true }) to: string | null,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<TimerConnection> {
    const reader = readerOf(context);
    const asked = { type, record, state, from: instantOf("from", from), to: instantOf("to", to) };
    const { nodes, ...pageInfo } = await readTimers(reader.db, reader, { ...asked, first, after });
    return { nodes, pageInfo, asked };
  }

  @FieldResolver(() => String, { nullable: true })
  async recordTitle(@Root() timer: Timer, @Ctx() context: Context): Promise<string | null> {
    return (await loadersOf(context).record(timer.type, timer.record))?.recordTitle ?? null;
  }

  @FieldResolver(() => String)
  async label(@Root() timer: Timer, @Ctx() context: Context): Promise<string> {
    return (await ruleOf(timer, context))?.label ?? timer.rule;
  }

  @FieldResolver(() => [String])
  async because(@Root() timer: Timer, @Ctx() context: Context): Promise<string[]> {
    return (await ruleOf(timer, context))?.because ?? [];
  }

  @FieldResolver(() => String, { description: "60 days before." })
  stepInWords(@Root() timer: Timer): string {
    return describeOffset(timer.step);
  }

  @FieldResolver(() => Boolean, {
    description: "Whether it would do anything, if its record stood on its day as it stands now.",
  })
  async holds(@Root() timer: Timer, @Ctx() context: Context): Promise<boolean> {
    if (timer.state !== "waiting" || !(await ruleOf(timer, context))?.when) return true;
    const met = await loadersOf(context).met(timer.type, timer.record);
    return !met || clockHolds(readerOf(context), met, timer);
  }

  @FieldResolver(() => [Person], { description: "Who would be told if it fired now." })
  async recipients(@Root() timer: Timer, @Ctx() context: Context): Promise<Person[]> {
    if (timer.state !== "waiting") return [];
    const rule = await ruleOf(timer, context);
    const row = await loadersOf(context).record(timer.type, timer.record);
    if (!rule || !row) return [];
    const tasks = pinnedType(context.world.registry, row).tasks;
    const rules: Who[] = [...(rule.notice?.to ?? []), ...((rule.task && tasks?.[rule.task]?.to) || [])];
    return rules.length
      ? loadersOf(context).people(await loadersOf(context).namedBy(timer.type, timer.record, rules))
      : [];
  }
}

async function ruleOf(timer: Timer, context: Context) {
  const row = await loadersOf(context).record(timer.type, timer.record);
  return row ? pinnedType(context.world.registry, row).timers?.[timer.rule] : undefined;
}
