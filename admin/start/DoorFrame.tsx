import { type ReactNode, useEffect } from "react";
import { FailureNote } from "../Failure";
import { LanguageChoice } from "../i18n/LanguageChoice";
import { t } from "../i18n/t";

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

/** It could not be asked what a link opens: that says nothing of the link. */
export const DoorShut = ({ failure }: { failure: unknown }) => (
  <DoorFrame title={t`This page could not be opened`}>
    <FailureNote failure={failure} retry={() => location.reload()} />
  </DoorFrame>
);
