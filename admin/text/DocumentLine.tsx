import { Link } from "react-router-dom";
import { useSession } from "../session";
import { counted, dateAt, shortDate } from "../words";
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
        <p className="not-given">Not written yet.</p>
        {mayWrite && (
          <p>
            <Link to={textPath(about, "edit")}>Write it</Link>
          </p>
        )}
      </>
    );
  const day = (instant: string) => shortDate(dateAt(instant, zone));
  return (
    <>
      <p className="text-links">
        <Link to={textPath(about)}>Read the text</Link>
        {from && (
          <Link to={textPath(about, "compare")}>
            {from.inForce ? "See what changes" : "See what changed"}
            <span className="visually-hidden"> against version {from.number}</span>
          </Link>
        )}
        {mayWrite && <Link to={textPath(about, "edit")}>Edit it</Link>}
      </p>
      <p className="quiet">{standing(about)}</p>
      <details>
        <summary>{counted(versions.length, "version")}</summary>
        <ul className="reset versions-list">
          {versions.map((version) => (
            <li key={version.id}>
              <Link to={`${textPath(about)}?version=${version.number}`}>Version {version.number}</Link>{" "}
              <span className="quiet">
                {day(version.createdAt)}
                {version.createdBy && `, ${version.createdBy.name}`}
                {version.inForceAt && (version.inForce ? ", in force" : `, in force from ${day(version.inForceAt)}`)}
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
  if (latest.inForce) return `Version ${latest.number} is in force.`;
  return `Version ${latest.number} is not in force${inForce ? `: version ${inForce.number} is` : " yet"}.`;
}
