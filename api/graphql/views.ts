import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import type { PageArgs } from "../store/visibleRecords";
import { viewsOf as readViews } from "../store/viewLog";
import { type Context, loadersOf, readerOf } from "./context";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ description: "Somebody read a record." })
export class View {
  @Field(() => DateTime, { simple: true, description: "School time." }) at!: string;
  @Field(() => Boolean, {
    simple: true,
    description: "False where it stood in a list, a report, a search or the like.",
  })
  opened!: boolean;
  viewer!: string;
}

@ObjectType({ simpleResolvers: true })
export class ViewConnection {
  @Field(() => [View]) nodes!: View[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

/** The record has been seen by whoever asks. */
export async function viewsOf(context: Context, record: string, page: PageArgs): Promise<ViewConnection> {
  const { nodes, ...pageInfo } = await readViews(readerOf(context).db, record, page);
  return { nodes: nodes.map(({ person, ...view }) => ({ ...view, viewer: person })), pageInfo };
}

@Resolver(() => View)
export class ViewResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() view: View, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(view.viewer);
  }
}
