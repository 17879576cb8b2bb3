/** What a school needs before it goes live: each step with what is there, a way to it, and a word when it is done. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { Link } from "react-router-dom";
import { dateProblem } from "../dateParts";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { DayField } from "../Field";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, GettingReady } from "../provider";
import { ClockJobs } from "../running/ClockJobs";
import { readAnew } from "../refresh";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { distance, longDate, shortDate } from "../words";
import { type ReadyStep, stepsOf } from "./steps";

export default function ReadyPage() {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const ready = useQuery({ queryKey: ["ready"], queryFn: () => provider.gettingReady() });
  if (!ready.data)
    return (
      <Page title={t`Getting ready`}>
        {ready.error ? <FailureNote failure={ready.error} retry={() => void ready.refetch()} /> : <Waiting />}
      </Page>
    );
  const live = ready.data.goLiveOn === null || ready.data.goLiveOn <= me.today;
  const steps = stepsOf(ready.data, me.today);
  const left = steps.filter(({ done }) => !done).length;
  return (
    <Page
      title={t`Getting ready`}
      below={
        <p className="quiet">
          {left === 0
            ? t`Everything is done.`
            : plural(left, "# step of {0} left.", "# steps of {0} left.", steps.length)}{" "}
          {t`Leave whenever you like: what is done stays done.`}
        </p>
      }
    >
      <ol className="rows ready-steps">
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
      <GoLive ready={ready.data} live={live} />
      <section aria-labelledby="each-year">
        <h2 id="each-year">{t`Each September`}</h2>
        <p>
          {t`The list of your staff and your pupils, once more: see who joins, who leaves and what changes before anything is done.`}{" "}
          <Link to="/ready/year">{t`Begin a new school year`}</Link>
        </p>
      </section>
    </Page>
  );
}

function Step({ step }: { step: ReadyStep }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const [problem, setProblem] = useState<string>();
  const { name, title, state, done, said, links, mayBeSaid } = step;
  async function say(now: boolean) {
    try {
      await provider.sayReady(name, now);
      await readAnew(client);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {title} <Chip meaning={done ? "green" : "amber"}>{done ? t`Done` : t`To do`}</Chip>
        </p>
        <p className="row-more">{state}</p>
        <p className="text-links">
          {links.map(({ to, words }) => (
            <Link key={to} to={to}>
              {words}
            </Link>
          ))}
        </p>
        {problem && (
          <p role="alert" className="field-problem">
            {problem}
          </p>
        )}
      </div>
      {mayBeSaid && (!done || said) && (
        <button type="button" className="button" onClick={() => void say(!said)}>
          {said ? t`Not done after all` : t`That is all`}
          <span className="visually-hidden">: {title}</span>
        </button>
      )}
    </li>
  );
}

function GoLive({ ready, live }: { ready: GettingReady; live: boolean }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const [said, setSaid] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const on = ready.goLiveOn;
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const day = String(new FormData(event.currentTarget).get("on") ?? "");
    setProblem(undefined);
    const undated = day ? dateProblem(day) : t`Choose the day.`;
    if (undated) return setProblem(undated);
    try {
      await provider.setGoLive(day);
      await readAnew(client);
      setSaid(t`Duly goes live on ${longDate(day)}.`);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  const near = on && distance(on, me.today);
  return (
    <section aria-labelledby="go-live">
      <h2 id="go-live">{t`Going live`}</h2>
      <ClockJobs />
      {live ? (
        <p>
          {on
            ? t`Duly is live since ${shortDate(on)}: it reminds people, and counts what is due.`
            : t`Duly is live: it reminds people, and counts what is due.`}{" "}
          {t`What fell due before that day came to one open task each, and no mail of the past.`}
        </p>
      ) : (
        <>
          <p>
            {near ? t`On ${longDate(on)} (${near}).` : t`On ${longDate(on ?? "")}.`}{" "}
            {t`Until then no clock fires and no reminder is sent. What falls due till then comes to one open task and one notice on that day.`}
          </p>
          <form className="form" onSubmit={(event) => void submit(event)} noValidate>
            <DayField alone id="go-live-on" name="on" label={t`Another day`} initial={on ?? ""} problem={problem} />
            <div className="form-buttons">
              <button type="submit" className="button">{t`Change the day`}</button>
            </div>
          </form>
        </>
      )}
      {said && (
        <p className="note note-green" role="status">
          {said}
        </p>
      )}
    </section>
  );
}
