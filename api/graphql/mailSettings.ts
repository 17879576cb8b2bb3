import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { mailDays, type MailPace, mailPaces, type MailRules as Rules } from "../../schema/mailing";
import { chooseMail, setMailRules } from "../engine/mailSettings";
import { ownMail, type OwnMail as Own } from "../store/mailRules";
import { organisationFacts } from "../store/organisations";
import { type Context, perform, readerOf } from "./context";

const named = <T extends string>(names: readonly T[]) => Object.fromEntries(names.map((name) => [name, name]));
const MailPaces = named(mailPaces);
const MailDays = named(mailDays);
registerEnumType(MailPaces, { name: "MailPace", description: "One mail a day, in the morning, or each at once." });
registerEnumType(MailDays, { name: "MailDays", description: "The days on which anything but the urgent is mailed." });

@ObjectType({ simpleResolvers: true, description: "How this organisation mails. What is urgent goes at once." })
export class MailRules {
  @Field(() => MailPaces) pace!: MailPace;
  @Field(() => String, { description: 'Quiet hours end, "07:30".' }) from!: string;
  @Field(() => String, { description: 'Quiet hours begin, "18:00".' }) to!: string;
  @Field(() => String, { description: "When the day’s mail leaves." }) digestAt!: string;
  @Field(() => MailDays) days!: Rules["days"];
}

@InputType()
export class MailRulesInput {
  @Field(() => MailPaces) pace!: MailPace;
  @Field(() => String) from!: string;
  @Field(() => String) to!: string;
  @Field(() => String) digestAt!: string;
  @Field(() => MailDays) days!: Rules["days"];
}

@ObjectType({ simpleResolvers: true, description: "How I am mailed; null is as the organisation does." })
export class OwnMail {
  @Field(() => MailPaces, { nullable: true }) pace!: MailPace | null;
  @Field(() => String, { nullable: true }) from!: string | null;
  @Field(() => String, { nullable: true }) to!: string | null;
  @Field(() => Boolean, { description: "Also what is for information only." }) optional!: boolean;
}

@InputType()
export class OwnMailInput {
  @Field(() => MailPaces, { nullable: true }) pace?: MailPace | null;
  @Field(() => String, { nullable: true }) from?: string | null;
  @Field(() => String, { nullable: true }) to?: string | null;
  @Field(() => Boolean, { nullable: true, description: "Default yes." }) optional?: boolean | null;
}

@Resolver()
export class MailSettingsResolver {
  @Query(() => MailRules)
  async mailRules(@Ctx() context: Context): Promise<MailRules> {
    const { db, identity } = readerOf(context);
    const { organisation } = await organisationFacts(db, identity.acting.id);
    if (!organisation) throw new Error(`Organisation ${identity.acting.id} is gone.`);
    return organisation.mail;
  }

  @Query(() => OwnMail)
  myMail(@Ctx() context: Context): Promise<Own> {
    const { db, identity } = readerOf(context);
    return ownMail(db, identity.person.id);
  }

  @Mutation(() => MailRules, { description: "For administrators; from the next notice on." })
  async setMailRules(
    @Ctx() context: Context,
    @Arg("input", () => MailRulesInput) { pace, from, to, digestAt, days }: MailRulesInput,
  ): Promise<MailRules> {
    await perform(context, (run) => setMailRules(run, { pace, from, to, digestAt, days }));
    return this.mailRules(context);
  }

  @Mutation(() => OwnMail)
  async setMyMail(
    @Ctx() context: Context,
    @Arg("input", () => OwnMailInput) { pace, from, to, optional }: OwnMailInput,
  ): Promise<Own> {
    const person = readerOf(context).identity.person.id;
    const choice = { pace: pace ?? null, from: from ?? null, to: to ?? null, optional: optional ?? true };
    await perform(context, (run) => chooseMail(run, person, choice));
    return this.myMail(context);
  }
}
