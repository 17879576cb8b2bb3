import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { invalid } from "../../schema/failure";
import { crestRefusal } from "../engine/crestPicture";
import { setLetterhead } from "../engine/letterhead";
import { type Letterhead as Row, letterheadOf } from "../store/letterhead";
import { hasSchool, rootOrganisation } from "../store/organisations";
import { openUpload } from "../engine/read/openUpload";
import { type Context, mustAdministerHere, performPrepared, readerOf, signedIn } from "./context";

@ObjectType({ simpleResolvers: true, description: "What the school shows of itself." })
export class Letterhead {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true, description: 'The school’s colour, "#0b5c5c".' }) colour!: string | null;
  @Field(() => String, { nullable: true, description: "Where its crest is: a path on this server, open to anybody." })
  crest!: string | null;
}

@InputType()
export class LetterheadInput {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true, description: "Dark enough for white words." }) colour?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      "An uploaded file: PNG, JPEG or WebP of at most 200 kB. Left out, the crest stays; null takes it away.",
  })
  crest?: string | null;
}

export const letterheadView = (row: Row): Letterhead => ({ ...row, crest: row.crest && `/crests/${row.crest}` });

@Resolver()
export class LetterheadResolver {
  @Query(() => Letterhead, {
    nullable: true,
    description:
      "Of the organisation I act in; for who is not signed in, of the one at the top. Null before it is founded.",
  })
  async letterhead(@Ctx() { world, identity }: Context): Promise<Letterhead | null> {
    if (!identity && !(await hasSchool(world.db))) return null;
    const row = await letterheadOf(world.db, identity?.acting.id ?? (await rootOrganisation(world.db)));
    return row ? letterheadView(row) : null;
  }

  @Mutation(() => Letterhead, { nullable: true, description: "For administrators." })
  async setLetterhead(
    @Ctx() context: Context,
    @Arg("input", () => LetterheadInput) { name, colour, crest }: LetterheadInput,
  ): Promise<Letterhead | null> {
    mustAdministerHere(context);
    await performPrepared(context, async () => {
      const bytes = typeof crest === "string" ? (await openUpload(readerOf(context), crest, "crest")).bytes : crest;
      const refusal = bytes && (await crestRefusal(bytes, signedIn(context).person.id));
      if (refusal) throw invalid([{ path: "crest", message: refusal }]);
      const given = { name, colour: colour ?? null, ...(bytes !== undefined && { crest: bytes }) };
      return (run) => setLetterhead(run, given);
    });
    return this.letterhead(context);
  }
}
