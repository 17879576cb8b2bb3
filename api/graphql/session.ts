import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { mayAtAll } from "../../schema/access";
import { isoOf } from "../store/database";
import { activeNamed } from "../engine/pinned";
import { SESSION_MS, type SignedIn, signIn, signOut } from "../engine/signIn";
import { createApiToken, revokeApiToken } from "../engine/apiTokens";
import { KNOWN_DEVICE_COOKIE, KNOWN_DEVICE_SECONDS } from "../engine/knownDevice";
import { changePassword, choosePassword, forgottenPassword, linkHolder } from "../engine/signInLink";
import { tokensOf } from "../store/people";
import { type Context, originOf, perform, performPrepared, readerOf, signedIn } from "./context";
import { cookieText } from "./cookies";
import { Organisation } from "./organisation";
import { Person } from "./people";
import { DateScalar, DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "What I may do with records of a type at all." })
export class TypeAccess {
  @Field(() => String) name!: string;
  @Field(() => Boolean) see!: boolean;
  @Field(() => Boolean) create!: boolean;
  @Field(() => Boolean) edit!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "Something that people of my roles are shown first." })
export class TourStep {
  @Field(() => String) title!: string;
  @Field(() => String) text!: string;
  @Field(() => String, { nullable: true, description: "The plural of a record type, or a page of the back office." })
  page?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Me {
  @Field(() => Person) person!: Person;
  @Field(() => Organisation, { description: "The one this request acts in." }) organisation!: Organisation;
  @Field(() => [Organisation], { description: "Those I could act in, by the header x-organisation." })
  organisations!: Organisation[];
  @Field(() => [String]) roles!: string[];
  @Field(() => Boolean) administers!: boolean;
  @Field(() => Boolean) demo!: boolean;
  @Field(() => DateTime, { description: "School time." }) now!: string;
  @Field(() => DateScalar) today!: string;
  @Field(() => [TypeAccess]) types!: TypeAccess[];
  @Field(() => [TourStep], { description: "Of all my roles, each step once." }) tour!: TourStep[];
}

@ObjectType({ simpleResolvers: true })
export class SignInResult {
  @Field(() => Person) person!: Person;
  @Field(() => DateTime) expiresAt!: string;
}

@ObjectType({ simpleResolvers: true, description: "The secret is shown this once." })
export class NewApiToken {
  @Field(() => ID) id!: string;
  @Field(() => String) secret!: string;
}

@ObjectType({ simpleResolvers: true })
export class ApiToken {
  @Field(() => ID) id!: string;
  @Field(() => String) label!: string;
  @Field(() => DateTime) createdAt!: string;
  @Field(() => DateTime, { nullable: true }) expiresAt!: string | null;
}

/** Ends the session of who asks, and takes its cookie. False where there was none. */
export async function endSession(context: Context): Promise<boolean> {
  context.reply.cookies.push(cookieText("", 0));
  if (!context.secret) return false;
  context.identities.forget(context.secret);
  const ended = await signOut(context.world, context.secret, context.identity, originOf(context));
  context.editions.forget();
  return ended;
}

@ObjectType({ simpleResolvers: true })
export class LinkHolder {
  @Field(() => String) name!: string;
  @Field(() => String) email!: string;
  @Field(() => String) school!: string;
}

/** Sets the cookie of a session that has been opened. */
export function signedInAs(context: Context, { person, secret, expiresAt, knownDevice }: SignedIn): SignInResult {
  context.reply.cookies.push(cookieText(secret, SESSION_MS / 1000));
  if (knownDevice) context.reply.cookies.push(cookieText(knownDevice, KNOWN_DEVICE_SECONDS, KNOWN_DEVICE_COOKIE));
  return { person, expiresAt };
}

@Resolver()
export class SessionResolver {
  @Query(() => Me, { nullable: true, description: "Null when nobody is signed in." })
  me(@Ctx() context: Context): Me | null {
    const { identity, world } = context;
    if (!identity) return null;
    const reader = readerOf(context);
    const here = identity.access.organisations.filter(({ id }) => id === identity.acting.id);
    const typeNamed = activeNamed(world.registry);
    const roles = here[0]?.roles ?? [];
    const tours = world.registry.roles.flatMap(({ name, tour = [] }) => (roles.includes(name) ? tour : []));
    return {
      person: identity.person,
      organisation: identity.acting,
      organisations: identity.organisations,
      roles,
      administers: identity.administers,
      demo: world.demo,
      now: isoOf(reader.now),
      today: reader.today,
      types: [...world.registry.types.values()].map(({ active: { type } }) => ({
        name: type.name,
        see: mayAtAll(type, "see", identity.access.organisations, typeNamed),
        create: mayAtAll(type, "create", here, typeNamed),
        edit: mayAtAll(type, "edit", identity.access.organisations, typeNamed),
      })),
      tour: [...new Map(tours.map((step) => [step.title, step])).values()],
    };
  }

