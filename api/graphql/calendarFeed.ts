import { Arg, Ctx, Field, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { makeCalendarFeed, withdrawCalendarFeed } from "../engine/calendarFeed";
import { feedOf } from "../store/calendarFeeds";
import { feedPath } from "./calendarRoute";
import { type Context, perform, signedIn } from "./context";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "My calendar link; what it is was told when it was made." })
export class CalendarFeed {
  @Field(() => Boolean, { description: "All that I may see, not only what is mine." }) everything!: boolean;
  @Field(() => DateTime) createdAt!: string;
  @Field(() => DateTime, { nullable: true, description: "When a calendar last asked for it." }) readAt!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "Shown this once: whoever has it reads what is due for me." })
export class NewCalendarFeed {
  @Field(() => String) url!: string;
}

@Resolver()
export class CalendarFeedResolver {
  @Query(() => CalendarFeed, { nullable: true })
  calendarFeed(@Ctx() context: Context): Promise<CalendarFeed | null> {
    return feedOf(context.world.db, signedIn(context).person.id);
  }

  @Mutation(() => NewCalendarFeed, { description: "A new link; the one before stops working." })
  async makeCalendarFeed(
    @Ctx() context: Context,
    @Arg("everything", () => Boolean, { defaultValue: false }) everything: boolean,
  ): Promise<NewCalendarFeed> {
    const secret = await perform(context, (run) => makeCalendarFeed(run, everything));
    context.editions.forget();
    return { url: context.world.publicUrl + feedPath(secret, signedIn(context).acting.id) };
  }

  @Mutation(() => Boolean, { description: "The link stops working. False where there was none." })
  async withdrawCalendarFeed(@Ctx() context: Context): Promise<boolean> {
    const withdrawn = await perform(context, withdrawCalendarFeed);
    context.editions.forget();
    return withdrawn;
  }
}
