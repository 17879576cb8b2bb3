import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

interface Props {
  title: string;
  /** For a form rather than a question. */
  wide?: boolean;
  /** Hears that Escape was pressed. */
  left: () => void;
  children: ReactNode;
}

/** Over the page, with the focus. It is closed before it is gone: so the focus goes back to where it came from. */
export function Dialog({ title, wide = false, left, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog ref={dialog} className={wide ? "dialog dialog-wide" : "dialog"} aria-labelledby={id} onCancel={left}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
