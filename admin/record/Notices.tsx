import type { NoticeItem } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { longInstant, sentence } from "../words";
import type { Rag } from "../../schema/definition";

const outcomes: Record<string, { words: string; meaning: Rag }> = {
  planned: { words: "Planned", meaning: "grey" },
  "in mail": { words: "On its way", meaning: "blue" },
  sent: { words: "Sent", meaning: "green" },
  read: { words: "Read here", meaning: "green" },
  failed: { words: "Failed", meaning: "red" },
  "not needed": { words: "Not needed", meaning: "grey" },
};
const outcomeOf = ({ outcome, mail }: NoticeItem) =>
  mail?.state === "kept" && outcome !== "read"
    ? { words: "Kept here", meaning: "green" as const }
    : (outcomes[outcome] ?? { words: sentence(outcome), meaning: "grey" as const });

/** Who was told what, and the proof: when it went out, and what the mail server answered. */
export function Notices({ notices }: { notices: NoticeItem[] }) {
  if (notices.length === 0) return null;
  const newest = [...notices].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">Messages</h2>
      <ul className="rows">
        {newest.map((notice) => (
          <Notice key={notice.id} notice={notice} />
        ))}
      </ul>
    </section>
  );
}

function Notice({ notice }: { notice: NoticeItem }) {
  const { zone } = useSession();
  const { words, meaning } = outcomeOf(notice);
  const { mail } = notice;
  const name = notice.person?.name ?? "somebody";
  return (
    <li className="row">
      <div className="row-main">
        <p>{notice.subject}</p>
        <p className="row-more">
          To {name} · {longInstant(mail?.sentAt ?? notice.sendAt, zone)}
          {notice.outcomeWhy && ` · ${notice.outcomeWhy}`}
        </p>
        <details>
          <summary>
            Message and proof
            <span className="visually-hidden">
              {" "}
              of {notice.subject}, to {name}
            </span>
          </summary>
          <dl className="proof">
            <dt>Made</dt>
            <dd>{longInstant(notice.createdAt, zone)}</dd>
            {mail && (
              <>
                <dt>Sent</dt>
                <dd>{mail.sentAt ? longInstant(mail.sentAt, zone) : "Not yet"}</dd>
                <dt>Attempts</dt>
                <dd>{mail.attempts}</dd>
                <dt>Answer</dt>
                <dd>{mail.answer ?? "None yet"}</dd>
                <dt>Message</dt>
                <dd>{mail.messageId}</dd>
              </>
            )}
          </dl>
          <pre className="mail-text" tabIndex={0} aria-label="Text of the message">
            {mail?.text ?? notice.body}
          </pre>
        </details>
      </div>
      <Chip meaning={meaning}>{words}</Chip>
    </li>
  );
}
