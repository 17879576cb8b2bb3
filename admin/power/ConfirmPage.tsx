/** What takes two people: who asked for what, when it takes effect by itself, and what became of it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { Dialog } from "../Dialog";
import { FailureNote, Waiting } from "../Failure";
import { Field } from "../Field";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import { answered, useSaving } from "../plainForm";
import type { DulyProvider, PowerDecisionItem, PowerRequestItem } from "../provider";
import { readAnew } from "../refresh";
import { Said } from "../Said";
import { useSession } from "../session";
import { useDoing } from "../useDoing";
import { longInstant } from "../words";

const DECIDED_SHOWN = 20;

export default function ConfirmPage() {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { me } = useSession();
  const [said, setSaid] = useState<string>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["power-requests"],
    queryFn: () => provider.powerRequests(),
  });
  // What stands here has been seen: the bar above the pages goes away.
  useEffect(() => {
    if (!data?.length) return;
    const see = async () => {
      const news = await provider.powerNews();
      if (news.length) await provider.seePower(news.map(({ id }) => id));
      await client.invalidateQueries({ queryKey: ["power-news"] });
    };
    // A bar that stays for once does no harm.
    see().catch(() => undefined);
  }, [data, provider, client]);
  const waiting = data?.filter(isOpen) ?? [];
  const decided = data?.filter((each) => !isOpen(each)) ?? [];
  const batches = [...new Set(waiting.map(({ batch }) => batch))].map((batch) =>
    waiting.filter((each) => each.batch === batch),
  );
  return (
    <Page
      title={t`To confirm`}
      below={
        <>
          <p className="quiet">
            {t`A change that gives access to confidential records needs a second person. If nobody answers, it takes effect by itself. In the demo, and before your school goes live, it takes effect at once.`}
          </p>
          {me.confirms && (
            <p>
              <Link to="/security">{t`Security log`}</Link>
            </p>
          )}
        </>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {said && <Said words={said} />}
      {data && waiting.length === 0 && <p className="empty">{t`Nothing waits for a second person.`}</p>}
      {batches.map((requests) => (
        <Batch key={requests[0]?.batch} requests={requests} done={setSaid} />
      ))}
      {decided.length > 0 && (
        <section aria-labelledby="decided">
          <h2 id="decided">{t`Decided`}</h2>
          <ul className="rows">
            {decided.slice(0, DECIDED_SHOWN).map((request) => (
              <li key={request.id} className="row">
                <div className="row-main">
                  <p className="row-title">{request.sentence}</p>
                  <Asked request={request} />
                  <Outcome request={request} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {me.administers && <Delay />}
    </Page>
  );
}

const isOpen = ({ state }: PowerRequestItem): boolean => state === "WAITING" || state === "APPROVED";

function Asked({ request: { askedBy, askedAt } }: { request: PowerRequestItem }) {
  const { zone } = useSession();
  return (
    <p className="row-more">{t`${askedBy?.name ?? t`Somebody`} asked for this on ${longInstant(askedAt, zone)}.`}</p>
  );
}

function Outcome({ request: { state, decidedAt, decidedBy, why } }: { request: PowerRequestItem }) {
  const { zone } = useSession();
  const when = decidedAt ? longInstant(decidedAt, zone) : "";
  const who = decidedBy?.name ?? t`Somebody`;
  if (state === "FAILED") return <p className="row-more">{t`It could not be done: ${why ?? ""}`}</p>;
  if (state === "STOPPED" && !decidedBy) return <p className="row-more">{t`It ended on ${when}: ${why ?? ""}`}</p>;
  if (state === "STOPPED")
    return (
      <p className="row-more">
        {why ? t`${who} stopped it on ${when}, because: ${why}` : t`${who} stopped it on ${when}.`}
      </p>
    );
  return (
    <p className="row-more">
      {decidedBy ? t`${who} confirmed it on ${when}.` : t`Nobody answered, so it took effect on ${when}.`}
    </p>
  );
}

interface Part {
  done: (words: string) => void;
}

/** Those asked for in one go: a list of people is confirmed at once. */
function Batch({ requests, done }: Part & { requests: PowerRequestItem[] }) {
  const { decide, busy, problem } = useDeciding(done);
  const mine = requests.filter(({ mayConfirm }) => mayConfirm);
  const several = requests.length > 1;
  const id = `batch-${requests[0]?.batch ?? ""}`;
  return (
    <section aria-labelledby={several ? id : undefined} aria-label={several ? undefined : requests[0]?.sentence}>
      {several && <h2 id={id}>{plural(requests.length, "# request", "# requests asked for together")}</h2>}
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      {several && mine.length > 1 && (
        <div className="actions">
          <button type="button" className="button" disabled={busy} onClick={() => void decide(mine)}>
            {t`Confirm all ${mine.length}`}
          </button>
        </div>
      )}
      <ul className="rows">
        {requests.map((request) => (
          <Request key={request.id} request={request} done={done} />
        ))}
      </ul>
    </section>
  );
}

