import { useState } from "react";
import { Field } from "../Field";
import { t } from "../i18n/t";

/** A new password, typed once and shown on wish: what can be looked at need not be typed twice. */
export function PasswordField({ id, problem }: { id: string; problem?: string | undefined }) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...{ id, problem }}
      label={t`Password`}
      help={t`At least ten characters. Three or four words are easy to remember.`}
    >
      {(described) => (
        <div className="input-with-button">
          <input
            className="input"
            name="password"
            type={shown ? "text" : "password"}
            autoComplete="new-password"
            {...described}
            required
          />
          <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            <span aria-hidden="true">{shown ? t`Hide` : t`Show`}</span>
            <span className="visually-hidden">{shown ? t`Hide password` : t`Show password`}</span>
          </button>
        </div>
      )}
    </Field>
  );
}
