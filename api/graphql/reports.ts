/**
 * Which reports there are for whoever asks, and what one would hold, for the screen: its first rows, in words. The files
 * themselves are made by `GET /reports/:name.pdf` and `.zip` (fileRoutes.ts).
 */
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { cellWords } from "../../schema/cell";
import type { Report } from "../../schema/definition";
import { reportsFor, withReport } from "../engine/report/openReport";
import type { ReportTable } from "../engine/report/reportTable";
import { madeReports } from "../store/reports";
import { type Context, loadersOf, readerOf } from "./context";
import { Person } from "./people";
import { DateScalar, DateTime } from "./scalars";

@ObjectType("Report", { simpleResolvers: true, description: "A report that I may make." })
export class ReportView {
  @Field(() => String) name!: string;
  @Field(() => String) title!: string;
  @Field(() => String) help!: string;
  @Field(() => String, { nullable: true, description: "It is of one record of this type; null: of a period." })
  recordType!: string | null;
  @Field(() => String, { description: "Whom it names at most: everybody, staff or nobody." }) names!: string;
  @Field(() => [String]) because!: string[];
}

@ObjectType({ simpleResolvers: true })
export class ReportFigures {
  @Field(() => [String]) columns!: string[];
  @Field(() => [[String]]) rows!: string[][];
}

@ObjectType({ simpleResolvers: true })
export class ReportSectionView {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String, { nullable: true }) help!: string | null;
  @Field(() => [String], { description: "Empty where no records are listed." }) columns!: string[];
  @Field(() => [[String]], { description: "The first of them." }) rows!: string[][];
  @Field(() => Int) total!: number;
  @Field(() => ReportFigures, { nullable: true }) figures!: ReportFigures | null;
  @Field(() => [String], { description: "What is not here, and why." }) notes!: string[];
}

@ObjectType({ simpleResolvers: true })
export class ReportLine {
  @Field(() => String) label!: string;
  @Field(() => String) value!: string;
}

@ObjectType({ simpleResolvers: true })
export class ReportContent {
  @Field(() => String) title!: string;
  @Field(() => String, { description: "What it is of." }) about!: string;
  @Field(() => [ReportLine]) head!: ReportLine[];
  @Field(() => [ReportSectionView]) sections!: ReportSectionView[];
}

@InputType()
export class ReportInput {
  @Field(() => String) name!: string;
  @Field(() => ID, { nullable: true, description: "Of a report of one record." }) record!: string | null;
  @Field(() => DateScalar, { nullable: true, description: "Of a report of a period." }) from!: string | null;
  @Field(() => DateScalar, { nullable: true, description: "Its last day." }) to!: string | null;
  @Field(() => Boolean, { description: "Stand-ins for everybody, and nothing that people wrote." }) hideNames!: boolean;
}

@ObjectType("MadeReport", { description: "A report that was made as a file." })
export class MadeReportView {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) report!: string;
  @Field(() => DateTime, { simple: true, description: "School time." }) at!: string;
  @Field(() => String, { simple: true, description: "pdf or zip." }) format!: string;
  @Field(() => String, { simple: true, description: "Whom it names: everybody, staff or nobody." }) names!: string;
  @Field(() => DateScalar, { simple: true, nullable: true }) from!: string | null;
  @Field(() => DateScalar, { simple: true, nullable: true }) to!: string | null;
  @Field(() => String, { simple: true, description: "SHA-256 of the file." }) hash!: string;
  @Field(() => Int, { simple: true, description: "Bytes." }) size!: number;
  person!: string;
}

/** Enough to see what it will be. */
const SHOWN = 20;
const MOST_MADE = 20;

const view = ({ name, title, help, subject, names, because }: Report): ReportView => ({
  ...{ name, title, help, names: names ?? "everybody", because: because ?? [] },
  recordType: "record" in subject ? subject.record : null,
});

const words = (rows: ReportTable["rows"]): string[][] => rows.map((row) => row.map(cellWords));

@Resolver()
export class ReportsResolver {
  @Query(() => [ReportView], { description: "Those that my roles may make." })
  reports(@Ctx() context: Context): ReportView[] {
    return reportsFor(readerOf(context)).map(view);
  }

  @Extensions({ cost: 5_000 })
  @Query(() => ReportContent, {
    description: "What a report holds at this moment, with the first rows of each section.",
  })
  report(@Ctx() context: Context, @Arg("input", () => ReportInput) input: ReportInput): Promise<ReportContent> {
    const { name, record, from, to, hideNames } = input;
    const ask = { name, record, hideNames, period: { from: from ?? "", to: to ?? "" } };
    return withReport(readerOf(context), ask, SHOWN, async ({ title, about, head, sections }) => {
      const shown: ReportSectionView[] = [];
      for await (const { drawn: _, rows, figures, ...section } of sections)
        shown.push({ ...section, rows: words(rows), figures: figures && { ...figures, rows: words(figures.rows) } });
      return { title, about, head: head.map(([label, value]) => ({ label, value })), sections: shown };
    });
  }

  @Query(() => [MadeReportView], { description: "The latest files that were made of the reports that I may make." })
  async reportsMade(@Ctx() context: Context): Promise<MadeReportView[]> {
    const reader = readerOf(context);
    const names = reportsFor(reader).map(({ name }) => name);
    return madeReports(reader.db, reader.access.acting, names, MOST_MADE);
  }
}

@Resolver(() => MadeReportView)
export class MadeReportResolver {
  @FieldResolver(() => Person, { nullable: true })
  by(@Root() { person }: MadeReportView, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(person);
  }
}
