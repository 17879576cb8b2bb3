import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
  Extensions,
} from "type-graphql";
import { DEFINITION } from "./bounds";
import type { RecordType } from "../../schema/definition";
import { asProblems, checkTogether, definitionsToMend } from "../engine/checkPublish";
import { type InFlight, publishDefinitions } from "../engine/publishDefinition";
import type { PublishedType } from "../store/definitions";
import { publicationOf } from "../store/publication";
import { type Context, loadersOf, mustAdministerHere, originOf, readerOf, signedIn } from "./context";
import { Person } from "./people";
import { PowerRequest, requestView } from "./power";
import { DateTime, Json } from "./scalars";
import { mayKnow } from "./settings";

export const InFlights = { STAY: "STAY", MOVE: "MOVE" } as const;
registerEnumType(InFlights, { name: "InFlight", description: "What becomes of records in flight." });

@ObjectType({ description: "A published version of a record type: immutable." })
export class Definition {
  @Field(() => String, { simple: true }) type!: string;
  @Field(() => Int, { simple: true }) version!: number;
  @Field(() => String, { simple: true }) hash!: string;
  // A whole definition, some 7 kB.
  @Extensions({ cost: 50 })
  @Field(() => Json, { simple: true })
  json!: RecordType;
}

const view = ({ type, version, hash }: PublishedType): Definition => ({ type: type.name, version, hash, json: type });

@ObjectType({ simpleResolvers: true })
export class ProblemView {
  @Field(() => String) path!: string;
  @Field(() => String) message!: string;
}

@ObjectType({ simpleResolvers: true })
export class CheckResult {
  @Field(() => Boolean) ok!: boolean;
  @Field(() => [ProblemView]) problems!: ProblemView[];
}

@ObjectType({ simpleResolvers: true })
export class PublishResult {
  @Field(() => String) type!: string;
  @Field(() => Int) version!: number;
  @Field(() => Int, { description: "Send it as x-schema-version: a server that lags behind loads it first." })
  schemaVersion!: number;
  @Field(() => PowerRequest, {
    nullable: true,
    description:
      "It opens what only some may see, or tells others of it, so it waits for a second person: `version` is still the one in force.",
  })
  waits?: PowerRequest | null;
}

@ObjectType({ simpleResolvers: true })
export class DefinitionToMend {
  @Field(() => String) type!: string;
  @Field(() => String) label!: string;
  @Field(() => Int) version!: number;
  @Field(() => [ProblemView]) problems!: ProblemView[];
}

@InputType()
export class DefinitionInput {
  @Extensions({ bound: DEFINITION })
  @Field(() => Json)
  json!: unknown;
  @Field(() => Int, {
    nullable: true,
    description: "The version in force that it was made from, 0 for none: STALE where it is another by now.",
  })
  expectedVersion?: number | null;
}

@Resolver(() => Definition)
export class DefinitionsResolver {
  @Query(() => [Definition], { description: "The active version of each type that I may see something of." })
  definitions(@Ctx() context: Context): Definition[] {
    const reader = readerOf(context);
    return [...reader.registry.types.values()]
      .filter(({ active }) => mayKnow(reader, active.type))
      .map(({ active }) => view(active));
  }

  @Query(() => Definition, { nullable: true })
  definition(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("version", () => Int, { nullable: true }) version: number | null,
  ): Definition | null {
    const reader = readerOf(context);
    const versions = reader.registry.types.get(type);
    if (!versions || !mayKnow(reader, versions.active.type)) return null;
    const found = version === null || version === undefined ? versions.active : versions.versions.get(version);
    return found ? view(found) : null;
  }

  @Extensions({ bounds: { json: DEFINITION } })
  @Query(() => CheckResult, { description: "What is wrong with a definition, before anything is stored." })
  checkDefinition(@Ctx() context: Context, @Arg("json", () => Json) json: unknown): Promise<CheckResult> {
    return check(context, [json], json);
  }

