import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { endAbsence, setAbsence } from "../engine/absence";
import { type AbsenceRow, absencesIn, absencesOf } from "../store/handOver";
import { type Context, loadersOf, mustAdministerHere, perform, readerOf } from "./context";
import { Person } from "./people";
import { DateScalar } from "./scalars";

@ObjectType({ description: "From a day to a day somebody else holds a person's tasks, where they may." })
export class Absence {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => DateScalar, { simple: true }) from!: string;
  @Field(() => DateScalar, { simple: true, description: "The last day." }) to!: string;
  @Field(() => Boolean, { simple: true, description: "It has begun." }) begun!: boolean;
  row!: AbsenceRow;
}

@InputType()
export class AbsenceInput {
  @Field(() => ID, { nullable: true, description: "Mine where nobody is named; anybody's for administrators." })
  person?: string | null;
  @Field(() => ID) standIn!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar) to!: string;
}

const view = (row: AbsenceRow): Absence => ({ id: row.id, from: row.from, to: row.to, begun: row.state === "on", row });

@Resolver(() => Absence)
export class AbsenceResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() { row }: Absence, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.person);
  }

  @FieldResolver(() => Person, { nullable: true })
  standIn(@Root() { row }: Absence, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.standIn);
  }
}

@Resolver()
export class AbsencesResolver {
  @Query(() => [Absence], { description: "When I am or shall be away." })
  async myAbsences(@Ctx() context: Context): Promise<Absence[]> {
    const { db, identity } = readerOf(context);
    return (await absencesOf(db, [identity.person.id])).map(view);
  }

  @Query(() => [Absence], { description: "Of everybody here, planned or begun: for administrators." })
  async absences(@Ctx() context: Context): Promise<Absence[]> {
    mustAdministerHere(context);
    const { db, identity } = readerOf(context);
    return (await absencesIn(db, identity.acting.id)).map(view);
  }

  @Mutation(() => ID)
  async setAbsence(
    @Ctx() context: Context,
    @Arg("input", () => AbsenceInput) { person, standIn, from, to }: AbsenceInput,
  ): Promise<string> {
    const { id } = await perform(context, (run) => setAbsence(run, { person: person ?? null, standIn, from, to }));
    return id;
  }

  @Mutation(() => ID, { description: "Back: the tasks come back at once. One that has not begun is taken back." })
  async endAbsence(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<string> {
    await perform(context, (run) => endAbsence(run, { id }));
    return id;
  }
}
