/** First what each row would do, then the import itself; both go through the file in batches and can be gone on with. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Link } from "react-router-dom";
import type { Rag, RecordType } from "../../schema/definition";
import { inFigures, plural, t } from "../i18n/t";
import { answerCell } from "../sheet/cells";
import type { Sheet } from "../sheet/readFile";
import { download, fileName, fileOf } from "../sheet/files";
import type { DulyProvider, RowVerdict } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { Progress } from "../list/Progress";
import { type Running, useRun } from "../list/useRun";
import { inSentence } from "../words";
import { Missing } from "./Missing";
import { type Plan, type PlannedRow, plannedRows } from "./plan";

const BATCH = 25;
/** Characters of JSON: of whatever letters, well within the megabyte that a request may have. */
const BATCH_LENGTH = 250_000;
/** Rows of verdicts shown; the rest stand in the file of results. */
const SHOWN = 200;

type Verdict = RowVerdict["verdict"] | "REPEATED";
interface Judged extends PlannedRow {
  verdict: Verdict | undefined;
  /** Problems, or what becomes of which field. */
  why: string;
  id: string | null;
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

/** As many rows as one request may hold. */
function batchesOf(rows: PlannedRow[]): PlannedRow[][] {
  const batches: PlannedRow[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const length = JSON.stringify(row).length;
    const last = batches.at(-1);
    if (last && last.length < BATCH && size + length <= BATCH_LENGTH) last.push(row);
    else {
      batches.push([row]);
      size = 0;
    }
    size += length;
  }
  return batches;
}

/** `crypto.randomUUID` is missing where the page comes over plain HTTP. */
const newImportName = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function ImportRun({
  type,
  sheet,
  name: file,
  plan,
}: {
  type: RecordType;
  sheet: Sheet;
  name: string;
  plan: Plan;
}) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const id = useId();
  const [name] = useState(newImportName);
  const heading = useRef<HTMLHeadingElement>(null);
  const all = useMemo(() => plannedRows(sheet, plan), [sheet, plan]);
  const batches = useMemo(() => batchesOf(all.filter(({ repeats }) => repeats === undefined)), [all]);
  const send = (dryRun: boolean) => (batch: PlannedRow[]) =>
    provider.importRows({
      type: type.name,
      rows: batch.map(({ row }) => row),
      key: plan.key,
      existing: plan.existing,
      dryRun,
      ...(!dryRun && { import: name, lines: batch.map(({ line }) => line) }),
    });
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
  const judged = judgedBy(all, batches, run, type);
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
  async function results() {
    const rows = judged.map(({ line, verdict, why }, at) => [
      line,
      verdict ? wordsOf(verdict).done : t`Not reached`,
      why,
      ...(sheet.rows[at] ?? []).map((cell) => (typeof cell === "boolean" ? answerCell(cell) : cell)),
    ]);
    const sheetFile = await fileOf([[t`Line`, t`Result`, t`Why`, ...sheet.headers], ...rows], "csv", t`Results`);
    download(sheetFile, fileName(t`${file.replace(/\.\w+$/, "")} results`, me.today, "csv"));
  }
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
        {started ? t`The import` : t`What each row would do`}
      </h2>
      {!started && importing > 0 && (
        <p className="quiet">{t`An import is not undone as a whole: each record keeps in its history what it was before.`}</p>
      )}
      <Progress {...run} done={done} total={all.length} inWords={(n) => plural(n, "# row", "# rows")} />
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
      <Verdicts type={type} judged={judged} started={started} plan={plan} />
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

function judgedBy(
  all: PlannedRow[],
  batches: PlannedRow[][],
  { outcomes }: Running<RowVerdict[]>,
  type: RecordType,
): Judged[] {
  const byLine = new Map<number, Pick<Judged, "verdict" | "why" | "id">>();
  for (const [at, batch] of batches.entries()) {
    const outcome = outcomes[at];
    for (const [index, { line }] of batch.entries()) {
      // A whole batch is refused only for what is wrong with all of it: the key, the type.
      if (outcome?.is === "refused") byLine.set(line, { verdict: "REFUSED", why: outcome.why, id: null });
      const own = outcome?.is === "done" ? outcome.result[index] : undefined;
      if (own) byLine.set(line, { verdict: own.verdict, why: whyOf(own, type), id: own.id });
    }
  }
  return all.map((planned) =>
    planned.repeats !== undefined
      ? { ...planned, verdict: "REPEATED", why: t`The same as line ${planned.repeats}, which counts.`, id: null }
      : { ...planned, ...(byLine.get(planned.line) ?? { verdict: undefined, why: "", id: null }) },
  );
}

/** Each problem names its field, once; without one, what becomes of which field. */
function whyOf({ problems, changes }: RowVerdict, type: RecordType): string {
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

function Verdicts({
  type,
  judged,
  started,
  plan,
}: {
  type: RecordType;
  judged: Judged[];
  started: boolean;
  plan: Plan;
}) {
  const [onlyProblems, setOnlyProblems] = useState(false);
  const reached = judged.filter(({ verdict }) => verdict !== undefined);
  const problems = reached.filter((each) => rank(each) < 3);
  const listed = [...(onlyProblems ? problems : reached)].sort((a, b) => rank(a) - rank(b) || a.line - b.line);
  // By its key, and by what the title says where that is something else.
  const naming = [
    ...new Set([...plan.key, ...plan.fields.flatMap((name) => (name && type.title.includes(name) ? [name] : []))]),
  ];
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
            {listed.slice(0, SHOWN).map(({ line, row, verdict = "REFUSED", why, id }) => {
              const named =
                naming
                  .map((name) => String(row[name] ?? ""))
                  .filter(Boolean)
                  .join(", ") || "–";
              return (
                <tr key={line}>
                  <td className="title">{id ? <Link to={`/${type.plural}/${id}`}>{named}</Link> : named}</td>
                  <td data-label={t`Line`}>{line}</td>
                  <td data-label={started ? t`Result` : t`What it would do`}>
                    <div>
                      <Chip meaning={wordsOf(verdict).meaning}>{wordsOf(verdict)[started ? "done" : "dry"]}</Chip>
                      {why && <span className="reason">{why}</span>}
                    </div>
                  </td>
                </tr>
              );
            })}
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
