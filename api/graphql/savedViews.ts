import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { deleteView, saveView, setPreference } from "../engine/saveView";
import { preferenceOf, type SavedViewRow, savedViewsOf } from "../store/savedViews";
import { type Context, perform, readerOf, signedIn } from "./context";
import { Json } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "A list of one record type as somebody likes it." })
export class SavedView {
  @Field(() => ID) id!: string;
  @Field(() => String) type!: string;
  @Field(() => Json, { description: "As a definition's view: { label, columns, where, sort }." }) view!: unknown;
  @Field(() => Boolean, { description: "Everybody of the organisation has it." }) shared!: boolean;
  @Field(() => Boolean, { description: "The reader may change or delete it." }) mayChange!: boolean;
}

@InputType()
export class SaveViewInput {
  @Field(() => ID, { nullable: true, description: "Absent for a new one." }) id?: string | null;
  @Field(() => String) type!: string;
  @Field(() => Json) view!: unknown;
  @Field(() => Boolean, { nullable: true, description: "For everybody of the organisation; administrators decide." })
  shared?: boolean | null;
}

@Resolver()
export class SavedViewsResolver {
  @Query(() => [SavedView], { description: "One's own and those that everybody has." })
  async savedViews(@Ctx() context: Context, @Arg("type", () => String) type: string): Promise<SavedView[]> {
    const { db, identity } = readerOf(context);
    const rows = await savedViewsOf(db, identity.acting.id, type, identity.person.id);
    return rows.map((row) => viewOf(row, context));
  }

  @Mutation(() => SavedView)
  async saveView(@Ctx() context: Context, @Arg("input", () => SaveViewInput) input: SaveViewInput): Promise<SavedView> {
    return viewOf(await perform(context, (run) => saveView(run, input)), context);
  }

  @Mutation(() => Boolean)
  async deleteView(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<boolean> {
    await perform(context, (run) => deleteView(run, { id }));
    return true;
  }

  @Query(() => Json, { nullable: true, description: "What the reader's screens have kept under this name." })
  preference(@Ctx() context: Context, @Arg("name", () => String) name: string): Promise<unknown> {
    const { db, identity } = readerOf(context);
    return preferenceOf(db, { organisation: identity.acting.id, person: identity.person.id, name });
  }

  @Mutation(() => Boolean)
  async setPreference(
    @Ctx() context: Context,
    @Arg("name", () => String) name: string,
    @Arg("value", () => Json, { nullable: true }) value: unknown,
  ): Promise<boolean> {
    await perform(context, (run) => setPreference(run, { name, value }));
    return true;
  }
}

const viewOf = ({ id, type, view, shared }: SavedViewRow, context: Context): SavedView => ({
  id,
  type,
  view,
  shared,
  mayChange: !shared || signedIn(context).administers,
});
