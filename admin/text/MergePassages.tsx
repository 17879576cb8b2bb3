import { type SubmitEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { compareTexts } from "../../schema/compareTexts";
import { type MergedPiece, type Passage, passagesIn } from "../../schema/mergeTexts";
import { blocksOf } from "../../schema/prose";
import { plural, t } from "../i18n/t";
import type { Base } from "./drafts";
import { Prose } from "./Prose";

/** Passages that two people changed: each beside the other's, to be chosen from or written anew. */
export function MergePassages({
  pieces,
  base,
  who,
  done,
}: {
  pieces: MergedPiece[];
  base: Base;
  who: string;
  done: (decided: string[]) => void;
}) {
  const passages = passagesIn(pieces);
  const [decided, setDecided] = useState(passages.map(({ mine }) => mine));
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        done(decided);
      }}
    >
      <h2 tabIndex={-1} ref={title}>
        {plural(
          passages.length,
          "{0} changed a passage that you changed too",
          "{0} changed # passages that you changed too",
          who,
        )}
      </h2>
      <p className="quiet">{t`It is saved as version ${base.number}. Nothing of either text is lost: say how each passage should read. Changes elsewhere have been brought together already.`}</p>
      {passages.map((passage, at) => (
        <PassageChoice
          // Passages have no identity but their place.
          key={`${at}`}
          passage={passage}
          name={passages.length === 1 ? t`The passage` : t`Passage ${at + 1} of ${passages.length}`}
          who={who}
          value={decided[at] ?? ""}
          onChange={(text) => setDecided((all) => all.map((each, place) => (place === at ? text : each)))}
        />
      ))}
      <div className="form-buttons group">
        <button type="submit" className="button button-primary">{t`Go on with this text`}</button>
      </div>
    </form>
  );
}

function PassageChoice({
  passage: { base, mine, theirs },
  name,
  who,
  value,
  onChange,
}: {
  passage: Passage;
  name: string;
  who: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const id = useId();
  return (
    <section className="merge-field" aria-labelledby={`${id}-name`}>
      <h3 id={`${id}-name`}>{name}</h3>
      <div className="merge-sides">
        <Side
          title={t`By ${who}`}
          label={t`Use what ${who} wrote`}
          before={base}
          after={theirs}
          take={() => onChange(theirs)}
        />
        <Side title={t`Yours`} label={t`Use yours`} before={base} after={mine} take={() => onChange(mine)} />
      </div>
      <label className="field-label" htmlFor={id}>{t`How it should read`}</label>
      <textarea className="input" id={id} value={value} onChange={(event) => onChange(event.target.value)} />
      <button
        type="button"
        className="button button-small"
        onClick={() => onChange(`${theirs}\n${mine}`)}
      >{t`Put both one after the other`}</button>
    </section>
  );
}

function Side({
  title,
  label,
  before,
  after,
  take,
}: {
  title: string;
  label: string;
  before: string;
  after: string;
  take: () => void;
}) {
  const blocks = useMemo(() => compareTexts(blocksOf(before), blocksOf(after)), [before, after]);
  return (
    <div role="group" aria-label={title}>
      <p className="note-title">{title}</p>
      {blocks.length > 0 ? <Prose blocks={blocks} /> : <p className="empty">{t`Taken out.`}</p>}
      <button type="button" className="button button-small" onClick={take}>
        {label}
      </button>
    </div>
  );
}
