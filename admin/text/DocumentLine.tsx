import { Link } from "react-router-dom";
import { plural, t } from "../i18n/t";
import { useSession } from "../session";
import { dateAt, shortDate } from "../words";
import { type About, textPath, usualComparison, versionsOf } from "./versions";

/** A text as its record's page shows it: how to read, compare and change it, and its versions. */
export function DocumentLine({ about }: { about: About }) {
  const { zone } = useSession();
  const versions = versionsOf(about);
  const [latest] = versions;
  const mayWrite = about.record.permissions.fields.includes(about.name);
  const { from } = usualComparison(about);
  if (!latest)
    return (
      <>
        <p className="not-given">{t`Not written yet.`}</p>
        {mayWrite && (
          <p>
            <Link to={textPath(about, "edit")}>{t`Write it`}</Link>
          </p>
        )}
      </>
    );
  const day = (instant: string) => shortDate(dateAt(instant, zone));
  return (
    <>
      <p className="text-links">
        <Link to={textPath(about)}>{t`Read the text`}</Link>
        {from && (
          <Link
            to={textPath(about, "compare")}
            aria-label={
              from.inForce
                ? t`See what changes against version ${from.number}`
                : t`See what changed against version ${from.number}`
            }
          >
            {from.inForce ? t`See what changes` : t`See what changed`}
          </Link>
        )}
        {mayWrite && <Link to={textPath(about, "edit")}>{t`Edit it`}</Link>}
      </p>
      <p className="quiet">{standing(about)}</p>
      <details>
        <summary>{plural(versions.length, "# version", "# versions")}</summary>
        <ul className="reset versions-list">
          {versions.map((version) => (
            <li key={version.id}>
              <Link to={`${textPath(about)}?version=${version.number}`}>{t`Version ${version.number}`}</Link>{" "}
              <span className="quiet">
                {day(version.createdAt)}
                {version.createdBy && `, ${version.createdBy.name}`}
                {version.inForceAt && `, ${version.inForce ? t`in force` : t`in force from ${day(version.inForceAt)}`}`}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function standing(about: About): string {
  const [latest] = versionsOf(about);
  const inForce = about.record.inForce[about.name];
  if (!latest) return "";
  if (latest.inForce) return t`Version ${latest.number} is in force.`;
  return inForce
    ? t`Version ${latest.number} is not in force: version ${inForce.number} is.`
    : t`Version ${latest.number} is not in force yet.`;
}
