/**
 * Leaving a page with something typed and not saved asks first. One guard for all forms, since a router takes one
 * blocker; what stands on the same page (`?do=`) is no leaving.
 */
import { createContext, type ReactNode, useContext, useEffect, useId, useState } from "react";
import { useBlocker } from "react-router-dom";
import { Dialog } from "./Dialog";
import { t } from "./i18n/t";

interface Held {
  /** It is kept in the browser and offered again. */
  kept: boolean;
}

const Guard = createContext<Map<string, Held>>(new Map());

/** @returns a function that lets go, to be called before the page is left on purpose. */
export function useUnsaved(dirty: boolean, kept = false): () => void {
  const held = useContext(Guard);
  const key = useId();
  useEffect(() => {
    if (!dirty) return;
    held.set(key, { kept });
    return () => void held.delete(key);
  }, [held, key, dirty, kept]);
  return () => void held.delete(key);
}

/** Around every page. */
export function UnsavedGuard({ children }: { children: ReactNode }) {
  const [held] = useState(() => new Map<string, Held>());
  useEffect(() => {
    const leaving = (event: BeforeUnloadEvent) => {
      if (held.size > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", leaving);
    return () => window.removeEventListener("beforeunload", leaving);
  }, [held]);
  return (
    <Guard value={held}>
      {children}
      <Leaving held={held} />
    </Guard>
  );
}

function Leaving({ held }: { held: Map<string, Held> }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => held.size > 0 && currentLocation.pathname !== nextLocation.pathname,
  );
  if (blocker.state !== "blocked") return null;
  return (
    <LeaveDialog
      kept={[...held.values()].every(({ kept }) => kept)}
      stay={() => blocker.reset()}
      leave={() => blocker.proceed()}
    />
  );
}

function LeaveDialog({ kept, stay, leave }: { kept: boolean; stay: () => void; leave: () => void }) {
  return (
    <Dialog title={t`Leave without saving?`} left={stay}>
      <p>
        {kept
          ? t`What you typed is kept as a draft in this browser until you sign out, and offered to you when you come back.`
          : t`What you typed here has not been saved, and will be lost.`}
      </p>
      <div className="form-buttons">
        <button type="button" className="button button-primary" onClick={stay}>{t`Stay here`}</button>
        <button type="button" className="button" onClick={leave}>{t`Leave`}</button>
      </div>
    </Dialog>
  );
}
