import { type ReactNode, useEffect, useRef } from "react";
import { focusWasHeld } from "./focus";
import { useSession } from "./session";

let shownBefore = false;

/** One page: its heading is the document's title, and has the focus when somebody came here from another page. */
export function Page({
  title,
  above,
  below,
  children,
  wide = false,
}: {
  title: string;
  above?: ReactNode;
  below?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { organisation } = useSession().me;
  useEffect(() => {
    document.title = `${title} – ${organisation.name} – Duly`;
  }, [title, organisation.name]);
  useEffect(() => {
    // Not on the first page of all: there a screen reader starts at the top by itself.
    if (shownBefore || focusWasHeld()) heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    shownBefore = true;
  }, []);
  return (
    <div className={wide ? "page page-wide" : "page"}>
      <header className="page-head">
        {above}
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {below}
      </header>
      {children}
    </div>
  );
}
