/** A document to be read: its contents at the side, the text in a serif, and at its end what may be decided about it. */
import { useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { Page } from "../Page";
import type { DocumentText, RecordDetail } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";
import { ActionForm } from "./ActionForm";
import { renderText } from "./markdown";
import { useRecord } from "./useRecord";

export default function TextPage({ type }: { type: RecordType }) {
  const { id = "", field = "" } = useParams();
  const { data: record, error, refetch, changed } = useRecord(type, id);
  const value = record?.values[field];
  const document = value && typeof value === "object" && "hash" in value ? value : undefined;
  if (!record)
    return (
      <Page title={type.label}>
        {error ? <FailureNote failure={error} retry={() => void refetch()} /> : <Waiting />}
      </Page>
    );
  if (!document)
    return (
      <Page title={record.recordTitle}>
        <p>This text has not been written yet.</p>
        <p>
          <Link to={`/${type.plural}/${id}`}>Back to the record</Link>
        </p>
      </Page>
    );
  return <Reading type={type} record={record} name={field} document={document} changed={changed} />;
}

function Reading({
  type,
  record,
  name,
  document,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  name: string;
  document: DocumentText;
  changed: () => Promise<void>;
}) {
  const { zone } = useSession();
  // What is decided on is what was read: a newer version that arrives meanwhile is offered, never swapped in.
  const [read, setRead] = useState(document);
  const { html, headings } = useMemo(() => renderText(read.text ?? "", record.recordTitle), [read, record.recordTitle]);
  const inForce = record.inForce[name];
  const standing =
    read.inForce || inForce?.id === read.id
      ? "in force"
      : inForce
        ? `not in force yet; version ${inForce.number} is`
        : "not in force yet";
  return (
    <Page
      wide
      title={record.recordTitle}
      above={
        <p className="crumb">
          <Link to={`/${type.plural}/${record.id}`}>Back to the record</Link>
        </p>
      }
      below={
        <p className="quiet">
          {type.fields[name]?.label}, version {read.number} of {longInstant(read.createdAt, zone)}, {standing}
        </p>
      }
    >
      {document.hash !== read.hash && (
        <div className="note note-amber" role="status">
          <p>The text has been changed since you opened it.</p>
          <button type="button" className="button button-small" onClick={() => setRead(document)}>
            Read version {document.number}
          </button>
        </div>
      )}
      <div className={headings.length > 1 ? "reading" : undefined}>
        {headings.length > 1 && (
          <nav className="contents" aria-labelledby="contents">
            <h2 id="contents">Contents</h2>
            <ol>
              {headings
                .filter(({ depth }) => depth <= 3)
                .map(({ id, depth, text }) => (
                  <li key={id} className={`depth-${depth}`}>
                    <button type="button" className="link" onClick={() => goTo(id)}>
                      {text}
                    </button>
                  </li>
                ))}
            </ol>
          </nav>
        )}
        <div>
          {/* renderText escapes every piece of HTML of its source. */}
          <article className="prose" dangerouslySetInnerHTML={{ __html: html }} />
          <Decide type={type} record={record} name={name} read={read} changed={changed} />
        </div>
      </div>
    </Page>
  );
}

function goTo(id: string) {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}

/** At the end of the text, not before it: putting exactly this version in force. */
function Decide({
  type,
  record,
  name,
  read,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  name: string;
  read: DocumentText;
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
      <h2 id="decide">{allowed.label}</h2>
      {allowed.help && <p className="quiet">{allowed.help}</p>}
      <ActionForm
        type={type}
        record={record}
        action={allowed}
        textHash={read.hash}
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
              <Link to={`/${type.plural}/${record.id}?do=${action.name}`}>{action.label.toLowerCase()}</Link>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
