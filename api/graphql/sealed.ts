import { Arg, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { openSealed } from "../engine/openSealed";
import { type Context, perform } from "./context";

@Resolver()
export class SealedResolver {
  @Mutation(() => String, {
    description:
      "What a sealed field holds, for those it names. The reason stands in the history, and others are told.",
  })
  openSealed(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("id", () => ID) id: string,
    @Arg("field", () => String) field: string,
    @Arg("reason", () => String) reason: string,
  ): Promise<string> {
    return perform(context, (run) => openSealed(run, { type, id, field, reason }));
  }
}
