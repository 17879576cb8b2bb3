/** Newest first: when, what in a sentence, who, why, and what was told to whom. Details and proof fold out. */
import { useDataProvider } from "ra-core";
import { type ReactNode, useMemo, useState } from "react";
import type { Field, RecordType } from "../../schema/definition";
import { isFile } from "../../schema/fields";
import type { FileBrief } from "../../schema/record";
import { FailureNote } from "../Failure";
import { plural, t } from "../i18n/t";
import type { DulyProvider, HistoryItem, NoticeItem, RecordDetail } from "../provider";
import { labelOf, useSession } from "../session";
import { listed, longDate, longInstant, sentence } from "../words";
import { FileLink } from "./files";
import { Message, messagesOf } from "./Messages";
import { useWhy } from "./Why";

export function Timeline({ type, record }: { type: RecordType; record: RecordDetail }) {
  const provider = useDataProvider<DulyProvider>();
  const [earlier, setEarlier] = useState<HistoryItem[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const [shown, setShown] = useState<ReturnType<typeof choices>[number]["name"]>("all");
  const names = useMemo(() => namesIn(record), [record]);
  const entries = together(record.history, earlier);
  const oldest = entries.at(-1)?.seq ?? 0;
  async function add(read: Promise<HistoryItem[]>) {
    try {
      const found = await read;
      // With those that stand here now: what happens next pushes the oldest of them out of what is read anew.
      setEarlier((before) => together(before, entries, found));
    } catch (caught) {
      setFailure(caught);
    }
  }
  const more = () => add(provider.moreHistory(type.name, record.id, oldest));
  const whole = ({ seq }: HistoryItem) =>
    add(provider.wholeEntry(type.name, record.id, seq).then((found) => (found ? [found] : [])));
  // Of what came before the oldest entry read, messages wait for it too.
  const since = oldest > 1 ? (entries.at(-1)?.at ?? "") : "";
  const messages = messagesOf(record.notices.filter(({ createdAt }) => createdAt >= since));
  // Of the same moment, what was told comes after what was done.
  const happened = [
    ...(shown === "deeds" ? [] : messages.map((each) => ({ at: each[0]?.createdAt ?? "", node: messageOf(each) }))),
    ...(shown === "messages" ? [] : grouped(entries).map((each) => ({ at: each.entry.at, node: entryOf(each) }))),
  ].sort((a, b) => b.at.localeCompare(a.at));

  function entryOf({ entry, times }: Grouped) {
    return (
      <Entry key={entry.id} type={type} entry={entry} times={times} names={names} whole={() => void whole(entry)} />
    );
  }
  function messageOf(notices: NoticeItem[]) {
    return <Message key={notices[0]?.id} notices={notices} />;
  }

  return (
    <section aria-labelledby="timeline">
      <div className="section-head">
        <h2 id="timeline">{t`What has happened`}</h2>
        {record.notices.length > 0 && (
          <div className="segments" role="group" aria-label={t`What to show`}>
            {choices().map(({ name, label }) => (
              <button key={name} type="button" aria-pressed={shown === name} onClick={() => setShown(name)}>
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      <ol className="timeline">{happened.map(({ node }) => node)}</ol>
      {failure !== undefined && <FailureNote failure={failure} />}
      {oldest > 1 && <button type="button" className="button" onClick={() => void more()}>{t`Show earlier`}</button>}
    </section>
  );
}

/** Newest first, each once. */
const together = (...parts: HistoryItem[][]): HistoryItem[] =>
  [...new Map(parts.flat().map((entry) => [entry.seq, entry])).values()].sort((a, b) => b.seq - a.seq);

const choices = () =>
  [
    { name: "all", label: t`Everything` },
    { name: "deeds", label: t`What was done` },
    { name: "messages", label: t`Messages` },
  ] as const;

interface Grouped {
  entry: HistoryItem;
  times: number;
}

/** The same said many times in a row (each answer to an import) is said once. */
function grouped(entries: HistoryItem[]): Grouped[] {
  const groups: Grouped[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const same = entry.kind === "finding" && last?.entry.kind === entry.kind && last.entry.summary === entry.summary;
    if (last && same) last.times += 1;
    else groups.push({ entry, times: 1 });
  }
  return groups;
}

interface EntryProps extends Grouped {
  type: RecordType;
  names: Map<string, string>;
  /** Reads its texts in full. */
  whole: () => void;
}

function Entry({ type, entry, times, names, whole }: EntryProps) {
  const { zone } = useSession();
  const who = entry.actor?.kind === "system" ? t`Duly, by itself` : (entry.actor?.name ?? "Duly");
  const why = useWhy(entry.because, entry.summary ?? "");
  const lines = detailLines(type, entry.detail, zone, names);
  return (
    <li>
      <p>
        {sentence(entry.summary ?? t`Erased`)}
        {times > 1 && <span className="quiet"> ({plural(times, "# time", "# times")})</span>}
      </p>
      <p className="who">
        {longInstant(entry.at, zone)} · {who} {why.button}
      </p>
      {why.reasons}
      {lines.length > 0 && (
        <details>
          <summary>{t`Details ${(<span className="visually-hidden">{t`of ${entry.summary ?? ""}`}</span>)}`}</summary>
          <dl className="proof">
            {lines.map(({ label, words }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          {entry.isShortened && (
            <button type="button" className="button" onClick={whole}>{t`Show the texts in full`}</button>
          )}
        </details>
      )}
    </li>
  );
}

/** Names of the people and records that this page knows, by id: history keeps ids. */
function namesIn(part: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof part !== "object" || part === null) return found;
  const { id, name, recordTitle } = part as Record<string, unknown>;
  const word = name ?? recordTitle;
  if (typeof id === "string" && typeof word === "string") found.set(id, word);
  for (const inner of Object.values(part)) namesIn(inner, found);
  return found;
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);
const isId = (text: string) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) || /^[0-9a-f]{64}$/.test(text);

/** A value of the history's detail in words; undefined where it would only be a code. */
const isNothing = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

function inWords(
  field: Field | undefined,
  value: unknown,
  zone: string,
  names: Map<string, string>,
): string | undefined {
  if (isNothing(value)) return t`empty`;
  if (typeof value === "boolean") return value ? t`yes` : t`no`;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const parts = value.flatMap((each) => inWords(field, each, zone, names) ?? []);
    return parts.length === value.length ? parts.join(", ") : undefined;
  }
  if (typeof value !== "string") return undefined;
  if (field?.kind === "choice" || field?.kind === "choices")
    return field.options.find((option) => option.value === value)?.label ?? value;
  if (isInstant(value)) return longInstant(value, zone);
  return isId(value) ? (names.get(value) ?? undefined) : /^\d{4}(-\d\d){0,2}$/.test(value) ? longDate(value) : value;
}

const filesOf = (value: unknown): FileBrief[] => (isNothing(value) ? [] : ([value].flat() as FileBrief[]));

/** Each a link: what a field holds no longer, and what was only ever an answer, is found here alone. */
function filesInWords(before: unknown, after: unknown): ReactNode {
  const [was, is] = [filesOf(before), filesOf(after)];
  const without = (files: FileBrief[], others: FileBrief[]) =>
    files.filter(({ id }) => !others.some((each) => each.id === id));
  const link = ({ id, name }: FileBrief) => <FileLink id={id} name={name} />;
  const lines = [
    ...without(is, was).map((file) => ({ file, said: t`Added ${link(file)}` })),
    ...without(was, is).map((file) => ({ file, said: t`Removed ${link(file)}` })),
  ];
  return lines.map(({ file, said }) => <div key={file.id}>{said}</div>);
}

/** `detail.values` is from–to by field, `detail.answers` what an action was told; the rest is for machines. */
function detailLines(
  type: RecordType,
  detail: unknown,
  zone: string,
  names: Map<string, string>,
): { label: string; words: ReactNode }[] {
  if (typeof detail !== "object" || detail === null) return [];
  const parts = detail as Record<string, unknown>;
  const entries = (part: unknown) => (typeof part === "object" && part !== null ? Object.entries(part) : []);
  const changes = entries(parts["values"]).flatMap(([name, pair]) => {
    if (!Array.isArray(pair)) return [];
    const [before, after] = pair as unknown[];
    if (isFile(type.fields[name])) return [{ label: labelOf(type, name), words: filesInWords(before, after) }];
    const [from, to] = [before, after].map((each) => inWords(type.fields[name], each, zone, names));
    const label = labelOf(type, name);
    if (from === undefined || to === undefined) return [{ label, words: t`changed` }];
    return [{ label, words: isNothing(before) ? to : `${from} → ${to}` }];
  });
  const asks = Object.assign({}, ...Object.values(type.actions).map(({ asks: own }) => own ?? {})) as Record<
    string,
    Field
  >;
  const answers = entries(parts["answers"]).flatMap(([name, value]) => {
    const field = asks[name] ?? type.fields[name];
    if (isFile(field) && !isNothing(value)) return [{ label: field.label, words: filesInWords(null, value) }];
    const words = isNothing(value) ? undefined : inWords(field, value, zone, names);
    return field && words !== undefined ? [{ label: field.label, words }] : [];
  });
  const moves = (Array.isArray(parts["moves"]) ? (parts["moves"] as unknown[]) : []).flatMap((each) => {
    const { label, from, to } = each as Record<string, unknown>;
    if (typeof label !== "string" || typeof from !== "string" || typeof to !== "string") return [];
    return [{ label, words: `${longInstant(from, zone)} → ${longInstant(to, zone)}` }];
  });
  const said = parts["comment"];
  const why = moves.length > 0 ? undefined : parts["reason"];
  const told = Array.isArray(parts["told"]) ? (parts["told"] as string[]) : [];
  return [
    ...changes,
    ...answers,
    ...moves,
    ...(typeof said === "string" && said ? [{ label: t`Comment`, words: said }] : []),
    ...(typeof why === "string" && why ? [{ label: t`Reason`, words: why }] : []),
    ...(told.length > 0 ? [{ label: t`Told`, words: listed(told) }] : []),
  ];
}
