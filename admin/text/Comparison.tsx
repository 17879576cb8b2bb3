/** Two texts as one document: what came in yellow, what went struck out, and steps from change to change. */
import { useEffect, useMemo, useState } from "react";
import { compareTexts, type ComparedBlock } from "../../schema/compareTexts";
import { blocksOf, withoutTitle } from "../../schema/prose";
import { plural, t } from "../i18n/t";
import { changeId, headingsOf, Prose } from "./Prose";
import { Contents, goTo } from "./TextFrame";

export function Comparison({
  title = "",
  before,
  after,
  within = false,
}: {
  title?: string;
  before: string;
  after: string;
  /** Part of another page: what changed first, and no contents beside it. */
  within?: boolean;
}) {
  const all = useMemo(() => {
    const [old, now] = [before, after].map((text) => withoutTitle(blocksOf(text), title));
    return compareTexts(old ?? [], now ?? []);
  }, [title, before, after]);
  const [brief, setBrief] = useState(within);
  const blocks = useMemo(() => (brief ? onlyChanged(all) : all), [all, brief]);
  const stops = useMemo(() => stopsIn(blocks), [blocks]);
  const [at, setAt] = useState<number>();

  const step = (by: 1 | -1) => {
    if (stops.length === 0) return;
    const next = at === undefined ? (by === 1 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length;
    setAt(next);
    goTo(changeId(stops[next] ?? 0));
  };
  useKeys({ ArrowDown: () => step(1), ArrowUp: () => step(-1) });

  if (stops.length === 0) return <p className="empty">{t`The two say the same, word for word.`}</p>;
  const headings = headingsOf(blocks).map((heading, place, list) => {
    const end = list[place + 1]?.at ?? blocks.length;
    const changes = stops.filter((stop) => stop >= heading.at && stop < end).length;
    return { ...heading, ...(changes > 0 && { note: plural(changes, "# change", "# changes") }) };
  });
  const beside = !within && headings.length > 1;
  return (
    <>
      <div className="compare-bar" role="group" aria-label={t`Changes`}>
        <p role="status">
          {at === undefined ? plural(stops.length, "# change", "# changes") : t`Change ${at + 1} of ${stops.length}`}
        </p>
        <span className="compare-steps">
          <button
            type="button"
            className="button button-small"
            aria-keyshortcuts="Alt+ArrowUp"
            aria-label={t`Previous change`}
            title={t`Previous change (Alt and up arrow)`}
            onClick={() => step(-1)}
          >
            {t`Previous`}
          </button>
          <button
            type="button"
            className="button button-small"
            aria-keyshortcuts="Alt+ArrowDown"
            aria-label={t`Next change`}
            title={t`Next change (Alt and down arrow)`}
            onClick={() => step(1)}
          >
            {t`Next`}
          </button>
        </span>
        <label className="check">
          <input
            type="checkbox"
            checked={brief}
            onChange={(event) => {
              setBrief(event.target.checked);
              setAt(undefined);
            }}
          />
          {t`Only what changed`}
        </label>
        <p className="legend">
          <ins>{t`Added`}</ins> <del>{t`Removed`}</del>
        </p>
      </div>
      <div className={beside ? "reading reading-compared" : undefined}>
        {beside && <Contents entries={headings} />}
        <Prose blocks={blocks} stops={stops} />
      </div>
    </>
  );
}

/** One stop for a changed block, and one for blocks put in or taken out together. */
export function stopsIn(blocks: ComparedBlock[]): number[] {
  const whole = (block: ComparedBlock | undefined) => block?.change === "added" || block?.change === "removed";
  return blocks.flatMap((block, at) => {
    if (!block.change) return [];
    return whole(block) && whole(blocks[at - 1]) ? [] : [at];
  });
}

/** The changed blocks, and the headings they stand under. */
function onlyChanged(blocks: ComparedBlock[]): ComparedBlock[] {
  const kept: ComparedBlock[] = [];
  let above: ComparedBlock[] = [];
  for (const block of blocks) {
    if (block.kind === "heading") above = [...above.filter(({ level = 1 }) => level < (block.level ?? 1)), block];
    if (!block.change) continue;
    kept.push(...above.filter((heading) => heading !== block), block);
    above = [];
  }
  return kept;
}

/** Alt with a key, wherever the focus is but in something to be typed or chosen in. */
function useKeys(keys: Record<string, () => void>) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const run = event.altKey && !event.ctrlKey && !event.metaKey ? keys[event.key] : undefined;
      if (
        !run ||
        (event.target instanceof HTMLElement && event.target.matches("textarea, select, input:not([type=checkbox])"))
      )
        return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
