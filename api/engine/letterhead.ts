/** What the school shows of itself, on its pages, in its mails and to whoever comes by a link. */
import { createHash } from "node:crypto";
import { readsOnWhite } from "../../schema/colour";
import { invalid, type Problem } from "../../schema/failure";
import { beginningOf, fileKinds, type MediaType } from "../../schema/fileKinds";
import { codePoints, normal } from "../../schema/text";
import { deleteCrest, saveCrest, saveLetterhead } from "../store/letterhead";
import { bumpAccessEdition } from "../store/people";
import { mustAdminister, type Run } from "./run";

export const MOST_CREST_BYTES = 200_000;
const MOST_NAME = 120;

export interface LetterheadInput {
  name: string;
  colour: string | null;
  /** The picture's bytes; null takes it away, undefined leaves it. */
  crest?: Buffer | null;
}

/** @throws FORBIDDEN, INVALID_INPUT. */
export async function setLetterhead(run: Run, input: LetterheadInput): Promise<void> {
  mustAdminister(run);
  const name = normal(input.name);
  const crest = input.crest ? judge(input.crest) : input.crest;
  const problems: Problem[] = colourProblems(input.colour);
  if (!name || codePoints(name) > MOST_NAME)
    problems.push({ path: "name", message: `Give the school’s name, in ${MOST_NAME} letters at most.` });
  if (typeof crest === "string") problems.push({ path: "crest", message: crest });
  if (problems.length || typeof crest === "string") throw invalid(problems);
  const { tx, organisation } = run;
  await saveLetterhead(tx, organisation.id, { name, colour: input.colour });
  if (crest) await saveCrest(tx, organisation.id, crest);
  else if (crest === null) await deleteCrest(tx, organisation.id);
  // The name is remembered with whoever is signed in.
  await bumpAccessEdition(tx);
  run.afterCommit(() => run.world.announce("access"));
}

/** The crest, or why it is not taken. */
function judge(bytes: Buffer): { hash: string; mediaType: MediaType; bytes: Buffer } | string {
  if (bytes.length > MOST_CREST_BYTES) return "The picture has more than 200 kB: save it smaller.";
  const found = beginningOf("crest", bytes);
  const mediaType = "mediaType" in found ? found.mediaType : undefined;
  if (!mediaType || !fileKinds[mediaType].picture) return "Give the crest as a PNG, JPEG or WebP picture.";
  return { hash: createHash("sha256").update(bytes).digest("hex"), mediaType, bytes };
}

/** White words stand on it. */
function colourProblems(colour: string | null): Problem[] {
  if (colour === null) return [];
  if (!/^#[0-9a-f]{6}$/i.test(colour))
    return [{ path: "colour", message: "Give the colour as six digits, such as #0b5c5c." }];
  return readsOnWhite(colour)
    ? []
    : [{ path: "colour", message: "White words could not be read on this colour: choose a darker one." }];
}
