import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link } from "react-router-dom";
import { plural, t } from "../i18n/t";
import type { DulyProvider } from "../provider";

const FIVE_MINUTES_MS = 300_000;

/** On every page until it was looked at: what concerns this person and waits for a second one, or was decided. */
export function PowerBar() {
  const provider = useDataProvider<DulyProvider>();
  const { data = [] } = useQuery({
    queryKey: ["power-news"],
    queryFn: () => provider.powerNews(),
    staleTime: FIVE_MINUTES_MS,
  });
  const [first] = data;
  if (!first) return null;
  const waiting = data.filter(({ state }) => state === "WAITING");
  const one = (waiting[0] ?? first).sentence;
  return (
    <div className="clock-bar held-bar">
      <span role="status">
        {waiting.length > 1
          ? plural(waiting.length, "# request waits for a second person.", "# requests wait for a second person.")
          : waiting.length === 1
            ? t`This waits for a second person: ${one}.`
            : data.length > 1
              ? plural(data.length, "# request was decided.", "# requests were decided.")
              : t`This was decided: ${one}.`}
      </span>
      <Link to="/confirm">{t`Look at it`}</Link>
    </div>
  );
}
