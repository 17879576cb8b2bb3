/** For administrators: what Duly does by itself and failed at, each to be tried again or left, with the reason. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useId, useRef, useState } from "react";
import { Link } from "react-router-dom";
import { Dialog } from "../Dialog";
import { FailureNote, Waiting } from "../Failure";
import { inFigures, plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, ProblemItem } from "../provider";
import { readAnew } from "../refresh";
import { Said } from "../Said";
import { recordPath, useRecordType, useSession } from "../session";
import { placeOf } from "../upgrade/clashWords";
import { useDoing } from "../useDoing";
import { longInstant } from "../words";

const LONGEST_REASON = 300;

export default function ProblemsPage() {
  const provider = useDataProvider<DulyProvider>();
  const [said, setSaid] = useState<{ words: string; n: number }>();
  const say = (words: string) => setSaid((before) => ({ words, n: (before?.n ?? 0) + 1 }));
  const list = useInfiniteQuery({
    queryKey: ["problems"],
    queryFn: ({ pageParam }) => provider.openProblems(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
  });
  const problems = list.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const [first] = list.data?.pages ?? [];
  return (
    <Page
      title={t`Problems`}
      above={
        <p className="crumb">
          <Link to="/status">{t`How Duly is doing`}</Link>
        </p>
      }
      below={
        <p className="quiet">
          {t`What Duly does by itself and could not do. Put right what stands there as the cause, then try it again; or skip it and say why.`}
        </p>
      }
    >
      {/* The same words twice are said twice. */}
      {said && <Said key={said.n} words={said.words} />}
      {list.error && <FailureNote failure={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.isSuccess && problems.length === 0 && <p className="empty">{t`Nothing needs attention.`}</p>}
      {first && problems.length > 0 && (
        <>
          <p>
            {first.more
              ? t`More than ${inFigures(first.count)} things need attention.`
              : plural(first.count, "# thing needs attention.", "# things need attention.")}
          </p>
          <TryAll problems={problems} say={say} />
          <ul className="rows problems">
            {problems.map((problem) => (
              <Problem key={problem.id} problem={problem} say={say} />
            ))}
          </ul>
        </>
      )}
      {list.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >{t`Show more`}</button>
      )}
      <ToMend />
    </Page>
  );
}

