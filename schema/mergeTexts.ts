/** Two people changed one text: what can stand together, and the passages that both changed. */
import { diff3Merge } from "node-diff3";

export interface Passage {
  base: string;
  mine: string;
  theirs: string;
}

/** Text that stands as it is, or a passage for a person to decide on. */
export type MergedPiece = string | Passage;

const lines = (text: string): string[] => text.split("\n");

/** Pieces are lines: joined by line ends they are the whole text. */
export const mergeTexts = (base: string, mine: string, theirs: string): MergedPiece[] =>
  diff3Merge(lines(mine), lines(base), lines(theirs)).map(({ ok, conflict }) =>
    conflict
      ? { base: conflict.o.join("\n"), mine: conflict.a.join("\n"), theirs: conflict.b.join("\n") }
      : (ok ?? []).join("\n"),
  );

export const passagesIn = (pieces: MergedPiece[]): Passage[] => pieces.filter((piece) => typeof piece !== "string");

/** The whole text, with what was decided for each passage, in order. A passage decided empty leaves no blank line. */
export function textOf(pieces: MergedPiece[], decided: string[] = []): string {
  const left = [...decided];
  return pieces
    .flatMap((piece) => (typeof piece === "string" ? [piece] : (left.shift() ?? piece.mine) || []))
    .join("\n");
}
