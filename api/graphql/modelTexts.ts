import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { modelTexts, takeModelText } from "../engine/modelTexts";
import { type Context, perform, readerOf } from "./context";

@ObjectType({ simpleResolvers: true, description: "A rule of a model text." })
export class ModelTextSection {
  @Field(() => String) heading!: string;
  @Field(() => String, { nullable: true, description: "Whom it binds or concerns, in words." })
  audience?: string | null;
  @Field(() => String, { description: "Markdown." }) text!: string;
  @Field(() => [String], { nullable: true }) because?: string[] | null;
}

@ObjectType({ simpleResolvers: true, description: "A text for people to agree to or to be told, to begin with." })
export class ModelText {
  @Field(() => String) name!: string;
  @Field(() => String) title!: string;
  @Field(() => [ModelTextSection]) sections!: ModelTextSection[];
}

@ObjectType({ simpleResolvers: true, description: "The draft that was made of a model text." })
export class TakenText {
  @Field(() => String) type!: string;
  @Field(() => ID) id!: string;
  @Field(() => String) title!: string;
}

@Resolver()
export class ModelTextsResolver {
  @Query(() => [ModelText], { description: "Those that the packs offer." })
  modelTexts(@Ctx() context: Context): ModelText[] {
    return modelTexts(readerOf(context).registry);
  }

  @Mutation(() => TakenText, { description: "Makes a draft of one, owned by whoever asks." })
  async takeModelText(@Ctx() context: Context, @Arg("name", () => String) name: string): Promise<TakenText> {
    const { type, id, title } = await perform(context, (run) => takeModelText(run, name));
    return { type, id, title };
  }
}
