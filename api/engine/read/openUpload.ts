import { invalid } from "../../../schema/failure";
import type { Sql } from "../../store/database";
import { fileBytes, filesByIds, type FileRow } from "../../store/files";
import type { Access } from "../../store/visibility";

export interface Upload {
  file: FileRow;
  bytes: Buffer;
}

/**
 * A file that whoever asks has uploaded for an operation to read, 20 MB at most.
 * @throws INVALID_INPUT, with the argument's path, for any other.
 */
export async function openUpload(asker: { db: Sql; access: Access }, id: string, path = "file"): Promise<Upload> {
  return { file: await uploadOf(asker, id, path), bytes: await bytesOf(asker.db, id) };
}

/** What is known of it, without its bytes. @throws as `openUpload`. */
export async function uploadOf(
  { db, access }: { db: Sql; access: Access },
  id: string,
  path = "file",
): Promise<FileRow> {
  const [file] = await filesByIds(db, [id]);
  if (file && file.uploader === (access.person ?? "")) return file;
  throw invalid([{ path, message: "There is no such file, or it is not yours. Upload it again." }]);
}

export async function bytesOf(db: Sql, id: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of fileBytes(db, id)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
