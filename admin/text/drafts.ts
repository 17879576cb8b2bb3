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
