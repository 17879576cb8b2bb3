import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Extensions,
} from "type-graphql";
import { importPeople, MOST_LINES } from "../engine/importPeople";
import type { PersonLine } from "../../schema/peoplePlan";
import { openSheet } from "../engine/read/openSheet";
import { peopleInSheet } from "../engine/read/peopleInSheet";
import { type Context, perform, readerOf } from "./context";
import { RowProblem } from "./imports";
import { DateScalar } from "./scalars";
import { SheetInput } from "./sheets";

const missings = { KEEP: "KEEP", LEAVE: "LEAVE" } as const;
registerEnumType(missings, {
  name: "MissingPeople",
  description: "LEAVE: the list names everybody, so whoever holds what it decides upon and is missing has left.",
});

const verdicts = {
  JOINS: "JOINS",
  RETURNS: "RETURNS",
  CHANGES: "CHANGES",
  LEAVES: "LEAVES",
  UNCHANGED: "UNCHANGED",
  PASSED: "PASSED",
  REFUSED: "REFUSED",
} as const;
registerEnumType(verdicts, { name: "PersonVerdict", description: "What a row does. PASSED: they had left before." });

@InputType({ description: "Cells as people write them; a blank one says nothing." })
export class PersonLineInput {
  @Field(() => String, { nullable: true, description: "Their number in the school’s own system." })
  externalId?: string | null;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => String, { nullable: true }) forename?: string | null;
  @Field(() => String, { nullable: true }) surname?: string | null;
  @Field(() => String, { nullable: true }) email?: string | null;
  @Field(() => String, { nullable: true, description: "The list’s own words, with semicolons or commas between them." })
  roles?: string | null;
  @Field(() => String, { nullable: true, description: "First day at the school." }) from?: string | null;
  @Field(() => String, { nullable: true, description: "Last day at the school." }) to?: string | null;
  @Field(() => [RelationLineInput], { nullable: true }) relations?: RelationLineInput[] | null;
}

@InputType()
export class RelationLineInput {
  @Field(() => String) kind!: string;
  @Field(() => String, { nullable: true, description: "A name, an email address or a number." }) to!: string | null;
}

@InputType()
export class RoleWordInput {
  @Field(() => String) word!: string;
  @Field(() => [String]) roles!: string[];
}

@InputType()
abstract class PeopleRules {
  @Field(() => [RoleWordInput], { nullable: true, description: "What the list’s words for roles mean here." })
  roleWords?: RoleWordInput[] | null;
  @Field(() => [String], { nullable: true, description: "Roles of everybody in the list." })
  everybody?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: "Roles the list decides upon: whoever has one and is not given it there loses it.",
  })
  decides?: string[] | null;
  @Field(() => DateScalar, { nullable: true, description: "First day of what changes; today where none is given." })
  from?: string | null;
  @Field(() => missings, { nullable: true, description: "KEEP where it is not said." })
  missing?: "KEEP" | "LEAVE" | null;
  @Extensions({ bound: { items: MOST_LINES } })
  @Field(() => [ID], { nullable: true, description: "Those who stay though they are missing." })
  staying?: string[] | null;
  @Field(() => String, {
    nullable: true,
    description: "The digest of the plan that was shown. Without it nothing is written, and the plan is answered.",
  })
  confirm?: string | null;
}

@InputType()
export class ImportPeopleInput extends PeopleRules {
  @Extensions({ bound: { items: MOST_LINES } })
  @Field(() => [PersonLineInput])
  lines!: PersonLineInput[];
}

@InputType()
export class ImportPeopleSheetInput extends PeopleRules {
  @Field(() => SheetInput) sheet!: SheetInput;
  @Field(() => [String], {
    nullable: "items",
    description:
      "For each column what it says of somebody, as PersonLineInput calls it, or `relation` and a kind; null for nothing.",
  })
  columns!: (string | null)[];
}

@ObjectType({ simpleResolvers: true })
export class PersonChange {
  @Field(() => ID, { nullable: true }) id!: string | null;
  @Field(() => String) name!: string;
  @Field(() => [String], { description: "Sentences." }) changes!: string[];
}

@ObjectType({ simpleResolvers: true })
export class PersonRowResult extends PersonChange {
  @Field(() => verdicts) verdict!: string;
  @Field(() => [RowProblem]) problems!: RowProblem[];
  @Field(() => [String], { description: "What is left out of an otherwise good row." }) notes!: string[];
  @Field(() => Int, { nullable: true, description: "Of an uploaded sheet, as the spreadsheet numbers it." })
  line!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class PeopleImport {
  @Field(() => String) digest!: string;
  @Field(() => Boolean) done!: boolean;
  @Field(() => Int, { description: "Changes that take a second person: they are asked for, and wait to be confirmed." })
  waiting!: number;
  @Field(() => [PersonRowResult], { description: "In the order of the rows." }) lines!: PersonRowResult[];
  @Field(() => [PersonChange], { description: "Those who are missing and have left." }) leavers!: PersonChange[];
}

@Resolver()
export class PeopleImportResolver {
  @Mutation(() => PeopleImport, {
    description:
      "People from the school’s own system: planned first, then done as planned; the same list again does nothing.",
  })
  importPeople(
    @Ctx() context: Context,
    @Arg("input", () => ImportPeopleInput) input: ImportPeopleInput,
  ): Promise<PeopleImport> {
    return brought(context, input, input.lines);
  }

  @Extensions({ cost: 100 })
  @Mutation(() => PeopleImport, {
    description: "As importPeople, of a sheet that was uploaded (POST /files): by its columns.",
  })
  async importPeopleSheet(
    @Ctx() context: Context,
    @Arg("input", () => ImportPeopleSheetInput) input: ImportPeopleSheetInput,
  ): Promise<PeopleImport> {
    const { file, sheet } = input.sheet;
    const opened = await openSheet(readerOf(context), { file, sheet: sheet ?? null, type: null });
    const people = await peopleInSheet(opened, input.columns);
    return brought(
      context,
      input,
      people.map(({ person }) => person),
      people.map(({ line }) => line),
    );
  }
}

/** `numbers` of the lines, where they are of a sheet. */
async function brought(
  context: Context,
  { roleWords, everybody, decides, from, missing, staying, confirm }: PeopleRules,
  lines: PersonLine[],
  numbers: number[] = [],
): Promise<PeopleImport> {
  const became = await perform(context, (run) =>
    importPeople(run, {
      ...{ lines, from, confirm },
      // graphql-jit does not fill in the defaults of an input's fields.
      ...{ roleWords: roleWords ?? [], everybody: everybody ?? [], decides: decides ?? [], staying: staying ?? [] },
      missing: missing ?? "KEEP",
    }),
  );
  return { ...became, lines: became.lines.map((line, at) => ({ ...line, line: numbers[at] ?? null })) };
}
