/** One record: where it stands, what may be done, what it holds, what is due, and what has happened. */
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router-dom";
import { keepsViews } from "../../schema/access";
import type { Field, RecordType, Section } from "../../schema/definition";
import { Facts } from "../Facts";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { RecordDetail } from "../provider";
import { Said } from "../Said";
import { StateChip } from "../StateChip";
import { useSession } from "../session";
import { DocumentLine } from "../text/DocumentLine";
import { asNamed, listed, longInstant } from "../words";
import { Actions } from "./Actions";
import { ChainPicture, LinkList } from "./Chain";
import { Clocks } from "./Clocks";
import { Findings } from "./Findings";
import { useConditions } from "./FormFields";
import { GuestLinks } from "./GuestLinks";
import { People } from "./People";
import { ReportLinks } from "../reports/ReportLinks";
import { Sealed } from "./sealed";
import { SectionForm } from "./SectionForm";
import { sectionsOf } from "./sections";
import { Stepper } from "./Stepper";
import { Tasks } from "./Tasks";
import { Timeline } from "./Timeline";
import { useRecord } from "./useRecord";
import { isBlank } from "./values";
import { Views } from "./Views";
import { Warnings } from "./Warnings";
import { Reasons } from "./Why";
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
  const { me, zone } = useSession();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [editing, setEditing] = useState<string>();
  const [said, setSaid] = useState<string>();
  // The section whose form was left without saving.
  const [left, setLeft] = useState<string>();
  const chosen = params.get("do");
  // Called after awaiting, so it must not start from the parameters of an earlier render.
  const choose = (name: string | undefined) => {
    if (name) setSaid(undefined);
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
            <span className="quiet">{t`Last changed ${longInstant(record.updatedAt, zone)}`}</span>
          </p>
          <Stepper type={type} state={record.state} />
        </>
      }
    >
      {said && <Said words={said} />}
      {type.faults && me.administers && (
        <p className="note note-blue">
          <Link to="/problems">{t`See each thing that failed, and try it again or skip it`}</Link>
        </p>
      )}
      <Warnings warnings={record.warnings} />
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
                cancel={() => (setLeft(section.label), setEditing(undefined))}
                done={() => done(t`Saved.`)}
              />
            ) : (
              <SectionView
                key={section.label}
                type={type}
                record={record}
                section={section}
                edit={editing === undefined ? () => (setSaid(undefined), setEditing(section.label)) : undefined}
                returned={left === section.label}
                changed={changed}
              />
            ),
          )}
        </div>
        <aside aria-label={t`Clocks, tasks, people and links`}>
          <Clocks record={record} />
          <Tasks tasks={record.tasks} ticked={params.get("tick")} done={done} />
          <People type={type} record={record} />
          <LinkList type={type} record={record} />
          <ReportLinks type={type.name} record={record.id} />
        </aside>
        <div className="record-after">
          <ChainPicture record={record} />
          <Timeline type={type} record={record} />
          {type.guests && <GuestLinks type={type} record={record} />}
          {keepsViews(type) && <Views type={type} id={record.id} />}
          {record.findings.length > open.length && open.length === 0 && (
            <Findings findings={record.findings} changed={changed} />
          )}
          {type.because && type.because.length > 0 && (
            <details>
              <summary>{t`Why this register is kept`}</summary>
              <Reasons because={type.because} />
            </details>
          )}
        </div>
      </div>
    </Page>
  );
}

function SectionView({
  type,
  record,
  section,
  edit,
  returned,
  changed,
}: {
  type: RecordType;
  record: RecordDetail;
  section: Section;
  edit: (() => void) | undefined;
  /** Whoever was changing it goes on from its button. */
  returned: boolean;
  changed: () => Promise<void>;
}) {
  const { visible } = useConditions(type, record, record.values);
  const [explained, setExplained] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (returned) change.current?.focus();
  }, [returned]);
  const fields = section.fields.flatMap((name): { name: string; field: Field }[] => {
    const field = type.fields[name];
    return field && visible({ name, field }) ? [{ name, field }] : [];
  });
  if (fields.length === 0) return null;
  const isShown = ({ name, field }: { name: string; field: Field }) =>
    explained || field.kind === "document" || !isBlank(record.values[name]);
  const given = fields.filter(isShown);
  const blank = fields.filter((each) => !isShown(each));
  const mayChange = (name: string) => record.permissions.edit && record.permissions.fields.includes(name);
  const editable = fields.some(({ name, field }) => field.kind !== "document" && mayChange(name));
  const id = `section-${section.label.replace(/\W+/g, "-")}`;
  return (
    <section aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{section.label}</h2>
        <span className="section-tools">
          {fields.some(({ field }) => field.help || field.because) && (
            <button
              type="button"
              className="link link-quiet"
              aria-pressed={explained}
              onClick={() => setExplained(!explained)}
            >
              {t`Explain ${(<span className="visually-hidden">{section.label}</span>)}`}
            </button>
          )}
          {editable && edit && (
            <button type="button" className="link" onClick={edit} ref={change}>
              {t`Change ${(<span className="visually-hidden">{section.label}</span>)}`}
            </button>
          )}
        </span>
      </div>
      {given.length > 0 && (
        <Facts
          of={given.map(({ name, field }) => ({
            ...{ name, label: field.label },
            value: (
              <>
                {field.kind === "document" ? (
                  <DocumentLine about={{ type, record, name }} />
                ) : field.sealed ? (
                  <Sealed type={type} record={record} name={name} field={field} changed={changed} />
                ) : (
                  <Shown field={field} value={record.values[name]} />
                )}
                {explained && <Explained field={field} />}
              </>
            ),
          }))}
        />
      )}
      {blank.length > 0 && (
        <p className="not-given">{t`Not given: ${listed(blank.map(({ field }) => asNamed(field.label)))}.`}</p>
      )}
    </section>
  );
}

/** What a field is for, and where it comes from. */
const Explained = ({ field }: { field: Field }) => (
  <div className="explained">
    {field.help && <p>{field.help}</p>}
    {field.because && <Reasons because={field.because} />}
  </div>
);
