import { type ReactNode, useEffect, useRef } from "react";
import { RequestFailure } from "./graphql";
import { plural, t } from "./i18n/t";

export const Waiting = ({ children = t`Loading…` }: { children?: ReactNode }) => (
  <p className="waiting" role="status">
    {children}
  </p>
);

export const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : t`Something went wrong. Nothing was changed.`;

/** What could not be read, in words, with a way to try again where that may help. */
export function FailureNote({ failure, retry }: { failure: unknown; retry?: () => void }) {
  const final = failure instanceof RequestFailure && ["NOT_FOUND", "FORBIDDEN"].includes(failure.code);
  return (
    <div className="note note-red" role="alert">
      <p>{messageOf(failure)}</p>
      {retry && !final && <button type="button" className="button" onClick={retry}>{t`Try again`}</button>}
    </div>
  );
}

export interface FieldProblem {
  /** Id of the control to go to; undefined for what belongs to no field. */
  control?: string;
  message: string;
}

/** Takes the focus each time `attempt` grows, so that somebody who cannot see the page hears what is wrong. */
export function ErrorSummary({ problems, attempt }: { problems: FieldProblem[]; attempt: number }) {
  const box = useRef<HTMLDivElement>(null);
  const any = problems.length > 0;
  useEffect(() => {
    if (any) box.current?.focus();
  }, [any, attempt]);
  if (!any) return null;
  const go = (control: string) => {
    const target = document.getElementById(control);
    target?.scrollIntoView({ block: "center" });
    const first = target?.matches("input, select, textarea, button")
      ? target
      : target?.querySelector<HTMLElement>("input, select, textarea, button");
    (first as HTMLElement | null | undefined)?.focus();
  };
  return (
    <div className="note note-red" role="alert" tabIndex={-1} ref={box}>
      <p className="note-title">{plural(problems.length, "One thing to put right", "# things to put right")}</p>
      <ul>
        {problems.map(({ control, message }) => (
          <li key={`${control ?? ""} ${message}`}>
            {control ? (
              <button type="button" className="link" onClick={() => go(control)}>
                {message}
              </button>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
