/** Guests: the page behind a one-time link, which anybody may ask for who holds it; and, for staff, the links of a record. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Extensions,
} from "type-graphql";
import { ANSWERS } from "./bounds";
import { answerAsGuest, guestAccess, guestPage, makeGuestLink, revokeGuestLink } from "../engine/guests";
import { whyKept } from "../engine/deliverMails";
import { answersOf } from "../engine/input";
import type { GuestLinkRow } from "../store/guestLinks";
import { type Context, loadersOf, perform, readerOf } from "./context";
import { Letterhead, letterheadView } from "./letterhead";
import { Person } from "./people";
import { AvailableAction } from "./records";
import { DateTime, Json } from "./scalars";

@ObjectType({ simpleResolvers: true })
export class GuestShown {
  @Field(() => String) label!: string;
  @Field(() => String) value!: string;
}

@ObjectType({ simpleResolvers: true, description: "The exact words." })
export class GuestText {
  @Field(() => String) title!: string;
  @Field(() => String, { description: "Markdown." }) text!: string;
  @Field(() => String) hash!: string;
}

@ObjectType({ simpleResolvers: true })
export class GuestAnswer {
  @Field(() => String, { description: "What was done." }) label!: string;
  @Field(() => String, { nullable: true, description: "What becomes of it." }) help!: string | null;
  @Field(() => DateTime) at!: string;
}

@ObjectType({ simpleResolvers: true, description: "What a one-time link opens. Opening it changes nothing." })
export class GuestPage {
  @Field(() => Letterhead) letterhead!: Letterhead;
  @Field(() => String, { description: "The school's time zone." }) zone!: string;
  @Field(() => String, { description: "Whose link it is." }) person!: string;
  @Field(() => String, { description: "What kind of record it is." }) label!: string;
  @Field(() => String) title!: string;
  @Field(() => [GuestShown]) shows!: GuestShown[];
  @Field(() => GuestText, { nullable: true }) text!: GuestText | null;
  @Field(() => Boolean, { description: "A copy can be mailed to them." }) copied!: boolean;
  @Field(() => [AvailableAction], { description: "What may be answered now." }) actions!: AvailableAction[];
  @Field(() => GuestAnswer, { nullable: true, description: "What was answered by this link." })
  answered!: GuestAnswer | null;
  @Field(() => DateTime) expiresAt!: string;
}

@ObjectType({ description: "A link for somebody without an account. School time." })
export class GuestLink {
  @Field(() => ID, { simple: true, description: "By which it is revoked. It is no part of the link." }) id!: string;
  @Field(() => DateTime, { simple: true }) madeAt!: string;
  @Field(() => DateTime, { simple: true }) expiresAt!: string;
  @Field(() => DateTime, { simple: true, nullable: true }) usedAt!: string | null;
  @Field(() => DateTime, { simple: true, nullable: true }) revokedAt!: string | null;
  row!: GuestLinkRow;
}

@ObjectType({ simpleResolvers: true })
export class GuestPerson {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => Boolean, { description: "There is an address that a mail with a link would reach." })
  reachable!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class GuestAccess {
  @Field(() => Boolean, { description: "May the reader make and revoke links?" }) may!: boolean;
  @Field(() => [GuestPerson], { description: "For whom: those named there who have no account." })
  people!: GuestPerson[];
  @Field(() => [GuestLink], { description: "Newest first." }) links!: GuestLink[];
}

@ObjectType({ simpleResolvers: true })
export class MadeGuestLink {
  @Field(() => String, { nullable: true, description: "Shown this once; null where it went by mail." })
  url!: string | null;
  @Field(() => String, { nullable: true }) mailedTo!: string | null;
}

@InputType()
export class GuestLinkInput {
  @Field(() => String) type!: string;
  @Field(() => ID) record!: string;
  @Field(() => ID) person!: string;
}

@InputType()
export class GuestAnswerInput {
  @Field(() => String) secret!: string;
  @Field(() => String) action!: string;
  @Extensions({ bound: ANSWERS })
  @Field(() => Json, { nullable: true, description: "Answers to the form of the action." })
  input?: unknown;
  @Field(() => String, { nullable: true, description: "Hash of the text as read." }) textHash?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: "Mail them what they answered, with the exact words." })
  copy!: boolean;
}

const linkView = (row: GuestLinkRow): GuestLink => {
  const { handle: id, madeAt, expiresAt, usedAt, revokedAt } = row;
  return { id, madeAt, expiresAt, usedAt, revokedAt, row };
};

@Resolver()
export class GuestsResolver {
  @Query(() => GuestPage, { nullable: true, description: "Null for a link that has ended or never was." })
  async guestPage(@Ctx() { world }: Context, @Arg("secret", () => String) secret: string): Promise<GuestPage | null> {
    const page = await guestPage(world, secret);
    return page && { ...page, letterhead: letterheadView(page.letterhead) };
  }

  @Mutation(() => GuestPage, { nullable: true, description: "Answers, which ends the link." })
  async answerAsGuest(
    @Ctx() context: Context,
    @Arg("input", () => GuestAnswerInput) { secret, action, input, textHash, copy }: GuestAnswerInput,
  ): Promise<GuestPage | null> {
    const answer = { action, input: answersOf(input ?? {}), textHash: textHash ?? null, copy };
    await answerAsGuest(context.world, secret, answer);
    return this.guestPage(context, secret);
  }

  @Query(() => GuestAccess, { nullable: true, description: "Null where nobody answers such records by a link." })
  async guestAccess(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("record", () => ID) record: string,
  ): Promise<GuestAccess | null> {
    const reader = readerOf(context);
    if (!(await loadersOf(context).record(type, record))) return null;
    const found = await guestAccess(reader, type, record);
    if (!found) return null;
    const people = found.people.map(({ id, name, email }) => ({
      id,
      name,
      reachable: whyKept(context.world.config, email) === null,
    }));
    return { may: found.may, people, links: found.links.map(linkView) };
  }

  @Mutation(() => MadeGuestLink)
  makeGuestLink(
    @Ctx() context: Context,
    @Arg("input", () => GuestLinkInput) input: GuestLinkInput,
  ): Promise<MadeGuestLink> {
    return perform(context, (run) => makeGuestLink(run, input));
  }

  @Mutation(() => Boolean)
  async revokeGuestLink(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<boolean> {
    await perform(context, (run) => revokeGuestLink(run, { handle: id }));
    return true;
  }
}

@Resolver(() => GuestLink)
export class GuestLinkResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() { row }: GuestLink, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.person);
  }

  @FieldResolver(() => Person, { nullable: true, description: "Null where a mail carries it." })
  madeBy(@Root() { row }: GuestLink, @Ctx() context: Context): Promise<Person | null> | null {
    return row.madeBy === null ? null : loadersOf(context).person(row.madeBy);
  }
}
