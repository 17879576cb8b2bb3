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
  registerEnumType,
  Resolver,
} from "type-graphql";
import type { GraphQLResolveInfo } from "graphql";
import { ANSWERS } from "./bounds";
import { changesInWords } from "../engine/changesInWords";
import { importRows, type RowChange as Change } from "../engine/importRows";
import { missingFromRoll } from "../engine/read/missingFromRoll";
import type { SheetRow } from "../../schema/sheetRows";
import { isPlainObject } from "../../schema/parseValue";
import { invalid } from "../../schema/failure";
import { ChainNode } from "./chain";
import { type Context, readerOf, signedIn } from "./context";
import { Json } from "./scalars";
import { asksFor } from "./selection";

export const existings = { UPDATE: "UPDATE", LEAVE: "LEAVE" } as const;
registerEnumType(existings, { name: "ImportExisting", description: "What happens to a record that is there already." });

const verdicts = {
  CREATED: "CREATED",
  UPDATED: "UPDATED",
  UNCHANGED: "UNCHANGED",
  LEFT: "LEFT",
  REFUSED: "REFUSED",
  FAILED: "FAILED",
  REPEATED: "REPEATED",
} as const;
registerEnumType(verdicts, {
  name: "ImportVerdict",
  description:
    "What became of a row, or in a dry run would. FAILED: by a fault of the server; send the row again. REPEATED: an earlier row of the sheet is the same record.",
});

@InputType()
export class ImportRowsInput {
  @Field(() => String) type!: string;
  @Extensions({ bound: ANSWERS })
  @Field(() => [Json], { description: "{ field: cell }, cells as people write them; 100 at most." })
  rows!: unknown[];
  @Field(() => [String], { description: "Fields, or `reference`, that say which record a row is." }) key!: string[];
  @Field(() => existings) existing!: "UPDATE" | "LEAVE";
  @Field(() => String, {
    nullable: true,
    description:
      "A name of the sender's for the whole import, such as a UUID. A row sent again under it is answered as it was done, and not done again, for a week.",
  })
  import?: string | null;
  @Field(() => [Int], { nullable: true, description: "With `import`: the line of each row in the whole sheet." })
  lines?: number[] | null;
  @Field(() => Boolean, { description: "Changes nothing, and says what would come of each row." }) dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class RowProblem {
  @Field(() => String, { description: "The field; empty for the row as a whole." }) path!: string;
  @Field(() => String) message!: string;
}

@ObjectType({ simpleResolvers: true })
export class RowChange {
  @Field(() => String, { description: "The field, or `state`." }) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String, { nullable: true, description: "In words; null for nothing, or what may not be seen." })
  before!: string | null;
  @Field(() => String, { nullable: true }) after!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class ImportedRow {
  @Field(() => verdicts) verdict!: string;
  @Field(() => ID, { nullable: true, description: "Of the record that was found, or made." }) id!: string | null;
  @Field(() => [RowChange], { description: "What is other now in a record that was there, or in a dry run would be." })
  changes!: RowChange[];
  @Field(() => [RowProblem]) problems!: RowProblem[];
}

@ObjectType({ simpleResolvers: true, description: "One that a whole list does not have." })
export class MissingRecord {
  @Field(() => ID) id!: string;
  @Field(() => Int) version!: number;
  @Field(() => String) reference!: string;
  @Field(() => String) recordTitle!: string;
  @Field(() => String) state!: string;
  @Field(() => [ChainNode], { description: "What names it and is not over, as far as it may be seen." })
  open!: ChainNode[];
}

@ObjectType({ simpleResolvers: true })
export class MissingRecords {
  @Field(() => [MissingRecord]) records!: MissingRecord[];
  @Field(() => Int, { description: "Of how many that the list should have." }) among!: number;
  @Field(() => Boolean, { description: "There are more than these." }) more!: boolean;
}

@InputType()
export class MissingFromRollInput {
  @Field(() => String) type!: string;
  @Extensions({ bound: { items: 10_000 } })
  @Field(() => [ID], { description: "The records that the rows of the list were found to be." })
  present!: string[];
}

/** In words, where they are asked for. */
export const worded = async <V extends { changes: Change[] }>(
  context: Context,
  info: GraphQLResolveInfo,
  type: string,
  verdicts: V[],
) =>
  asksFor(info, "changes")
    ? changesInWords(readerOf(context), type, verdicts)
    : verdicts.map((verdict) => ({ ...verdict, changes: [] }));

@Resolver()
export class ImportsResolver {
  @Mutation(() => [ImportedRow], {
    description: "Rows of a sheet into records of a type, each by itself; the same rows again double nothing.",
  })
  async importRows(
    @Ctx() context: Context,
    @Arg("input", () => ImportRowsInput) input: ImportRowsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ImportedRow[]> {
    const { type, key, existing, dryRun } = input;
    const rows = input.rows.map(rowOf);
    const once = input.import ? { import: input.import, lines: input.lines ?? [] } : undefined;
    const became = await importRows(
      context.world,
      signedIn(context),
      { type, rows, key, existing, dryRun, once },
      readerOf(context).looks,
    );
    context.loading.loaders = null;
    return worded(context, info, type, became);
  }

  @Extensions({ cost: 100 })
  @Query(() => MissingRecords, {
    description:
      "Who is not in a whole list though they should be, of a type that has a roll. Nothing is done to them.",
  })
  async missingFromRoll(
    @Ctx() context: Context,
    @Arg("input", () => MissingFromRollInput) { type, present }: MissingFromRollInput,
  ): Promise<MissingRecords> {
    return missingFromRoll(readerOf(context), type, present);
  }
}

function rowOf(row: unknown, at: number): SheetRow {
  const plain = (cell: unknown) => cell === null || ["string", "number", "boolean"].includes(typeof cell);
  if (isPlainObject(row) && Object.values(row).every(plain)) return row as SheetRow;
  throw invalid([{ path: `rows[${at}]`, message: "A row is an object of texts, numbers, yes or no, and nothing." }]);
}