/** Confirms, or stops for a reason, and says what became of each. */
function useDeciding(done: Part["done"]) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { busy, problem, doing } = useDoing();
  const decide = (requests: PowerRequestItem[], stop?: { why: string }) =>
    doing(async () => {
      const ids = requests.map(({ id }) => id);
      const deciding = stop ? provider.stopPower(ids, stop.why || null) : provider.confirmPower(ids);
      // Refused, somebody else may have decided: the list says so.
      await deciding.catch(() => undefined);
      await readAnew(client);
      const decisions = await deciding;
      done(inWords(requests, decisions));
    });
  return { busy, problem, decide };
}

/** What was done, and of what was not, why. */
function inWords(requests: PowerRequestItem[], decisions: PowerDecisionItem[]): string {
  const failed = decisions.filter(({ state }) => state === "FAILED" || state === "WAITING");
  const sentence = (id: string) => requests.find((request) => request.id === id)?.sentence ?? "";
  const [only] = decisions;
  if (failed.length) return failed.map(({ id, why }) => t`${sentence(id)} could not be done: ${why ?? ""}`).join(" ");
  if (decisions.length === 1 && only)
    return only.state === "STOPPED"
      ? t`Stopped: ${sentence(only.id)}.`
      : only.state === "APPROVED"
        ? t`Confirmed: ${sentence(only.id)}. The person who asked can now do it.`
        : t`Confirmed: ${sentence(only.id)}.`;
  return plural(decisions.length, "# request is confirmed.", "# requests are confirmed.");
}

function Request({ request, done }: Part & { request: PowerRequestItem }) {
  const { zone, me } = useSession();
  const { decide, busy, problem } = useDeciding(done);
  const [stopping, setStopping] = useState(false);
  const { sentence, state, effectiveAt, mayConfirm, mayStop, askedBy, person } = request;
  const hidden = <span className="visually-hidden">{sentence}</span>;
  const mine = askedBy?.id === me.person.id;
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{sentence}</p>
        <Asked request={request} />
        <p className="row-more">
          {state === "APPROVED"
            ? t`It is confirmed. ${askedBy?.name ?? t`Somebody`} can now do it, once, within seven days.`
            : t`If nobody stops it, it takes effect on ${longInstant(effectiveAt, zone)}.`}
        </p>
        {!mayConfirm && state === "WAITING" && mine && (
          <p className="row-more">{t`You asked for this, so somebody else must confirm it.`}</p>
        )}
        {!mayConfirm && state === "WAITING" && !mine && person?.id === me.person.id && (
          <p className="row-more">{t`This is about you, so somebody else must confirm it.`}</p>
        )}
        {problem && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      {mayConfirm && (
        <button type="button" className="button" disabled={busy} onClick={() => void decide([request])}>
          {t`Confirm ${hidden}`}
        </button>
      )}
      {mayStop && (
        <button type="button" className="button" disabled={busy} onClick={() => setStopping(true)}>
          {mine ? t`Take back ${hidden}` : t`Stop ${hidden}`}
        </button>
      )}
      {stopping && (
        <Dialog title={mine ? t`Take back this request?` : t`Stop this request?`} left={() => setStopping(false)}>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              const why = answered(new FormData(event.currentTarget), "why");
              setStopping(false);
              void decide([request], { why });
            }}
          >
            <p>{sentence}</p>
            <Field
              id="stop-why"
              label={t`Reason`}
              optional
              help={t`Everybody concerned is told who stopped it, and why.`}
            >
              {(described) => <input className="input" name="why" maxLength={500} {...described} />}
            </Field>
            <div className="form-buttons">
              <button type="submit" className="button button-primary">
                {mine ? t`Take it back` : t`Stop it`}
              </button>
              <button type="button" className="button" onClick={() => setStopping(false)}>{t`Cancel`}</button>
            </div>
          </form>
        </Dialog>
      )}
    </li>
  );
}

function Delay() {
  const provider = useDataProvider<DulyProvider>();
  const { data } = useQuery({ queryKey: ["power-delay"], queryFn: () => provider.powerDelay() });
  const [waits, setWaits] = useState(false);
  const { problems, note, onSubmit } = useSaving({
    send: async (form) => {
      const hours = Number(answered(form, "hours"));
      setWaits((await provider.setPowerDelay(hours)) !== hours);
    },
    read: ["power-delay"],
    saved: () => (waits ? t`A shorter time waits for a second person too.` : t`Saved.`),
  });
  if (data === undefined) return null;
  return (
    <section aria-labelledby="delay">
      <h2 id="delay">{t`How long a request waits`}</h2>
      <form className="form" onSubmit={onSubmit} noValidate>
        <Field
          alone
          id="delay-hours"
          label={t`Hours until a request takes effect if nobody answers`}
          help={t`From 1 to 168 hours (a week).`}
          problem={problems["hours"]}
        >
          {(described) => (
            <input
              className="input input-short"
              name="hours"
              inputMode="numeric"
              defaultValue={data}
              key={data}
              {...described}
            />
          )}
        </Field>
        {note}
        <div className="form-buttons">
          <button type="submit" className="button">{t`Save the time`}</button>
        </div>
      </form>
    </section>
  );
}
