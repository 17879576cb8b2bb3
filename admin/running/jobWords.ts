/** What is said of a change whose dates follow. */
import { inFigures, plural, t } from "../i18n/t";
import type { ClockJobItem, Moved } from "../provider";

export function changedInWords({ moved, done }: Moved): string {
  if (!done) return t`Changed. The dates that follow from it are being updated.`;
  return moved === 0
    ? t`Changed. No date had to move.`
    : plural(moved, "Changed. # date moved.", "Changed. # dates moved.");
}

export function savedInWords({ moved, done }: Moved): string {
  if (!done) return t`Saved. The dates that follow from it are being updated.`;
  return moved === 0 ? t`Saved. No date had to move.` : plural(moved, "Saved. # date moved.", "Saved. # dates moved.");
}

/** How far a job is: "1,200 of about 5,000 records checked, 3,800 left". */
export function doneInWords({ visited, total }: ClockJobItem): string {
  if (total === null || total < visited) return plural(visited, "# record checked so far", "# records checked so far");
  const left = total - visited;
  return t`${inFigures(visited)} of about ${plural(total, "# record", "# records")} checked, ${inFigures(left)} left`;
}

export const movedInWords = (moved: number): string =>
  moved === 0 ? t`No date had to move.` : plural(moved, "# date moved.", "# dates moved.");
