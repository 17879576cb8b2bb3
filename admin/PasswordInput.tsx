import { type ComponentProps, useState } from "react";
import { t } from "./i18n/t";

/** A password that may be shown while it is typed. */
export function PasswordInput(props: ComponentProps<"input">) {
  const [shown, setShown] = useState(false);
  return (
    <div className="input-with-button">
      <input name="password" {...props} className="input" type={shown ? "text" : "password"} required />
      <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
        <span aria-hidden="true">{shown ? t`Hide` : t`Show`}</span>
        <span className="visually-hidden">{shown ? t`Hide password` : t`Show password`}</span>
      </button>
    </div>
  );
}
