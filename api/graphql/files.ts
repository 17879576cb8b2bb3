import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { FileRow } from "../store/files";
import { type Context, loadersOf, readerOf } from "./context";
import { fileUrl } from "./fileRoutes";
import { Person } from "./people";
import { DateTime } from "./scalars";

@ObjectType({ description: "A stored file. Its bytes: POST /files takes them, `url` gives them back." })
export class FileInfo {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) name!: string;
  @Field(() => String, { simple: true, description: "Told by its bytes." }) mediaType!: string;
  @Field(() => Int, { simple: true, description: "Bytes." }) size!: number;
  @Field(() => DateTime, { simple: true, description: "School time." }) uploadedAt!: string;
  uploader!: string;
}

export const fileView = ({ id, name, mediaType, size, createdAt, uploader }: FileRow): FileInfo => ({
  ...{ id, name, mediaType, size, uploader },
  uploadedAt: createdAt,
});

@Resolver(() => FileInfo)
export class FileInfoResolver {
  @FieldResolver(() => Person, { nullable: true })
  uploadedBy(@Root() file: FileInfo, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(file.uploader);
  }

  @FieldResolver(() => String, { description: "A path on this server, for whoever may see the record." })
  url(@Root() file: FileInfo, @Ctx() context: Context): string {
    return fileUrl(file.id, readerOf(context).identity.acting.id);
  }
}
