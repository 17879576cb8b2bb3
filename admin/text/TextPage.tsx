/** A document field on pages of its own: read it, compare its versions, write the next one. */
import { lazy } from "react";
import { Link, useParams } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { useRecord } from "../record/useRecord";
import { CompareVersions } from "./CompareVersions";
import { ReadText } from "./ReadText";
import { TextFrame } from "./TextFrame";
import { textPath } from "./versions";

const EditText = lazy(() => import("./EditText"));

export default function TextPage({ type }: { type: RecordType }) {
  const { id = "", field: name = "", view } = useParams();
  const { data: record, error, refetch, changed } = useRecord(type, id);
  if (!record)
    return (
      <Page title={type.label}>
        {error ? <FailureNote failure={error} retry={() => void refetch()} /> : <Waiting />}
      </Page>
    );
  const [latest] = record.versions[name] ?? [];
  const about = { type, record, name };
  if (view === "edit") return <EditText key={`${id} ${name}`} about={about} changed={changed} />;
  if (!latest)
    return (
      <TextFrame about={about} title={record.recordTitle}>
        <p className="empty">{t`This text has not been written yet.`}</p>
        {record.permissions.fields.includes(name) && (
          <Link className="button button-primary" to={textPath(about, "edit")}>{t`Write it`}</Link>
        )}
      </TextFrame>
    );
  return view === "compare" ? (
    <CompareVersions about={about} />
  ) : (
    <ReadText about={about} latest={latest} changed={changed} />
  );
}
