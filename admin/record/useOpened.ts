import { useState } from "react";
import { t } from "../i18n/t";
import type { AvailableAction } from "../provider";

export interface OpenedAction {
  action: AvailableAction;
  /** Why it cannot be done any more. */
  held?: string;
}

/**
 * The action whose form is open. When it may no longer be done, because somebody else was faster, the form stays with
 * the reason: what was filled in is not lost unsaid.
 */
export function useOpened(actions: AvailableAction[], name: string | undefined): OpenedAction | undefined {
  const now = actions.find((action) => action.name === name);
  const [kept, setKept] = useState<AvailableAction>();
  if (now?.allowed) {
    if (now !== kept) setKept(now);
    return { action: now };
  }
  if (!kept || kept.name !== name) return undefined;
  return { action: kept, held: `${t`“${kept.label}” can no longer be done.`} ${now?.reason ?? ""}`.trim() };
}
