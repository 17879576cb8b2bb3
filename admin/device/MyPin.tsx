/** My PIN for the school's shared devices: set or taken away, and never shown. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type SubmitEvent, useState } from "react";
import { FailureNote, messageOf, Waiting } from "../Failure";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, PinState } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";

export default function MyPin() {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["my-pin"], queryFn: () => provider.myPin() });
  return (
    <Page
      title={t`My PIN for shared devices`}
      below={
        <p className="quiet">{t`On the office’s shared device you name yourself by it to report something quickly. It opens nothing else.`}</p>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && <Form {...data} />}
    </Page>
  );
}

function Form({ setAt, locked }: PinState) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { zone } = useSession();
  const [problem, setProblem] = useState<string>();
  const [said, setSaid] = useState<string>();
  const change = async (verb: () => Promise<unknown>, words: string) => {
    setProblem(undefined);
    setSaid(undefined);
    try {
      await verb();
      await client.invalidateQueries({ queryKey: ["my-pin"] });
      setSaid(words);
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  };
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const answers = new FormData(form);
    const [pin, again] = ["pin", "again"].map((name) => String(answers.get(name) ?? ""));
    if (pin !== again) return setProblem(t`The two are not the same. Type it again.`);
    await change(() => provider.setPin(pin ?? ""), t`Your PIN is set.`);
    form.reset();
  }
  const input = { className: "input input-short", type: "password", inputMode: "numeric", maxLength: 8 } as const;
  return (
    <>
      {locked && (
        <p className="note note-amber">{t`Your PIN is locked: it was typed wrongly five times in a row. If that was not you, tell the office. Set another to use it again.`}</p>
      )}
      <p>{setAt ? t`Set on ${longInstant(setAt, zone)}.` : t`You have none yet.`}</p>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <Field
          alone
          id="pin"
          label={setAt ? t`New PIN` : t`PIN`}
          help={t`Four to eight digits, not in a row. Nobody can read it afterwards, you included.`}
          problem={problem}
        >
          {(props) => <input {...input} name="pin" autoComplete="new-password" {...props} />}
        </Field>
        <Field alone id="pin-again" label={t`The same again`}>
          {(props) => <input {...input} name="again" autoComplete="new-password" {...props} />}
        </Field>
        {said && (
          <p className="note note-green" role="status">
            {said}
          </p>
        )}
        <div className="form-buttons">
          <button type="submit" className="button button-primary">
            {setAt ? t`Set another PIN` : t`Set my PIN`}
          </button>
          {setAt && (
            <button
              type="button"
              className="button"
              onClick={() => void change(() => provider.clearPin(), t`You have no PIN any more.`)}
            >{t`Take it away`}</button>
          )}
        </div>
      </form>
    </>
  );
}
