import { useDataProvider } from "ra-core";
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, TaskItem } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { TaskMore } from "../work/TaskMore";
import { holdersInWords, whenInWords } from "../work/words";
import { sentence } from "../words";

/** Who owes what on this record; a task without an action of its own is ticked off here. */
export function Tasks({
  tasks,
  ticked,
  done,
}: {
  tasks: TaskItem[];
  ticked: string | null;
  done: (words: string) => Promise<void>;
}) {
  const { me } = useSession();
  const open = tasks.filter(({ state }) => state === "open");
  return (
    <section aria-labelledby="tasks">
      <h2 id="tasks">{t`Tasks`}</h2>
      {open.length === 0 && <p className="empty">{t`Nobody has to do anything here now.`}</p>}
      <ul className="reset side-list">
        {open.map((task) => (
          <li key={task.id}>
            <p>{task.label}</p>
            <p>
              {task.overdue ? (
                <Chip meaning="red">{whenInWords(task, me.today)}</Chip>
              ) : (
                <span className="quiet">{whenInWords(task, me.today)}</span>
              )}
            </p>
            <p className="quiet">{sentence(holdersInWords(task))}</p>
            {task.help && <p className="quiet">{task.help}</p>}
            {task.actions.length === 0 && task.holders.some(({ id }) => id === me.person.id) && (
              <TickOff task={task} open={ticked === task.id} done={done} />
            )}
            <TaskMore task={task} passed={(words) => void done(words)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function TickOff({ task, open, done }: { task: TaskItem; open: boolean; done: (words: string) => Promise<void> }) {
  const provider = useDataProvider<DulyProvider>();
  const [asking, setAsking] = useState(open);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const id = `tick-${task.id}`;
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asking) box.current?.focus();
  }, [asking]);
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const comment = String(new FormData(event.currentTarget).get("comment") ?? "");
    setBusy(true);
    try {
      await provider.completeTask(task.id, comment);
      await done(t`Done: ${task.label}.`);
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
    }
  }
  if (!asking)
    return (
      <button type="button" className="button button-small" onClick={() => setAsking(true)}>
        {t`Done ${(<span className="visually-hidden">{task.label}</span>)}`}
      </button>
    );
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="field-label" htmlFor={id}>
        {t`What was done`}
        <span className="quiet"> {t`(optional)`}</span>
      </label>
      <textarea className="input" id={id} name="comment" ref={box} />
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="button" disabled={busy}>{t`Mark as done`}</button>
      </div>
    </form>
  );
}
