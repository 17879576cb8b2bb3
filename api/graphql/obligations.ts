import { Ctx, Field, Int, ObjectType, Query, Resolver } from "type-graphql";
import { type Covered, coverage } from "../../schema/coverage";
import type { Registry } from "../store/definitions";
import { type Context, readerOf } from "./context";

@ObjectType({ simpleResolvers: true, description: "A part of a definition that cites an obligation." })
export class ObligationElement {
  @Field(() => String, { description: "The letter it satisfies." }) letter!: string;
  @Field(() => String, { description: "In words: field, guard, timer." }) kind!: string;
  @Field(() => String, { description: "Its place: exception.actions.grant.when." }) path!: string;
  @Field(() => String, { nullable: true, description: "The record type it belongs to." }) type!: string | null;
  @Field(() => String) label!: string;
}

@ObjectType({ simpleResolvers: true })
export class MissingElement {
  @Field(() => String) letter!: string;
  @Field(() => String, { description: "In words." }) wants!: string;
}

@ObjectType("Obligation", {
  simpleResolvers: true,
  description:
    "Something that the sources of a pack oblige to, and what meets it: H holds, R reminds, E enforces, P reports.",
})
export class ObligationView {
  @Field(() => Int) number!: number;
  @Field(() => [String]) letters!: string[];
  @Field(() => [String], { description: "Codes of sourceSections." }) sections!: string[];
  @Field(() => String) text!: string;
  @Field(() => Boolean, {
    description: "Conduct that no system sees: enforced by what people agreed to and by checks.",
  })
  byAgreement!: boolean;
  @Field(() => [ObligationElement]) elements!: ObligationElement[];
  @Field(() => [MissingElement]) missing!: MissingElement[];
  @Field(() => Boolean) satisfied!: boolean;
}

@ObjectType("SourceSection", { simpleResolvers: true, description: "A section of a pack's sources." })
export class SourceSectionView {
  @Field(() => String) code!: string;
  @Field(() => String) label!: string;
}

const view = ({ obligation, elements, missing }: Covered): ObligationView => ({
  ...obligation,
  byAgreement: obligation.byAgreement === true,
  elements: elements.map(({ letter, element: { kind, path, type, label } }) => ({ letter, kind, path, type, label })),
  missing,
  satisfied: missing.length === 0,
});

/** By registry: another one is another edition of the definitions. */
const known = new WeakMap<Registry, ObligationView[]>();

function obligationsIn(registry: Registry): ObligationView[] {
  const types = [...registry.types.values()].map(({ active }) => active.type);
  const found =
    known.get(registry) ??
    registry.packs.flatMap((pack) => coverage({ ...pack, roles: registry.roles, types }).map(view));
  known.set(registry, found);
  return found;
}

/** Configuration, not content: whoever may sign in may know by what their school's duties are met. */
@Resolver()
export class ObligationsResolver {
  @Query(() => [ObligationView], { description: "What the school's policies oblige it to, and by what it is met." })
  obligations(@Ctx() context: Context): ObligationView[] {
    return obligationsIn(readerOf(context).registry);
  }

  @Query(() => [SourceSectionView])
  sourceSections(@Ctx() context: Context): SourceSectionView[] {
    return readerOf(context).registry.packs.flatMap(({ sections }) => sections ?? []);
  }
}
