/** Whether somebody is to be shown round: once, when they first come, and again when they ask for it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { TourStep } from "../../schema/definition";
import type { DulyProvider } from "../provider";

const NAME = "tour";
const key = ["preference", NAME];

export function useTour(): { steps: TourStep[]; end: () => Promise<void>; begin: () => Promise<void> } {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: key, queryFn: () => provider.tour(NAME), staleTime: Infinity });
  const keep = async (value: "seen" | null) => {
    await provider.setPreference(NAME, value);
    await client.invalidateQueries({ queryKey: key });
  };
  return { steps: data ?? [], end: () => keep("seen"), begin: () => keep(null) };
}
