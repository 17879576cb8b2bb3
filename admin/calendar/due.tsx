/** What an entry of the calendar means, and how a row and a chip show it. */
import { Link } from "react-router-dom";
import type { Rag } from "../../schema/definition";
import { dayOf } from "../../schema/epochDay";
import { t } from "../i18n/t";
import type { DueItem } from "../provider";
import { recordPath, useRecordType, useSession } from "../session";
import { Chip } from "../StateChip";
import { longInstant } from "../words";
import { type Moving, useMovable } from "./MoveDialog";

/** Days from which what is due is due soon. */
const SOON = 7;
/** Characters of a chip: three lines in the narrowest cell that shows any. */
const ROOM = 32;

export function meaningOf({ kind, on }: DueItem, today: string): { rag: Rag; words: string } {
  if (kind === "clock") return { rag: "grey", words: t`By itself` };
  const days = dayOf(on) - dayOf(today);
  if (days < 0) return { rag: "red", words: t`Late` };
  if (days <= SOON) return { rag: "amber", words: days === 0 ? t`Today` : t`Due soon` };
  return { rag: "blue", words: t`Due` };
}

/** A task says what to do, "Review the Social media policy"; a date or a clock is of a record, "Social media policy: Review by". */
export const wordsOf = ({ kind, label, recordTitle }: DueItem): string =>
  kind === "task" ? label : `${recordTitle}: ${label}`;

/** As many whole words as a cell has room for. */
export function briefWordsOf(entry: DueItem): string {
  const words = wordsOf(entry);
  if (words.length <= ROOM) return words;
  const end = words.lastIndexOf(" ", ROOM);
  return `${words.slice(0, end < ROOM / 2 ? ROOM : end).replace(/(?<![\s,:;.–-])[\s,:;.–-]+$/, "")}…`;
}

interface Movers {
  /** Asks to when it moves. */
  move: (moving: Moving) => void;
}

export function DueRows({ entries, move }: { entries: DueItem[] } & Movers) {
  return (
    <ul className="rows">
      {entries.map((entry) => (
        <DueRow key={`${entry.kind} ${entry.id}`} entry={entry} move={move} />
      ))}
    </ul>
  );
}

function DueRow({ entry, move }: { entry: DueItem } & Movers) {
  const isMovable = useMovable();
  const { me, zone } = useSession();
  const type = useRecordType(entry.type);
  const { rag, words } = meaningOf(entry, me.today);
  return (
    <li className="row">
      <div className="row-main">
        <Link className="row-title" to={recordPath(type, entry.record)}>
          {wordsOf(entry)}
        </Link>
        <p className="row-more">
          {[
            entry.kind === "task" && !entry.label.includes(entry.recordTitle) ? entry.recordTitle : type?.label,
            entry.at !== null && longInstant(entry.at, zone),
            entry.mine && t`yours`,
            entry.provisional && t`provisional until the term dates are known`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <p className="row-when">
        {isMovable(entry) && (
          <button type="button" className="link link-quiet" onClick={() => move({ entry, to: entry.on })}>
            {t`Move`}
            <span className="visually-hidden"> {wordsOf(entry)}</span>
          </button>
        )}
        <Chip meaning={rag}>{words}</Chip>
      </p>
    </li>
  );
}
