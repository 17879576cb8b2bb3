/** What may happen next, as buttons; what may not, with the reason; and the form of the one chosen. */
import { useEffect, useRef } from "react";
import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { plural, t } from "../i18n/t";
import type { AvailableAction, RecordDetail } from "../provider";
import { ActionForm } from "./ActionForm";
import { pathOf } from "./path";
import { useWhy, WithWhy } from "./Why";
import { type OpenedAction, useOpened } from "./useOpened";

/** Of more than these, and one, the rest folds: nobody reads a wall of buttons. */
const FEW = 5;

export function Actions({
  type,
  record,
  chosen,
  choose,
  primary,
  done,
}: {
  type: RecordType;
  record: RecordDetail;
  chosen: string | null;
  choose: (name: string | undefined) => void;
  /** There is one primary button a page; while a section is being edited it is that one's. */
  primary: boolean;
  done: (words: string) => Promise<void>;
}) {
  // What takes it further comes first, then what a task asks for; what ends the work (archive, withdraw) last, where no
  // hurried hand meets it.
  const ends = ({ name }: AvailableAction) => type.states[type.actions[name]?.to ?? ""]?.end === true;
  const path = pathOf(type, record.state);
  const forward = ({ name }: AvailableAction) =>
    path.indexOf(type.actions[name]?.to ?? "") > path.indexOf(record.state);
  const asked = new Set(
    record.tasks.filter(({ state }) => state === "open").flatMap(({ actions }) => actions.map(({ name }) => name)),
  );
  const rank = (action: AvailableAction) => (ends(action) ? 3 : forward(action) ? 0 : asked.has(action.name) ? 1 : 2);
  const allowed = record.availableActions.filter((action) => action.allowed).sort((a, b) => rank(a) - rank(b));
  const refused = record.availableActions.filter((action) => !action.allowed);
  const opened = useOpened(record.availableActions, chosen ?? undefined);
  const { group, left } = useReturn(chosen);
  if (opened && !opened.action.ratifies)
    return (
      <Opened
        key={opened.action.name}
        type={type}
        record={record}
        {...opened}
        cancel={() => {
          left(opened.action.name);
          choose(undefined);
        }}
        done={done}
      />
    );
  if (record.availableActions.length === 0) return null;
  const few = allowed.length > FEW + 1 ? FEW : allowed.length;
  const button = (action: AvailableAction) => {
    const className = primary && action === allowed[0] && !ends(action) ? "button button-primary" : "button";
    return action.ratifies ? (
      <Link
        key={action.name}
        className={className}
        to={`/${type.plural}/${record.id}/text/${action.ratifies}?do=${action.name}`}
      >{t`Read and ${action.label.toLowerCase()}`}</Link>
    ) : (
      <button
        key={action.name}
        type="button"
        className={className}
        data-action={action.name}
        onClick={() => choose(action.name)}
      >
        {action.label}
      </button>
    );
  };
  const wanted = chosen && refused.find(({ name }) => name === chosen);
  return (
    <div className="actions" role="group" aria-label={t`What may happen next`} ref={group}>
      {wanted && wanted.reason && (
        <p className="note note-amber refused" role="status">
          {t`“${wanted.label}” cannot be done now.`} {wanted.reason}
        </p>
      )}
      {allowed.slice(0, few).map(button)}
      {allowed.length > few && (
        <details className="refused">
          <summary>
            {plural(allowed.length - few, "# more thing that can be done", "# more things that can be done")}
          </summary>
          <div className="actions">{allowed.slice(few).map(button)}</div>
        </details>
      )}
      {refused.length > 0 && (
        <details className="refused">
          <summary>
            {allowed.length === 0 ? t`Why nothing can be done now` : t`What cannot be done now, and why`}
          </summary>
          <dl>
            {refused.map(({ name, label, reason, because }) => (
              <div key={name}>
                <dt>{label}</dt>
                <dd>
                  <WithWhy because={because} about={label}>
                    {reason ?? t`Not at this point.`}
                  </WithWhy>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

/** Whoever leaves a form without sending it goes on from the button that opened it. */
function useReturn(chosen: string | null) {
  const group = useRef<HTMLDivElement>(null);
  const from = useRef<string>(undefined);
  useEffect(() => {
    if (chosen !== null || from.current === undefined) return;
    const button = group.current?.querySelector<HTMLElement>(`[data-action="${from.current}"]`);
    button?.closest("details")?.setAttribute("open", "");
    button?.focus();
    from.current = undefined;
  }, [chosen]);
  return { group, left: (name: string) => void (from.current = name) };
}

function Opened({
  type,
  record,
  action,
  held,
  cancel,
  done,
}: OpenedAction & {
  type: RecordType;
  record: RecordDetail;
  cancel: () => void;
  done: (words: string) => Promise<void>;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const why = useWhy(action.because, action.label);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="group" aria-labelledby="action-title">
      <div className="head-line">
        <h2 id="action-title" tabIndex={-1} ref={heading}>
          {action.label}
        </h2>
        {!action.help && why.button}
      </div>
      {action.help && (
        <p className="quiet">
          {action.help} {why.button}
        </p>
      )}
      {why.reasons}
      <ActionForm type={type} record={record} action={action} {...(held && { held })} cancel={cancel} done={done} />
    </section>
  );
}
