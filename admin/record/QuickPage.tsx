/** The short form on a page of its own. What is answered is kept in the tab until it is sent; at the end it says what follows. */
import { useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { isFile } from "../../schema/fields";
import type { Quick, RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, ShownValues } from "../provider";
import { readAnew } from "../refresh";
import { recordPath, scopeIn, useSession } from "../session";
import { draftKey, dropDraft, keepDraft, readDraft } from "../text/drafts";
import { useUnsaved } from "../unsaved";
import type { Asked } from "./fieldProps";
import { defaultsOf } from "./FormFields";
import { QuickForm, Recorded } from "./QuickForm";

interface Props {
  type: RecordType;
  quick: Quick;
}

export default function QuickPage(props: Props) {
  const [turn, setTurn] = useState(0);
  return <OneReport key={turn} {...props} again={() => setTurn(turn + 1)} />;
}

function OneReport({ type, quick, again }: Props & { again: () => void }) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const session = useSession();
  const { me } = session;
  // It names people: it ends with the tab, whatever its type says.
  const [place] = useState({ key: draftKey(me.person.id, `new ${type.name}`), confidential: true });
  const [kept] = useState(() => readDraft<ShownValues>(place));
  const [begun, setBegun] = useState(kept !== undefined);
  const [done, setDone] = useState<{ id: string; reference: string }>();
  const release = useUnsaved(begun && !done, true);
  const asked = quick.fields.flatMap((name): Asked[] => {
    const field = type.fields[name];
    return field ? [{ name, field }] : [];
  });

  if (done)
    return (
      <Page key="done" title={t`Thank you`}>
        <Recorded reference={done.reference} then={quick.then} />
        <div className="form-buttons group">
          {me.types.find(({ name }) => name === type.name)?.see && (
            <Link className="button" to={recordPath(type, done.id)}>{t`See where it stands`}</Link>
          )}
          <button type="button" className="button" onClick={again}>
            {t`Begin another`}
          </button>
        </div>
      </Page>
    );
  return (
    <Page
      title={quick.label}
      below={
        <p className="quiet">
          <Link to={`/${type.plural}/create`}>{t`Fill in the whole form instead`}</Link>
        </p>
      }
    >
      {kept && (
        <p className="note note-blue">
          {t`What you had answered is still here.`}{" "}
          <button
            type="button"
            className="link"
            onClick={() => {
              dropDraft(place);
              again();
            }}
          >{t`Start afresh`}</button>
        </p>
      )}
      <QuickForm
        type={type}
        asked={asked}
        start={kept ?? defaultsOf(asked, scopeIn(session, type), me.person)}
        keep={(typed) => {
          setBegun(true);
          keepDraft(place, withoutFiles(asked, typed));
        }}
        send={async (input) => {
          const made = await provider.createRecord(type.name, input);
          dropDraft(place);
          release();
          void readAnew(client);
          setDone(made);
        }}
        beside={() => <Link className="button" to="/">{t`Cancel`}</Link>}
      />
    </Page>
  );
}

/** A file is picked anew: the browser does not keep it. */
const withoutFiles = (asked: Asked[], typed: ShownValues): ShownValues =>
  Object.fromEntries(
    Object.entries(typed).filter(([name]) => !asked.some((one) => one.name === name && isFile(one.field))),
  );
