/** The link by which a calendar elsewhere follows what is due. It is shown once, and can be withdrawn. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { CopyButton } from "../CopyButton";
import { FailureNote } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";

export function FeedPanel() {
  const provider = useDataProvider<DulyProvider>();
  const { zone } = useSession();
  const { data: feed, refetch } = useQuery({ queryKey: ["calendar-feed"], queryFn: () => provider.calendarFeed() });
  const [everything, setEverything] = useState(false);
  const [url, setUrl] = useState<string>();
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState<unknown>();
  const doing = (verb: () => Promise<string>) => async () => {
    setFailure(undefined);
    try {
      setSaid(await verb());
      await refetch();
    } catch (caught) {
      setFailure(caught);
    }
  };
  const make = doing(async () => {
    setUrl(await provider.makeCalendarFeed(everything));
    return t`The link is made.`;
  });
  const withdraw = doing(async () => {
    await provider.withdrawCalendarFeed();
    setUrl(undefined);
    return t`The link is withdrawn: it shows nothing any more.`;
  });

  return (
    <details className="feed">
      <summary>{t`In your own calendar`}</summary>
      <div className="form">
        <p>{t`Outlook, Google and Apple calendars can follow what is due, by a link of your own. Whoever has the link reads the same, so keep it to yourself; of confidential records it says only that something is due.`}</p>
        {feed && (
          <p className="quiet">
            {feed.everything
              ? t`You made a link on ${longInstant(feed.createdAt, zone)}, to everything you may see.`
              : t`You made a link on ${longInstant(feed.createdAt, zone)}, to what is yours.`}{" "}
            {feed.readAt ? t`It was last read on ${longInstant(feed.readAt, zone)}.` : t`Nothing has read it yet.`}
          </p>
        )}
        {url && (
          <div>
            <label htmlFor="feed-url">{t`The link: copy it now, it is not shown again`}</label>
            <div className="choice-line">
              <input id="feed-url" className="input" readOnly value={url} onFocus={(event) => event.target.select()} />
              <CopyButton text={url} label={t`Copy the link`} />
            </div>
          </div>
        )}
        <fieldset>
          <legend>{t`What the link shows`}</legend>
          {[false, true].map((all) => (
            <label key={String(all)} className="check">
              <input type="radio" name="feed" checked={everything === all} onChange={() => setEverything(all)} />
              {all ? t`Everything that I may see` : t`My tasks, and dates of records that name me`}
            </label>
          ))}
        </fieldset>
        <div className="form-buttons">
          <button type="button" className="button" onClick={() => void make()}>
            {feed ? t`Make a new link, ending the old` : t`Make a link`}
          </button>
          {feed && (
            <button type="button" className="button" onClick={() => void withdraw()}>{t`Withdraw the link`}</button>
          )}
        </div>
        <p role="status">{said}</p>
        {failure !== undefined && <FailureNote failure={failure} />}
      </div>
    </details>
  );
}
