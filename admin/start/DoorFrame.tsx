import { type ReactNode, useEffect } from "react";
import { LanguageChoice } from "../i18n/LanguageChoice";

/** Around what is shown before anybody is signed in. */
export function DoorFrame({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} – Duly`;
  }, [title]);
  return (
    <main className="sign-in">
      <p className="brand" aria-hidden="true">
        <span className="brand-mark" /> Duly
      </p>
      <h1>{title}</h1>
      {children}
      <LanguageChoice />
    </main>
  );
}
