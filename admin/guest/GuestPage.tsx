/**
 * What a one-time link opens, for somebody without an account and mostly on a phone: the exact words, then what may be
 * answered. Nothing is sent before a button says so, and what it does is said once more.
 */
import { useEffect, useId, useRef, useState } from "react";
import { blocksOf, withoutTitle } from "../../schema/prose";
import { ErrorSummary, messageOf } from "../Failure";
import { LanguageChoice } from "../i18n/LanguageChoice";
import { t } from "../i18n/t";
import { Crest, type Letterhead, wear } from "../letterhead/letterhead";
import { useSending } from "../problems";
import { Prose } from "../text/Prose";
import { dateAt, longDate, longInstant } from "../words";
import { type GuestAction, guestApi, type GuestApi, type GuestItem, type GuestPageData } from "./guestApi";
import { answersIn, GuestField, lackingIn } from "./GuestField";

interface Props {
  secret: string;
  /** Another one only in tests. */
  api?: GuestApi;
}

export default function GuestPage({ secret, api = guestApi }: Props) {
  const [page, setPage] = useState<GuestPageData | null>();
  const [problem, setProblem] = useState<string>();
  const [mailed, setMailed] = useState(false);
  useEffect(() => {
    api.page(secret).then(setPage, (failure: unknown) => setProblem(messageOf(failure)));
  }, [secret, api]);
  useEffect(() => {
    if (page) wear(page.letterhead);
    document.title = page ? `${page.title} – ${page.letterhead.name}` : "Duly";
  }, [page]);

  if (problem)
    return (
      <Frame>
        <h1>{t`This page could not be opened`}</h1>
        <p>{problem}</p>
        <p>
          <button type="button" className="button" onClick={() => location.reload()}>{t`Try again`}</button>
        </p>
      </Frame>
    );
  if (page === undefined)
    return (
      <Frame>
        <p role="status">{t`Opening the page…`}</p>
      </Frame>
    );
  if (page === null)
    return (
      <Frame>
        <h1>{t`This link has ended`}</h1>
        <p>{t`It was used, taken back, or its time is over. Nothing was changed. Ask the school for another.`}</p>
      </Frame>
    );
  return (
    <Frame of={page.letterhead}>
      <p className="quiet">{t`For ${page.person}`}</p>
      <h1>{page.title}</h1>
      {page.shows.map(({ label, value }) => (
        <p key={label}>
          <strong>{label}:</strong> {value}
        </p>
      ))}
      {page.answered && <Answered {...page.answered} zone={page.zone} mailed={mailed} />}
      {page.text && (
        <section aria-label={t`The exact words`} className="group guest-text">
          <Prose blocks={withoutTitle(blocksOf(page.text.text), page.text.title)} />
        </section>
      )}
      {!page.answered && (
        <Answers
          page={page}
          send={async (action, input, copy) => {
            const answered = await api.answer({ secret, action, input, textHash: page.text?.hash ?? null, copy });
            setMailed(copy);
            setPage(answered);
          }}
        />
      )}
      {!page.answered && (
        <p className="quiet group">{t`This link is yours alone, and lasts until ${longDate(dateAt(page.expiresAt, page.zone))}. Opening it changes nothing.`}</p>
      )}
    </Frame>
  );
}

function Frame({ of, children }: { of?: Letterhead; children: React.ReactNode }) {
  return (
    <main className="guest">
      <p className="brand">
        <Crest of={of} /> {of?.name ?? "Duly"}
      </p>
      {children}
      <LanguageChoice />
    </main>
  );
}

interface AnsweredProps {
  label: string;
  /** What becomes of it. */
  help: string | null;
  at: string;
  zone: string;
  /** A copy was asked for just now. */
  mailed: boolean;
}

function Answered({ label, help, at, zone, mailed }: AnsweredProps) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <div className="note note-green group" role="status" tabIndex={-1} ref={note}>
      <p>
        <strong>{t`Thank you. Your answer is recorded:`}</strong> {label}.
      </p>
      {help && <p>{help}</p>}
      {mailed && <p>{t`A copy is on its way to you by mail.`}</p>}
      <p>{t`${longInstant(at, zone)}. You can close this page, or print it for yourself.`}</p>
    </div>
  );
}

function Answers({
  page,
  send,
}: {
  page: GuestPageData;
  send: (action: string, input: Record<string, unknown>, copy: boolean) => Promise<void>;
}) {
  const [chosen, setChosen] = useState<GuestAction>();
  if (page.actions.length === 0)
    return <p className="note note-blue group">{t`There is nothing to answer here at present.`}</p>;
  return (
    <section className="group" aria-label={t`Your answer`}>
      <h2>{t`Your answer`}</h2>
      {chosen ? (
        <AnswerForm
          key={chosen.name}
          action={chosen}
          hash={page.text?.hash}
          copied={page.copied}
          send={(input, copy) => send(chosen.name, input, copy)}
          back={() => setChosen(undefined)}
        />
      ) : (
        <ul className="reset choices">
          {/* Of equal weight: no answer is pressed on anybody. */}
          {page.actions.map((action) => (
            <li key={action.name}>
              <button type="button" className="button button-wide" onClick={() => setChosen(action)}>
                {action.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Beside the questions, whose names are words. */
const COPY = "copy-by-mail";

/** The page itself says which words were read: that is not asked. */
const isAsked = ({ default: given }: GuestItem, hash: string | undefined): boolean =>
  hash === undefined || given !== hash;

function AnswerForm({
  action,
  hash,
  copied,
  send,
  back,
}: {
  action: GuestAction;
  hash: string | undefined;
  /** A copy can be mailed. */
  copied: boolean;
  send: (input: Record<string, unknown>, copy: boolean) => Promise<void>;
  back: () => void;
}) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const asked = action.form.filter((item) => isAsked(item, hash));
  const controlOf = (name: string): string => `${id}-${name}`;
  const { problems, attempt, busy, submit } = useSending(
    (form) => lackingIn(asked, new FormData(form)),
    (form) => {
      const data = new FormData(form);
      return send(answersIn(asked, data), data.has(COPY));
    },
  );
  const problemAt = (name: string) => problems.find(({ path }) => path === name || path === `input.${name}`);
  return (
    <form className="form" onSubmit={submit} noValidate>
      <h3 tabIndex={-1} ref={heading}>
        {action.label}
      </h3>
      {action.help && <p className="quiet">{action.help}</p>}
      <ErrorSummary
        attempt={attempt}
        problems={problems.map(({ path, message }) => {
          const item = asked.find(({ name }) => problemAt(name)?.path === path);
          return item ? { control: controlOf(item.name), message } : { message };
        })}
      />
      {asked.map((item) => (
        <GuestField
          key={item.name}
          id={controlOf(item.name)}
          item={item}
          {...(problemAt(item.name) && { problem: problemAt(item.name)?.message })}
        />
      ))}
      {asked.length === 0 && <p>{t`Your answer is kept with the date and the exact words above.`}</p>}
      {copied && (
        <label className="check">
          <input type="checkbox" name={COPY} defaultChecked />
          {t`Send me a copy by mail, with the exact words`}
        </label>
      )}
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? t`One moment…` : t`Confirm`}
        </button>
        <button type="button" className="button" onClick={back} disabled={busy}>{t`Go back`}</button>
      </div>
    </form>
  );
}
