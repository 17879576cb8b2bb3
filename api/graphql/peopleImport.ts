import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Extensions,
} from "type-graphql";
import { importPeople, MOST_LINES } from "../engine/importPeople";
import { type Context, perform } from "./context";
import { RowProblem } from "./imports";
import { DateScalar } from "./scalars";

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
export class ImportPeopleInput {
  @Extensions({ bound: { items: MOST_LINES } })
  @Field(() => [PersonLineInput])
  lines!: PersonLineInput[];
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
}

@ObjectType({ simpleResolvers: true })
export class PeopleImport {
  @Field(() => String) digest!: string;
  @Field(() => Boolean) done!: boolean;
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
    const { lines, roleWords, everybody, decides, from, missing, staying, confirm } = input;
    return perform(context, (run) =>
      importPeople(run, {
        ...{ lines, from, confirm },
        // graphql-jit does not fill in the defaults of an input's fields.
        ...{ roleWords: roleWords ?? [], everybody: everybody ?? [], decides: decides ?? [], staying: staying ?? [] },
        missing: missing ?? "KEEP",
      }),
    );
  }
}
