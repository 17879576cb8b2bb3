/** The crest where it is drawn by others: in a PDF and in emails. Both take PNG and JPEG alone, and whole ones. */
import { Failure } from "../../schema/failure";
import { beginningOf } from "../../schema/fileKinds";
import type { Sql } from "../store/database";
import { type Crest, crestByHash, letterheadOf } from "../store/letterhead";
import { heavily } from "./heavy/pool";

/** Why a picture that is given as a crest would be left out of emails and prints. WebP is known to stand on pages alone. */
export async function crestRefusal(bytes: Buffer, owner: string): Promise<string | undefined> {
  const found = beginningOf("crest", bytes);
  const mediaType = "mediaType" in found ? found.mediaType : undefined;
  if (mediaType !== "image/png" && mediaType !== "image/jpeg") return undefined;
  if (await heavily("crestIsDrawable", { mediaType, bytes }, owner)) return undefined;
  return "Emails and prints could not show this picture. Open it in a picture program and save it again as a plain PNG or JPEG.";
}

/** By hash: the bytes behind it never change. */
const judged = new Map<string, Promise<boolean>>();
const MAX_JUDGED = 1_000;

/** An organisation's own or its trust's; undefined where there is none, or none that can be drawn. */
export async function crestPicture(sql: Sql, organisation: string): Promise<Crest | undefined> {
  const hash = (await letterheadOf(sql, organisation))?.crest;
  const crest = hash ? await crestByHash(sql, hash) : undefined;
  return crest && (await isDrawable(crest)) ? crest : undefined;
}

function isDrawable({ hash, mediaType, bytes }: Crest): Promise<boolean> {
  const known = judged.get(hash);
  if (known) return known;
  // One that exceeds the bounds of a job is not drawn; where too many jobs wait it is looked at again later.
  const judging = heavily("crestIsDrawable", { mediaType, bytes }, hash).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== "INVALID_INPUT") judged.delete(hash);
    return false;
  });
  if (judged.size >= MAX_JUDGED) judged.clear();
  judged.set(hash, judging);
  return judging;
}
