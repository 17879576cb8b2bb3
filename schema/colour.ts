/** Colours as a school gives them: "#0b5c5c". */

/** The product's own, where a school has none that serves. */
export const OWN_COLOUR = "#0b5c5c";

/** 4.5 to 1 is what words need to be read: white ones on it, and its own on white paper. */
export function readsOnWhite(colour: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= 4.5;
}

/** What stands on paper and in mail, whatever was saved. */
export const inkOf = (colour: string | null): string => (colour && readsOnWhite(colour) ? colour : OWN_COLOUR);
