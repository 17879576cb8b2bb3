import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from "type-graphql";
import { faultKinds } from "../../schema/faultKinds";
import { countProblems, pageOfProblems, retryProblem, skipProblem } from "../engine/problems";
import { memberOf } from "../engine/refusedMembers";
import type { Fault } from "../store/faults";
import { type Context, loadersOf, mustAdministerHere, perform, readerOf } from "./context";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true })
export class ProblemRecord {
  @Field(() => String) type!: string;
  @Field(() => ID) id!: string;
  @Field(() => String) recordTitle!: string;
}

@ObjectType({ description: "Something that Duly does by itself failed for good and waits for a person." })
export class OpenProblem {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, {
    simple: true,
    description: "email, notice, timer, duty, roster, member, rule, absence, import, job or seal.",
  })
  kind!: string;
  @Field(() => String, { simple: true, description: "What happened, in a sentence." }) says!: string;
  @Field(() => String, { simple: true, description: "Why, in a sentence." }) cause!: string;
  @Field(() => DateTime, { simple: true, description: "School time." }) happenedAt!: string;
  @Field(() => DateTime, { simple: true, description: "When it last failed." }) lastAt!: string;
  @Field(() => Int, { simple: true }) times!: number;
  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "What trying again does; null where nothing can be tried.",
  })
  retry!: string | null;
  @Field(() => String, { simple: true, description: "What follows where it is left as it is." }) skip!: string;
  @Field(() => Boolean, { simple: true, description: "It is about one record, which you may not be allowed to see." })
  ofRecord!: boolean;
  row!: Fault;
}

@ObjectType()
export class OpenProblemConnection {
  @Field(() => [OpenProblem], { simple: true }) nodes!: OpenProblem[];
  @Field(() => PageInfo, { simple: true }) pageInfo!: PageInfo;
  /** Counted where it is asked for, once. */
  counted?: ReturnType<typeof countProblems>;
}

const countOf = (connection: OpenProblemConnection, context: Context): ReturnType<typeof countProblems> => {
  const { db, identity } = readerOf(context);
  return (connection.counted ??= countProblems(db, identity.acting.id));
};

const view = (row: Fault): OpenProblem => {
  const { one: says, retry, skip } = faultKinds[row.kind];
  const { id, kind, cause, happenedAt, lastAt, times, about } = row;
  return { id, kind, cause, happenedAt, lastAt, times, says, retry, skip, ofRecord: about !== null, row };
};

@Resolver(() => OpenProblemConnection)
export class OpenProblemsResolver {
  @Query(() => OpenProblemConnection, { description: "For administrators: what failed and waits, newest first." })
  async openProblems(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<OpenProblemConnection> {
    mustAdministerHere(context);
    const { db, identity } = readerOf(context);
    const { nodes, hasNextPage } = await pageOfProblems(db, identity.acting.id, { first, after });
    return { nodes: nodes.map(view), pageInfo: { hasNextPage, endCursor: nodes.at(-1)?.id ?? null } };
  }

  @FieldResolver(() => Int, { description: "Up to 1,000." })
  async totalCount(@Root() connection: OpenProblemConnection, @Ctx() context: Context): Promise<number> {
    return (await countOf(connection, context)).count;
  }

  @FieldResolver(() => Boolean, { description: "There are more than `totalCount` says." })
  async totalCountCapped(@Root() connection: OpenProblemConnection, @Ctx() context: Context): Promise<boolean> {
    return (await countOf(connection, context)).more;
  }

  @Mutation(() => Boolean, {
    description: "Tries it once more. False where it cannot be tried: then it is only settled.",
  })
  async retryProblem(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<boolean> {
    return (await perform(context, (run) => retryProblem(run, { id }))).repeated;
  }

  @Mutation(() => Boolean, { description: "Leaves it as it is, for good. The reason is at most 300 characters." })
  async skipProblem(
    @Ctx() context: Context,
    @Arg("id", () => ID) id: string,
    @Arg("reason", () => String) reason: string,
  ): Promise<boolean> {
    await perform(context, (run) => skipProblem(run, { id, reason }));
    return true;
  }
}

@Resolver(() => OpenProblem)
export class OpenProblemResolver {
  @FieldResolver(() => ProblemRecord, { nullable: true, description: "The record it is about, where you may see it." })
  async record(@Root() { row }: OpenProblem, @Ctx() context: Context): Promise<ProblemRecord | null> {
    if (row.about === null) return null;
    const { type, record: id } = row.about;
    const found = await loadersOf(context).record(type, id);
    return found && { type, id, recordTitle: found.recordTitle };
  }

  @FieldResolver(() => Person, {
    nullable: true,
    description: "Whom an email was for, or who of a list could not be asked, where you may know that.",
  })
  async person(@Root() problem: OpenProblem, @Ctx() context: Context): Promise<Person | null> {
    const { row } = problem;
    // Who is on the list of a record is known to whoever may see the record.
    if (row.kind === "member")
      return (await this.record(problem, context)) && loadersOf(context).person(memberOf(row.subject).person);
    const mail = row.kind === "email" ? await loadersOf(context).mail(row.subject) : null;
    return mail && loadersOf(context).person(mail.person);
  }

  @FieldResolver(() => String, { nullable: true, description: "The subject of an email, where you may read it." })
  async subject(@Root() { row }: OpenProblem, @Ctx() context: Context): Promise<string | null> {
    return row.kind === "email" ? ((await loadersOf(context).mail(row.subject))?.subject ?? null) : null;
  }
}
