/** One record: where it stands, what may be done, what it holds, what is due, and what has happened. */
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router-dom";
import { keepsViews } from "../../schema/access";
import type { Field, RecordType, Section } from "../../schema/definition";
import { Because } from "../Because";
import { FailureNote, Waiting } from "../Failure";
import { Page } from "../Page";
import type { RecordDetail } from "../provider";
import { StateChip } from "../StateChip";
import { inSentence, listed, longInstant } from "../words";
import { useSession } from "../session";
import { Actions } from "./Actions";
import { ChainPicture, LinkList } from "./Chain";
import { Clocks } from "./Clocks";
import { Findings } from "./Findings";
import { useConditions } from "./FormFields";
import { Notices } from "./Notices";
import { People } from "./People";
import { Sealed } from "./sealed";
import { SectionForm } from "./SectionForm";
import { sectionsOf } from "./sections";
import { Stepper } from "./Stepper";
import { Tasks } from "./Tasks";
import { Timeline } from "./Timeline";
import { useRecord } from "./useRecord";
import { isBlank } from "./values";
import { Views } from "./Views";
import { Shown } from "./widgets";

export default function RecordPage({ type }: { type: RecordType }) {
  const { id = "" } = useParams();
  const { data: record, error, refetch, changed } = useRecord(type, id);
  if (!record)
    return (
      <Page title={type.label}>
        {error ? <FailureNote failure={error} retry={() => void refetch()} /> : <Waiting />}
      </Page>
    );
  return <RecordView key={record.id} type={type} record={record} changed={changed} />;
}

function RecordView({
  type,
  record,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  changed: () => Promise<void>;
}) {
  const { zone } = useSession();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [editing, setEditing] = useState<string>();
  const [said, setSaid] = useState<string>();
  const chosen = params.get("do");
  // Called after awaiting, so it must not start from the parameters of an earlier render.
  const choose = (name: string | undefined) => {
    void navigate({ search: name ? `do=${encodeURIComponent(name)}` : "" }, { replace: name === undefined });
  };
  const done = async (words: string) => {
    await changed();
    setEditing(undefined);
    choose(undefined);
    setSaid(words);
  };
  const open = record.findings.filter(({ state }) => state === "open");

  return (
    <Page
      wide
      title={record.recordTitle}
      above={
        <p className="crumb">
          <Link to={`/${type.plural}`}>{type.pluralLabel}</Link>
        </p>
      }
      below={
        <>
          <p className="head-line">
            <StateChip type={type} state={record.state} />
            <span className="quiet">{record.reference}</span>
            <span className="quiet">Last changed {longInstant(record.updatedAt, zone)}</span>
          </p>
          <Stepper type={type} state={record.state} />
        </>
      }
    >
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      {open.length > 0 && <Findings findings={record.findings} changed={changed} />}
      <Actions
        type={type}
        record={record}
        chosen={chosen}
        choose={choose}
        primary={editing === undefined}
        done={done}
      />
      <div className="record">
        <div>
          {sectionsOf(type).map((section) =>
            editing === section.label ? (
              <SectionForm
                key={section.label}
                type={type}
                record={record}
                section={section}
                cancel={() => setEditing(undefined)}
                done={() => done("Saved.")}
              />
            ) : (
              <SectionView
                key={section.label}
                type={type}
                record={record}
                section={section}
                edit={editing === undefined ? () => (setSaid(undefined), setEditing(section.label)) : undefined}
                changed={changed}
              />
            ),
          )}
        </div>
        <aside aria-label="Clocks, tasks, people and links">
          <Clocks record={record} />
          <Tasks tasks={record.tasks} ticked={params.get("tick")} done={done} />
          <People type={type} record={record} />
          <LinkList type={type} record={record} />
        </aside>
      </div>
      <ChainPicture record={record} />
      <Timeline type={type} record={record} />
      <Notices notices={record.notices} />
      {keepsViews(type) && <Views type={type} id={record.id} />}
      {record.findings.length > open.length && open.length === 0 && (
        <Findings findings={record.findings} changed={changed} />
      )}
      {type.because && type.because.length > 0 && (
        <p className="quiet group">
          This register exists because of <Because codes={type.because} />.
        </p>
      )}
    </Page>
  );
}

function SectionView({
  type,
  record,
  section,
  edit,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  section: Section;
  edit: (() => void) | undefined;
  changed: () => Promise<void>;
}) {
  const { visible } = useConditions(type, record, record.values);
  const fields = section.fields.flatMap((name): { name: string; field: Field }[] => {
    const field = type.fields[name];
    return field && visible({ name, field }) ? [{ name, field }] : [];
  });
  if (fields.length === 0) return null;
  const given = fields.filter(({ name }) => !isBlank(record.values[name]));
  const blank = fields.filter(({ name }) => isBlank(record.values[name]));
  const mayChange = (name: string) => record.permissions.edit && record.permissions.fields.includes(name);
  const editable = fields.some(({ name, field }) => field.kind !== "document" && mayChange(name));
  const id = `section-${section.label.replace(/\W+/g, "-")}`;
  return (
    <section aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{section.label}</h2>
        {editable && edit && (
          <button type="button" className="link" onClick={edit}>
            Change<span className="visually-hidden"> {section.label}</span>
          </button>
        )}
      </div>
      {given.length > 0 && (
        <dl className="facts">
          {given.map(({ name, field }) => (
            <div key={name}>
              <dt>{field.label}</dt>
              <dd>
                {field.kind === "document" ? (
                  <DocumentLine type={type} record={record} name={name} />
                ) : field.sealed ? (
                  <Sealed type={type} record={record} name={name} field={field} changed={changed} />
                ) : (
                  <Shown field={field} value={record.values[name]} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {blank.length > 0 && (
        <p className="not-given">Not given: {listed(blank.map(({ field }) => inSentence(field.label)))}.</p>
      )}
    </section>
  );
}

function DocumentLine({ type, record, name }: { type: RecordType; record: RecordDetail; name: string }) {
  const { zone } = useSession();
  const latest = record.values[name];
  if (!latest || typeof latest !== "object" || !("hash" in latest))
    return <span className="not-given">Not written yet</span>;
  const inForce = record.inForce[name];
  return (
    <>
      <p>
        <Link to={`/${type.plural}/${record.id}/text/${name}`}>Read the text</Link>
      </p>
      <p className="quiet">
        Version {latest.number} of {longInstant(latest.createdAt, zone)}
        {latest.inForce ? ", in force" : inForce ? `. In force: version ${inForce.number}` : ", not in force"}
      </p>
    </>
  );
}
