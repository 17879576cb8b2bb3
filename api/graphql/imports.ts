import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver } from "type-graphql";
import { importRows } from "../engine/importRows";
import type { SheetRow } from "../../schema/sheetRows";
import { isPlainObject } from "../../schema/parseValue";
import { invalid } from "../../schema/failure";
import { type Context, signedIn } from "./context";
import { Json } from "./scalars";

const existings = { UPDATE: "UPDATE", LEAVE: "LEAVE" } as const;
registerEnumType(existings, { name: "ImportExisting", description: "What happens to a record that is there already." });

const verdicts = {
  CREATED: "CREATED",
  UPDATED: "UPDATED",
  UNCHANGED: "UNCHANGED",
  LEFT: "LEFT",
  REFUSED: "REFUSED",
} as const;
registerEnumType(verdicts, { name: "ImportVerdict", description: "What became of a row, or in a dry run would." });

@InputType()
export class ImportRowsInput {
  @Field(() => String) type!: string;
  @Field(() => [Json], { description: "{ field: cell }, cells as people write them; 100 at most." }) rows!: unknown[];
  @Field(() => [String], { description: "Fields, or `reference`, that say which record a row is." }) key!: string[];
  @Field(() => existings) existing!: "UPDATE" | "LEAVE";
  @Field(() => Boolean, { description: "Changes nothing, and says what would come of each row." }) dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class RowProblem {
  @Field(() => String, { description: "The field; empty for the row as a whole." }) path!: string;
  @Field(() => String) message!: string;
}

@ObjectType({ simpleResolvers: true })
export class ImportedRow {
  @Field(() => verdicts) verdict!: string;
  @Field(() => ID, { nullable: true }) id!: string | null;
  @Field(() => [RowProblem]) problems!: RowProblem[];
}

@Resolver()
export class ImportsResolver {
  @Mutation(() => [ImportedRow], {
    description: "Rows of a sheet into records of a type, each by itself; the same rows again double nothing.",
  })
  async importRows(
    @Ctx() context: Context,
    @Arg("input", () => ImportRowsInput) input: ImportRowsInput,
  ): Promise<ImportedRow[]> {
    const { type, key, existing, dryRun } = input;
    const rows = input.rows.map(rowOf);
    const became = await importRows(context.world, signedIn(context), { type, rows, key, existing, dryRun });
    context.loading.loaders = null;
    return became;
  }
}

function rowOf(row: unknown, at: number): SheetRow {
  const plain = (cell: unknown) => cell === null || ["string", "number", "boolean"].includes(typeof cell);
  if (isPlainObject(row) && Object.values(row).every(plain)) return row as SheetRow;
  throw invalid([{ path: `rows[${at}]`, message: "A row is an object of texts, numbers, yes or no, and nothing." }]);
}
