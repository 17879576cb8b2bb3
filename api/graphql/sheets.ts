/** Sheets that were uploaded (POST /files) to be imported: what is in them, and what becomes of their rows. */
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  Info,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from "type-graphql";
import type { GraphQLResolveInfo } from "graphql";
import { discardFile } from "../engine/discardFile";
import { importSheet } from "../engine/importSheet";
import { openSheet, type SheetAsk } from "../engine/read/openSheet";
import { sheetRows, sheetWords } from "../engine/read/sheetContent";
import { type Context, perform, readerOf, signedIn } from "./context";
import { existings, ImportedRow, worded } from "./imports";
import { Json } from "./scalars";

@InputType()
export class SheetInput {
  @Field(() => ID, { description: "Of a CSV or XLSX that you have uploaded." }) file!: string;
  @Field(() => String, {
    nullable: true,
    description: "The name of one of several in it; the first that is not hidden where none is given.",
  })
  sheet?: string | null;
  @Field(() => String, { nullable: true, description: "The record type its rows become; none for people." })
  type?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Sheet {
  @Field(() => String, { nullable: true, description: "Null for a CSV." }) name!: string | null;
  @Field(() => [String], { description: "Names of all in the file that are not hidden." }) sheets!: string[];
  @Field(() => [String], { description: "The first line that has anything in it." }) headers!: string[];
  @Field(() => [[String]], { description: "For each column what stands in its first rows, shortened." })
  samples!: string[][];
  @Field(() => Int, { description: "Below the headings, without those that are empty." }) rows!: number;
}

@ObjectType({ simpleResolvers: true })
export class SheetLine {
  @Field(() => Int, { description: "As the spreadsheet numbers it." }) line!: number;
  @Field(() => [Json], {
    nullable: "items",
    description: "Texts, numbers, true or false, and null; dates as ISO text.",
  })
  cells!: unknown[];
}

@ObjectType({ simpleResolvers: true })
export class SheetWord {
  @Field(() => String) word!: string;
  @Field(() => Int, { description: "In how many rows." }) rows!: number;
}

@InputType()
export class ImportSheetInput {
  @Field(() => SheetInput) sheet!: SheetInput;
  @Field(() => [String], { nullable: "items", description: "For each column the field that it fills, null for none." })
  columns!: (string | null)[];
  @Field(() => [String], { description: "Fields, or `reference`, that say which record a row is." }) key!: string[];
  @Field(() => existings) existing!: "UPDATE" | "LEAVE";
  @Field(() => Int, { description: "Rows to pass over." }) offset!: number;
  @Field(() => Int, { description: "How many to do from there; 100 at most." }) first!: number;
  @Field(() => Boolean, { description: "Changes nothing, and says what would come of each row." }) dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ImportedLine extends ImportedRow {
  @Field(() => Int, { description: "As the spreadsheet numbers it." }) line!: number;
  @Field(() => String, { description: "What the row calls the record." }) named!: string;
  @Field(() => Int, { nullable: true, description: "Of REPEATED: the earlier line with the same key, which counts." })
  repeats!: number | null;
}

const asked = ({ file, sheet, type }: SheetInput): SheetAsk => ({ file, sheet: sheet ?? null, type: type ?? null });

@Resolver()
export class SheetsResolver {
  @Extensions({ cost: 100 })
  @Query(() => Sheet, { description: "What an uploaded sheet holds. For whoever uploaded it, and may import it." })
  sheet(@Ctx() context: Context, @Arg("input", () => SheetInput) input: SheetInput): Promise<Sheet> {
    return openSheet(readerOf(context), asked(input));
  }

  @Extensions({ cost: 100 })
  @Query(() => [SheetLine], { description: "Its rows, in their order: fewer than asked for where they are long." })
  async sheetRows(
    @Ctx() context: Context,
    @Arg("input", () => SheetInput) input: SheetInput,
    @Arg("offset", () => Int) offset: number,
    @Arg("first", () => Int) first: number,
  ): Promise<SheetLine[]> {
    return sheetRows(await openSheet(readerOf(context), asked(input)), offset, first);
  }

  @Extensions({ cost: 100 })
  @Query(() => [SheetWord], { description: "What stands in a column, the most frequent first: 500 at most." })
  async sheetWords(
    @Ctx() context: Context,
    @Arg("input", () => SheetInput) input: SheetInput,
    @Arg("column", () => Int, { description: "From 0." }) column: number,
  ): Promise<SheetWord[]> {
    return sheetWords(await openSheet(readerOf(context), asked(input)), column);
  }

  @Extensions({ cost: 100 })
  @Mutation(() => [ImportedLine], {
    description:
      "Some rows of an uploaded sheet into records of a type, each by itself. A row that is asked for again is answered as it was done, and not done again, for a week.",
  })
  async importSheet(
    @Ctx() context: Context,
    @Arg("input", () => ImportSheetInput) input: ImportSheetInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ImportedLine[]> {
    const reader = readerOf(context);
    const { columns, key, existing, offset, first, dryRun } = input;
    const type = input.sheet.type ?? "";
    const sheet = await openSheet(reader, { ...asked(input.sheet), type });
    const became = await importSheet(
      context.world,
      signedIn(context),
      sheet,
      { ...{ type, columns, key, existing, offset, first, dryRun } },
      reader.looks,
    );
    context.loading.loaders = null;
    return worded(context, info, type, became);
  }

  @Mutation(() => Boolean, {
    description: "Gives up a file that you have uploaded and no record holds. False where there is none.",
  })
  discardFile(@Ctx() context: Context, @Arg("file", () => ID) file: string): Promise<boolean> {
    return perform(context, (run) => discardFile(run, file));
  }
}
