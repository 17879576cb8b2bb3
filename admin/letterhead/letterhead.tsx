/** What the school shows of itself. Read once before anything is drawn, then kept until it is changed. */
export interface Letterhead {
  name: string;
  colour: string | null;
  /** Where its crest is. */
  crest: string | null;
}

let worn: Letterhead | undefined;

/** What the pages wear: the signed-in app need not ask again. */
export const wornNow = (): Letterhead | undefined => worn;

/** Pages take the school's colour. */
export function wear(letterhead: Letterhead): void {
  worn = letterhead;
  const { colour } = letterhead;
  const { style } = document.documentElement;
  if (colour) style.setProperty("--school", colour);
  else style.removeProperty("--school");
}

/** The crest, and where there is none the mark of the product. The name beside it says whose it is. */
export const Crest = ({ of }: { of: Letterhead | null | undefined }) =>
  of?.crest ? <img className="crest" src={of.crest} alt="" /> : <span className="brand-mark" aria-hidden="true" />;
