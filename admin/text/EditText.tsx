/**
 * Writing a new version of a text. What is typed is kept in the browser and offered again; where somebody else saved
 * meanwhile, both changes are brought together before anything is sent.
 */
import { useDataProvider } from "ra-core";
import { type KeyboardEvent, type SubmitEvent, useId, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import { mergeTexts, type MergedPiece, passagesIn, textOf } from "../../schema/mergeTexts";
import { ErrorSummary, FailureNote, messageOf, Waiting } from "../Failure";
import { isStale } from "../graphql";
import { t } from "../i18n/t";
import { useProblems } from "../problems";
import type { DulyProvider } from "../provider";
import { Said } from "../Said";
import { useSession } from "../session";
import { useUnsaved } from "../unsaved";
import { longInstant } from "../words";
import { Comparison } from "./Comparison";
import { type Base, type Draft, draftKey, type DraftPlace, readDraft, useDraft } from "./drafts";
import MarkdownField from "./MarkdownField";
import { MergePassages } from "./MergePassages";
import { TextFrame } from "./TextFrame";
import { type About, textPath, useText, versionsOf } from "./versions";

export default function EditText({ about, changed }: { about: About; changed: () => Promise<void> }) {
  const { type, record, name } = about;
  const [latest] = versionsOf(about);
  const { data, error, refetch } = useText(latest);
  const title = latest ? t`Edit ${record.recordTitle}` : t`Write ${record.recordTitle}`;
  const state = type.states[record.state];
  return (
    <TextFrame about={about} title={title}>
      {!record.permissions.fields.includes(name) ? (
        <p className="empty">
          {t`You cannot change this text while it stands at “${state?.label ?? record.state}”.`} {state?.help}
        </p>
      ) : latest && !data ? (
        error ? (
          <FailureNote failure={error} retry={() => void refetch()} />
        ) : (
          <Waiting />
        )
      ) : (
        <Editor
          about={about}
          changed={changed}
          saved={{ text: data?.text ?? "", number: latest?.number ?? 0, version: record.version }}
        />
      )}
    </TextFrame>
  );
}

interface Merging {
  pieces: MergedPiece[];
  base: Base;
  who: string;
}

function Editor({ about, changed, saved }: { about: About; changed: () => Promise<void>; saved: Base }) {
  const { type, record, name } = about;
  const provider = useDataProvider<DulyProvider>();
  const navigate = useNavigate();
  const { me } = useSession();
  const id = useId();
  const place = useMemo<DraftPlace>(
    () => ({
      key: draftKey(me.person.id, `${record.id} ${name}`),
      confidential: type.confidential === true,
    }),
    [me.person.id, record.id, name, type.confidential],
  );
  // As it was when the editing began: what is saved meanwhile must not pass for what the person saw.
  const [base, setBase] = useState(saved);
  const [text, setText] = useState(saved.text);
  const [offered, setOffered] = useState(() => {
    const draft = readDraft(place);
    return draft && draft.text !== saved.text ? draft : undefined;
  });
  // Whoever has chosen what to go on from goes on in it.
  const [answered, setAnswered] = useState(false);
  const [merging, setMerging] = useState<Merging>();
  const [why, setWhy] = useState("");
  const [said, setSaid] = useState<string>();
  const { problems, attempt, fail, failed, clear } = useProblems();
  const [busy, setBusy] = useState(false);
  const dirty = text !== base.text;
  const draft = useDraft(place, text, base, offered === undefined);
  const release = useUnsaved(dirty, draft.state !== "refused");

  async function save() {
    if (busy) return;
    if (!dirty) return void navigate(textPath(about));
    setBusy(true);
    clear();
    try {
      await provider.updateRecord(type.name, record.id, base.version, { [name]: text }, why);
      draft.drop();
      release();
      await changed();
      void navigate(textPath(about), { state: { said: t`Saved as version ${base.number + 1}.` } });
    } catch (failure) {
      if (isStale(failure)) await bringTogether(text, base);
      else fail([{ path: "", message: t`${messageOf(failure)} What you wrote is still here.` }]);
      setBusy(false);
    }
  }

  /** Mine was begun from `from`; somebody has saved since. */
  async function bringTogether(mine: string, from: Base) {
    try {
      const now = await provider.readRecord(type.name, record.id);
      const [latest] = now.versions[name] ?? [];
      const theirs = latest ? ((await provider.readText(latest.id)).text ?? "") : "";
      const next: Base = { text: theirs, number: latest?.number ?? 0, version: now.version };
      const who = latest?.createdBy?.name ?? t`Somebody`;
      const pieces = mergeTexts(from.text, mine, theirs);
      if (passagesIn(pieces).length > 0) return setMerging({ pieces, base: next, who });
      setText(textOf(pieces));
      setBase(next);
      setSaid(
        t`${who} saved version ${next.number} meanwhile. Both changes are in the text now: look it over, then save.`,
      );
    } catch (failure) {
      failed(failure);
    }
  }

  async function goOn(kept: Draft) {
    setAnswered(true);
    setText(kept.text);
    setBase(kept.base);
    setOffered(undefined);
    if (kept.base.number !== saved.number) await bringTogether(kept.text, kept.base);
  }

  if (offered)
    return (
      <Offer
        draft={offered}
        saved={saved}
        goOn={() => void goOn(offered)}
        startAgain={() => (setAnswered(true), setOffered(undefined))}
      />
    );
  if (merging)
    return (
      <MergePassages
        {...merging}
        done={(decided) => {
          setText(textOf(merging.pieces, decided));
          setBase(merging.base);
          setMerging(undefined);
          setSaid(t`Your text goes on from version ${merging.base.number} by ${merging.who}: look it over, then save.`);
        }}
      />
    );
  const savesByKey = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "s" || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
    event.preventDefault();
    void save();
  };
  return (
    <form
      className="edit-text"
      noValidate
      onKeyDown={savesByKey}
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        void save();
      }}
    >
      <ErrorSummary problems={problems} attempt={attempt} />
      {said && <Said words={said} meaning="blue" />}
      <label className="visually-hidden" htmlFor={id}>
        {type.fields[name]?.label}
      </label>
      <MarkdownField
        id={id}
        field={type.fields[name] ?? { kind: "document", label: name }}
        value={text}
        onChange={(value) => setText(String(value ?? ""))}
        {...(base.number > 0 && { before: base.text })}
        autoFocus={answered}
      />
      <p className="quiet" role="status">
        {draft.state === "kept" && t`Your draft is kept in this browser until you save.`}
        {draft.state === "refused" && t`This browser keeps no drafts: save before you leave.`}
      </p>
      <div>
        <label className="field-label" htmlFor={`${id}-why`}>
          {t`What changed, and why`}
          <span className="quiet"> {t`(optional)`}</span>
        </label>
        <p
          className="field-help"
          id={`${id}-why-help`}
        >{t`A sentence for whoever decides on it. It stands in the timeline.`}</p>
        <input
          className="input"
          id={`${id}-why`}
          aria-describedby={`${id}-why-help`}
          value={why}
          maxLength={500}
          onChange={(event) => setWhy(event.target.value)}
        />
      </div>
      <div className="form-buttons">
        <button type="submit" className="button button-primary" disabled={busy} aria-keyshortcuts="Control+S">
          {busy ? t`Saving…` : t`Save as a new version`}
        </button>
        <Link
          className="button"
          to={base.number > 0 ? textPath(about) : `/${type.plural}/${record.id}`}
        >{t`Cancel`}</Link>
      </div>
    </form>
  );
}

function Offer({
  draft,
  saved,
  goOn,
  startAgain,
}: {
  draft: Draft;
  saved: Base;
  goOn: () => void;
  startAgain: () => void;
}) {
  const { zone } = useSession();
  return (
    <>
      <div className="note note-blue" role="status">
        <p className="note-title">{t`You have a draft that was not saved`}</p>
        <p>
          {t`It was kept in this browser on ${longInstant(draft.at, zone)}.`}{" "}
          {draft.base.number !== saved.number &&
            t`Version ${saved.number} has been saved since: going on brings both together.`}
        </p>
        <div className="form-buttons">
          <button type="button" className="button button-primary" onClick={goOn}>{t`Go on with the draft`}</button>
          <button type="button" className="button" onClick={startAgain}>{t`Start from the saved text`}</button>
        </div>
      </div>
      <h2 className="group">{t`What the draft changes`}</h2>
      <Comparison within before={draft.base.text} after={draft.text} />
    </>
  );
}
