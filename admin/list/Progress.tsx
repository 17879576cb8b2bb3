/** How far a run is, what stopped it, and the way on. */
import { inFigures, t } from "../i18n/t";

interface ProgressProps {
  done: number;
  total: number;
  running: boolean;
  halted: string | undefined;
  /** So many of what is counted: "3 kites". */
  inWords: (n: number) => string;
  stop: () => void;
  goOn: () => void;
}

export function Progress({ done, total, running, halted, inWords, stop, goOn }: ProgressProps) {
  const said = t`${inFigures(done)} of ${inWords(total)}`;
  return (
    <div className="progress">
      <progress max={total} value={done} aria-label={t`Progress`}>
        {said}
      </progress>
      <p role="status">{running || done < total ? said : t`All ${inWords(total)} done with.`}</p>
      {halted && <p className="note note-red" role="alert">{t`${halted} What is done stays done.`}</p>}
      {running ? (
        <button type="button" className="button" onClick={stop}>{t`Stop`}</button>
      ) : (
        done < total && <button type="button" className="button button-primary" onClick={goOn}>{t`Go on`}</button>
      )}
    </div>
  );
}
