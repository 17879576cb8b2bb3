/** First what each row would do, then the import itself; both go through the file in batches and can be gone on with. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Link } from "react-router-dom";
import type { Rag, RecordType } from "../../schema/definition";
import { messageOf } from "../Failure";
import { inFigures, plural, t } from "../i18n/t";
import { answerCell } from "../sheet/cells";
import type { OpenedSheet } from "../sheet/SheetFile";
import { download, fileName, fileOf } from "../sheet/files";
import type { DulyProvider, ImportedLine, SheetLine } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { Progress } from "../list/Progress";
import { type Running, useRun } from "../list/useRun";
import { inSentence } from "../words";
import { Missing } from "./Missing";
import type { Plan } from "./plan";

/** Rows of one request. */
const BATCH = 25;
/** Rows of verdicts shown; the rest stand in the file of results. */
const SHOWN = 200;

type Verdict = ImportedLine["verdict"];
interface Judged {
  /** Null while nothing is known of it, and where its whole batch was refused. */
  line: number | null;
  named: string;
  verdict: Verdict | undefined;
  /** Problems, or what becomes of which field. */
  why: string;
  id: string | null;
}

/** From a row on, so many. */
interface Batch {
  offset: number;
  first: number;
}

const wordsOf = (verdict: Verdict): { dry: string; done: string; meaning: Rag } =>
  ({
    CREATED: { dry: t`Will be created`, done: t`Created`, meaning: "green" } as const,
    UPDATED: { dry: t`Will be changed`, done: t`Changed`, meaning: "blue" } as const,
    UNCHANGED: { dry: t`There already, the same`, done: t`There already, the same`, meaning: "grey" } as const,
    LEFT: { dry: t`There already, left as it is`, done: t`There already, left as it is`, meaning: "grey" } as const,
    FAILED: { dry: t`Could not be tried`, done: t`Failed on the server`, meaning: "red" } as const,
    REFUSED: { dry: t`Cannot be imported`, done: t`Not imported`, meaning: "red" } as const,
    REPEATED: { dry: t`Stands in the file twice`, done: t`Stands in the file twice`, meaning: "amber" } as const,
  })[verdict];

/** In the order of the summary. */
const verdicts = [
  "CREATED",
  "UPDATED",
  "UNCHANGED",
  "LEFT",
  "REFUSED",
  "FAILED",
  "REPEATED",
] as const satisfies Verdict[];

const batchesOf = (rows: number): Batch[] =>
  Array.from({ length: Math.ceil(rows / BATCH) }, (_, at) => ({
    offset: at * BATCH,
    first: Math.min(BATCH, rows - at * BATCH),
  }));

