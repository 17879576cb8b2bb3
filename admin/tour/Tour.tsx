/** Shows somebody round, a step at a time, on their own page: beside the work and never over it. */
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router-dom";
import type { TourStep } from "../../schema/definition";
import { t } from "../i18n/t";
import { useSession } from "../session";

/** `ended`: they have seen it, or want no more of it. */
export default function Tour({ steps, ended }: { steps: TourStep[]; ended: () => void }) {
  const [at, setAt] = useState(0);
  const [moved, setMoved] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { me, types } = useSession();
  // Not when the page opens: that begins with its own heading.
  useEffect(() => {
    if (moved) heading.current?.focus();
  }, [at, moved]);
  const step = steps[at];
  if (!step) return null;
  const go = (to: number) => {
    setMoved(true);
    setAt(to);
  };
  const isOpen = (page: string): boolean => {
    const type = types.find(({ plural }) => plural === page);
    return me.types.find(({ name }) => name === type?.name)?.see !== false;
  };
  const last = at === steps.length - 1;
  return (
    <section className="tour note note-blue" aria-labelledby="tour">
      <p className="quiet">{t`Shown round: ${at + 1} of ${steps.length}`}</p>
      <h2 id="tour" tabIndex={-1} ref={heading}>
        {step.title}
      </h2>
      <p>{step.text}</p>
      {step.page && isOpen(step.page) && (
        <p>
          <Link to={`/${step.page}`}>{t`Look at it`}</Link>
        </p>
      )}
      <div className="form-buttons">
        <button type="button" className="button" onClick={() => (last ? ended() : go(at + 1))}>
          {last ? t`Done` : t`Next`}
        </button>
        {at > 0 && (
          <button type="button" className="button" onClick={() => go(at - 1)}>
            {t`Back`}
          </button>
        )}
        {!last && (
          <button type="button" className="link" onClick={ended}>
            {t`I know my way`}
          </button>
        )}
      </div>
    </section>
  );
}
