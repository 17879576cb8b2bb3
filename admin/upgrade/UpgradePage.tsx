/** For administrators: what the pack's new version and the school both changed, side by side, each to be taken or left. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, PackClashItem } from "../provider";
import { readAnew } from "../refresh";
import { ClockJobs } from "../running/ClockJobs";
import { Said } from "../Said";
import { useSession } from "../session";
import { useDoing } from "../useDoing";
import { partInWords, placeOf } from "./clashWords";

export default function UpgradePage() {
  const provider = useDataProvider<DulyProvider>();
  const [said, setSaid] = useState<string>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["pack-clashes"],
    queryFn: () => provider.packClashes(),
  });
  return (
    <Page
      wide
      title={t`Changes in the new version`}
      above={
        <p className="crumb">
          <Link to="/settings">{t`Settings`}</Link>
        </p>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {said && <Said words={said} />}
      <ClockJobs />
      {data?.length === 0 && (
        <p className="empty">{t`There is nothing to choose. Your changes and the new version fit together.`}</p>
      )}
      {data && data.length > 0 && (
        <>
          <p className="quiet">{t`You and the new version of Duly changed the same things. Yours are in use. Nothing changes until you choose.`}</p>
          <p>{plural(data.length, "# choice is left.", "# choices are left.")}</p>
          <ul className="rows">
            {data.map((clash) => (
              <Clash key={clash.id} clash={clash} done={setSaid} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Clash({ clash, done }: { clash: PackClashItem; done: (words: string) => void }) {
  const { types } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { busy, problem, doing } = useDoing();
  const type = types.find(({ name }) => name === clash.type);
  const place = placeOf(type, clash.path);
  const heading = `${type?.pluralLabel ?? clash.type}: ${place}`;
  const settle = (take: "OURS" | "THEIRS") =>
    doing(async () => {
      const settled = await provider.settlePackClash(clash.id, take);
      if (!settled)
        done(
          t`${heading} opens confidential records, so it waits for a second person. Choose it again once it is confirmed.`,
        );
      else done(take === "OURS" ? t`Kept as it was: ${heading}.` : t`Changed to the new version: ${heading}.`);
      await readAnew(client);
    });
  return (
    <li className="row clash" aria-label={heading}>
      <div className="row-main">
        <h2 className="row-title">{heading}</h2>
        {clash.reason && <p className="quiet">{clash.reason}</p>}
        <div className="clash-sides">
          <Side label={t`Yours, in use`} part={clash.ours} />
          <Side label={t`New version`} part={clash.theirs} />
          <Side label={t`Before both changes`} part={clash.base} />
        </div>
        {problem && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button" disabled={busy} onClick={() => void settle("OURS")}>
            {t`Keep yours ${(<span className="visually-hidden">{heading}</span>)}`}
          </button>
          <button type="button" className="button" disabled={busy} onClick={() => void settle("THEIRS")}>
            {t`Use the new version ${(<span className="visually-hidden">{heading}</span>)}`}
          </button>
        </div>
      </div>
    </li>
  );
}

/** Long parts can be scrolled, by keyboard too. */
const Side = ({ label, part }: { label: string; part: unknown }) => (
  <div>
    <h3 className="clash-side">{label}</h3>
    <pre className="clash-part" tabIndex={0} aria-label={label}>
      {partInWords(part)}
    </pre>
  </div>
);
