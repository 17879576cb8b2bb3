/** A text to be read: contents at the side, set as a document, and at its end what may be decided about it. */
import { useMemo, useState } from "react";
import { Link, useLocation, useSearchParams } from "react-router-dom";
import { blocksOf, withoutTitle } from "../../schema/prose";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import type { DocumentText } from "../provider";
import { useSession } from "../session";
import { dateAt, longDate } from "../words";
import { Decide } from "./Decide";
import { headingsOf, Prose } from "./Prose";
import { Contents, TextFrame } from "./TextFrame";
import { type About, textPath, usualComparison, useText, versionNumbered } from "./versions";

export function ReadText({
  about,
  latest,
  changed,
}: {
  about: About;
  latest: DocumentText;
  changed: () => Promise<void>;
}) {
  const { zone } = useSession();
  const [params, setParams] = useSearchParams();
  const said = (useLocation().state as { said?: string } | null)?.said;
  // What is decided on is what was read: a newer version that arrives meanwhile is offered, never swapped in.
  const [opened, setOpened] = useState(latest.number);
  const version = versionNumbered(about, params.get("version") ?? String(opened)) ?? latest;
  const { data, error, refetch } = useText(version);
  const blocks = useMemo(
    () => withoutTitle(blocksOf(data?.text ?? ""), about.record.recordTitle),
    [data, about.record.recordTitle],
  );
  const headings = headingsOf(blocks);
  const { from } = usualComparison(about);
  // The text on the page, which while another version is being read is still the one before.
  const read = data ?? version;
  const older = read.number < latest.number;

  return (
    <TextFrame
      about={about}
      title={about.record.recordTitle}
      below={<p className="quiet">{standingLine(about, read, zone)}</p>}
      tools={
        <>
          <a className="link" href={read.pdf} download>{t`Download as PDF`}</a>
          <button type="button" className="link" onClick={() => window.print()}>{t`Print`}</button>
        </>
      }
    >
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      {older && (
        <div className="note note-amber" role="status">
          <p>
            {params.has("version")
              ? t`This is not the latest text: there is version ${latest.number}.`
              : t`The text has been changed since you opened it.`}
          </p>
          <p className="note-links">
            <button
              type="button"
              className="link"
              onClick={() => {
                setOpened(latest.number);
                setParams({});
              }}
            >{t`Read version ${latest.number}`}</button>
            <Link
              to={`${textPath(about, "compare")}?from=${read.number}&to=${latest.number}`}
            >{t`See what changed`}</Link>
          </p>
        </div>
      )}
      {!older && !read.inForce && from && (
        <p className="text-lead">
          <Link to={textPath(about, "compare")}>
            {from.inForce
              ? t`See what changes against version ${from.number}, which is in force`
              : t`See what changes against version ${from.number}`}
          </Link>
        </p>
      )}
      {!data && (error ? <FailureNote failure={error} retry={() => void refetch()} /> : <Waiting />)}
      {data && (
        <div className={headings.length > 1 ? "reading" : undefined}>
          {headings.length > 1 && <Contents entries={headings} />}
          <div>
            <Prose blocks={blocks} />
            <Decide about={about} read={data} latest={latest} changed={changed} />
          </div>
        </div>
      )}
    </TextFrame>
  );
}

function standingLine({ type, record, name }: About, version: DocumentText, zone: string): string {
  const saved = t`${type.fields[name]?.label ?? t`Text`}, version ${version.number} of ${longDate(dateAt(version.createdAt, zone))}`;
  const inForce = record.inForce[name];
  const since = version.inForceAt && longDate(dateAt(version.inForceAt, zone));
  if (version.inForce) return since ? t`${saved}, in force since ${since}` : t`${saved}, in force since it was saved`;
  if (since) return t`${saved}, in force from ${since} until it was replaced`;
  return inForce ? t`${saved}, not in force: version ${inForce.number} is` : t`${saved}, not in force yet`;
}
