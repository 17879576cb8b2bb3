/** How the school shows itself: its name, its colour and its crest. */
import { useDataProvider } from "ra-core";
import { FailureNote, Waiting } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { answered, asProblemOf, useSaving } from "../plainForm";
import type { DulyProvider } from "../provider";
import { Crest, type Letterhead } from "./letterhead";
import { letterheadKey, useLetterhead } from "./useLetterhead";

export function LetterheadSettings() {
  const { data, error, isPending, refetch } = useLetterhead();
  return (
    <section aria-labelledby="settings-letterhead">
      <h2 id="settings-letterhead">{t`Name, colour and crest`}</h2>
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && <LetterheadForm letterhead={data} />}
    </section>
  );
}

function LetterheadForm({ letterhead }: { letterhead: Letterhead }) {
  const provider = useDataProvider<DulyProvider>();
  const sent = async (picture: File): Promise<string> => {
    const way = { onProgress: () => undefined, signal: new AbortController().signal };
    return (await provider.upload(picture, way).catch(asProblemOf("crest"))).id;
  };
  const { problems, note, onSubmit } = useSaving({
    send: async (form) => {
      const picture = form.get("crest");
      const chosen = picture instanceof File && picture.size > 0 ? await sent(picture) : undefined;
      const removed = form.get("without") === "yes" ? null : undefined;
      const crest = chosen ?? removed;
      await provider.setLetterhead({
        name: answered(form, "name"),
        colour: answered(form, "colour") || null,
        ...(crest !== undefined && { crest }),
      });
    },
    read: letterheadKey,
    saved: () => t`Saved.`,
  });
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Field alone id="school-name" label={t`The school’s name`} problem={problems["name"]}>
        {(props) => <input className="input" name="name" defaultValue={letterhead.name} {...props} />}
      </Field>
      <Field
        alone
        id="school-colour"
        label={t`The school’s colour`}
        help={t`Six digits, such as #0b5c5c: dark enough for white words. It stands on pages, in mails and on prints.`}
        problem={problems["colour"]}
      >
        {(props) => <input className="input" name="colour" defaultValue={letterhead.colour ?? ""} {...props} />}
      </Field>
      <Field
        alone
        id="school-crest"
        label={t`The school’s crest`}
        help={t`A PNG or JPEG picture of at most 200 kB stands beside the name: where people sign in, in mails and on prints. A WebP picture stands on pages alone.`}
        problem={problems["crest"]}
      >
        {(props) => <input type="file" name="crest" accept="image/png,image/jpeg,image/webp" {...props} />}
      </Field>
      {letterhead.crest && (
        <p className="letterhead">
          <Crest of={letterhead} />
          <label className="check">
            <input type="checkbox" name="without" value="yes" />
            {t`Show no crest any more`}
          </label>
        </p>
      )}
      {note}
      <div className="form-buttons">
        <button type="submit" className="button">{t`Save how the school shows itself`}</button>
      </div>
    </form>
  );
}
