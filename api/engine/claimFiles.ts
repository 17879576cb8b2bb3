/** The files that an input names come to its record: whose they may be, said before anything is written. */
import type { Field } from "../../schema/definition";
import type { Problem } from "../../schema/failure";
import { filesIn } from "../../schema/fields";
import type { Fields, FileBrief, RecordData } from "../../schema/record";
import { personOf } from "../../schema/who";
import { filesByIds, type FileRow } from "../store/files";
import { hiddenInHistory } from "./read/readRecord";
import type { Run } from "./run";

/**
 * Locks the files that values name and those they replace, for the step to tell by name. One may be named by its uploader
 * while no record holds it, and by whoever changes the record that holds it. Anything else looks as if it were not there.
 */
export async function claimFiles(
  run: Run,
  fields: Record<string, Field>,
  values: Fields,
  record: RecordData | undefined,
): Promise<{ files: FileBrief[]; problems: Problem[] }> {
  const named = Object.entries(values).map(([name, value]) => ({ name, ids: filesIn(fields[name], value) }));
  const replaced = named.flatMap(({ name }) => filesIn(fields[name], record?.fields[name]));
  const ids = [...new Set([...named.flatMap((each) => each.ids), ...replaced])].sort();
  if (!ids.length) return { files: [], problems: [] };
  const files = new Map((await filesByIds(run.tx, ids, "lock")).map((file) => [file.id, file]));
  const problems = named
    .filter((each) => each.ids.some((id) => !mayClaim(run, files.get(id), each.name, record)))
    .map(({ name }) => ({
      path: `input.${name}`,
      message: `${fields[name]?.label ?? name}: there is no such file, or it is not yours to attach. Upload it again.`,
    }));
  return { files: [...files.values()].map(({ id, name, hash }) => ({ id, name, hash })), problems };
}

function mayClaim(run: Run, file: FileRow | undefined, field: string, record: RecordData | undefined): boolean {
  if (!file) return false;
  if (!file.held) return file.uploader === personOf(run.actor);
  if (file.held.record !== record?.id) return false;
  // Moved between fields only by who sees it where it is: the other field may be open to more people.
  const { field: held } = file.held;
  return held === field || !hiddenInHistory(run.registry, record, run.identity.access).has(held);
}
