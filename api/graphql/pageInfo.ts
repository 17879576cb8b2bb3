import { Field, ObjectType } from "type-graphql";

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}

export const COUNT_HELP = "Counted only when asked for, up to 1,000.";
export const CAPPED_HELP = "There are more than `totalCount` says.";
