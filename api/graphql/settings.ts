import { Arg, Ctx, Field, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import type { RecordType } from "../../schema/definition";
import { mayAtAll } from "../../schema/access";
import { Failure } from "../../schema/failure";
import { activeNamed } from "../engine/pinned";
import type { Reader } from "../engine/read/reader";
import { setSetting } from "../engine/setSetting";
import { settingsOf } from "../store/facts";
import { organisationFacts } from "../store/organisations";
import { type Context, perform, readerOf } from "./context";
import { PowerRequest, requestView } from "./power";
import { DateScalar, Json } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description: "A figure of a definition, as it stands in this organisation today.",
})
export class SettingValue {
  @Field(() => String) type!: string;
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String) kind!: string;
  @Field(() => Json, { nullable: true }) value!: unknown;
  @Field(() => Json, { nullable: true, description: "What the definition says." }) original!: unknown;
  @Field(() => String, { nullable: true }) unit!: string | null;
  @Field(() => String, { nullable: true }) source!: string | null;
  @Field(() => String, { nullable: true }) help!: string | null;
  @Field(() => Boolean, { description: "Its source has not been checked against the original." }) verify!: boolean;
  @Field(() => [String]) because!: string[];
}

@ObjectType({ simpleResolvers: true })
export class SettingChange {
  @Field(() => SettingValue) value!: SettingValue;
  @Field(() => Int, { description: "Clocks moved so far." }) moved!: number;
  @Field(() => Boolean, { description: "That is all of them; else see clockJobs." }) done!: boolean;
  @Field(() => PowerRequest, {
    nullable: true,
    description: "It decides who sees or is told of what only some may see, so it waits for a second person.",
  })
  waits?: PowerRequest | null;
}

@Resolver()
export class SettingsResolver {
  @Query(() => [SettingValue])
  async settings(
    @Ctx() context: Context,
    @Arg("type", () => String, { nullable: true }) type: string | null,
  ): Promise<SettingValue[]> {
    const reader = readerOf(context);
    const types = [...reader.registry.types.values()]
      .map(({ active }) => active.type)
      .filter((each) => (!type || each.name === type) && mayKnow(reader, each));
    return (await Promise.all(types.map((each) => valuesOf(reader, each)))).flat();
  }

  @Mutation(() => SettingChange, { description: "Another value from a date on, today where none is given." })
  async setSetting(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("name", () => String) name: string,
    @Arg("value", () => Json) value: unknown,
    @Arg("from", () => DateScalar, { nullable: true }) from: string | null,
  ): Promise<SettingChange> {
    const { waits, ...moved } = await perform(context, (run) => setSetting(run, { type, name, value, from }));
    context.editions.forget();
    const reader = readerOf(context);
    const published = reader.registry.types.get(type)?.active.type;
    const now = published && (await valuesOf(reader, published)).find((each) => each.name === name);
    if (!now) throw new Failure("NOT_FOUND", `There is no setting “${name}”.`);
    return { value: now, ...moved, waits: waits ? requestView(waits) : null };
  }
}

/** Figures of a type that one may neither see nor configure say something of it. */
export const mayKnow = ({ identity, registry }: Reader, type: RecordType): boolean =>
  identity.administers || mayAtAll(type, "see", identity.access.organisations, activeNamed(registry));

async function valuesOf(reader: Reader, type: RecordType): Promise<SettingValue[]> {
  const { organisation } = await organisationFacts(reader.db, reader.identity.acting.id);
  if (!organisation) return [];
  const values = await settingsOf(reader.db, organisation, type, reader.today);
  return Object.entries(type.settings ?? {}).map(([name, setting]) => ({
    type: type.name,
    name,
    label: setting.label,
    kind: setting.kind,
    value: values[name],
    original: setting.value,
    unit: setting.unit ?? null,
    source: setting.source ?? null,
    help: setting.help ?? null,
    verify: setting.verify === true,
    because: setting.because ?? [],
  }));
}
