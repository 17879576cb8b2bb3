import { Arg, Ctx, FieldResolver, Mutation, Resolver } from "type-graphql";
import { releaseHold } from "../engine/place";
import { readInstallation } from "../store/installation";
import { mustAdministerAll, run } from "../engine/run";
import { type Context, signedIn } from "./context";
import { Me } from "./session";

@Resolver(() => Me)
export class CopiesResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: "Why no email is sent and no clock fires: this database may be a copy. Null where it is in use.",
  })
  async held(@Ctx() context: Context): Promise<string | null> {
    const { heldSince, heldWhy } = await readInstallation(context.world.db);
    // The reason names folders and servers.
    return heldSince && (signedIn(context).administers ? (heldWhy ?? "") : "");
  }

  @Mutation(() => Boolean, { description: "For administrators: this database is the one in use." })
  async releaseCopy(
    @Ctx() context: Context,
    @Arg("send", () => Boolean, {
      description: "Send the email that waits. Only where no other copy can have sent it.",
    })
    send: boolean,
  ): Promise<boolean> {
    await run(context.world, signedIn(context), mustAdministerAll);
    await releaseHold(context.world, { send });
    return true;
  }
}
