import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { openText } from "../engine/read/openText";
import type { DocumentView } from "../store/noticeQuery";
import { type Context, loadersOf, readerOf } from "./context";
import { textUrl } from "./fileRoutes";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ description: "A version of a text: it never changes." })
export class DocumentText {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => Int, { simple: true }) number!: number;
  @Field(() => String, { simple: true, description: "SHA-256 of the text. Ratifying it takes this." }) hash!: string;
  @Field(() => DateTime, { simple: true }) createdAt!: string;
  @Field(() => Boolean, { simple: true, description: "This is the version in force." }) inForce!: boolean;
  @Field(() => DateTime, { simple: true, nullable: true, description: "When it was put in force, if it ever was." })
  inForceAt!: string | null;
  /** What the resolvers below read. */
  row!: DocumentView;
}

export const documentView = (row: DocumentView, inForce: string | null | undefined): DocumentText => ({
  id: row.id,
  number: row.number,
  hash: row.hash,
  createdAt: row.createdAt,
  inForce: row.id === inForce,
  inForceAt: row.inForceAt,
  row,
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

@Resolver(() => DocumentText)
export class DocumentResolver {
  @FieldResolver(() => String)
  async text(@Root() { row }: DocumentText, @Ctx() context: Context): Promise<string> {
    return row.text ?? (await loadersOf(context).document(row.id))?.text ?? "";
  }

  @FieldResolver(() => Person, { nullable: true })
  createdBy(@Root() { row }: DocumentText, @Ctx() context: Context): Promise<Person | null> | null {
    return row.createdBy === null ? null : loadersOf(context).person(row.createdBy);
  }

  @FieldResolver(() => String, {
    description: "The text as a PDF: a path on this server, for whoever may see the record.",
  })
  pdf(@Root() { id }: DocumentText, @Ctx() context: Context): string {
    return textUrl(id, readerOf(context).identity.acting.id);
  }

  @Query(() => DocumentText, { nullable: true })
  async documentVersion(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<DocumentText | null> {
    const opened = await openText(readerOf(context), id);
    return opened && documentView(opened.version, opened.inForce);
  }
}
