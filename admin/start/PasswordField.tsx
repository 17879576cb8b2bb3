import { useState } from "react";
import { t } from "../i18n/t";

/** A new password, typed once and shown on wish: what can be looked at need not be typed twice. */
export function PasswordField({ id, problem }: { id: string; problem?: string | undefined }) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <label className="field-label" htmlFor={id}>{t`Password`}</label>
      <p
        className="field-help"
        id={`${id}-help`}
      >{t`At least ten characters. Three or four words are easy to remember.`}</p>
      {problem && (
        <p className="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <div className="input-with-button">
        <input
          className="input"
          id={id}
          name="password"
          type={shown ? "text" : "password"}
          autoComplete="new-password"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-help ${id}-problem` : `${id}-help`}
          required
        />
        <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          <span aria-hidden="true">{shown ? t`Hide` : t`Show`}</span>
          <span className="visually-hidden">{shown ? t`Hide password` : t`Show password`}</span>
        </button>
      </div>
    </div>
  );
}
