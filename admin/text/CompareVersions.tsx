import { useSearchParams } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import type { DocumentText } from "../provider";
import { useSession } from "../session";
import { Comparison } from "./Comparison";
import { TextFrame } from "./TextFrame";
import { type About, usualComparison, useText, versionLine, versionNumbered, versionsOf } from "./versions";

/** Any two versions; which is said in the address, so that it can be sent to somebody. */
export function CompareVersions({ about }: { about: About }) {
  const [params, setParams] = useSearchParams();
  const usual = usualComparison(about);
  const from = versionNumbered(about, params.get("from")) ?? usual.from;
  const to = versionNumbered(about, params.get("to")) ?? usual.to;
  const [before, after] = [useText(from), useText(to)];
  const failed = before.error ?? after.error;
  const choose = (side: "from" | "to", number: string) =>
    setParams({ from: String(from?.number ?? ""), to: String(to?.number ?? ""), [side]: number }, { replace: true });

  return (
    <TextFrame about={about} title={t`Changes in ${about.record.recordTitle}`}>
      {from && to ? (
        <div className="versions">
          <VersionChoice about={about} label={t`Compare`} value={from} onChange={(number) => choose("from", number)} />
          <VersionChoice about={about} label={t`With`} value={to} onChange={(number) => choose("to", number)} />
        </div>
      ) : (
        <p className="empty">{t`There is one version of this text: changes show here when it has been edited.`}</p>
      )}
      {failed && <FailureNote failure={failed} />}
      {!failed && from && to && !(before.data && after.data) && <Waiting />}
      {before.data && after.data && (
        <Comparison
          key={`${before.data.id} ${after.data.id}`}
          title={about.record.recordTitle}
          before={before.data.text ?? ""}
          after={after.data.text ?? ""}
        />
      )}
    </TextFrame>
  );
}

function VersionChoice({
  about,
  label,
  value,
  onChange,
}: {
  about: About;
  label: string;
  value: DocumentText;
  onChange: (number: string) => void;
}) {
  const { zone } = useSession();
  return (
    <label>
      <span className="field-label">{label}</span>
      <select className="input" value={value.number} onChange={(event) => onChange(event.target.value)}>
        {versionsOf(about).map((version) => (
          <option key={version.id} value={version.number}>
            {versionLine(version, zone)}
          </option>
        ))}
      </select>
    </label>
  );
}
