import { plural, t } from "../i18n/t";
import type { HistoryItem, RecordDetail, TimerItem } from "../provider";
import { useSession } from "../session";
import { dateAt, distance, inSentence, listed, longInstant, sentence } from "../words";
import { useWhy } from "./Why";

interface Move {
  from: string;
  to: string;
  why: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The moves a history entry tells of: `detail.moves` is a list of rule, from and to. */
export function movesIn(entry: HistoryItem): (Move & { rule: string | undefined })[] {
  const moves = fields(entry.detail)["moves"];
  return (Array.isArray(moves) ? (moves as unknown[]) : []).flatMap((each) => {
    const move = fields(each);
    const [from, to] = [text(move["from"]), text(move["to"])];
    return from && to ? [{ from, to, why: entry.summary ?? "", rule: text(move["rule"]) }] : [];
  });
}

const lastMove = (history: HistoryItem[], timer: TimerItem): Move | undefined =>
  history.flatMap(movesIn).find(({ rule, to }) => rule === timer.rule && to === timer.dueAt);

const FEW = 6;

/** What will fire by itself, next first; what moved shows from when and why. */
export function Clocks({ record }: { record: RecordDetail }) {
  const { zone } = useSession();
  const all = record.timers.filter(({ state }) => state === "waiting").sort((a, b) => a.dueAt.localeCompare(b.dueAt));
  const waiting = all.filter(({ holds }) => holds);
  const idle = [...new Set(all.filter(({ holds }) => !holds).map(({ label }) => inSentence(label)))];
  const dead = record.timers.filter(({ state }) => state === "dead");
  const fired = record.timers.filter(({ state }) => state === "fired").length;
  return (
    <section aria-labelledby="clocks">
      <h2 id="clocks">{t`Clocks`}</h2>
      {waiting.length === 0 && (
        <p className="empty">{t`No clock is running: nothing will happen here by itself for now.`}</p>
      )}
      {dead.map((timer) => (
        <p key={timer.id} className="note note-red">
          {t`${timer.label} could not go off on ${longInstant(timer.dueAt, zone)}.`} {timer.outcome}
        </p>
      ))}
      <ol className="clocks">
        {waiting.slice(0, FEW).map((timer) => (
          <Clock key={timer.id} timer={timer} moved={lastMove(record.history, timer)} />
        ))}
      </ol>
      {waiting.length > FEW && (
        <details>
          <summary>{plural(waiting.length - FEW, "# later clock", "# later clocks")}</summary>
          <ol className="clocks">
            {waiting.slice(FEW).map((timer) => (
              <Clock key={timer.id} timer={timer} moved={lastMove(record.history, timer)} />
            ))}
          </ol>
        </details>
      )}
      {idle.length > 0 && (
        <p className="quiet">
          {plural(
            idle.length,
            "Another would do nothing as things stand: {0}.",
            "# others would do nothing as things stand: {0}.",
            listed(idle),
          )}
        </p>
      )}
      {fired > 0 && (
        <p className="quiet">
          {plural(
            fired,
            "# clock has fired already: see the timeline.",
            "# clocks have fired already: see the timeline.",
          )}
        </p>
      )}
    </section>
  );
}

function Clock({ timer, moved }: { timer: TimerItem; moved: Move | undefined }) {
  const { me, zone } = useSession();
  const why = useWhy(timer.because, timer.label);
  const near = distance(dateAt(timer.dueAt, zone), me.today);
  return (
    <li>
      <p>{timer.label}</p>
      <p className="clock-when">
        {longInstant(timer.dueAt, zone)}
        {near && <span className="quiet"> {near}</span>}
      </p>
      <p className="quiet">
        {[
          timer.stepInWords && sentence(timer.stepInWords),
          timer.recipients.length > 0 && t`tells ${listed(timer.recipients.map(({ name }) => name))}`,
          timer.provisional && t`provisional until the term dates are known`,
        ]
          .filter(Boolean)
          .join(" · ")}{" "}
        {why.button}
      </p>
      {why.reasons}
      {moved && (
        <p className="moved">
          {t`Moved from ${longInstant(moved.from, zone)} → ${longInstant(moved.to, zone)}.`} {moved.why}
        </p>
      )}
    </li>
  );
}
