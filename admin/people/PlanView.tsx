/** What a list of people would do, or has done: who joins, who leaves, what changes, and what cannot be read. */
import { useEffect, useId, useRef } from "react";
import { Link } from "react-router-dom";
import type { Rag } from "../../schema/definition";
import { inFigures, plural, t } from "../i18n/t";
import type { PeopleImportItem, PersonLineItem } from "../provider";
import { useRowFocus } from "../rowFocus";
import { Chip } from "../StateChip";

interface Group {
  title: string;
  done: string;
  meaning: Rag;
  rows: Shown[];
}

interface Shown {
  key: string;
  id: string | null;
  name: string;
  says: string[];
  problem: boolean;
  /** May be kept although the list does not name them. */
  leaver: boolean;
}

const groupOf: Record<PersonLineItem["verdict"], keyof ReturnType<typeof empty>> = {
  REFUSED: "refused",
  JOINS: "joins",
  RETURNS: "joins",
  LEAVES: "leaves",
  CHANGES: "changes",
  UNCHANGED: "same",
  PASSED: "same",
};

const empty = () => ({
  refused: { title: t`Cannot be read`, done: t`Left out`, meaning: "red", rows: [] } as Group,
  leaves: { title: t`Leave`, done: t`Left`, meaning: "amber", rows: [] } as Group,
  joins: { title: t`Join`, done: t`Joined`, meaning: "green", rows: [] } as Group,
  changes: { title: t`Change`, done: t`Changed`, meaning: "blue", rows: [] } as Group,
  same: { title: t`Stay as they are`, done: t`Stayed as they were`, meaning: "grey", rows: [] } as Group,
});

function groupsOf({ lines, leavers }: PeopleImportItem) {
  const groups = empty();
  lines.forEach(({ line, verdict, id, name, changes, problems, notes }) => {
    groups[groupOf[verdict]].rows.push({
      key: `line ${line}`,
      id,
      name: name || t`Line ${line}`,
      says: [...problems.map(({ message }) => t`Line ${line}: ${message}`), ...changes, ...notes],
      problem: problems.length > 0,
      leaver: false,
    });
  });
  for (const { id, name, changes } of leavers)
    groups.leaves.rows.push({ key: id, id, name, says: changes, problem: false, leaver: true });
  return groups;
}

/** Unchanged people are counted; a few of them are enough to see that they are the right ones. */
const SHOWN_SAME = 5;

export function PlanView({
  plan,
  staying,
  busy,
  onKeep,
  onConfirm,
  onAgain,
}: {
  plan: PeopleImportItem;
  staying: string[];
  busy: boolean;
  /** Those who are kept though the file does not name them, as it shall be. */
  onKeep?: (people: string[]) => void;
  onConfirm?: () => void;
  onAgain?: () => void;
}) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [plan.done]);
  const groups = groupsOf(plan);
  const { box, removed } = useRowFocus<HTMLElement>(groups.leaves.rows.length);
  const acting = groups.leaves.rows.length + groups.joins.rows.length + groups.changes.rows.length;
  return (
    <section aria-labelledby={`${id}-title`} ref={box}>
      <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
        {plan.done ? t`What was done` : t`What it would do`}
      </h2>
      {!plan.done && <p className="quiet">{t`Nothing has been done yet.`}</p>}
      <ul className="verdicts" aria-label={t`In short`}>
        {Object.values(groups)
          .filter(({ rows }) => rows.length > 0)
          .map(({ title, done, meaning, rows }) => (
            <li key={title}>
              <Chip meaning={meaning}>{plan.done ? done : title}</Chip> {inFigures(rows.length)}
            </li>
          ))}
      </ul>
      {plan.waiting > 0 && (
        <p className="note note-amber">
          {plan.done
            ? plural(
                plan.waiting,
                "# change takes a second person: it was asked for, and waits.",
                "# changes take a second person: they were asked for, and wait.",
              )
            : plural(
                plan.waiting,
                "# change takes a second person: it would be asked for, and wait.",
                "# changes take a second person: they would be asked for, and wait.",
              )}{" "}
          {plan.done && <Link to="/confirm">{t`To confirm`}</Link>}
        </p>
      )}
      {staying.length > 0 && (
        <p className="note note-blue" data-after tabIndex={-1}>
          {plural(
            staying.length,
            "# person is kept though the file does not name them.",
            "# people are kept though the file does not name them.",
          )}{" "}
          <button
            type="button"
            className="link"
            onClick={() => {
              heading.current?.focus();
              onKeep?.([]);
            }}
          >{t`Take that back`}</button>
        </p>
      )}
      {Object.entries(groups).map(([name, { title, done, rows }]) => {
        const shown = name === "same" ? rows.slice(0, SHOWN_SAME) : rows;
        return rows.length === 0 ? null : (
          <section key={name} aria-labelledby={`${id}-${name}`}>
            <h3 id={`${id}-${name}`}>
              {plan.done ? done : title} <span className="quiet">({inFigures(rows.length)})</span>
            </h3>
            <ul className="rows">
              {shown.map((row, at) => (
                <li key={row.key} className="row" {...(name === "leaves" && { "data-row": at, tabIndex: -1 })}>
                  <div className="row-main">
                    <p className="row-title">{row.id ? <Link to={`/people/${row.id}`}>{row.name}</Link> : row.name}</p>
                    {row.says.length > 0 && (
                      <ul className={row.problem ? "plain-list field-problem" : "plain-list row-more"}>
                        {row.says.map((words) => (
                          <li key={words}>{words}</li>
                        ))}
                      </ul>
                    )}
                  </div>
                  {row.leaver && onKeep && (
                    <button
                      type="button"
                      className="button"
                      disabled={busy}
                      onClick={() => {
                        removed(at);
                        onKeep([...staying, row.key]);
                      }}
                    >
                      {t`Stays`}
                      <span className="visually-hidden">: {row.name}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {rows.length > shown.length && (
              <p className="quiet">{plural(rows.length - shown.length, "And # other.", "And # others.")}</p>
            )}
          </section>
        );
      })}
      <div className="form-buttons">
        {plan.done ? (
          <>
            <Link className="button button-primary" to="/people/invite">{t`Invite those who cannot sign in yet`}</Link>
            <Link className="button" to="/people">{t`See the people`}</Link>
          </>
        ) : (
          <>
            <button
              type="button"
              className="button button-primary"
              disabled={busy || acting === 0}
              onClick={() => onConfirm?.()}
            >
              {acting === 0 ? t`Nothing to do` : plural(acting, "Do this for # person", "Do this for # people")}
            </button>
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => onAgain?.()}
            >{t`Look once more`}</button>
          </>
        )}
      </div>
    </section>
  );
}
