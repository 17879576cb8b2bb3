/** A document field on pages of its own: read it, compare its versions. */
import { useParams } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { Page } from "../Page";
import { useRecord } from "../record/useRecord";
import { CompareVersions } from "./CompareVersions";
import { ReadText } from "./ReadText";
import { TextFrame } from "./TextFrame";

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
  if (!latest)
    return (
      <TextFrame about={about} title={record.recordTitle}>
        <p className="empty">This text has not been written yet.</p>
      </TextFrame>
    );
  return view === "compare" ? (
    <CompareVersions about={about} />
  ) : (
    <ReadText about={about} latest={latest} changed={changed} />
  );
}
