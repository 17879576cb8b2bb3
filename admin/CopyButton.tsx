import { useState } from "react";
import { t } from "./i18n/t";

/** Copies a text and says so. Browsers allow it only on a safe connection: where not, it says what to do instead. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t`Copied.`);
    } catch {
      setSaid(t`This browser does not let the page copy: select the text and copy it.`);
    }
  }
  return (
    <>
      <button type="button" className="button" aria-label={label} onClick={() => void copy()}>{t`Copy`}</button>{" "}
      <span className="quiet" role="status">
        {said}
      </span>
    </>
  );
}
