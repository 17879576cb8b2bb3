/** When mail reaches me: where links in mails lead. What I leave open is as the school has it. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { FailureNote, Waiting } from "../Failure";
import { TimeAnswer } from "../DateBoxes";
import { Field } from "../Field";
import { t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, MailRules, OwnMail } from "../provider";
import { useSession } from "../session";
import { answered, Choice, useSaving } from "../plainForm";

export default function MyMail() {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["my-mail"], queryFn: () => provider.myMail() });
  return (
    <Page
      title={t`When mail reaches me`}
      below={
        <p className="quiet">
          {t`What is urgent is always mailed at once. Everything else comes when you choose.`}{" "}
          {me.person.email && t`It goes to ${me.person.email}.`}
        </p>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data && <Form {...data} />}
    </Page>
  );
}

const asTheSchool = ({ pace, digestAt }: MailRules): string =>
  pace === "digest"
    ? t`As the school does: one mail a day at ${digestAt}`
    : t`As the school does: each mail as it comes`;

function Form({ own, rules }: { own: OwnMail; rules: MailRules }) {
  const provider = useDataProvider<DulyProvider>();
  const { problems, note, onSubmit } = useSaving({
    send: (form) => {
      const pace = answered(form, "pace");
      return provider.setMyMail({
        pace: pace === "digest" || pace === "atOnce" ? pace : null,
        from: answered(form, "from") || null,
        to: answered(form, "to") || null,
        optional: form.get("optional") !== null,
      });
    },
    read: ["my-mail"],
    saved: () => t`Saved. It holds from the next mail on.`,
  });

  return (
    <form className="form" onSubmit={onSubmit} noValidate>
      <Choice
        legend={t`How often`}
        name="pace"
        value={own.pace ?? "school"}
        options={[
          { value: "school", label: asTheSchool(rules) },
          { value: "digest", label: t`One mail a day, at ${rules.digestAt}` },
          { value: "atOnce", label: t`Each mail as it comes, outside quiet hours` },
        ]}
      />
      <fieldset>
        <legend>{t`My quiet hours`}</legend>
        <p className="field-help">{t`Leave both empty for the school’s: no mail before ${rules.from} and from ${rules.to}.`}</p>
        <Field alone id="mail-from" label={t`No mail before`} problem={problems["from"]}>
          {(props) => <TimeAnswer name="from" initial={own.from ?? ""} {...props} />}
        </Field>
        <Field alone id="mail-to" label={t`No mail from`} problem={problems["to"]}>
          {(props) => <TimeAnswer name="to" initial={own.to ?? ""} {...props} />}
        </Field>
      </fieldset>
      <label className="check">
        <input type="checkbox" name="optional" defaultChecked={own.optional} />
        {t`Also tell me what is for information only`}
      </label>
      {note}
      <div className="form-buttons">
        <button type="submit" className="button button-primary">{t`Save`}</button>
      </div>
    </form>
  );
}
