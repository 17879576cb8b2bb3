/** What else may be done about a task than to do it: hand it over, give or take it back, write to whoever has it. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { lazy, Suspense, useRef, useState } from "react";
import { messageOf, Waiting } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, TaskItem } from "../provider";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import type { Asked } from "./TaskForm";

/** Apart, since choosing a person is most of the page's weight and done seldom. */
const TaskForm = lazy(() => import("./TaskForm"));

interface Props {
  task: TaskItem;
  /** Hears what is to be said of a task that goes from where it stands: its row would take the words along. */
  passed: (words: string) => void;
}

export function TaskMore({ task, passed }: Props) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const [asked, setAsked] = useState<Asked>();
  const [said, setSaid] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const buttons = useRef<HTMLDivElement>(null);
  const mine = task.holders.some(({ id }) => id === me.person.id);
  const given = task.passed.find(({ from, away }) => from?.id === me.person.id && !away);
  const got = task.passed.find(({ to }) => to?.id === me.person.id)?.from;

  async function send(work: () => Promise<void>, words: string, say = passed) {
    setProblem(undefined);
    try {
      await work();
      setAsked(undefined);
      say(words);
      await readAnew(client);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  const close = () => {
    setAsked(undefined);
    setProblem(undefined);
    buttons.current?.querySelector("button")?.focus();
  };
  const about = <span className="visually-hidden">{task.label}</span>;

  return (
    <div className="task-more">
      <div className="task-more-buttons" ref={buttons}>
        {mine && got && (
          <button
            type="button"
            className="link"
            onClick={() => void send(() => provider.handOverTask(task.id, got.id, ""), t`Given back to ${got.name}.`)}
          >{t`Give back to ${got.name} ${about}`}</button>
        )}
        {mine && (
          <button
            type="button"
            className="link"
            aria-expanded={asked === "hand over"}
            onClick={() => setAsked("hand over")}
          >{t`Hand over ${about}`}</button>
        )}
        {given && (
          <button
            type="button"
            className="link"
            onClick={() => void send(() => provider.takeBackTask(task.id), t`It is yours again.`)}
          >{t`Take back ${about}`}</button>
        )}
        <button
          type="button"
          className="link"
          aria-expanded={asked === "write"}
          onClick={() => setAsked("write")}
        >{t`Write about it ${about}`}</button>
      </div>
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
      {problem && !asked && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {asked && (
        <Suspense fallback={<Waiting />}>
          <TaskForm
            key={asked}
            asked={asked}
            problem={problem}
            cancel={close}
            send={(to, comment) =>
              asked === "write"
                ? send(
                    () => provider.commentTask(task.id, comment),
                    t`Written. It stands on the record’s page too.`,
                    setSaid,
                  )
                : send(
                    () => provider.handOverTask(task.id, to?.id ?? "", comment),
                    t`Handed over to ${to?.name ?? ""}.`,
                  )
            }
          />
        </Suspense>
      )}
    </div>
  );
}
