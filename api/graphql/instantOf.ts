import { Temporal } from "temporal-polyfill";
import { invalid } from "../../schema/failure";

/** An instant given as an argument, in UTC with milliseconds. @throws INVALID_INPUT. */
export function instantOf(path: string, text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds).toISOString();
  } catch {
    throw invalid([{ path, message: `${JSON.stringify(text)} is no instant: write it as 2026-10-31T08:00:00Z.` }]);
  }
}
