/** The links by which people without an account read this record and answer: made, handed over, taken back. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import type { RecordType } from "../../schema/definition";
import { CopyButton } from "../CopyButton";
import { t } from "../i18n/t";
import type { DulyProvider, GuestLinkItem, RecordDetail } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";
import { useDoing } from "../useDoing";

export function GuestLinks({ type, record }: { type: RecordType; record: RecordDetail }) {
  const { zone, me } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [made, setMade] = useState<{ name: string; url: string | null; mailedTo: string | null }>();
  const { busy, problem, doing } = useDoing();
  const { data: access, refetch } = useQuery({
    queryKey: ["guests", type.name, record.id, record.version],
    queryFn: () => provider.guestAccess(type.name, record.id),
  });
  if (!access?.may || (access.people.length === 0 && access.links.length === 0)) return null;

  const changing = (work: () => Promise<void>) =>
    doing(async () => {
      await work();
      await refetch();
    });
  return (
    <section className="group" aria-labelledby="guest-links">
      <h2 id="guest-links">{t`For people without an account`}</h2>
      <p className="quiet">{t`A link opens this text and what they may answer, and nothing else. Their answer ends it.`}</p>
      {problem && (
        <p className="note note-red" role="alert">
          {problem}
        </p>
      )}
      {made && (
        <div className="note note-green" role="status">
          {made.url === null ? (
            <p>{t`The link for ${made.name} went to ${made.mailedTo}.`}</p>
          ) : (
            <>
              <p>{t`Hand this to ${made.name} now, and to nobody else: it is not shown again. Whoever holds it answers as ${made.name}.`}</p>
              <p>
                <input className="input" readOnly aria-label={t`Link for ${made.name}`} value={made.url} />
              </p>
              <CopyButton text={made.url} label={t`Copy the link`} />
            </>
          )}
        </div>
      )}
      <ul className="rows">
        {access.people.map(({ id, name, reachable }) => (
          <li key={id} className="row">
            <p>{name}</p>
            <button
              type="button"
              className="button button-small"
              disabled={busy}
              onClick={() =>
                void changing(async () =>
                  setMade({ name, ...(await provider.makeGuestLink(type.name, record.id, id)) }),
                )
              }
            >
              {reachable ? t`Send a link ${hiddenFor(name)}` : t`Make a link ${hiddenFor(name)}`}
            </button>
          </li>
        ))}
      </ul>
      {access.links.length > 0 && (
        <ul className="rows" aria-label={t`Links made`}>
          {access.links.map((link) => (
            <li key={link.id} className="row">
              <p>
                {link.person?.name ?? t`Somebody who left`}
                <span className="quiet">
                  {" "}
                  · {link.madeBy ? t`made by ${link.madeBy.name}` : t`in a mail`}, {longInstant(link.madeAt, zone)} ·{" "}
                  {standing(link, zone, me.now)}
                </span>
              </p>
              {isOpen(link, me.now) && (
                <button
                  type="button"
                  className="link"
                  disabled={busy}
                  onClick={() => void changing(() => provider.revokeGuestLink(link.id))}
                >
                  {t`Take back ${(<span className="visually-hidden">{t`the link for ${link.person?.name ?? ""}`}</span>)}`}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const hiddenFor = (name: string) => <span className="visually-hidden">{t`for ${name}`}</span>;

const isOpen = ({ usedAt, revokedAt, expiresAt }: GuestLinkItem, now: string): boolean =>
  usedAt === null && revokedAt === null && expiresAt > now;

function standing(link: GuestLinkItem, zone: string, now: string): string {
  const { usedAt, revokedAt, expiresAt } = link;
  if (usedAt) return t`answered ${longInstant(usedAt, zone)}`;
  if (revokedAt) return t`taken back ${longInstant(revokedAt, zone)}`;
  const until = longInstant(expiresAt, zone);
  return isOpen(link, now) ? t`lasts until ${until}` : t`lasted until ${until}`;
}
