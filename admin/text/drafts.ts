/**
 * What somebody is writing, kept in their browser against loss. A draft belongs to the person, so that nobody else at
 * the same machine is offered it; one of a confidential record ends with the tab.
 */
import { useEffect, useRef, useState } from "react";

/** The text a draft was begun from, and the version of the record that stood then. */
export interface Base {
  text: string;
  /** 0 where there was none yet. */
  number: number;
  version: number;
}

export interface Draft {
  text: string;
  base: Base;
  /** Instant of the browser's own clock. */
  at: string;
}

export interface DraftPlace {
  key: string;
  confidential: boolean;
}

const PREFIX = "duly.draft ";

/** Where the draft of a person for something lies in the browser. `of` tells it from their others. */
export const draftKey = (person: string, of: string): string => `${PREFIX}${person} ${of}`;

/** Whose drafts are kept here: undefined until somebody is known, null when they have signed out. */
let owner: string | null | undefined;

/**
 * Clears away what others were writing at this device, or, when somebody signs out (null), what anybody was: whoever opens
 * the browser's tools next reads nothing. A session that only ran out leaves its person's drafts until another signs in.
 */
export function keepDraftsOf(person: string | null): void {
  owner = person;
  for (const { storage, key } of kept()) if (!isOwn(key)) storage.removeItem(key);
}

/** Whether signing out would clear something away. */
export const hasDrafts = (): boolean => kept().length > 0;

/** `duly.quick` is how earlier versions named some. A browser that keeps nothing has none. */
function kept(): { storage: Storage; key: string }[] {
  try {
    return [localStorage, sessionStorage].flatMap((storage) =>
      Object.keys(storage).flatMap((key) => (/^duly\.(draft|quick)\b/.test(key) ? [{ storage, key }] : [])),
    );
  } catch {
    return [];
  }
}

/** A page that is left because its person signed out keeps nothing more. */
const isOwn = (key: string): boolean => owner === undefined || (owner !== null && key.startsWith(draftKey(owner, "")));

const storageOf = ({ confidential }: DraftPlace): Storage => (confidential ? sessionStorage : localStorage);

export function readDraft<Kept = Draft>(place: DraftPlace): Kept | undefined {
  try {
    const kept = storageOf(place).getItem(place.key);
    return kept === null ? undefined : (JSON.parse(kept) as Kept);
  } catch {
    // A browser that keeps nothing has no draft.
    return undefined;
  }
}

export function dropDraft(place: DraftPlace): void {
  try {
    storageOf(place).removeItem(place.key);
  } catch {
    // Nor anything to drop.
  }
}

/** False where the browser keeps nothing. */
export function keepDraft(place: DraftPlace, draft: unknown): boolean {
  if (!isOwn(place.key)) return false;
  try {
    storageOf(place).setItem(place.key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

const PAUSE_MS = 400;

/**
 * Keeps the text a moment after each change, and at once when the page goes away. `writing` false leaves what is kept
 * alone, as long as it is being offered. `drop` is for what has been saved: nothing is kept after it.
 */
export function useDraft(
  place: DraftPlace,
  text: string,
  base: Base,
  writing: boolean,
): { state: "kept" | "none" | "refused"; drop: () => void } {
  const [state, setState] = useState<"kept" | "none" | "refused">("none");
  const keep = useRef(() => {});
  const dropped = useRef(false);
  useEffect(() => {
    keep.current = () => {
      if (!writing || dropped.current) return;
      if (text === base.text) {
        dropDraft(place);
        setState("none");
      } else setState(keepDraft(place, { text, base, at: new Date().toISOString() }) ? "kept" : "refused");
    };
    const timer = setTimeout(keep.current, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [place, text, base, writing]);
  useEffect(() => {
    const now = () => keep.current();
    window.addEventListener("pagehide", now);
    return () => {
      window.removeEventListener("pagehide", now);
      now();
    };
  }, []);
  return {
    state,
    drop: () => {
      dropped.current = true;
      dropDraft(place);
    },
  };
}
