import { deleteFiles, filesByIds } from "../store/files";
import { forgetSheet } from "./read/openSheet";
import type { Run } from "./run";

/** Gives up a file that whoever asks has uploaded and that no record holds. @returns whether there was one. */
export async function discardFile(run: Run, id: string): Promise<boolean> {
  const [file] = await filesByIds(run.tx, [id], "lock");
  if (!file || file.held || file.uploader !== (run.identity.access.person ?? "")) return false;
  await deleteFiles(run.tx, [id]);
  run.afterCommit(() => forgetSheet(id));
  return true;
}
