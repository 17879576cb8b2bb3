/** Keys that act alone, “/” and “n”: whoever dictates, or types with a slip, turns them off for themselves. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { DulyProvider } from "./provider";

const NAME = "keys";

export function useSingleKeys(): { on: boolean; turn: (on: boolean) => Promise<void> } {
  const provider = useDataProvider<DulyProvider>();
  const cache = useQueryClient();
  const { data, isSuccess } = useQuery({ queryKey: ["preference", NAME], queryFn: () => provider.preference(NAME) });
  return {
    // Until it is known what this person wants, a key does nothing.
    on: isSuccess && data !== "off",
    async turn(on) {
      await provider.setPreference(NAME, on ? null : "off");
      await cache.invalidateQueries({ queryKey: ["preference", NAME] });
    },
  };
}
