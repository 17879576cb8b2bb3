import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
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
import { definitionProblems, type InFlight, publishDefinition } from "../engine/publishDefinition";
import type { PublishedType } from "../store/definitions";
import { publishedOn } from "../store/publishedOn";
import { type Context, mustAdministerHere, readerOf, signedIn } from "./context";
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
  @Field(() => Json, { simple: true }) json!: RecordType;
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
    description: "It opens confidential records, so it waits for a second person: `version` is still the one in force.",
  })
  waits?: PowerRequest | null;
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
  checkDefinition(@Ctx() context: Context, @Arg("json", () => Json) json: unknown): CheckResult {
    mustAdministerHere(context);
    const { problems } = definitionProblems(context.world, json, context.objections);
    return { ok: problems.length === 0, problems };
  }

  @Extensions({ bounds: { json: DEFINITION } })
  @Mutation(() => PublishResult)
  async publishDefinition(
    @Ctx() context: Context,
    @Arg("json", () => Json) json: unknown,
    @Arg("inFlight", () => InFlights, { defaultValue: "STAY" }) inFlight: InFlight,
  ): Promise<PublishResult> {
    const { waits, ...published } = await publishDefinition(context.world, signedIn(context), {
      json,
      inFlight,
      more: context.objections,
    });
    context.editions.forget();
    return { ...published, waits: waits ? requestView(waits) : null };
  }

  @FieldResolver(() => DateTime, { nullable: true })
  publishedAt(@Root() definition: Definition, @Ctx() { world }: Context): Promise<string | null> {
    return publishedOn(world.db, definition.type, definition.version);
  }
}
