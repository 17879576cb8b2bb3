/**
 * Who is not in a whole list, with what is still open with each. Nobody is thought to have left for that: who has is
 * chosen here, and recorded by the action that the definition names.
 */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { lazy, Suspense, useId, useState } from "react";
import { Link } from "react-router-dom";
import type { RecordType, Roll } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { inFigures, plural, t } from "../i18n/t";
import { bulkChoices } from "../list/bulk";
import type { DulyProvider, MissingRecord } from "../provider";
import { useSession } from "../session";
import { StateChip } from "../StateChip";
import { inSentence } from "../words";

const BulkPanel = lazy(() => import("../list/BulkPanel"));

interface MissingProps {
  type: RecordType;
  roll: Roll;
  /** The records that the rows of the file are. */
  present: string[];
  /** Rows that could be anybody's. */
  unmatched: number;
}

export function Missing({ type, roll, present, unmatched }: MissingProps) {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const id = useId();
  const [chosen, setChosen] = useState<string[]>([]);
  const [leaving, setLeaving] = useState<MissingRecord[]>();
  const found = [...new Set(present)].sort();
  const { data, error, refetch } = useQuery({
    queryKey: ["missing", type.name, found],
    queryFn: () => provider.missingFromRoll(type.name, found),
  });
  if (error) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (!data) return <Waiting />;
  const { records, among, more } = data;
  // Of who is listed: as long as a choice is being carried out, of whom it was made.
  const choice = bulkChoices(type, me, leaving ?? records).find(({ key }) => key === `do:${roll.leave}`);
  if (leaving && choice)
    return (
      <Suspense fallback={<Waiting />}>
        <BulkPanel
          type={type}
          choice={choice}
          records={leaving}
          close={(done) => {
            setChosen(chosen.filter((each) => !done.includes(each)));
            setLeaving(undefined);
          }}
        />
      </Suspense>
    );
  const many = inSentence(type.pluralLabel);
  const selected = records.filter((record) => chosen.includes(record.id));
  const back = roll.back && type.actions[roll.back]?.label;
  return (
    <section className="missing" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {t`Not in this file`} <span className="quiet">{inFigures(records.length)}</span>
      </h2>
      {records.length === 0 && <p className="quiet">{t`All ${among} ${many} here stand in it.`}</p>}
      {records.length > 0 && (
        <>
          <p className="quiet">{t`They are here, and no row of the file is theirs. Nothing is done to them unless you choose it.`}</p>
          {(records.length > among / 3 || more) && (
            <p className="note note-amber">
              {t`These are ${records.length} of ${among}. Is this the whole list, and are they told apart by the right column?`}
            </p>
          )}
          {unmatched > 0 && (
            <p className="note note-amber">
              {plural(
                unmatched,
                "One row could not be matched with anybody: whoever it is of may be listed here.",
                "# rows could not be matched with anybody: those they are of may be listed here.",
              )}
            </p>
          )}
          <MissingTable type={type} records={records} chosen={chosen} onChoose={choice && setChosen} />
          {more && <p className="quiet">{t`There are more than these: they follow once these are done with.`}</p>}
          {choice && (
            <p className="tools">
              <button
                type="button"
                className="button"
                disabled={selected.length === 0}
                onClick={() => setLeaving(selected)}
              >{t`${choice.label}: ${selected.length} chosen`}</button>
            </p>
          )}
          {choice && back && (
            <p className="quiet">{t`A mistake is put right by “${back}”, on the page of each, or by a file in which they stand again.`}</p>
          )}
        </>
      )}
    </section>
  );
}

interface TableProps {
  type: RecordType;
  records: MissingRecord[];
  chosen: string[];
  /** Absent where whoever looks may not say that they have left. */
  onChoose: ((chosen: string[]) => void) | undefined;
}

function MissingTable({ type, records, chosen, onChoose }: TableProps) {
  const all = records.every((record) => chosen.includes(record.id));
  return (
    <>
      {onChoose && (
        <label className="check">
          <input
            type="checkbox"
            checked={all}
            onChange={() => onChoose(all ? [] : records.map((record) => record.id))}
          />
          {t`Choose all of them`}
        </label>
      )}
      <div className="table-wrap">
        <table className="cards">
          <caption className="visually-hidden">{t`Not in this file`}</caption>
          <thead>
            <tr>
              <th scope="col">{type.label}</th>
              <th scope="col">{t`State`}</th>
              <th scope="col">{t`Still open with them`}</th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ id, recordTitle, reference, state, open }) => (
              <tr key={id}>
                <td className="title">
                  <div className="missing-title">
                    {onChoose && (
                      <label>
                        <input
                          type="checkbox"
                          checked={chosen.includes(id)}
                          onChange={({ target }) =>
                            onChoose(target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
                          }
                        />
                        <span className="visually-hidden">{t`Choose ${recordTitle}`}</span>
                      </label>
                    )}
                    <span>
                      <NewTab to={`/${type.plural}/${id}`}>{recordTitle}</NewTab>{" "}
                      <span className="quiet">{reference}</span>
                    </span>
                  </div>
                </td>
                <td data-label={t`State`}>
                  <StateChip type={type} state={state} />
                </td>
                <td data-label={t`Still open with them`}>
                  <StillOpen open={open} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function StillOpen({ open }: Pick<MissingRecord, "open">) {
  const { types } = useSession();
  if (open.length === 0) return <span className="quiet">–</span>;
  return (
    <ul className="plain-links">
      {open.map(({ id, type: name, reference, label, state }) => {
        const type = types.find((each) => each.name === name);
        return (
          <li key={id}>
            {type ? <NewTab to={`/${type.plural}/${id}`}>{`${label} ${reference}`}</NewTab> : `${label} ${reference}`}{" "}
            {type && <StateChip type={type} state={state} />}
          </li>
        );
      })}
    </ul>
  );
}

/** What was chosen here would be lost on another page. */
const NewTab = ({ to, children }: { to: string; children: string }) => (
  <Link to={to} target="_blank">
    {children}
    <span className="visually-hidden"> {t`(opens in a new tab)`}</span>
  </Link>
);
