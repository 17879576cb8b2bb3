import { Arg, Ctx, Extensions, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import { chainOf } from "../engine/read/chainOf";
import { nodeOf } from "../engine/read/recordNode";
import { type Context, readerOf } from "./context";

@ObjectType({ simpleResolvers: true })
export class ChainNode {
  @Field(() => String) type!: string;
  @Field(() => ID) id!: string;
  @Field(() => String) reference!: string;
  @Field(() => String) title!: string;
  @Field(() => String) state!: string;
  @Field(() => String, { description: "What it is: the label of its type." }) label!: string;
}

@ObjectType({ simpleResolvers: true, description: "A link, from the record that holds it." })
export class ChainEdge {
  @Field(() => ID) from!: string;
  @Field(() => ID) to!: string;
  @Field(() => String) field!: string;
  @Field(() => String) label!: string;
}

@ObjectType({ simpleResolvers: true, description: "Records that hang together, as far as they may be seen." })
export class Chain {
  @Field(() => [ChainNode], { description: "The record itself first." }) nodes!: ChainNode[];
  @Field(() => [ChainEdge]) edges!: ChainEdge[];
  @Field(() => Boolean, { description: "There are more than these." }) more!: boolean;
}

const DEEPEST = 5;

@Resolver()
export class ChainResolver {
  @Extensions({ cost: 100 })
  @Query(() => Chain, {
    nullable: true,
    description:
      "What a record links to and what links to it, and so on, up to five links away. Null where it may not be seen.",
  })
  async chain(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("id", () => ID) id: string,
    @Arg("depth", () => Int, { defaultValue: 4 }) depth: number,
  ): Promise<Chain | null> {
    const reader = readerOf(context);
    const chain = await chainOf(reader, type, id, Math.min(Math.max(1, depth), DEEPEST));
    return chain && { ...chain, nodes: chain.nodes.map((row) => nodeOf(reader, row)) };
  }
}
