import { useEffect, useRef } from "react";
import { CopyButton } from "../CopyButton";
import { t } from "../i18n/t";
import type { SignInLink } from "../provider";

/** What became of each link, with the focus. Shown this once: what is not handed over now must be made anew. */
export function LinkList({ links }: { links: SignInLink[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [links]);
  return (
    <div role="status" tabIndex={-1} ref={box}>
      {links.some(({ url }) => url) && (
        <p className="note note-amber">{t`No mail leaves this Duly, so the links stand here, this once. Give each to its person and to nobody else: whoever opens one chooses that person’s password.`}</p>
      )}
      <ul className="rows">
        {links.map(({ person, url, mailedTo, problem }) => (
          <li key={person.id} className="row">
            <div className="row-main">
              <p className="row-title">{person.name}</p>
              <p className="row-more link-once">{url ?? problem ?? t`Sent to ${mailedTo ?? ""}.`}</p>
            </div>
            {url && <CopyButton text={url} label={t`Copy the link for ${person.name}`} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
