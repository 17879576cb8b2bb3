import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { type ChartRef, chartPoints, chartsFor, type Counted, standings } from "../engine/read/counts";
import { type Context, readerOf } from "./context";
import { labelOf } from "./countLabels";
import { Count } from "./records";

@ObjectType({ description: "A chart of a definition, as the reader may see it." })
export class ChartView {
  @Field(() => String, { simple: true, description: "Name of the record type." }) type!: string;
  @Field(() => String, { simple: true }) name!: string;
  @Field(() => String, { simple: true, description: "The question that it answers." }) label!: string;
  @Field(() => String, { simple: true, nullable: true, description: "“state” or the field that is counted by." })
  by!: string | null;
  @Field(() => String, { simple: true, nullable: true, description: "The date whose last twelve months are counted." })
  over!: string | null;
  @Field(() => [String], { simple: true }) because!: string[];
  ref!: ChartRef;
}

@ObjectType({ simpleResolvers: true, description: "How many records of a register stand where." })
export class RegisterStanding {
  @Field(() => String, { description: "Name of the record type." }) type!: string;
  @Field(() => [Count]) states!: Count[];
  @Field(() => Int, { nullable: true, description: "Open tasks past their day; null where it is not told." })
  overdue!: number | null;
}

const labelled = (context: Context, { type }: Pick<ChartRef, "type">, by: string, found: Counted[]): Promise<Count[]> =>
  Promise.all(
    found.map(async ({ value, count }) => ({ value, count, label: await labelOf(context, type, by, value) })),
  );

@Resolver(() => ChartView)
export class ChartsResolver {
  @Query(() => [ChartView], { description: "Of one register, or those for the roles that I hold." })
  charts(@Ctx() context: Context, @Arg("type", () => String, { nullable: true }) type: string | null): ChartView[] {
    const reader = readerOf(context);
    const here = reader.access.organisations.find(({ id }) => id === reader.access.acting);
    return chartsFor(reader, here?.roles ?? [], type).map((ref) => ({
      type: ref.type.name,
      name: ref.name,
      label: ref.chart.label,
      by: ref.chart.by ?? null,
      over: ref.chart.over ?? null,
      because: ref.chart.because ?? [],
      ref,
    }));
  }

  @Query(() => [RegisterStanding], { description: "Of each register that I may count." })
  async standings(@Ctx() context: Context): Promise<RegisterStanding[]> {
    const found = await standings(readerOf(context));
    return Promise.all(
      found.map(async ({ type, states, overdue }) => ({
        type: type.name,
        states: await labelled(context, { type }, "state", states),
        overdue,
      })),
    );
  }

  @FieldResolver(() => [Count])
  async points(@Root() { ref }: ChartView, @Ctx() context: Context): Promise<Count[]> {
    const { by, over } = ref.chart;
    return labelled(context, ref, by ?? over ?? "state", await chartPoints(readerOf(context), ref));
  }
}
