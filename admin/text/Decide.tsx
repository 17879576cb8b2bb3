import { Link, useNavigate } from "react-router-dom";
import type { DocumentText } from "../provider";
import { ActionForm } from "../record/ActionForm";
import { inSentence } from "../words";
import type { About } from "./versions";

/** At the end of the text, not before it: putting exactly this version in force. */
export function Decide({
  about: { type, record, name },
  read,
  latest,
  changed,
}: {
  about: About;
  read: DocumentText;
  latest: DocumentText;
  changed: () => Promise<void>;
}) {
  const navigate = useNavigate();
  const actions = record.availableActions.filter(({ ratifies }) => ratifies === name);
  const allowed = actions.find((action) => action.allowed);
  const others = record.availableActions.filter((action) => action.allowed && !action.ratifies);
  const refused = actions.find((action) => !action.allowed && action.reason);
  if (!allowed)
    return refused ? (
      <section className="ratify-bar" aria-label="Deciding on this text">
        <p className="quiet">
          {refused.label}: {refused.reason}
        </p>
      </section>
    ) : null;
  return (
    <section className="ratify-bar" aria-labelledby="decide">
      <h2 id="decide">
        {allowed.label}: version {read.number}
      </h2>
      {allowed.help && <p className="quiet">{allowed.help}</p>}
      <ActionForm
        type={type}
        record={record}
        action={allowed}
        textHash={read.hash}
        // What was filled in stays while the newer text is read.
        {...(read.number < latest.number && {
          held: `This is not the text to decide on: read version ${latest.number} first.`,
        })}
        done={async () => {
          await changed();
          void navigate(`/${type.plural}/${record.id}`);
        }}
      />
      {others.length > 0 && (
        <p className="group">
          Or:{" "}
          {others.map((action, at) => (
            <span key={action.name}>
              {at > 0 && ", "}
              <Link to={`/${type.plural}/${record.id}?do=${action.name}`}>{inSentence(action.label)}</Link>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
