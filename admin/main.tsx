import { lazy, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { learnLanguage } from "./i18n/languages";
import { Shell } from "./Shell";
import "./style.css";

const GuestPage = lazy(async () => {
  await import("./app.css");
  return import("./guest/GuestPage");
});

const root = document.getElementById("root");
const app = root && createRoot(root);
/** The secret of a one-time link for guests, who need no sign-in. */
const guest = (): string | undefined => /^#\/guest\/(.+)$/.exec(location.hash)?.[1];

function show(): void {
  const secret = guest();
  app?.render(
    secret === undefined ? (
      <Shell />
    ) : (
      <Suspense fallback={null}>
        <GuestPage key={secret} secret={secret} />
      </Suspense>
    ),
  );
}

void learnLanguage().then(() => {
  let shown = guest();
  window.addEventListener("hashchange", () => {
    if (guest() !== shown) show();
    shown = guest();
  });
  show();
});
