import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from "type-graphql";
import { Failure } from "../../schema/failure";
import { noticeAlone } from "../engine/renderMail";
import { isoOf } from "../store/database";
import { oldestUrgentWaiting, URGENT_LATE_MS } from "../store/faults";
import {
  countMails,
  countNotices,
  noticeById,
  type NoticeArgs,
  type NoticeView,
  readMails,
  readNotices,
  readOwnNotice,
} from "../store/noticeQuery";
import { type Context, loadersOf, mustAdministerHere, readerOf } from "./context";
import { countResolver } from "./countResolver";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "One envelope, with the provider's answer." })
export class Mail {
  @Field(() => ID) id!: string;
  @Field(() => String) messageId!: string;
  @Field(() => String) subject!: string;
  @Field(() => String) text!: string;
  @Field(() => String) html!: string;
  @Field(() => String, { description: "queued, sending, sent, kept or failed." }) state!: string;
  @Field(() => String, { nullable: true }) answer!: string | null;
  @Field(() => Int) attempts!: number;
  @Field(() => DateTime) createdAt!: string;
  @Field(() => DateTime, { nullable: true }) sentAt!: string | null;
}

@ObjectType()
export class MailConnection {
  @Field(() => [Mail], { simple: true }) nodes!: Mail[];
  @Field(() => PageInfo, { simple: true }) pageInfo!: PageInfo;
}

@ObjectType({ description: "What one person is told about one occurrence, and what became of it." })
export class Notice {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) type!: string;
  @Field(() => ID, { simple: true }) record!: string;
  @Field(() => String, { simple: true }) subject!: string;
  @Field(() => String, { simple: true, description: "Markdown." }) body!: string;
  @Field(() => [String], { simple: true }) because!: string[];
  @Field(() => Boolean, { simple: true }) urgent!: boolean;
  @Field(() => DateTime, { simple: true }) createdAt!: string;
  @Field(() => DateTime, { simple: true, description: "Sent no earlier than this." }) sendAt!: string;
  @Field(() => String, { simple: true, description: "planned, in mail, sent, read, failed or not needed." })
  outcome!: string;
  @Field(() => String, { simple: true, nullable: true }) outcomeWhy!: string | null;
  @Field(() => DateTime, { simple: true, nullable: true }) readAt!: string | null;
  row!: NoticeView;
}

export const noticeView = (row: NoticeView): Notice => ({ ...row, row });

@ObjectType()
export class NoticeConnection {
  counting?: Promise<number>;
  @Field(() => [Notice], { simple: true }) nodes!: Notice[];
  @Field(() => PageInfo, { simple: true }) pageInfo!: PageInfo;
  asked!: NoticeArgs;
}

export const NoticeConnectionResolver = countResolver(NoticeConnection, (reader, asked) =>
  countNotices(reader.db, reader, asked),
);

@Resolver(() => MailConnection)
export class MailResolver {
  @FieldResolver(() => Int)
  totalCount(@Ctx() context: Context): Promise<number> {
    const { db, identity } = readerOf(context);
    return countMails(db, identity.acting.id);
  }

  @Query(() => Mail, { nullable: true, description: "A mail of one's own; administrators, and in demo mode all, any." })
  mail(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<Mail | null> {
    return loadersOf(context).mail(id);
  }

  @Query(() => DateTime, {
    nullable: true,
    description:
      "Since when (school time) the oldest urgent notice or email has been waiting to leave, where that is more than five minutes. For administrators; null for everybody else.",
  })
  async urgentWaitingSince(@Ctx() context: Context): Promise<string | null> {
    const { db, identity, now } = readerOf(context);
    const since = identity.administers ? await oldestUrgentWaiting(db, isoOf(now)) : null;
    return since !== null && now - since > URGENT_LATE_MS ? isoOf(since) : null;
  }

  @Query(() => MailConnection, {
    description: "All mail of this organisation, newest first, without what is confidential: for administrators.",
  })
  async mails(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<MailConnection> {
    mustAdministerHere(context);
    const reader = readerOf(context);
    const { nodes, ...pageInfo } = await readMails(reader.db, reader, { first, after });
    return { nodes, pageInfo };
  }
}

@Resolver(() => Notice)
export class NoticeResolver {
  @Query(() => NoticeConnection, { description: "Newest first." })
  async notices(
    @Ctx() context: Context,
    @Arg("record", () => ID, { nullable: true }) record: string | null,
    @Arg("mine", () => Boolean, { nullable: true }) mine: boolean | null,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<NoticeConnection> {
    const reader = readerOf(context);
    const asked = { record, person: mine ? reader.identity.person.id : null };
    const { nodes, ...pageInfo } = await readNotices(reader.db, reader, { ...asked, first, after });
    return { nodes: nodes.map(noticeView), pageInfo, asked };
  }

  @Mutation(() => Notice, { description: "One's own notice: what is read here needs no mail." })
  async markNoticeRead(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<Notice> {
    const reader = readerOf(context);
    const found = await noticeById(reader.db, reader, id);
    const person = reader.identity.person.id;
    if (!found || !(await readOwnNotice(reader.db, id, person, isoOf(reader.now))))
      throw new Failure("NOT_FOUND", "You have no such notice.");
    const read = await noticeById(reader.db, reader, id);
    return noticeView(read ?? found);
  }

  @FieldResolver(() => Person, { nullable: true })
  person(@Root() { row }: Notice, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.person);
  }

  @FieldResolver(() => String, { nullable: true })
  async recordTitle(@Root() notice: Notice, @Ctx() context: Context): Promise<string | null> {
    return (await loadersOf(context).record(notice.type, notice.record))?.recordTitle ?? null;
  }

  @FieldResolver(() => String, { description: "This message as it is read, without marks." })
  text(@Root() { row }: Notice): string {
    return noticeAlone(row).text;
  }

  @FieldResolver(() => Mail, {
    nullable: true,
    description:
      "The mail that carried it: of somebody else's only this message, whatever else it told. Null where it was never mailed, or is not yours to read.",
  })
  async mail(@Root() { row }: Notice, @Ctx() context: Context): Promise<Mail | null> {
    const mail = row.mail === null ? null : await loadersOf(context).mail(row.mail);
    if (!mail || row.person === readerOf(context).identity.person.id) return mail;
    return { ...mail, subject: row.subject, ...noticeAlone(row) };
  }
}
