/** How far a run is, what stopped it, and the way on. */
import { counted } from "../words";

interface ProgressProps {
  done: number;
  total: number;
  running: boolean;
  halted: string | undefined;
  /** One of what is counted, and several: "kite", "kites". */
  words: [one: string, many: string];
  stop: () => void;
  goOn: () => void;
}

export function Progress({ done, total, running, halted, words, stop, goOn }: ProgressProps) {
  const said = `${done.toLocaleString("en-GB")} of ${counted(total, ...words)}`;
  return (
    <div className="progress">
      <progress max={total} value={done} aria-label="Progress">
        {said}
      </progress>
      <p role="status">{running || done < total ? said : `All ${counted(total, ...words)} done with.`}</p>
      {halted && (
        <p className="note note-red" role="alert">
          {halted} What is done stays done.
        </p>
      )}
      {running ? (
        <button type="button" className="button" onClick={stop}>
          Stop
        </button>
      ) : (
        done < total && (
          <button type="button" className="button button-primary" onClick={goOn}>
            Go on
          </button>
        )
      )}
    </div>
  );
}
