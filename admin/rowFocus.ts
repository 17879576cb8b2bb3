import { useEffect, useRef } from "react";

/**
 * For rows that a person adds and takes away, `count` of them: whoever adds one goes on within it; whoever takes one away
 * goes on from the row in its place, or after the last from what is marked `data-after`. `box` is around them all, and
 * each row is marked with its place as `data-row`, and can take the focus. Rows that come and go otherwise change nothing.
 */
export function useRowFocus<E extends HTMLElement>(count: number) {
  const box = useRef<E>(null);
  const next = useRef<{ at: number; within: boolean }>(undefined);
  useEffect(() => {
    if (!next.current) return;
    const { at, within } = next.current;
    next.current = undefined;
    const row = box.current?.querySelector<HTMLElement>(`[data-row="${at}"]`);
    const first = within ? row?.querySelector<HTMLElement>("input, select, textarea") : row;
    (first ?? box.current?.querySelector<HTMLElement>("[data-after]"))?.focus();
  }, [count]);
  return {
    box,
    added: () => void (next.current = { at: count, within: true }),
    removed: (at: number) => void (next.current = { at, within: false }),
  };
}
