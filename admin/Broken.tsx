import { Component, type ReactNode } from "react";
import { t } from "./i18n/t";

/** Where a page could not be drawn: its script did not come, or it has a fault. */
export const Broken = () => (
  <main className="broken">
    <h1>{t`This page could not be shown`}</h1>
    <p>{t`Your connection was lost, or Duly has been renewed since you opened it. Nothing that you saved is lost.`}</p>
    <button
      type="button"
      className="button button-primary"
      onClick={() => location.reload()}
    >{t`Load it again`}</button>
  </main>
);

/** Shows `Broken` instead of what fails inside. */
export class Guarded extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}
