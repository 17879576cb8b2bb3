import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { calendar } from "../../schema/calendar";
import type { CalendarData, ClosureKind } from "../../schema/calendarData";
import { setCalendar } from "../engine/setCalendar";
import { type Context, loadersOf, perform, readerOf } from "./context";
import { Organisation } from "./organisation";
import { DateScalar } from "./scalars";

@ObjectType({ simpleResolvers: true })
export class Term {
  @Field(() => String) name!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar) to!: string;
}

@ObjectType({ simpleResolvers: true })
export class Closure {
  @Field(() => String) name!: string;
  @Field(() => String, { description: "inset, holiday or closure." }) kind!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar) to!: string;
}

@ObjectType({ simpleResolvers: true, description: "What school time and school days mean in this organisation." })
export class Calendar {
  @Field(() => String, { description: "IANA time zone." }) zone!: string;
  @Field(() => String) bankHolidays!: string;
  @Field(() => [Term]) terms!: Term[];
  @Field(() => [Closure]) closures!: Closure[];
  @Field(() => [String], { description: "What is uncertain about counting a year on, in sentences." })
  warnings!: string[];
}

@ObjectType({ simpleResolvers: true })
export class CalendarChange {
  @Field(() => Calendar) calendar!: Calendar;
  @Field(() => Int, { description: "Clocks moved so far." }) moved!: number;
  @Field(() => Boolean, { description: "That is all of them; else see clockJobs." }) done!: boolean;
}

@InputType()
export class TermInput {
  @Field(() => String) name!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar) to!: string;
}

@InputType()
export class ClosureInput {
  @Field(() => String) name!: string;
  @Field(() => String, { description: "inset, holiday or closure." }) kind!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar) to!: string;
}

@InputType({ description: "Replaces all terms and closures." })
export class CalendarInput {
  @Field(() => [TermInput]) terms!: TermInput[];
  @Field(() => [ClosureInput]) closures!: ClosureInput[];
}

function view(data: CalendarData, today: string): Calendar {
  const yearOn = `${Number(today.slice(0, 4)) + 1}${today.slice(4, 8)}28`;
  return { ...data, bankHolidays: data.bankHolidays ?? "england-and-wales", warnings: calendar(data).warnings(yearOn) };
}

@Resolver()
export class OrganisationsResolver {
  @Query(() => [Organisation], { description: "Those I could act in." })
  organisations(@Ctx() context: Context): Organisation[] {
    return readerOf(context).identity.organisations;
  }

  @Query(() => Calendar)
  async calendar(@Ctx() context: Context): Promise<Calendar> {
    const { identity, today } = readerOf(context);
    const data = await loadersOf(context).calendar(identity.acting.id);
    if (!data) throw new Error(`Organisation ${identity.acting.id} has no calendar.`);
    return view(data, today);
  }

  @Mutation(() => CalendarChange)
  async setCalendar(
    @Ctx() context: Context,
    @Arg("input", () => CalendarInput) input: CalendarInput,
  ): Promise<CalendarChange> {
    const closures = input.closures.map(({ from, to, name, kind }) => ({ from, to, name, kind: kind as ClosureKind }));
    const terms = input.terms.map(({ name, from, to }) => ({ name, from, to }));
    const moved = await perform(context, (run) => setCalendar(run, { terms, closures }));
    context.editions.forget();
    return { calendar: await this.calendar(context), ...moved };
  }
}
