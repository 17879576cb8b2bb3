import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from "type-graphql";
import { openSealed } from "../engine/openSealed";
import { type Context, loadersOf, perform } from "./context";
import { Person } from "./people";

@ObjectType({ simpleResolvers: true })
export class Opened {
  @Field(() => String, { description: "What the field holds." }) value!: string;
  @Field(() => [Person], { description: "Who is told of this opening." }) told!: Person[];
}

@Resolver()
export class SealedResolver {
  @Mutation(() => Opened, {
    description:
      "What a sealed field holds, for those it names. The reason stands in the history, and others are told.",
  })
  async openSealed(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("id", () => ID) id: string,
    @Arg("field", () => String) field: string,
    @Arg("reason", () => String) reason: string,
  ): Promise<Opened> {
    const { value, told } = await perform(context, (run) => openSealed(run, { type, id, field, reason }));
    return { value, told: await loadersOf(context).people(told) };
  }
}
