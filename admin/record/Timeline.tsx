/** Newest first: when, what in a sentence, who, why. What changed and what was answered folds out. */
import { useDataProvider } from "ra-core";
import { useState } from "react";
import type { Field, RecordType } from "../../schema/definition";
import { FailureNote } from "../Failure";
import type { DulyProvider, HistoryItem, RecordDetail, ShownValue } from "../provider";
import { labelOf, useSession } from "../session";
import { longDate, longInstant, sentence, sources } from "../words";

export function Timeline({ type, record }: { type: RecordType; record: RecordDetail }) {
  const provider = useDataProvider<DulyProvider>();
  const [earlier, setEarlier] = useState<HistoryItem[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const entries = [...record.history, ...earlier].sort((a, b) => b.seq - a.seq);
  const oldest = entries.at(-1)?.seq ?? 0;
  async function more() {
    try {
      const found = await provider.moreHistory(type.name, record.id, oldest);
      setEarlier((before) => [...before, ...found]);
    } catch (caught) {
      setFailure(caught);
    }
  }
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What has happened</h2>
      <ol className="timeline">
        {entries.map((entry) => (
          <Entry key={entry.id} type={type} entry={entry} />
        ))}
      </ol>
      {failure !== undefined && <FailureNote failure={failure} />}
      {oldest > 1 && (
        <button type="button" className="button" onClick={() => void more()}>
          Show earlier
        </button>
      )}
    </section>
  );
}

function Entry({ type, entry }: { type: RecordType; entry: HistoryItem }) {
  const { zone } = useSession();
  const who = entry.actor?.kind === "system" ? "Duly, by itself" : (entry.actor?.name ?? "Duly");
  const why = sources(entry.because);
  const lines = detailLines(type, entry.detail, zone);
  return (
    <li>
      <p>{sentence(entry.summary)}</p>
      <p className="who">
        {longInstant(entry.at, zone)} · {who}
        {why && ` · required by ${why}`}
      </p>
      {lines.length > 0 && (
        <details>
          <summary>
            Details<span className="visually-hidden"> of {entry.summary}</span>
          </summary>
          <dl className="proof">
            {lines.map(({ label, words }) => (
              <div key={label} style={{ display: "contents" }}>
                <dt>{label}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);
const isId = (text: string) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) || /^[0-9a-f]{64}$/.test(text);

/** A value of the history's detail in words; undefined where it would only be a code. */
function inWords(field: Field | undefined, value: unknown, zone: string): string | undefined {
  if (value === null || value === undefined || value === "") return "empty";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const parts = value.flatMap((each) => inWords(field, each as ShownValue, zone) ?? []);
    return parts.length === value.length ? parts.join(", ") : undefined;
  }
  if (typeof value !== "string") return undefined;
  if (field?.kind === "choice" || field?.kind === "choices")
    return field.options.find((option) => option.value === value)?.label ?? value;
  if (isInstant(value)) return longInstant(value, zone);
  return isId(value) ? undefined : /^\d{4}(-\d\d){0,2}$/.test(value) ? longDate(value) : value;
}

/** `detail.changed` is from–to by field, `detail.answers` what an action was told; the rest is for machines. */
export function detailLines(type: RecordType, detail: unknown, zone: string): { label: string; words: string }[] {
  if (typeof detail !== "object" || detail === null) return [];
  const parts = detail as Record<string, unknown>;
  const entries = (part: unknown) => (typeof part === "object" && part !== null ? Object.entries(part) : []);
  const changes = [...entries(parts["changed"]), ...entries(parts["changes"])].flatMap(([name, pair]) => {
    if (!Array.isArray(pair)) return [];
    const [from, to] = pair.map((each: unknown) => inWords(type.fields[name], each, zone));
    if (from === undefined || to === undefined) return [{ label: labelOf(type, name), words: "changed" }];
    return [{ label: labelOf(type, name), words: `${from} → ${to}` }];
  });
  const asks = Object.assign({}, ...Object.values(type.actions).map(({ asks: own }) => own ?? {})) as Record<
    string,
    Field
  >;
  const answers = entries(parts["answers"]).flatMap(([name, value]) => {
    const field = type.fields[name] ?? asks[name];
    const words = inWords(field, value, zone);
    return field && words !== undefined && words !== "empty" ? [{ label: field.label, words }] : [];
  });
  const comment = parts["comment"] ?? parts["reason"];
  return [
    ...changes,
    ...answers,
    ...(typeof comment === "string" && comment ? [{ label: "Comment", words: comment }] : []),
  ];
}
