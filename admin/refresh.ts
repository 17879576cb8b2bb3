import type { QueryClient } from "@tanstack/react-query";

/** Everything read is read anew, but who is signed in: with that, the pages would be made anew, and forget what stands on them. */
export const readAnew = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
