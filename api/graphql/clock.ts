import { Arg, Ctx, Field, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { Failure } from "../../schema/failure";
import { clockState, requestAdvance } from "../engine/advanceClock";
import { firedCount } from "../store/workQuery";
import { type Context, signedIn } from "./context";
import { instantOf } from "./instantOf";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "The school's clock, which only a demo may move." })
export class Clock {
  @Field(() => DateTime, { description: "School time." }) now!: string;
  @Field(() => DateTime, { nullable: true, description: "Where it is being moved to, while it is." })
  advancingTo!: string | null;
  @Field(() => Int, { description: "Timer occurrences fired so far, ever." }) fired!: number;
}

@Resolver()
export class ClockResolver {
  @Query(() => Clock)
  async clock(@Ctx() context: Context): Promise<Clock> {
    signedIn(context);
    mustBeDemo(context);
    return this.state(context);
  }

  @Mutation(() => Clock, {
    description: "Forward only. Everything due in between fires, in order; ask `clock` how far it is.",
  })
  async advanceClock(@Ctx() context: Context, @Arg("to", () => DateTime) to: string): Promise<Clock> {
    signedIn(context);
    mustBeDemo(context);
    await requestAdvance(context.world, instantOf("to", to) ?? to);
    return this.state(context);
  }

  private async state({ world }: Context): Promise<Clock> {
    const state = await clockState(world);
    return { ...state, fired: await firedCount(world.db) };
  }
}

function mustBeDemo({ world }: Context): void {
  if (!world.demo) throw new Failure("FORBIDDEN", "The clock can be moved in demo mode only.");
}
