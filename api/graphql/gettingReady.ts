/** A school of its own: founded by a link, made ready step by step, live from a day. */
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { founding, foundSchool, rolesOfStaff } from "../engine/founding";
import { readiness, sayReady, setGoLive } from "../engine/gettingReady";
import { type Context, mustAdministerHere, originOf, perform, readerOf } from "./context";
import { Role, roleView } from "./people";
import { DateScalar } from "./scalars";
import { SignInResult, signedInAs } from "./session";

@ObjectType({ simpleResolvers: true })
export class Founding {
  @Field(() => Boolean, { description: "There is a school here." }) founded!: boolean;
  @Field(() => Boolean, { description: "The secret founds one." }) open!: boolean;
  @Field(() => [Role], { description: "What its founder may be beside administrator." }) roles!: Role[];
}

@InputType()
export class FoundSchoolInput {
  @Field(() => String, { description: "Of the link that the server printed." }) secret!: string;
  @Field(() => String) school!: string;
  @Field(() => String, { description: "IANA time zone." }) zone!: string;
  @Field(() => String) name!: string;
  @Field(() => String) email!: string;
  @Field(() => String) password!: string;
  @Field(() => [String]) roles!: string[];
}

@ObjectType({ simpleResolvers: true, description: "What the school needs before it goes live, and what is there." })
export class GettingReady {
  @Field(() => DateScalar, { nullable: true }) goLiveOn!: string | null;
  @Field(() => DateScalar, { nullable: true, description: "The last day of the last term known." })
  termsUntil!: string | null;
  @Field(() => Int) terms!: number;
  @Field(() => Int) closures!: number;
  @Field(() => Int) people!: number;
  @Field(() => Int) withoutSignIn!: number;
  @Field(() => [Role], { description: "Roles of the staff that nobody holds." }) unheld!: Role[];
  @Field(() => Int, { description: "Policies in the register." }) texts!: number;
  @Field(() => Int, { description: "Readings of imported documents that wait for an answer." }) findings!: number;
  @Field(() => [String], { description: "Steps somebody said are done." }) saidDone!: string[];
}

@Resolver()
export class GettingReadyResolver {
  @Query(() => Founding, { description: "Whether there is a school here yet." })
  async founding(
    @Ctx() { world }: Context,
    @Arg("secret", () => String, { nullable: true }) secret?: string | null,
  ): Promise<Founding> {
    const { founded, open } = await founding(world, secret);
    const roles = open ? rolesOfStaff(schoolPolicy) : [];
    return { founded, open, roles: roles.map((role) => roleView(role, world)) };
  }

  @Mutation(() => SignInResult, {
    description: "Founds the school of this installation with its first administrator, who is signed in. Once.",
  })
  async foundSchool(
    @Ctx() context: Context,
    @Arg("input", () => FoundSchoolInput) input: FoundSchoolInput,
  ): Promise<SignInResult> {
    const opened = await foundSchool(context.world, schoolPolicy, input, originOf(context));
    context.editions.forget();
    return signedInAs(context, opened);
  }

  @Query(() => GettingReady)
  async gettingReady(@Ctx() context: Context): Promise<GettingReady> {
    mustAdministerHere(context);
    const { db, registry, identity, today } = readerOf(context);
    const ready = await readiness(db, registry, identity.acting.id, today);
    return { ...ready, unheld: ready.unheld.map((role) => roleView(role, context.world)) };
  }

  @Mutation(() => GettingReady, { description: "Says of a step that it is done, or is not after all." })
  async sayReady(
    @Ctx() context: Context,
    @Arg("step", () => String) step: string,
    @Arg("done", () => Boolean) done: boolean,
  ): Promise<GettingReady> {
    await perform(context, (run) => sayReady(run, { step, done }));
    return this.gettingReady(context);
  }

  @Mutation(() => GettingReady, {
    description: "Nothing fires before the day; what fell due till then comes to one open task and one notice.",
  })
  async setGoLive(@Ctx() context: Context, @Arg("on", () => DateScalar) on: string): Promise<GettingReady> {
    await perform(context, (run) => setGoLive(run, { on }));
    return this.gettingReady(context);
  }
}
