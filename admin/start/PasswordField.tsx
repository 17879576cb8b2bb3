import { Field } from "../Field";
import { t } from "../i18n/t";
import { PasswordInput } from "../PasswordInput";

/** A new password, typed once and shown on wish: what can be looked at need not be typed twice. */
export function PasswordField({ id, problem }: { id: string; problem?: string | undefined }) {
  return (
    <Field
      {...{ id, problem }}
      label={t`Password`}
      help={t`At least ten characters. Three or four words are easy to remember.`}
    >
      {(described) => <PasswordInput autoComplete="new-password" {...described} />}
    </Field>
  );
}