/** After a mail server was away a hundred emails wait: one after the other, and what cannot be tried stays. */
function TryAll({ problems, say }: { problems: ProblemItem[]; say: (words: string) => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { busy, problem: refused, doing } = useDoing();
  const retried = problems.filter(({ retry }) => retry !== null);
  if (retried.length < 2) return null;
  const tryAll = () =>
    doing(async () => {
      let tried = 0;
      let failure: unknown;
      for (const { id } of retried)
        try {
          if (await provider.retryProblem(id)) tried += 1;
        } catch (each) {
          failure = each;
        }
      await readAnew(client);
      if (tried > 0) say(plural(tried, "Trying # thing again.", "Trying # things again."));
      if (failure !== undefined) throw failure;
    });
  return (
    <div className="tools">
      <button type="button" className="button" disabled={busy} onClick={() => void tryAll()}>
        {busy ? t`Trying…` : t`Try these ${inFigures(retried.length)} again`}
      </button>
      {refused && (
        <p className="field-problem" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}

/** Definitions in force that a check of this version of Duly would refuse. */
function ToMend() {
  const provider = useDataProvider<DulyProvider>();
  const { types } = useSession();
  const { data } = useQuery({ queryKey: ["definitions-to-mend"], queryFn: () => provider.definitionsToMend() });
  if (!data || data.length === 0) return null;
  return (
    <section aria-labelledby="to-mend">
      <h2 id="to-mend">{t`Record types to put right`}</h2>
      <p>{t`These work as before. Their next version can only be published once what stands here is put right.`}</p>
      <ul className="rows problems">
        {data.map(({ type, label, problems }) => (
          <li className="row" key={type}>
            <div className="row-main">
              <p className="row-title">{label}</p>
              <ul>
                {problems.map(({ path, message }) => (
                  <li key={`${path} ${message}`}>
                    {placeOf(
                      types.find(({ name }) => name === type),
                      path,
                    )}
                    : {message}
                  </li>
                ))}
              </ul>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problem({ problem, say }: { problem: ProblemItem; say: (words: string) => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { zone } = useSession();
  const { busy, problem: refused, doing } = useDoing();
  const [skipping, setSkipping] = useState(false);
  const id = useId();
  const { says, cause, happenedAt, times, retry } = problem;
  const tryAgain = () =>
    doing(async () => {
      const tried = await provider.retryProblem(problem.id);
      say(tried && retry ? t`Trying again. ${retry}` : t`It is off the list. Nothing could be tried again.`);
      await readAnew(client);
    });
  const skipped = async () => {
    setSkipping(false);
    say(t`Skipped: ${says}`);
    await readAnew(client);
  };
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title" id={id}>
          {says}
        </p>
        <p>{cause}</p>
        <About problem={problem} />
        <p className="row-more">
          {times > 1
            ? t`First on ${longInstant(happenedAt, zone)}, ${inFigures(times)} times in all`
            : t`On ${longInstant(happenedAt, zone)}`}
        </p>
        {refused && (
          <p className="field-problem" role="alert">
            {refused}
          </p>
        )}
      </div>
      <div className="actions">
        {retry && (
          <button
            type="button"
            className="button"
            disabled={busy}
            aria-describedby={id}
            onClick={() => void tryAgain()}
          >
            {busy ? t`Trying…` : t`Try again`}
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={busy}
          aria-describedby={id}
          onClick={() => setSkipping(true)}
        >{t`Skip`}</button>
      </div>
      {skipping && <Skip problem={problem} close={() => setSkipping(false)} skipped={() => void skipped()} />}
    </li>
  );
}

/** Whose it is, as far as the reader may know. */
function About({ problem: { record, ofRecord, subject, person } }: { problem: ProblemItem }) {
  const type = useRecordType(record?.type ?? "");
  if (record)
    return (
      <p>
        {type?.label}: <Link to={recordPath(type, record.id)}>{record.recordTitle}</Link>
        {person && <> · {person.name}</>}
      </p>
    );
  if (ofRecord) return <p className="quiet">{t`It is about a record that you cannot see.`}</p>;
  if (!person) return null;
  return <p>{subject ? t`To ${person.name}: “${subject}”` : t`To ${person.name}`}</p>;
}

function Skip({ problem, close, skipped }: { problem: ProblemItem; close: () => void; skipped: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const { busy, problem: refused, doing, fail } = useDoing();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = box.current?.value.trim() ?? "";
    if (reason === "") {
      fail(t`Enter why you skip it.`);
      return box.current?.focus();
    }
    void doing(async () => {
      await provider.skipProblem(problem.id, reason);
      skipped();
    });
  };
  return (
    <Dialog title={t`Skip this problem?`} left={close}>
      <p>{problem.says}</p>
      <p>{problem.skip}</p>
      <form onSubmit={submit} noValidate>
        <label className="field-label" htmlFor={id}>{t`Why do you skip it?`}</label>
        <p className="field-help" id={`${id}-help`}>{t`This is kept with your name.`}</p>
        {refused && (
          <p className="field-problem" role="alert" id={`${id}-problem`}>
            {refused}
          </p>
        )}
        <input
          className="input"
          id={id}
          ref={box}
          maxLength={LONGEST_REASON}
          aria-invalid={refused !== undefined}
          aria-describedby={`${id}-help ${id}-problem`}
          autoComplete="off"
        />
        <div className="actions">
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? t`Skipping…` : t`Skip`}
          </button>
          <button type="button" className="button" onClick={close}>{t`Cancel`}</button>
        </div>
      </form>
    </Dialog>
  );
}
