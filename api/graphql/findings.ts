import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Resolver, Root, Extensions } from "type-graphql";
import { FILE_IN_TEXT } from "./bounds";
import { Failure } from "../../schema/failure";
import { answerFinding } from "../engine/answerFinding";
import { importPolicies } from "../engine/importPolicies";
import { findingById, type FindingView } from "../store/noticeQuery";
import { type Context, loadersOf, perform, readerOf } from "./context";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ description: "A doubtful reading of an import, until a person answers it." })
export class Finding {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) type!: string;
  @Field(() => ID, { simple: true }) record!: string;
  @Field(() => String, { simple: true }) code!: string;
  @Field(() => String, { simple: true }) message!: string;
  @Field(() => String, { simple: true, nullable: true }) path!: string | null;
  @Field(() => String, { simple: true, description: "open or answered." }) state!: string;
  @Field(() => String, { simple: true, nullable: true }) answer!: string | null;
  @Field(() => DateTime, { simple: true, nullable: true }) answeredAt!: string | null;
  answerer!: string | null;
}

export const findingView = ({ answeredBy, ...row }: FindingView): Finding => ({ ...row, answerer: answeredBy });

@ObjectType({ simpleResolvers: true, description: "A doubtful reading of a document, as the importer found it." })
export class ImportFinding {
  @Field(() => String) code!: string;
  @Field(() => String) message!: string;
  @Field(() => String, { nullable: true }) path!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class ImportedRecord {
  @Field(() => String) type!: string;
  @Field(() => ID, { nullable: true, description: "Null in a dry run." }) id!: string | null;
  @Field(() => String) title!: string;
  @Field(() => [ImportFinding]) findings!: ImportFinding[];
}

@ObjectType({ simpleResolvers: true })
export class ImportResult {
  @Field(() => [ImportedRecord]) created!: ImportedRecord[];
  @Field(() => [ImportFinding], { description: "Those of all its policies." }) findings!: ImportFinding[];
}

@Resolver(() => Finding)
export class FindingResolver {
  @FieldResolver(() => Person, { nullable: true })
  answeredBy(@Root() finding: Finding, @Ctx() context: Context): Promise<Person | null> | null {
    return finding.answerer === null ? null : loadersOf(context).person(finding.answerer);
  }

  @Mutation(() => Finding)
  async answerFinding(
    @Ctx() context: Context,
    @Arg("id", () => ID) id: string,
    @Arg("answer", () => String) answer: string,
  ): Promise<Finding> {
    await perform(context, (run) => answerFinding(run, { id, answer }));
    const reader = readerOf(context);
    const found = await findingById(reader.db, reader, id);
    if (!found) throw new Failure("NOT_FOUND", "There is no such finding.");
    return findingView(found);
  }

  @Extensions({ bounds: { content: FILE_IN_TEXT } })
  @Mutation(() => ImportResult, { description: "Text, Markdown or DOCX; the last as base64." })
  async importPolicies(
    @Ctx() context: Context,
    @Arg("fileName", () => String) fileName: string,
    @Arg("content", () => String) content: string,
    @Arg("base64", () => Boolean, { defaultValue: false }) base64: boolean,
    @Arg("dryRun", () => Boolean, { defaultValue: false }) dryRun: boolean,
  ): Promise<ImportResult> {
    const bytes = Buffer.from(content, base64 ? "base64" : "utf8");
    const created = await perform(context, (run) => importPolicies(run, { fileName, bytes, dryRun }));
    return { created, findings: created.flatMap((record) => record.findings) };
  }
}
