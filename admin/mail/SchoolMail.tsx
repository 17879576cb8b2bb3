/** How the school mails everybody who has not chosen for themselves. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { FailureNote, Waiting } from "../Failure";
import { TimeAnswer } from "../DateBoxes";
import { Field } from "../Field";
import { t } from "../i18n/t";
import type { DulyProvider, MailRules } from "../provider";
import { answered, Choice, useSaving } from "../plainForm";

export function SchoolMail() {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["my-mail"], queryFn: () => provider.myMail() });
  return (
    <section aria-labelledby="settings-mail">
      <h2 id="settings-mail">{t`Mail`}</h2>
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && <Form rules={data.rules} />}
    </section>
  );
}

function Form({ rules }: { rules: MailRules }) {
  const provider = useDataProvider<DulyProvider>();
  const { problems, note, onSubmit } = useSaving({
    send: (form) =>
      provider.setMailRules({
        pace: answered(form, "pace") as MailRules["pace"],
        days: answered(form, "days") as MailRules["days"],
        digestAt: answered(form, "digestAt"),
        from: answered(form, "from"),
        to: answered(form, "to"),
      }),
    read: ["my-mail"],
    saved: () => t`Saved. It holds from the next mail on.`,
  });
  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Choice
        legend={t`What is not urgent is sent`}
        name="pace"
        value={rules.pace}
        options={[
          { value: "digest", label: t`As one mail a day to each person` },
          { value: "atOnce", label: t`As it comes, outside quiet hours` },
        ]}
      />
      <Field alone id="digest-at" label={t`The day’s mail leaves at`} problem={problems["digestAt"]}>
        {(props) => <TimeAnswer name="digestAt" initial={rules.digestAt} {...props} />}
      </Field>
      <Choice
        legend={t`On these days`}
        name="days"
        value={rules.days}
        options={[
          { value: "working", label: t`Working days, in the holidays too` },
          { value: "school", label: t`School days: what falls due in the holidays waits` },
          { value: "all", label: t`Every day` },
        ]}
      />
      <fieldset>
        <legend>{t`Quiet hours`}</legend>
        <Field alone id="school-from" label={t`No mail before`} problem={problems["from"]}>
          {(props) => <TimeAnswer name="from" initial={rules.from} {...props} />}
        </Field>
        <Field alone id="school-to" label={t`No mail from`} problem={problems["to"]}>
          {(props) => <TimeAnswer name="to" initial={rules.to} {...props} />}
        </Field>
      </fieldset>
      {note}
      <div className="form-buttons">
        <button type="submit" className="button">{t`Save how the school mails`}</button>
      </div>
    </form>
  );
}