export function ImportRun({ type, sheet, plan }: { type: RecordType; sheet: OpenedSheet; plan: Plan }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [problem, setProblem] = useState<string>();
  const batches = useMemo(() => batchesOf(sheet.rows), [sheet.rows]);
  const send = (dryRun: boolean) => (batch: Batch) => {
    const { fields: columns, key, existing } = plan;
    return provider.importSheet({ sheet: sheet.ref, columns, key, existing, ...batch, dryRun });
  };
  const dry = useRun(batches, send(true));
  const real = useRun(batches, send(false));
  const started = real.outcomes.length > 0;
  const begun = useRef(false);
  useEffect(() => {
    // At once, for the plan it was made with: another plan is another run.
    if (!begun.current) dry.start();
    begun.current = true;
  });
  useEffect(() => heading.current?.focus(), [started]);

  const run = started ? real : dry;
  const judged = judgedBy(batches, run, type);
  const left = run.outcomes.some(({ is }) => is === "waiting") || run.running;
  const done = judged.filter(({ verdict }) => verdict !== undefined).length;
  const counts = countsOf(judged);
  const failed = run.outcomes.flatMap((outcome, at) =>
    outcome.is === "done" && outcome.result.some(({ verdict }) => verdict === "FAILED") ? [at] : [],
  );
  const importing = (counts.get("CREATED") ?? 0) + (counts.get("UPDATED") ?? 0);

  useEffect(() => {
    if (started && !left) void readAnew(client);
  }, [started, left, client]);
  /** With the rows as they stand in the file, which are asked for only here. */
  async function results() {
    setProblem(undefined);
    try {
      const lines: SheetLine[] = [];
      while (lines.length < sheet.rows) {
        const more = await provider.sheetRows(sheet.ref, lines.length);
        if (more.length === 0) break;
        lines.push(...more);
      }
      const rows = lines.map(({ line, cells }, at) => {
        const { verdict, why = "" } = judged[at] ?? {};
        const words = sheet.headers.map((_, column) => {
          const cell = cells[column] ?? null;
          return typeof cell === "boolean" ? answerCell(cell) : cell;
        });
        return [line, verdict ? wordsOf(verdict).done : t`Not reached`, why, ...words];
      });
      const sheetFile = await fileOf([[t`Line`, t`Result`, t`Why`, ...sheet.headers], ...rows], "csv", t`Results`);
      download(sheetFile, fileName(t`${sheet.fileName.replace(/\.\w+$/, "")} results`, me.today, "csv"));
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
        {started ? t`The import` : t`What each row would do`}
      </h2>
      {!started && importing > 0 && (
        <p className="quiet">{t`An import is not undone as a whole: each record keeps in its history what it was before.`}</p>
      )}
      <Progress {...run} done={done} total={sheet.rows} inWords={(n) => plural(n, "# row", "# rows")} />
      <ul className="verdicts" aria-label={t`So far`}>
        {[...counts].map(([verdict, n]) => (
          <li key={verdict}>
            <Chip meaning={wordsOf(verdict).meaning}>{wordsOf(verdict)[started ? "done" : "dry"]}</Chip> {inFigures(n)}
          </li>
        ))}
      </ul>
      {!left && failed.length > 0 && (
        <p className="note note-red" role="alert">
          {plural(counts.get("FAILED") ?? 0, "# row failed on the server.", "# rows failed on the server.")}{" "}
          {t`Nothing of them was stored.`}{" "}
          <button type="button" className="link" onClick={() => run.again(failed)}>{t`Try them again`}</button>
        </p>
      )}
      {!left && (
        <p className="tools">
          {!started && (
            <button
              type="button"
              className="button button-primary"
              disabled={importing === 0}
              onClick={() => real.start()}
            >
              {importing === 0 ? t`Nothing to import` : plural(importing, "Import # row", "Import # rows")}
            </button>
          )}
          {started && (
            <Link
              className="button button-primary"
              to={`/${type.plural}`}
            >{t`See the ${inSentence(type.pluralLabel)}`}</Link>
          )}
          <button type="button" className="button" onClick={() => void results()}>
            {started ? t`Download the results as CSV` : t`Download this as CSV`}
          </button>
        </p>
      )}
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <Verdicts type={type} judged={judged} started={started} />
      {type.roll && run.outcomes.length > 0 && !left && <Missing type={type} roll={type.roll} {...matched(judged)} />}
    </section>
  );
}

/** Which records the rows were found to be, and how many rows might be of one that is not among them. */
const matched = (judged: Judged[]) => ({
  present: judged.flatMap(({ id }) => id ?? []),
  unmatched: judged.filter(
    ({ id, verdict }) => !id && (verdict === "REFUSED" || verdict === "FAILED" || verdict === "REPEATED"),
  ).length,
});

function judgedBy(batches: Batch[], { outcomes }: Running<ImportedLine[]>, type: RecordType): Judged[] {
  return batches.flatMap(({ first }, at) => {
    const outcome = outcomes[at];
    return Array.from({ length: first }, (_, index): Judged => {
      const own = outcome?.is === "done" ? outcome.result[index] : undefined;
      if (own) return { ...own, why: whyOf(own, type) };
      // A whole batch is refused only for what is wrong with all of it: the key, the type, the file.
      const refused = outcome?.is === "refused" ? ({ verdict: "REFUSED", why: outcome.why } as const) : undefined;
      return { ...{ line: null, named: "", verdict: undefined, why: "", id: null }, ...refused };
    });
  });
}

/** Each problem names its field, once; without one, what becomes of which field. */
function whyOf({ problems, changes, repeats }: ImportedLine, type: RecordType): string {
  if (repeats !== null) return t`The same as line ${repeats}, which counts.`;
  const refused = problems.map(({ path, message }) => {
    const label = type.fields[path]?.label;
    return !label || message.startsWith(label) ? message : `${label}: ${message}`;
  });
  const changed = changes.map(({ label, before, after }) =>
    before === null ? `${label}: ${after ?? "–"}` : `${label}: ${before} → ${after ?? "–"}`,
  );
  return refused.length > 0 ? refused.join(" ") : changed.join("; ");
}

function countsOf(judged: Judged[]): Map<Verdict, number> {
  const counts = new Map<Verdict, number>();
  for (const verdict of verdicts) {
    const n = judged.filter((each) => each.verdict === verdict).length;
    if (n > 0) counts.set(verdict, n);
  }
  return counts;
}

/** What needs a person first, then what is done at all. */
const inOrder: Verdict[] = ["REFUSED", "FAILED", "REPEATED", "CREATED", "UPDATED"];
const rank = ({ verdict }: Judged): number => {
  const at = inOrder.findIndex((each) => each === verdict);
  return at < 0 ? inOrder.length : at;
};

function Verdicts({ type, judged, started }: { type: RecordType; judged: Judged[]; started: boolean }) {
  const [onlyProblems, setOnlyProblems] = useState(false);
  const reached = judged.filter(({ verdict }) => verdict !== undefined);
  const problems = reached.filter((each) => rank(each) < 3);
  const listed = [...(onlyProblems ? problems : reached)].sort((a, b) => rank(a) - rank(b));
  if (reached.length === 0) return null;
  return (
    <>
      {problems.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={onlyProblems} onChange={({ target }) => setOnlyProblems(target.checked)} />
          {t`Show only rows with a problem`}
        </label>
      )}
      <div className="table-wrap">
        <table className="cards">
          <caption className="visually-hidden">{t`Rows of the file`}</caption>
          <thead>
            <tr>
              <th scope="col">{t`Row`}</th>
              <th scope="col">{t`Line`}</th>
              <th scope="col">{started ? t`Result` : t`What it would do`}</th>
            </tr>
          </thead>
          <tbody>
            {listed.slice(0, SHOWN).map(({ line, named, verdict = "REFUSED", why, id }, at) => (
              <tr key={line ?? `refused ${at}`}>
                <td className="title">
                  {id ? <Link to={`/${type.plural}/${id}`}>{named || "–"}</Link> : named || "–"}
                </td>
                <td data-label={t`Line`}>{line ?? "–"}</td>
                <td data-label={started ? t`Result` : t`What it would do`}>
                  <div>
                    <Chip meaning={wordsOf(verdict).meaning}>{wordsOf(verdict)[started ? "done" : "dry"]}</Chip>
                    {why && <span className="reason">{why}</span>}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {listed.length > SHOWN && (
        <p className="quiet">
          {plural(
            listed.length,
            "The first {0} of # row. All of them stand in the CSV.",
            "The first {0} of # rows. All of them stand in the CSV.",
            SHOWN,
          )}
        </p>
      )}
    </>
  );
}
