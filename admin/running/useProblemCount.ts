import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { inFigures, t } from "../i18n/t";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";

/** How many problems wait for an administrator, as it is shown: "3", "1,000+". `words` is undefined where none does, or for anybody else. */
export function useProblemCount(): { words: string | undefined; one: boolean } {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const { data } = useQuery({
    queryKey: ["problem-count"],
    queryFn: () => provider.problemCount(),
    enabled: me.administers,
    refetchInterval: 60_000,
  });
  if (!me.administers || !data || data.count === 0) return { words: undefined, one: false };
  return { words: data.more ? t`${inFigures(data.count)}+` : inFigures(data.count), one: data.count === 1 };
}
