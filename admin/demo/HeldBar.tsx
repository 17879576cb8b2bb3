import { useDataProvider } from "ra-core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Dialog } from "../Dialog";
import { t } from "../i18n/t";
import type { DulyProvider } from "../provider";
import { Said } from "../Said";
import { useSession } from "../session";
import { useDoing } from "../useDoing";

/** The dialog begins at what changes nothing: a second Enter must not release a copy unread. */
const focusFirst = (button: HTMLButtonElement | null): void => button?.setAttribute("autofocus", "");

/** On a database that may be a copy: says that nothing leaves it, and lets an administrator put it in use. Else `children`. */
export function HeldBar({ children }: { children: ReactNode }) {
  const { me } = useSession();
  const [asking, setAsking] = useState(false);
  const [released, setReleased] = useState(false);
  if (released && me.held === null)
    return (
      <div className="clock-bar">
        <Said words={t`This copy is in use now. Email leaves and reminders fall due.`} />
      </div>
    );
  if (me.held === null) return children;
  return (
    <div className="clock-bar held-bar">
      <span role="status">{t`This may be a copy of Duly. No email is sent and no reminder falls due.`}</span>
      {me.administers && (
        <button type="button" className="link" onClick={() => setAsking(true)}>{t`Put it in use`}</button>
      )}
      {asking && <Release why={me.held} close={() => setAsking(false)} released={() => setReleased(true)} />}
    </div>
  );
}

function Release({ why, close, released }: { why: string; close: () => void; released: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { busy, problem, doing } = useDoing();
  const release = (send: boolean) =>
    doing(async () => {
      await provider.releaseCopy(send);
      close();
      released();
      await client.invalidateQueries();
    });
  return (
    <Dialog title={t`Put this copy in use?`} left={close}>
      {why !== "" && <p className="quiet">{`${why}.`}</p>}
      <p>{t`Only one copy of Duly may be in use, or people get everything twice. Make sure that the other one is stopped.`}</p>
      <p>{t`If the other one went on running after this copy was made, keep the email that waits here: it has sent its own. If it has been stopped since then, send it.`}</p>
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <button type="button" className="button button-primary" disabled={busy} onClick={() => void release(false)}>
          {t`Put in use, keep the waiting email`}
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => void release(true)}>
          {t`Put in use and send it`}
        </button>
        <button type="button" className="button" onClick={close} ref={focusFirst}>{t`Cancel`}</button>
      </div>
    </Dialog>
  );
}
