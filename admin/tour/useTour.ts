/** Whether somebody is to be shown round: once, when they first come, and again when they ask for it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { TourStep } from "../../schema/definition";
import type { DulyProvider } from "../provider";

const NAME = "tour";
const key = ["preference", NAME];

/** The steps to be shown; none once they were seen. */
export function useTour(): TourStep[] {
  const provider = useDataProvider<DulyProvider>();
  return useQuery({ queryKey: key, queryFn: () => provider.tour(NAME), staleTime: Infinity }).data ?? [];
}

/** Keeps that they have been seen, or that they are wanted again. */
export function useTourKept(): (seen: boolean) => Promise<void> {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  return async (seen) => {
    await provider.setPreference(NAME, seen ? "seen" : null);
    await client.invalidateQueries({ queryKey: key });
  };
}
