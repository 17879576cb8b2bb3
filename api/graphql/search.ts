import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver, Extensions } from "type-graphql";
import { SEARCH } from "./bounds";
import { type Hit, requestsOf, searchRecords } from "../store/searchQuery";
import { type Context, readerOf } from "./context";

@ObjectType({ simpleResolvers: true })
export class SearchHit {
  @Field(() => ID) id!: string;
  @Field(() => String) reference!: string;
  @Field(() => String) recordTitle!: string;
  @Field(() => String) state!: string;
}

@ObjectType({ simpleResolvers: true, description: "What was found among the records of one type." })
export class SearchGroup {
  @Field(() => String) type!: string;
  @Field(() => [SearchHit]) hits!: SearchHit[];
  @Field(() => Boolean, { description: "There are more than these: ask the type's own list." }) more!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "A record that I made and that is not over yet." })
export class Request extends SearchHit {
  @Field(() => String) type!: string;
}

const MOST = 20;
const MOST_REQUESTS = 100;

@Resolver()
export class SearchResolver {
  @Query(() => [Request], { description: "What I asked for: records I made that are not over, newest first." })
  myRequests(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 20, description: "100 at most." }) first: number,
  ): Promise<Request[]> {
    const reader = readerOf(context);
    const most = Math.min(Math.max(1, first), MOST_REQUESTS);
    return requestsOf(reader.db, reader, reader.identity.person.id, most);
  }

  @Extensions({ bounds: { text: SEARCH } })
  @Query(() => [SearchGroup], {
    description: "Records of every type that may be seen, each of the words in their title or reference.",
  })
  async search(
    @Ctx() context: Context,
    @Arg("text", () => String) text: string,
    @Arg("first", () => Int, { defaultValue: 5, description: "Of each type; 20 at most." }) first: number,
  ): Promise<SearchGroup[]> {
    const reader = readerOf(context);
    const most = Math.min(Math.max(1, first), MOST);
    const groups = new Map<string, Hit[]>();
    for (const hit of await searchRecords(reader.db, reader, text, most + 1))
      groups.set(hit.type, [...(groups.get(hit.type) ?? []), hit]);
    return [...groups].map(([type, hits]) => ({ type, hits: hits.slice(0, most), more: hits.length > most }));
  }
}
