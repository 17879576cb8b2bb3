/** What every record of every type has beside its own fields: the shared types of the generated API. */
import { Field, Int, ObjectType } from "type-graphql";
import { Json } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "What the reader may change now." })
export class Permissions {
  @Field(() => Boolean) edit!: boolean;
  @Field(() => [String], { description: "Names of the fields." }) fields!: string[];
  @Field(() => [String], { description: "Names of the sealed fields that the reader may open." }) opens!: string[];
}

@ObjectType({ simpleResolvers: true, description: "What may happen next, with the reason where it may not." })
export class AvailableAction {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => String, { nullable: true }) help!: string | null;
  @Field(() => Boolean) allowed!: boolean;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => [String]) because!: string[];
  @Field(() => Json, { description: "[{ name, field, required, default }]" }) form!: unknown;
  @Field(() => String, { nullable: true, description: "The document field whose exact text this ratifies." })
  ratifies!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "Something a person should know about a record: it refuses nothing.",
})
export class Advice {
  @Field(() => String) name!: string;
  @Field(() => String) message!: string;
  @Field(() => [String]) because!: string[];
}

@ObjectType({ simpleResolvers: true, description: "How many records stand at a value." })
export class Count {
  @Field(() => String, { nullable: true }) value!: string | null;
  @Field(() => String) label!: string;
  @Field(() => Int, {
    nullable: true,
    description: "Null: fewer than five confidential records, which may tell of one person.",
  })
  count!: number | null;
}
