import { Arg, Ctx, Extensions, Field, ID, Int, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { ANSWERS } from "./bounds";
import { answersOf } from "../engine/input";
import { previewUpdate } from "../engine/previewUpdate";
import { type Due, dueBetween, MOST, PER_DAY } from "../engine/read/dueBetween";
import { askerOf, type Context, readerOf, signedIn } from "./context";
import { DateScalar, DateTime, Json } from "./scalars";

const DueKinds = { task: "task", date: "date", clock: "clock" } as const;
registerEnumType(DueKinds, {
  name: "DueKind",
  description: "A task, a date that clocks are counted from, or a clock that goes off by itself.",
});

@ObjectType({ simpleResolvers: true })
export class DueEntry {
  @Field(() => ID) id!: string;
  @Field(() => DueKinds) kind!: Due["kind"];
  @Field(() => String) type!: string;
  @Field(() => ID) record!: string;
  @Field(() => String) recordTitle!: string;
  @Field(() => String) label!: string;
  @Field(() => DateScalar) on!: string;
  @Field(() => DateTime, { nullable: true, description: "Of a clock." }) at!: string | null;
  @Field(() => Boolean, { description: "My task, or a record that names me." }) mine!: boolean;
  @Field(() => Boolean, { description: "Counted beyond the known terms: it may still move." }) provisional!: boolean;
  @Field(() => String, {
    nullable: true,
    description: "The date field of the record that says the day, if people change it.",
  })
  field!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class DueList {
  @Field(() => [DueEntry]) entries!: DueEntry[];
  @Field(() => [DateScalar], {
    description: "Days of which there is more than `perDay`: ask for one of them alone, with a larger `perDay`.",
  })
  fullDays!: string[];
  @Field(() => Boolean, { description: "There is too much in all: ask for fewer days." }) more!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "One clock that a change would move, begin or end." })
export class ClockChange {
  @Field(() => String) label!: string;
  @Field(() => String) stepInWords!: string;
  @Field(() => DateTime, { nullable: true, description: "Null where it would begin." }) from!: string | null;
  @Field(() => DateTime, { nullable: true, description: "Null where it would end." }) to!: string | null;
}

@Resolver()
export class DueResolver {
  @Extensions({ cost: 100, bounds: { input: ANSWERS } })
  @Query(() => [ClockChange], {
    description: "What a change of a record's fields would do to its clocks, soonest first. Nothing is changed.",
  })
  async previewUpdate(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("id", () => ID) id: string,
    @Arg("expectedVersion", () => Int) expectedVersion: number,
    @Arg("input", () => Json) input: unknown,
  ): Promise<ClockChange[]> {
    const change = { type, id, expectedVersion, input: answersOf(input) };
    return askerOf(context).inTurn(() =>
      previewUpdate(context.world, signedIn(context), change, readerOf(context).looks),
    );
  }

  @Query(() => DueList, { description: "What is due from one day to another, both included, soonest first." })
  due(
    @Ctx() context: Context,
    @Arg("from", () => DateScalar) from: string,
    @Arg("to", () => DateScalar) to: string,
    @Arg("clocks", () => Boolean, { defaultValue: false }) clocks: boolean,
    @Arg("type", () => String, { nullable: true }) type: string | null,
    @Arg("dates", () => Boolean, { defaultValue: true, description: "Also the dates that clocks are counted from." })
    dates: boolean,
    @Arg("mine", () => Boolean, { defaultValue: false, description: "Only tasks I hold, and of records that name me." })
    mine: boolean,
    @Arg("perDay", () => Int, { defaultValue: PER_DAY, description: `Of each day, at most; no more than ${MOST}.` })
    perDay: number,
  ): Promise<DueList> {
    return dueBetween(readerOf(context), { from, to, clocks, type, dates, mine, perDay });
  }
}