  @Extensions({ bounds: { definitions: DEFINITION } })
  @Query(() => CheckResult, {
    description: "What is wrong with several definitions that belong together. Each path begins with the type's name.",
  })
  checkDefinitions(
    @Ctx() context: Context,
    @Arg("definitions", () => [Json]) definitions: unknown[],
  ): Promise<CheckResult> {
    return check(context, definitions);
  }

  @Query(() => [DefinitionToMend], {
    description: "For administrators: definitions in force that could not be published as they are. They run on.",
  })
  async definitionsToMend(@Ctx() context: Context): Promise<DefinitionToMend[]> {
    mustAdministerHere(context);
    const { registry } = readerOf(context);
    return (await definitionsToMend(registry)).map(({ type, problems }) => ({
      type: type.name,
      label: type.label,
      version: registry.types.get(type.name)?.active.version ?? 0,
      problems,
    }));
  }

  @Extensions({ bounds: { json: DEFINITION } })
  @Mutation(() => PublishResult)
  async publishDefinition(
    @Ctx() context: Context,
    @Arg("json", () => Json) json: unknown,
    @Arg("inFlight", () => InFlights, { defaultValue: "STAY" }) inFlight: InFlight,
    @Arg("expectedVersion", () => Int, { nullable: true }) expectedVersion: number | null,
    @Arg("comment", () => String, { nullable: true }) comment: string | null,
  ): Promise<PublishResult> {
    const [published] = await publish(context, [{ json, expectedVersion }], inFlight, comment);
    if (!published) throw new Error("Nothing was published.");
    return published;
  }

  @Mutation(() => [PublishResult], {
    description: "Checks several definitions as one set and puts them in force at once, or none of them.",
  })
  publishDefinitions(
    @Ctx() context: Context,
    @Arg("definitions", () => [DefinitionInput]) definitions: DefinitionInput[],
    @Arg("inFlight", () => InFlights, { defaultValue: "STAY" }) inFlight: InFlight,
    @Arg("comment", () => String, { nullable: true }) comment: string | null,
  ): Promise<PublishResult[]> {
    return publish(context, definitions, inFlight, comment);
  }

  @FieldResolver(() => DateTime, { nullable: true })
  async publishedAt(@Root() definition: Definition, @Ctx() context: Context): Promise<string | null> {
    return (await publishedAs(context, definition))?.at ?? null;
  }

  @FieldResolver(() => Person, { nullable: true, description: "For administrators. Nobody, where the system did it." })
  async publishedBy(@Root() definition: Definition, @Ctx() context: Context): Promise<Person | null> {
    const by = signedIn(context).administers ? (await publishedAs(context, definition))?.by : null;
    return by ? loadersOf(context).person(by) : null;
  }

  @FieldResolver(() => String, { nullable: true, description: "For administrators: why, in the words of who did it." })
  async comment(@Root() definition: Definition, @Ctx() context: Context): Promise<string | null> {
    return signedIn(context).administers ? ((await publishedAs(context, definition))?.comment ?? null) : null;
  }
}

const publishedAs = ({ world }: Context, { type, version }: Definition) => publicationOf(world.db, type, version);

async function check(context: Context, jsons: unknown[], alone?: unknown): Promise<CheckResult> {
  mustAdministerHere(context);
  const { world, objections } = context;
  const { problems } = await checkTogether(world.registry, jsons, { objections });
  return { ok: problems.length === 0, problems: asProblems(problems, alone) };
}

async function publish(
  context: Context,
  definitions: DefinitionInput[],
  inFlight: InFlight,
  comment: string | null,
): Promise<PublishResult[]> {
  const published = await publishDefinitions(
    context.world,
    signedIn(context),
    definitions.map(({ json, expectedVersion }) => ({ json, expectedVersion: expectedVersion ?? undefined })),
    { inFlight, comment, objections: context.objections, origin: originOf(context) },
  );
  context.editions.forget();
  return published.map(({ waits, ...one }) => ({ ...one, waits: waits ? requestView(waits) : null }));
}
