import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import { Failure } from "../../schema/failure";
import { answerFinding } from "../engine/answerFinding";
import { importPolicies } from "../engine/importPolicies";
import { findingById, type FindingView } from "../store/noticeQuery";
import { openUpload } from "../engine/read/openUpload";
import { type Context, loadersOf, perform, readerOf, signedIn } from "./context";
import { RowProblem } from "./imports";
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
export class RefusedPolicy {
  @Field(() => String) title!: string;
  @Field(() => [RowProblem]) problems!: RowProblem[];
}

@ObjectType({ simpleResolvers: true })
export class ImportResult {
  @Field(() => [ImportedRecord]) created!: ImportedRecord[];
  @Field(() => [RefusedPolicy], { description: "Those of the document that could not be brought in." })
  refused!: RefusedPolicy[];
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

  @Mutation(() => ImportResult, {
    description:
      "Policies of a text, Markdown or DOCX that was uploaded (POST /files). The same file again doubles nothing.",
  })
  async importPolicies(
    @Ctx() context: Context,
    @Arg("file", () => ID) file: string,
    @Arg("dryRun", () => Boolean, { defaultValue: false }) dryRun: boolean,
  ): Promise<ImportResult> {
    const opened = await openUpload(readerOf(context), file);
    const input = { fileName: opened.file.name, bytes: opened.bytes, dryRun, name: opened.file.id };
    const { created, refused } = await importPolicies(context.world, signedIn(context), input);
    context.loading.loaders = null;
    return { created, refused, findings: created.flatMap((record) => record.findings) };
  }
}
