import { Arg, Ctx, Field, ID, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { type Due, dueBetween } from "../engine/read/dueBetween";
import { type Context, readerOf } from "./context";
import { DateScalar, DateTime } from "./scalars";

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
}

@ObjectType({ simpleResolvers: true })
export class DueList {
  @Field(() => [DueEntry]) entries!: DueEntry[];
  @Field(() => Boolean, { description: "There is more than this: ask for fewer days." }) more!: boolean;
}

@Resolver()
export class DueResolver {
  @Query(() => DueList, { description: "What is due from one day to another, both included, soonest first." })
  due(
    @Ctx() context: Context,
    @Arg("from", () => DateScalar) from: string,
    @Arg("to", () => DateScalar) to: string,
    @Arg("clocks", () => Boolean, { defaultValue: false }) clocks: boolean,
    @Arg("type", () => String, { nullable: true }) type: string | null,
  ): Promise<DueList> {
    return dueBetween(readerOf(context), { from, to, clocks, type });
  }
}
