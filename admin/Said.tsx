import { type ReactNode, useEffect, useRef } from "react";

/** What has been done. Has the focus each time its words change: what was pressed is gone with its form. */
export function Said({
  words,
  meaning = "green",
  children,
}: {
  words: string;
  meaning?: "green" | "blue";
  children?: ReactNode;
}) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), [words]);
  return (
    <p className={`note note-${meaning}`} role="status" tabIndex={-1} ref={note}>
      {words}
      {children && <> {children}</>}
    </p>
  );
}
