/** What was told to whom, as one entry of the timeline: it folds out to each recipient's message and its proof. */
import type { Rag } from "../../schema/definition";
import { plural, t } from "../i18n/t";
import type { NoticeItem } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { listed, longInstant, sentence } from "../words";
import { useWhy } from "./Why";

const outcomes = (): Record<string, { words: string; meaning: Rag }> => ({
  planned: { words: t`Planned`, meaning: "grey" },
  "in mail": { words: t`On its way`, meaning: "blue" },
  sent: { words: t`Sent`, meaning: "green" },
  read: { words: t`Read here`, meaning: "green" },
  failed: { words: t`Failed`, meaning: "red" },
  "not needed": { words: t`Not needed`, meaning: "grey" },
});
const outcomeOf = ({ outcome, mail }: NoticeItem) =>
  mail?.state === "kept" && outcome !== "read"
    ? { words: t`Kept here`, meaning: "green" as const }
    : (outcomes()[outcome] ?? { words: sentence(outcome), meaning: "grey" as const });

const nameOf = ({ person }: NoticeItem): string => person?.name ?? t`somebody`;

/** One cause makes one notice for each person: same moment, same subject. */
export function messagesOf(notices: NoticeItem[]): NoticeItem[][] {
  const groups = new Map<string, NoticeItem[]>();
  for (const notice of notices) {
    const key = `${notice.createdAt} ${notice.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  return [...groups.values()];
}

export function Message({ notices }: { notices: NoticeItem[] }) {
  const { zone } = useSession();
  const [first] = notices;
  const why = useWhy(first?.because ?? [], first?.subject ?? "");
  if (!first) return null;
  const chips = new Map<string, { meaning: Rag; count: number }>();
  for (const { words, meaning } of notices.map(outcomeOf))
    chips.set(words, { meaning, count: (chips.get(words)?.count ?? 0) + 1 });
  return (
    <li className="told">
      <p>{t`Message to ${listed(notices.map(nameOf))}: ${first.subject}`}</p>
      <p className="who">
        {longInstant(first.createdAt, zone)} {why.button}
      </p>
      {why.reasons}
      <p className="chips">
        {[...chips].map(([words, { meaning, count }]) => (
          <Chip key={words} meaning={meaning}>
            {chips.size > 1 ? `${words}: ${count}` : words}
          </Chip>
        ))}
      </p>
      <details>
        <summary>{t`Message and proof ${(<span className="visually-hidden">{t`of ${first.subject}`}</span>)}`}</summary>
        {notices.map((notice) => (
          <Proof key={notice.id} notice={notice} />
        ))}
        <pre className="mail-text" tabIndex={0} aria-label={t`Text of the message`}>
          {withoutSecrets(first.mail?.text ?? first.body)}
        </pre>
        {notices.length > 1 && (
          <p className="quiet">{plural(notices.length, "# person got this text.", "# people got this text.")}</p>
        )}
      </details>
    </li>
  );
}

/** A kept mail holds a link's place, never its secret: it opens nothing, and says so rather than that it has ended. */
const withoutSecrets = (text: string): string =>
  text.replace(/(?<!\S)\S+\/link-for-\w{26}/g, t`[a link of their own, shown in their mail alone]`);

/** "Not needed: it was done before." The reason of some begins with the outcome's own words. */
const withWhy = (words: string, why: string | null): string =>
  why === null || why.startsWith(words) ? (why ?? words) : `${words}: ${why}`;

function Proof({ notice }: { notice: NoticeItem }) {
  const { zone } = useSession();
  const { words } = outcomeOf(notice);
  const { mail } = notice;
  const lines: [string, string | number][] = [
    [t`Now`, withWhy(words, notice.outcomeWhy)],
    [t`Planned for`, longInstant(notice.sendAt, zone)],
    ...(mail
      ? ([
          [t`Sent`, mail.sentAt ? longInstant(mail.sentAt, zone) : t`Not yet`],
          [t`Attempts`, mail.attempts],
          [t`Answer`, mail.answer ?? t`None yet`],
          [t`Message id`, mail.messageId],
        ] satisfies [string, string | number][])
      : []),
  ];
  return (
    <>
      <p className="proof-of">{t`To ${nameOf(notice)}`}</p>
      <dl className="proof">
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
