import { useDataProvider } from "ra-core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../Dialog";
import { t } from "../i18n/t";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { useDoing } from "../useDoing";

/** On a database that may be a copy: says that nothing leaves it, and lets an administrator put it in use. */
export function HeldBar() {
  const { me } = useSession();
  const [asking, setAsking] = useState(false);
  return (
    <div className="clock-bar held-bar" role="status">
      <span>{t`This may be a copy of Duly. No email is sent and no reminder falls due.`}</span>
      {me.administers && (
        <button type="button" className="link-button" onClick={() => setAsking(true)}>{t`Put it in use`}</button>
      )}
      {asking && <Release why={me.held ?? ""} close={() => setAsking(false)} />}
    </div>
  );
}

function Release({ why, close }: { why: string; close: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { busy, problem, doing } = useDoing();
  const release = (send: boolean) =>
    doing(async () => {
      await provider.releaseCopy(send);
      await client.invalidateQueries();
      close();
    });
  return (
    <Dialog title={t`Put this copy in use?`} left={close}>
      <p className="quiet">{why}</p>
      <p>{t`Only one copy of Duly may be in use, or people get everything twice. Make sure that the other one is stopped.`}</p>
      <p>{t`If the other one was running until now, keep the email that waits here: it has sent its own. If it stopped when the backup was made, send it.`}</p>
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
        <button type="button" className="button" onClick={close}>{t`Cancel`}</button>
      </div>
    </Dialog>
  );
}
