import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { partAt } from "../../schema/mergeDefinitions";
import { settleClash } from "../engine/settleClash";
import { openClashes, type PackClash as Clash } from "../store/packTypes";
import { type Context, mustAdministerHere, readerOf, signedIn } from "./context";
import { DateTime, Json } from "./scalars";

export const ClashSides = { OURS: "OURS", THEIRS: "THEIRS" } as const;
registerEnumType(ClashSides, { name: "ClashSide", description: "The school's part of a definition, or the pack's." });

@ObjectType({
  simpleResolvers: true,
  description:
    "A part of a definition that the pack's new version and the school both changed. The school's is in force until somebody chooses.",
})
export class PackClash {
  @Field(() => ID) id!: string;
  @Field(() => String) type!: string;
  @Field(() => String, { description: '"timers.remind.steps"; empty: the whole type.' }) path!: string;
  @Field(() => Json, { nullable: true, description: "What both began from; null: it did not exist." }) base!: unknown;
  @Field(() => Json, { nullable: true, description: "In force; null: it does not exist there." }) ours!: unknown;
  @Field(() => Json, { nullable: true, description: "In the pack's new version; null: it no longer exists." })
  theirs!: unknown;
  @Field(() => String, {
    nullable: true,
    description: "Why the pack's part could not be taken by itself; null where both sides changed it.",
  })
  reason!: string | null;
  @Field(() => DateTime) madeAt!: string;
}

const view = ({ base = null, ours = null, theirs = null, ...clash }: Clash): PackClash => ({
  ...clash,
  base,
  ours,
  theirs,
});

@Resolver()
export class PackClashesResolver {
  @Query(() => [PackClash], { description: "For administrators: what is still to be chosen after an upgrade." })
  async packClashes(@Ctx() context: Context): Promise<PackClash[]> {
    mustAdministerHere(context);
    const { types } = readerOf(context).registry;
    return (await openClashes(context.world.db)).map((clash) => {
      const inForce = types.get(clash.type)?.active.type;
      // The school may have changed it again since.
      return view({ ...clash, ours: inForce ? partAt(inForce, clash.path) : clash.ours });
    });
  }

  @Mutation(() => Boolean, {
    description:
      "Keeps the school's part, or publishes the pack's in its place. False where that waits for a second person.",
  })
  async settlePackClash(
    @Ctx() context: Context,
    @Arg("id", () => ID) id: string,
    @Arg("take", () => ClashSides) take: keyof typeof ClashSides,
  ): Promise<boolean> {
    const settled = await settleClash(context.world, signedIn(context), {
      id,
      take: take === "OURS" ? "ours" : "theirs",
      objections: context.objections,
    });
    context.editions.forget();
    return settled;
  }
}
