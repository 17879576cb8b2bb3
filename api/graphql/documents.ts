import { Arg, Ctx, Field, ID, InputType, Int, ObjectType, Query, Resolver } from "type-graphql";
import { readRecord } from "../engine/read/readRecord";
import { documentById, type DocumentView } from "../store/noticeQuery";
import { type Context, readerOf } from "./context";
import { DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true, description: "A version of a text: it never changes." })
export class DocumentText {
  @Field(() => ID) id!: string;
  @Field(() => Int) number!: number;
  @Field(() => String, { description: "SHA-256 of the text. Ratifying it takes this." }) hash!: string;
  @Field(() => String) text!: string;
  @Field(() => DateTime) createdAt!: string;
  @Field(() => Boolean, { description: "This is the version in force." }) inForce!: boolean;
}

export const documentView = (row: DocumentView, inForce: string | null | undefined): DocumentText => ({
  id: row.id,
  number: row.number,
  hash: row.hash,
  text: row.text,
  createdAt: row.createdAt,
  inForce: row.id === inForce,
});

@ObjectType({ simpleResolvers: true })
export class RiskGrid {
  @Field(() => Int) likelihood!: number;
  @Field(() => Int) impact!: number;
  @Field(() => String, { nullable: true }) level!: string | null;
  @Field(() => String, { nullable: true }) mitigations!: string | null;
}

@InputType()
export class RiskGridInput {
  @Field(() => Int) likelihood!: number;
  @Field(() => Int) impact!: number;
  @Field(() => String, { nullable: true }) mitigations?: string | null;
}

/** The id of the version in force of a document field's value. */
export const inForceOf = (value: unknown): string | null =>
  (value as { inForce?: { id: string } } | null | undefined)?.inForce?.id ?? null;

@Resolver()
export class DocumentResolver {
  @Query(() => DocumentText, { nullable: true })
  async documentVersion(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<DocumentText | null> {
    const reader = readerOf(context);
    const found = await documentById(reader.db, reader, id);
    if (!found) return null;
    // The field may be closed to somebody who sees the record.
    const row = await readRecord(reader, found.type, { fields: [found.field], people: [] }, found.record);
    const value = row?.fields[found.field];
    return value ? documentView(found, inForceOf(value)) : null;
  }
}
