/**
 * The list as a file: read page by page with the reader's own rights, in the words of the screen. Made here rather than
 * on the server, so that there is one way to read records and one way to word them.
 */
import { useDataProvider } from "ra-core";
import { useId, useRef, useState } from "react";
import type { Cell } from "../../schema/cell";
import type { RecordType } from "../../schema/definition";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, RecordItem } from "../provider";
import { labelOf, useSession } from "../session";
import { cellOf } from "../sheet/cells";
import { download, fileName, fileOf, type Format } from "../sheet/files";
import { counted, inSentence } from "../words";
import { columnsOf, type ListState } from "./listState";

const PAGE = 200;

type Phase =
  { is: "asking" } | { is: "reading"; rows: number } | { is: "done"; rows: number } | { is: "failed"; why: string };

export default function ExportPanel({ type, state }: { type: RecordType; state: ListState }) {
  const provider = useDataProvider<DulyProvider>();
  const { me, roles, zone } = useSession();
  const id = useId();
  const [format, setFormat] = useState<Format>("xlsx");
  const [every, setEvery] = useState(false);
  const [phase, setPhase] = useState<Phase>({ is: "asking" });
  const stopped = useRef(false);
  const words = [inSentence(type.label), inSentence(type.pluralLabel)] as const;

  async function run() {
    stopped.current = false;
    const names = ["reference", "recordTitle", ...(every ? columnsOf(type) : state.columns)].filter(
      (name, at, all) => all.indexOf(name) === at,
    );
    const fields = names.filter((name) => type.fields[name]);
    const rows: Cell[][] = [names.map((name) => (name === "recordTitle" ? type.label : labelOf(type, name)))];
    const rowOf = (record: RecordItem) => names.map((name) => cellOf(type, record, name, { roles, zone }));
    setPhase({ is: "reading", rows: 0 });
    try {
      const { where, search, sort } = state;
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof provider.listRecords>> = await provider.listRecords(type.name, {
          ...(where && { where }),
          ...(after && { after }),
          search,
          sort,
          fields,
          first: PAGE,
        });
        if (stopped.current) return setPhase({ is: "asking" });
        rows.push(...page.nodes.map(rowOf));
        after = page.next;
        setPhase({ is: "reading", rows: rows.length - 1 });
      } while (after);
      download(
        await fileOf(rows, format, type.pluralLabel),
        fileName(`${type.pluralLabel} ${state.label}`, me.today, format),
      );
      setPhase({ is: "done", rows: rows.length - 1 });
    } catch (failure) {
      setPhase({ is: "failed", why: messageOf(failure) });
    }
  }
  const reading = phase.is === "reading";
  return (
    <section className="options" aria-label={t`Export`}>
      <fieldset>
        <legend>{t`Export as`}</legend>
        <label className="check">
          <input type="radio" name={`${id}-format`} checked={format === "xlsx"} onChange={() => setFormat("xlsx")} />
          {t`Excel (XLSX)`}
        </label>
        <label className="check">
          <input type="radio" name={`${id}-format`} checked={format === "csv"} onChange={() => setFormat("csv")} />
          {t`CSV, for any other program`}
        </label>
      </fieldset>
      <fieldset>
        <legend>{t`Which columns`}</legend>
        <label className="check">
          <input type="radio" name={`${id}-columns`} checked={!every} onChange={() => setEvery(false)} />
          {t`Those of this list`}
        </label>
        <label className="check">
          <input type="radio" name={`${id}-columns`} checked={every} onChange={() => setEvery(true)} />
          {t`Every field that fits a column`}
        </label>
        <p className="choice-line">
          <button
            type="button"
            className="button"
            disabled={reading}
            onClick={() => void run()}
          >{t`Export what the list shows`}</button>
          {reading && (
            <button type="button" className="link" onClick={() => (stopped.current = true)}>{t`Stop`}</button>
          )}
        </p>
        <p role="status">
          {phase.is === "reading" && t`${counted(phase.rows, ...words)} read…`}
          {phase.is === "done" && t`Saved with ${counted(phase.rows, ...words)}.`}
        </p>
        {phase.is === "failed" && (
          <p className="field-problem" role="alert">
            {phase.why}
          </p>
        )}
      </fieldset>
    </section>
  );
}