  @Mutation(() => SignInResult, {
    description:
      "Opens a session and sets its cookie. Slowed down after wrong passwords; on a device used before, only by those tried on it.",
  })
  async signIn(
    @Ctx() context: Context,
    @Arg("email", () => String) email: string,
    @Arg("password", () => String) password: string,
  ): Promise<SignInResult> {
    const { address, knownDevice } = context;
    return signedInAs(context, await signIn(context.world, { email, password, address, knownDevice }));
  }

  @Mutation(() => Boolean, {
    description:
      "Mails a link to choose another password to whoever has this address. Answers alike for any address: false where no email leaves this installation.",
  })
  async forgottenPassword(@Ctx() context: Context, @Arg("email", () => String) email: string): Promise<boolean> {
    return forgottenPassword(context.world, { email }, originOf(context));
  }

  @Mutation(() => Boolean, { description: "My own, by the old one. Ends my other sessions." })
  async changePassword(
    @Ctx() context: Context,
    @Arg("old", () => String) old: string,
    @Arg("password", () => String) password: string,
  ): Promise<boolean> {
    const { world, secret, knownDevice } = context;
    const changed = await performPrepared(context, () =>
      changePassword(world, signedIn(context), secret, { old, password, knownDevice }),
    );
    context.reply.cookies.push(cookieText(changed.knownDevice, KNOWN_DEVICE_SECONDS, KNOWN_DEVICE_COOKIE));
    context.editions.forget();
    return true;
  }

  @Query(() => LinkHolder, {
    nullable: true,
    description: "Whose one-time link it is; null for one that has ended. Asking changes nothing.",
  })
  async signInLink(@Ctx() { world }: Context, @Arg("secret", () => String) secret: string): Promise<LinkHolder | null> {
    return (await linkHolder(world, secret)) ?? null;
  }

  @Mutation(() => SignInResult, {
    description: "Sets the password of whoever a one-time link was made for, ends the link, and signs in.",
  })
  async choosePassword(
    @Ctx() context: Context,
    @Arg("secret", () => String) secret: string,
    @Arg("password", () => String) password: string,
  ): Promise<SignInResult> {
    const opened = await choosePassword(
      context.world,
      { secret, password, knownDevice: context.knownDevice },
      originOf(context),
    );
    context.editions.forget();
    return signedInAs(context, opened);
  }

  @Mutation(() => Boolean, { description: "Ends this session everywhere. False when there was none." })
  signOut(@Ctx() context: Context): Promise<boolean> {
    return endSession(context);
  }

  @Query(() => [ApiToken], { description: "My own tokens, newest first." })
  apiTokens(@Ctx() context: Context): Promise<ApiToken[]> {
    return tokensOf(context.world.db, signedIn(context).person.id);
  }

  @Mutation(() => NewApiToken)
  createApiToken(
    @Ctx() context: Context,
    @Arg("label", () => String) label: string,
    @Arg("expiresOn", () => DateScalar, { nullable: true }) expiresOn: string | null,
  ): Promise<NewApiToken> {
    return perform(context, (run) => createApiToken(run, { label, expiresOn }));
  }

  @Mutation(() => Boolean)
  async revokeApiToken(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<boolean> {
    const revoked = await perform(context, (run) => revokeApiToken(run, id));
    context.editions.forget();
    return revoked;
  }
}
