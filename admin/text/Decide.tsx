import { Link, useNavigate } from "react-router-dom";
import { t } from "../i18n/t";
import type { DocumentText } from "../provider";
import { ActionForm } from "../record/ActionForm";
import { useOpened } from "../record/useOpened";
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
  const ratifying = record.availableActions.filter(({ ratifies }) => ratifies === name);
  const possible = ratifying.find((action) => action.allowed) ?? ratifying[0];
  const opened = useOpened(record.availableActions, possible?.name);
  const others = record.availableActions.filter((action) => action.allowed && !action.ratifies);
  if (!opened)
    return possible?.reason ? (
      <section className="ratify-bar" aria-label={t`Deciding on this text`}>
        <p className="quiet">
          {possible.label}: {possible.reason}
        </p>
      </section>
    ) : null;
  const { action } = opened;
  const held =
    read.number < latest.number
      ? t`This is not the text to decide on: read version ${latest.number} first.`
      : opened.held;
  return (
    <section className="ratify-bar" aria-labelledby="decide">
      <h2 id="decide">{t`${action.label}: version ${read.number}`}</h2>
      {action.help && <p className="quiet">{action.help}</p>}
      {read.inForce && <p className="note note-blue">{t`This is the text in force now: no word of it has changed.`}</p>}
      <ActionForm
        type={type}
        record={record}
        action={action}
        textHash={read.hash}
        {...(held && { held })}
        done={async () => {
          await changed();
          void navigate(`/${type.plural}/${record.id}`);
        }}
      />
      {others.length > 0 && (
        <p className="group">
          {t`Or:`}{" "}
          {others.map((other, at) => (
            <span key={other.name}>
              {at > 0 && ", "}
              <Link to={`/${type.plural}/${record.id}?do=${other.name}`}>{inSentence(other.label)}</Link>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
