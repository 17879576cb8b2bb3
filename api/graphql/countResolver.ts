/** How many a connection of a static noun has in all: counted once, up to `COUNTED`, and only where it is asked for. */
import { type ClassType, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { Reader } from "../engine/read/reader";
import { COUNTED } from "../store/visibleRecords";
import { type Context, readerOf } from "./context";
import { CAPPED_HELP, COUNT_HELP } from "./pageInfo";

interface Connection<Asked> {
  asked: Asked;
  counting?: Promise<number>;
}

/** `count` gives one more than `COUNTED` where there are more. */
export function countResolver<Asked>(
  Of: ClassType<Connection<Asked>>,
  count: (reader: Reader, asked: Asked) => Promise<number>,
): ClassType {
  const counted = (connection: Connection<Asked>, context: Context): Promise<number> =>
    (connection.counting ??= count(readerOf(context), connection.asked));

  @Resolver(() => Of)
  class CountResolver {
    @FieldResolver(() => Int, { description: COUNT_HELP })
    async totalCount(@Root() connection: Connection<Asked>, @Ctx() context: Context): Promise<number> {
      return Math.min(await counted(connection, context), COUNTED);
    }

    @FieldResolver(() => Boolean, { description: CAPPED_HELP })
    async totalCountCapped(@Root() connection: Connection<Asked>, @Ctx() context: Context): Promise<boolean> {
      return (await counted(connection, context)) > COUNTED;
    }
  }
  return CountResolver;
}
